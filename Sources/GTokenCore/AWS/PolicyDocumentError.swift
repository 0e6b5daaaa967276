/// Why a text is no policy document; each case but the first names the element by its path, such as
/// `Statement[0].Effect`.
public enum PolicyDocumentError: Error, Equatable, Sendable {
    /// It is not JSON.
    case json(JSONError)
    /// An element that must be there is not.
    case missing(String)
    /// An element that the language does not have.
    case unknown(String)
    /// An element that stands twice, or beside its opposite.
    case duplicate(String)
    /// An element of another type than it must have.
    case type(String)
    /// An element with a value that it cannot have.
    case value(String)
}

extension PolicyDocumentError: CustomStringConvertible {
    /// One lower-case line.
    public var description: String {
        switch self {
        case .json(let error): "the policy document is not JSON: \(error)"
        case .missing(let path): "the policy document has no \(path.inOneLine)"
        case .unknown(let path): "the policy document has an unknown element \(path.inOneLine)"
        case .duplicate(let path): "the policy document has \(path.inOneLine) twice"
        case .type(let path): "the policy document's \(path.inOneLine) has the wrong type"
        case .value(let path): "the policy document's \(path.inOneLine) has a value that is not allowed"
        }
    }
}
