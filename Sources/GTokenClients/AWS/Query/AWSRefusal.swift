private import GTokenCore

/// An error of an AWS service, in its own words.
package struct AWSRefusal: Error, Equatable, Sendable {
    /// Which service.
    package var service: AWSService
    /// What was asked for, such as `CreateRole`.
    package var action: String
    /// The status of the answer.
    package var status: Int
    /// The error's code, such as `NoSuchEntity`.
    package var code: String
    /// What AWS says, in one line of at most 500 characters, without any secret of the request.
    package var message: String

    /// What a caller may want to act on.
    package enum Kind: Sendable, Equatable {
        /// There is no such role, policy, provider, attachment.
        case noSuchEntity
        /// What was to be made is there already.
        case entityAlreadyExists
        /// Something else stands in the way of deleting it.
        case deleteConflict
        /// An account has as many as it may have, or a document is too long.
        case limitExceeded
        /// The caller may not.
        case accessDenied
        /// The credentials are not, or no longer, good.
        case badCredentials
        /// The request was signed at another time than AWS's.
        case clockSkew
        /// Too many calls.
        case throttled
        /// The service has a problem, or somebody else changes the same thing.
        case temporary
        /// Something else, such as a document that IAM does not take.
        case other
    }

    /// Makes a refusal.
    package init(service: AWSService, action: String, status: Int, code: String, message: String) {
        self.service = service
        self.action = action
        self.status = status
        self.code = code
        self.message = message
    }

    /// What it means; the codes are those of the IAM and STS API references and of the SDKs' standard retry mode.
    package var kind: Kind {
        switch code {
        case "NoSuchEntity": return .noSuchEntity
        case "EntityAlreadyExists": return .entityAlreadyExists
        case "DeleteConflict": return .deleteConflict
        case "LimitExceeded": return .limitExceeded
        case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "OptInRequired":
            return .accessDenied
        case "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture": return .clockSkew
        // STS and IAM have one code for a wrong key and for a wrong clock; only the words differ.
        case "SignatureDoesNotMatch" where message.hasPrefix("Signature "): return .clockSkew
        case "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException", "SignatureDoesNotMatch",
            "UnrecognizedClientException", "InvalidAccessKeyId", "MissingAuthenticationToken":
            return .badCredentials
        // One code for a bad token and for keys of the issuer that could not be fetched in time.
        case "InvalidIdentityToken" where message.utf8.contains(text: "retrieve verification key"):
            return .temporary
        case "ConcurrentModification", "EntityTemporarilyUnmodifiable", "ServiceUnavailable",
            "InternalFailure",
            "InternalError", "ServiceFailure", "RequestTimeout", "RequestTimeoutException",
            "IDPCommunicationError":
            return .temporary
        case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown",
            "PriorRequestNotComplete", "BandwidthLimitExceeded":
            return .throttled
        default:
            return status == 429 ? .throttled : status >= 500 ? .temporary : .other
        }
    }

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool { kind == .throttled || kind == .temporary }
}

extension AWSRefusal: CustomStringConvertible {
    /// One line, with AWS's own words.
    package var description: String {
        "\(service.title) answered \(action) with \(status) \(code)" + (message.isEmpty ? "" : ": \(message)")
    }
}
