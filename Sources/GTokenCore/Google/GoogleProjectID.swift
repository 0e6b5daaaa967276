/// A Google Cloud project's id, such as `my-project`, or `example.com:my-project` for a project of the time
/// when organisations put their domain before it.
public struct GoogleProjectID: Sendable, Hashable {
    /// The organisation's domain, where the project has one.
    public let domain: String?
    /// The project without the domain.
    public let name: String

    /// Reads a project id.
    ///
    /// - Throws: ``NameError``, for example for a project's number or its display name.
    public init(parsing text: String) throws(NameError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last else { throw NameError(.googleProjectID, .shape) }
        if parts.count == 2 {
            try self.init(domain: String(parts[0]), name: String(last))
        } else {
            try self.init(domain: nil, name: text)
        }
    }

    init(domain: String?, name: String) throws(NameError) {
        if let domain {
            guard domain.utf8.contains(.dot) else { throw NameError(.googleProjectID, .shape) }
            try NameRule.checkLength(domain, 1...253, .googleProjectID)
            try NameRule.checkLabels(domain, .googleProjectID, allowsDots: true)
        }
        try NameRule.checkLength(name, 6...30, .googleProjectID)
        try NameRule.checkLabels(name, .googleProjectID, allowsDots: false)
        guard let first = name.utf8.first, NameRule.isLowercaseLetter(first) else {
            throw NameError(.googleProjectID, .character(offset: 0))
        }
        self.domain = domain
        self.name = name
    }

    /// Reads the form in which a project stands in a host name: `my-project` or `my-project.example.com`.
    init(hostLabels text: some StringProtocol) throws(NameError) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first else { throw NameError(.googleProjectID, .empty) }
        try self.init(domain: parts.count > 1 ? String(parts[1]) : nil, name: String(name))
    }

    /// The form in which the project stands in a host name.
    var hostLabels: String { domain.map { "\(name).\($0)" } ?? name }
}

extension GoogleProjectID: CustomStringConvertible {
    /// The id as Google's APIs write it.
    public var description: String { domain.map { "\($0):\(name)" } ?? name }
}
