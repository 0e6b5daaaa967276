/// Why a text is no JSON Web Token; it never carries any of the token's text.
public enum JWTError: Error, Equatable, Sendable {
    /// There is nothing.
    case empty
    /// More bytes than ``UnverifiedJWT/maxBytes``.
    case tooLong(limit: Int)
    /// This many parts between dots, where a compact JWS has three (RFC 7515 section 3.1).
    case segmentCount(Int)
    /// A part is not base64url, or not its canonical form (RFC 7515 section 2).
    case encoding(JWTSegment)
    /// A part is not JSON.
    case json(JWTSegment, JSONError)
    /// A part is JSON, but not an object.
    case notAnObject(JWTSegment)
    /// A name stands twice in the header or the claims (RFC 7519 section 4); the name where it is a known one.
    case duplicateName(JWTSegment, String?)
    /// The header has no `alg`, or one that is not a string (RFC 7515 section 4.1.1).
    case missingAlgorithm
    /// A header parameter has another type than its definition.
    case parameterType(String)
    /// The header asks for extensions to be understood (`crit`, RFC 7515 section 4.1.11); none are.
    case criticalExtension
    /// The signature is empty: the token is unsecured (RFC 7519 section 6), or cut off.
    case missingSignature
    /// A registered claim has another type than its definition.
    case claimType(String)
    /// A date is a number, but outside the years 0000 to 9999.
    case dateOutOfRange(String)
}

/// The parts of a compact JWS.
public enum JWTSegment: String, Sendable {
    /// The first: how the token is signed.
    case header
    /// The second: the claims.
    case payload
    /// The third.
    case signature
}

extension JWTError: CustomStringConvertible {
    /// One lower-case line.
    public var description: String {
        switch self {
        case .empty: "the token is empty"
        case .tooLong(let limit): "the token is longer than \(limit) bytes"
        case .segmentCount(let count):
            "the token has \(count) part\(count == 1 ? "" : "s") between dots, not 3"
        case .encoding(let segment): "the token's \(segment) is not base64url"
        case .json(let segment, let error): "the token's \(segment) is not JSON: \(error)"
        case .notAnObject(let segment): "the token's \(segment) is not a JSON object"
        case .duplicateName(let segment, let name):
            "\(name.map { "\"\($0)\"" } ?? "a name") stands twice in the token's \(segment)"
        case .missingAlgorithm: "the token's header names no algorithm"
        case .parameterType(let name): "the token's header parameter \"\(name)\" has the wrong type"
        case .criticalExtension: "the token's header demands an extension (crit)"
        case .missingSignature: "the token has no signature"
        case .claimType(let name): "the token's claim \"\(name)\" has the wrong type"
        case .dateOutOfRange(let name): "the token's claim \"\(name)\" is no date"
        }
    }
}
