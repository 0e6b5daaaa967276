import GTokenCore

/// An error of STS or of IAM, as their API references name it.
package struct AWSFailure: Error, Sendable, Equatable {
    /// The status of the answer.
    package var status: Int
    /// The error's code, such as `AccessDenied`.
    package var code: String
    /// What it says; never any of a token.
    package var message: String
    /// What AWS does not say, for the journal alone, such as the condition keys that were not met.
    package var detail: String

    /// Makes an error.
    package init(status: Int, code: String, message: String, detail: String = "") {
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// `Sender` for what the caller did, `Receiver` for what the service did.
    var type: String { status < 500 ? "Sender" : "Receiver" }

    static let unreachableKeys = invalidIdentityToken(
        "Couldn't retrieve verification key from your identity provider, please reference "
            + "AssumeRoleWithWebIdentity documentation for requirements"
    )
    static let invalidClientToken = AWSFailure(
        status: 403,
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid."
    )
    static let expiredCredentials = AWSFailure(
        status: 403,
        code: "ExpiredToken",
        message: "The security token included in the request is expired"
    )
    static let missingAuthentication = AWSFailure(
        status: 403,
        code: "MissingAuthenticationToken",
        message: "Request is missing Authentication Token"
    )
    static let incompleteSignature = AWSFailure(
        status: 400,
        code: "IncompleteSignature",
        message: "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."
    )
    static let malformedQuery = AWSFailure(
        status: 400,
        code: "MalformedQueryString",
        message: "The query string is malformed or names a parameter twice"
    )

    static func invalidAction(_ action: String, of api: AWSQueryXML) -> AWSFailure {
        AWSFailure(
            status: 400,
            code: "InvalidAction",
            message: "Could not find operation \(action.prefix(100)) for version \(api.version)"
        )
    }

    static func accessDenied(because detail: String) -> AWSFailure {
        AWSFailure(
            status: 403,
            code: "AccessDenied",
            message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            detail: detail
        )
    }

    static func accessDenied(
        to caller: String,
        _ action: String,
        on role: RoleARN,
        because detail: String
    ) -> AWSFailure {
        AWSFailure(
            status: 403,
            code: "AccessDenied",
            message: "User: \(caller) is not authorized to perform: \(action) on resource: \(role)",
            detail: detail
        )
    }

    static func signatureDoesNotMatch(_ message: String? = nil) -> AWSFailure {
        AWSFailure(
            status: 403,
            code: "SignatureDoesNotMatch",
            message: message
                ?? "The request signature we calculated does not match the signature you provided. Check your "
                + "AWS Secret Access Key and signing method. Consult the service documentation for details."
        )
    }

    static func invalidIdentityToken(_ message: String) -> AWSFailure {
        AWSFailure(status: 400, code: "InvalidIdentityToken", message: message)
    }

    static func validation(_ message: String) -> AWSFailure {
        AWSFailure(status: 400, code: "ValidationError", message: message)
    }

    static func malformedPolicy(_ message: String) -> AWSFailure {
        AWSFailure(status: 400, code: "MalformedPolicyDocument", message: message)
    }
}
