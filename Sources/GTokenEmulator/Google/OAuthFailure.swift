import GTokenCore
import GTokenNet

/// How OAuth's token endpoint refuses (RFC 6749 section 5.2), in the words that Google's was seen to use.
struct OAuthFailure: Error, Equatable {
    var status = 400
    var error: String
    var description: String

    var response: HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("error", error)
            object.member("error_description", description)
        }
        return .json(writer.bytes, status: status)
    }

    static func invalidGrant(_ description: String) -> OAuthFailure {
        OAuthFailure(error: "invalid_grant", description: description)
    }

    static let invalidSignature = invalidGrant("Invalid JWT Signature.")
    static let unknownAccount = invalidGrant("Invalid grant: account not found")
    static let revoked = invalidGrant("Token has been expired or revoked.")
    static let unreasonableTime = invalidGrant(
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp "
            + "values in the JWT claim."
    )
    static let otherAudience = invalidGrant("Invalid JWT: Failed audience check.")
    static let invalidScope = OAuthFailure(
        error: "invalid_scope",
        description: "Invalid OAuth scope or ID token audience provided."
    )
    static let unknownClient = OAuthFailure(
        status: 401,
        error: "invalid_client",
        description: "The OAuth client was not found."
    )
    static let invalidRequest = OAuthFailure(
        error: "invalid_request",
        description: "Bad Request"
    )

    static func unsupportedGrant(_ type: String) -> OAuthFailure {
        OAuthFailure(error: "unsupported_grant_type", description: "Invalid grant_type: \(type)")
    }
}
