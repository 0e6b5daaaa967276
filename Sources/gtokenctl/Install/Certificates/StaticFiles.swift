import GTokenCore
import GTokenNet
import GTokenRuntime

/// A pair as files of a folder.
struct StaticFiles {
    let folder: String
    let host: String

    private static let maxBytes = 1 << 20

    /// Makes a pair unless the one that is there is good.
    ///
    /// The key is written first and the authority last: what was interrupted does not fit together, and is made anew.
    func ensure(
        validFor life: Duration,
        renews: Bool,
        at now: UnixTime
    ) throws -> StaticCertificates.Outcome {
        var reason = "there was none"
        if let found = try read() {
            switch found.state(for: host, at: now) {
            case .good(let end) where !renews:
                return .init(pair: found, isNew: false, reason: "it is good until \(end.rfc3339)")
            case .good(let end): reason = "asked for; the one before was good until \(end.rfc3339)"
            case .poor(let why): reason = why
            }
        }
        let pair = try StaticPair.make(for: host, validFor: life)
        do throws(FileError) {
            try AtomicFile.replace(path: path(StaticPair.File.key), contents: pair.privateKeyPEM, mode: 0o600)
            try AtomicFile.replace(path: path(StaticPair.File.certificate), contents: pair.certificatePEM)
            try AtomicFile.replace(path: path(StaticPair.File.authority), contents: pair.authorityPEM)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        return .init(pair: pair, isNew: true, reason: reason)
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func read() throws(ToolError) -> StaticPair? {
        func bytes(_ name: String) throws(ToolError) -> [UInt8]? {
            do throws(FileError) {
                return try FileReader.read(path: path(name), maxBytes: Self.maxBytes)
            } catch {
                if error.isNotFound { return nil }
                throw ToolError("\(error)", exitCode: .configuration)
            }
        }
        guard let certificate = try bytes(StaticPair.File.certificate) else { return nil }
        return StaticPair(
            authorityPEM: try bytes(StaticPair.File.authority) ?? [],
            certificatePEM: certificate,
            privateKeyPEM: try bytes(StaticPair.File.key) ?? []
        )
    }
}
