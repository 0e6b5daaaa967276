/// An issuer of OpenID Connect tokens that IAM can have an identity provider for, such as a cluster: an `https`
/// URL without port and query.
///
/// It is compared byte for byte with the `iss` of tokens, so it is kept as written, a slash at the end included. At
/// most 255 characters and no port or query are rules of IAM's CreateOpenIDConnectProvider. A path is made of
/// letters, digits and `-._~:` here: what would have to be percent-encoded, and what means something in an ARN or
/// in the condition of a policy (`*`, `?`, `$`), has no place in an issuer.
public struct OpenIDConnectIssuer: Sendable, Hashable {
    /// Host and path, without the scheme: the end of the provider's ARN in IAM, and what stands before the colon in
    /// its condition keys.
    public let name: String

    /// Reads an issuer, the `iss` of its tokens.
    ///
    /// - Throws: ``NameError`` where IAM would not take it, or no token could name it.
    public init(parsing text: String) throws(NameError) {
        try NameRule.checkLength(text, 1...255, .openIDConnectIssuer)
        let name = text.dropFirst(Self.scheme.count)
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.hasPrefix(Self.scheme), let host = parts.first, !host.isEmpty, Self.isHost(host),
            parts.count == 1 || Self.isPath(parts[1])
        else { throw NameError(.openIDConnectIssuer, .shape) }
        self.name = String(name)
    }

    /// Reads host and path.
    init(name: some StringProtocol) throws(NameError) { try self.init(parsing: Self.scheme + name) }

    /// The issuer of a GKE cluster's ServiceAccount tokens.
    ///
    /// - Throws: ``NameError`` where the project's domain is so long that IAM would not take the URL.
    public init(_ cluster: GKECluster) throws(NameError) {
        try self.init(name: "container.googleapis.com/v1/\(cluster)")
    }

    private static let scheme = "https://"

    private static func isHost(_ text: Substring) -> Bool {
        (try? NameRule.checkLabels(String(text), .openIDConnectIssuer, allowsDots: true)) != nil
    }

    /// Only the last segment may be empty, and none be `.` or `..`, which a client may resolve.
    private static func isPath(_ text: Substring) -> Bool {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        return segments.dropLast().allSatisfy { !$0.isEmpty }
            && segments.allSatisfy { $0 != "." && $0 != ".." } && text.utf8.allSatisfy(isPathCharacter)
    }

    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        if NameRule.isLetter(byte) || byte.isDigit { return true }
        return switch byte {
        case .slash, .minus, .dot, .colon, UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}

extension OpenIDConnectIssuer: CustomStringConvertible {
    /// The URL, as it stands in the `iss` of tokens.
    public var description: String { Self.scheme + name }
}
