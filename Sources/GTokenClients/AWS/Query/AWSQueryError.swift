package import GTokenNet

/// Why a call of an AWS service has no result; it holds no secret.
package enum AWSQueryError: ServiceFailure, Equatable, Sendable {
    /// There is nothing to sign with.
    case credentials(AWSCredentialError)
    /// There is no answer.
    case transport(HTTPClientError)
    /// The service refused.
    case refused(AWSRefusal)
    /// The answer with this status is not the XML that the service writes.
    case malformedAnswer(action: String, status: Int)
    /// The answer lacks an element, or has it with a value that it cannot have.
    case missingElement(action: String, String)
    /// What was written is still not read after as long as a call may take.
    case notSettled(String)
    /// The task was cancelled.
    case cancelled

    /// Whether the same call may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .credentials(let error): error.isTransient
        case .transport(let error): error.isTransient
        case .refused(let refusal): refusal.isTransient
        case .malformedAnswer(_, let status): status >= 500 || status == 429
        case .notSettled: true
        case .missingElement, .cancelled: false
        }
    }

    /// What it says about the service.
    package var service: ServiceState {
        switch self {
        case .transport(let error): error.isTransient ? .down : .unknown
        case .refused(let refusal):
            refusal.isTransient && refusal.status >= 500 && refusal.kind != .throttled ? .down : .up
        case .malformedAnswer(_, let status): status >= 500 ? .down : .up
        case .notSettled, .missingElement: .up
        case .credentials, .cancelled: .unknown
        }
    }

    /// What the service's refusal means; `nil` where it is none.
    package var kind: AWSRefusal.Kind? {
        if case .refused(let refusal) = self { refusal.kind } else { nil }
    }

    /// Whether AWS itself says that there is no such thing.
    package var isNoSuchEntity: Bool { kind == .noSuchEntity }
    /// Whether what was to be made is there already.
    package var isAlreadyExists: Bool { kind == .entityAlreadyExists }
    /// Whether the caller may not.
    package var isAccessDenied: Bool { kind == .accessDenied }
}

extension AWSQueryError: CustomStringConvertible {
    /// One line, with AWS's own words where there are any.
    package var description: String {
        switch self {
        case .credentials(let error): "\(error)"
        case .transport(let error): "\(error)"
        case .refused(let refusal): "\(refusal)"
        case .malformedAnswer(let action, let status):
            "the answer to \(action), with status \(status), is not AWS's XML"
        case .missingElement(let action, let name): "AWS's answer to \(action) has no usable \(name)"
        case .notSettled(let what): "\(what) was written, but AWS does not show it yet"
        case .cancelled: "the call was cancelled"
        }
    }
}
