package import GTokenClients
import GTokenNet

extension AWSQueryError {
    /// What to do about it, where that is known.
    package var hint: String? {
        switch self {
        case .credentials(let error): error.hint
        case .refused(let refusal): refusal.hint
        case .notSettled: "run the command again in a minute"
        case .transport(let error) where error.isTransient: AWSRefusal.again
        case .malformedAnswer(_, let status) where status >= 500: AWSRefusal.again
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
        case .accessDenied: "let an administrator allow the caller \(service.rawValue):\(action)"
        case .limitExceeded: "ask AWS for a higher quota, or remove what is not needed"
        case .throttled: "AWS is asked too often by this account: run the command again later"
        case .temporary: Self.again
        case .noSuchEntity, .entityAlreadyExists, .deleteConflict, .other: nil
        }
    }

    fileprivate static let again = "run the command again: what is done already is kept"
}
