/// Where `gtoken` puts a token.
public enum TokenOutput: Sendable, Equatable {
    /// Standard output; what is printed is the result.
    case standardOutput
    /// A file, replaced as a whole, with these permission bits.
    case file(String, mode: FileMode = .standard)

    /// The place that a path stands for: `-` and `/dev/stdout` are standard output, as is no path.
    public init(path: String?, mode: FileMode = .standard) {
        switch path {
        case nil, "-", "/dev/stdout": self = .standardOutput
        case .some(let path): self = .file(path, mode: mode)
        }
    }
}
