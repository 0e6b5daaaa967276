package import GTokenNet

/// Why a call of one of Google's APIs has no result; it holds no token.
package enum GoogleAPIError: ServiceFailure, Equatable, Sendable {
    /// There is no access token to call with.
    case credentials(GoogleCredentialError)
    /// There is no answer.
    case transport(HTTPClientError)
    /// The API refused.
    case refused(url: String, GoogleErrorStatus)
    /// The answer is not the JSON that the API writes.
    case malformedAnswer(url: String)
    /// The answer lacks a field, or has it with a value that it cannot have.
    case missingField(url: String, String)
    /// An operation that was waited for ended with an error, or not in time.
    case operation(name: String, message: String)
    /// The task was cancelled.
    case cancelled

    /// Whether the same call may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .credentials(let error): error.isTransient
        case .transport(let error): error.isTransient
        case .refused(_, let status): status.isTransient
        case .malformedAnswer, .missingField, .operation, .cancelled: false
        }
    }

    /// What it says about the service.
    package var service: ServiceState {
        switch self {
        case .transport(let error): error.isTransient ? .down : .unknown
        case .refused(_, let status): status.isTransient && status.code >= 500 ? .down : .up
        case .malformedAnswer, .missingField, .operation: .up
        case .credentials, .cancelled: .unknown
        }
    }

    /// What the API said, where it refused.
    package var status: GoogleErrorStatus? {
        if case .refused(_, let status) = self { status } else { nil }
    }

    /// Whether the API itself says that there is no such thing.
    package var isNotFound: Bool { status?.isNotFound ?? false }
    /// Whether what was to be made is there already.
    package var isAlreadyExists: Bool { status?.isAlreadyExists ?? false }
    /// Whether somebody else was faster, so that what was read is to be read again.
    package var isConflict: Bool { status?.isConflict ?? false }
    /// Whether the caller may not.
    package var isPermissionDenied: Bool { status?.isPermissionDenied ?? false }
}

extension GoogleAPIError: CustomStringConvertible {
    /// One line, with Google's own words where there are any.
    package var description: String {
        switch self {
        case .credentials(let error): "\(error)"
        case .transport(let error): "\(error)"
        case .refused(let url, let status): "\(url) answered \(status)"
        case .malformedAnswer(let url): "\(url) answered with something else than the API's JSON"
        case .missingField(let url, let name): "the answer of \(url) has no usable \(name)"
        case .operation(let name, let message): "operation \(name) failed: \(message)"
        case .cancelled: "the call was cancelled"
        }
    }
}
