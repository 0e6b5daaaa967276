private import GTokenCore
package import GTokenNet

/// Why the Security Token Service gave nothing; it holds no token and no key.
package enum STSClientError: Error, Equatable, Sendable {
    /// There is no answer.
    case transport(HTTPClientError)
    /// The service refused, with the code and the message that AWS gives, in at most 500 characters.
    case service(status: Int, code: String, message: String)
    /// The answer with this status is not the XML that the service writes.
    case malformedAnswer(status: Int)
    /// The answer lacks an element, or has it with a value that it cannot have.
    case missingElement(String)

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .transport(let error): error.isTransient
        case .service(let status, let code, let message):
            status >= 500 || status == 429 || Self.transientCodes.contains(code)
                // AWS has one code for a bad token and for keys of the issuer that it could not fetch in time.
                || code == "InvalidIdentityToken" && message.utf8.contains(text: "retrieve verification key")
        case .malformedAnswer(let status): status >= 500 || status == 429
        case .missingElement: false
        }
    }

    /// From the standard retry mode of AWS's SDKs, and the code for an issuer that does not answer.
    private static let transientCodes: Set<String> = [
        "IDPCommunicationError", "Throttling", "ThrottlingException", "ThrottledException",
        "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
        "SlowDown", "PriorRequestNotComplete", "RequestTimeout", "RequestTimeoutException",
    ]
}

extension STSClientError: CustomStringConvertible {
    /// One line, with AWS's own words where there are any.
    package var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .service(let status, let code, let message): "AWS STS answered \(status) \(code): \(message)"
        case .malformedAnswer(let status): "AWS STS answered \(status) with something else than its XML"
        case .missingElement(let name): "the answer of AWS STS has no usable \(name)"
        }
    }
}
