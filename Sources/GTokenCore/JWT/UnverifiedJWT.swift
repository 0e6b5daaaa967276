/// A JSON Web Token in compact form (RFC 7519, RFC 7515) that has been taken apart but **not** verified.
///
/// Whoever holds one knows what it says, not whether its issuer said it: ``signature`` has yet to be checked
/// over ``signingInput`` with a key of the issuer. It prints none of its text.
public struct UnverifiedJWT: Sendable {
    /// How the token says that it is signed.
    public let header: JWTHeader
    /// What the token says.
    public let claims: JWTClaims
    /// What the signature is over: header and payload as they stand in the token, with the dot between.
    public let signingInput: [UInt8]
    /// The signature's bytes; never empty.
    ///
    /// With ``signingInput`` it is the whole credential.
    public let signature: [UInt8]

    /// The longest token, in bytes: AWS STS takes 4 to 20,000 characters of web identity token.
    public static let maxBytes = 20_000

    /// Takes a token apart.
    ///
    /// - Throws: ``JWTError``, a case of its own for each way in which a token can be malformed.
    public init(parsing text: String) throws(JWTError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Takes a token apart that is given in bytes, without white space around it.
    ///
    /// - Throws: ``JWTError``, a case of its own for each way in which a token can be malformed.
    public init(parsing bytes: [UInt8]) throws(JWTError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maxBytes else { throw .tooLong(limit: Self.maxBytes) }
        let segments = bytes.split(separator: .dot, omittingEmptySubsequences: false)
        guard segments.count == 3 else { throw .segmentCount(segments.count) }
        header = try JWTHeader(Self.document(.header, segments[0]))
        claims = try JWTClaims(Self.document(.payload, segments[1]))
        guard let signature = Base64URL.decode(segments[2]) else { throw .encoding(.signature) }
        guard !signature.isEmpty else { throw .missingSignature }
        self.signature = signature
        signingInput = Array(bytes[..<segments[1].endIndex])
    }

    /// From `iat` to `exp`; `nil` where one is absent.
    public var lifetime: Duration? { claims.lifetime }

    /// From `time` to `exp`; `nil` where there is no `exp`, negative where it has passed.
    public func timeLeft(at time: UnixTime) -> Duration? { claims.timeLeft(at: time) }

    /// A token nests a handful of levels (Google's `google.compute_engine`), and 15 KB hold few objects.
    private static let limits = JSONLimits(maxBytes: maxBytes, maxDepth: 32, maxContainers: 1024)

    private static func document(
        _ segment: JWTSegment,
        _ text: ArraySlice<UInt8>
    ) throws(JWTError) -> JSONDocument {
        guard let bytes = Base64URL.decode(text) else { throw .encoding(segment) }
        do throws(JSONError) {
            return try JSONDocument(bytes, limits: limits)
        } catch {
            throw .json(segment, error)
        }
    }
}

extension UnverifiedJWT: CustomStringConvertible, CustomReflectable {
    /// That there is a token, and nothing of it.
    public var description: String { "an unverified JWT" }

    /// Nothing, so that `dump` and test failures do not print a credential.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
