package import GTokenNet

/// Why a call of an AWS service has no result; it holds no secret.
package enum AWSQueryError: Error, Equatable, Sendable {
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

    /// What to do about it, where that is known.
    package var hint: String? {
        switch self {
        case .credentials(let error): error.hint
        case .refused(let refusal): refusal.hint
        case .notSettled: "run the command again in a minute"
        case .transport, .malformedAnswer, .missingElement, .cancelled: nil
        }
    }
}

extension AWSRefusal {
    fileprivate var hint: String? {
        switch kind {
        case .badCredentials:
            "the credentials are wrong or over: see 'aws sts get-caller-identity'; log in again, or set others"
        case .clockSkew: "set this machine's clock: AWS takes requests signed within 15 minutes of its own"
        case .accessDenied: "let an administrator allow the caller \(isIAM ? "iam" : "sts"):\(action)"
        case .limitExceeded: "ask AWS for a higher quota, or remove what is not needed"
        case .throttled: "AWS is asked too often by this account: run the command again later"
        case .temporary: "run the command again: what is done already is kept"
        case .noSuchEntity, .entityAlreadyExists, .deleteConflict, .other: nil
        }
    }

    private var isIAM: Bool { service == AWSService.iam.title }
}
