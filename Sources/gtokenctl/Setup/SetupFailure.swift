import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenRuntime

/// What went wrong with one object, as it is said and as it ends the tool.
struct SetupFailure: Sendable {
    let message: String
    let hint: String?
    let exitCode: ExitCode

    /// Reads an error of whichever service it is.
    init(_ error: any Error) {
        message = "\(error)"
        switch error {
        case let error as SetupError:
            (hint, exitCode) = (error.hint, .configuration)
        case AWSQueryError.credentials(let error) where !error.isTransient:
            (hint, exitCode) = (error.hint, .configuration)
        case let error as AWSQueryError:
            hint = error.hint
            exitCode =
                error.isAccessDenied ? .refused : Self.code(isTransient: error.isTransient, error.kind != nil)
        case let error as GoogleAPIError:
            hint =
                error.hint
                ?? (error.isPermissionDenied
                    ? "ask for a role with the permission that the message names" : nil)
            exitCode =
                error.isPermissionDenied
                ? .refused : Self.code(isTransient: error.isTransient, error.status != nil)
        case let error as KubectlError:
            (hint, exitCode) = (error.hint, error.exitCode)
        case is NameError, is ARNError:
            // A name that makes no other: a project's domain too long for an issuer.
            (hint, exitCode) = (nil, .configuration)
        default:
            (hint, exitCode) = (nil, .bug)
        }
    }

    private static func code(isTransient: Bool, _ isAnswer: Bool) -> ExitCode {
        isTransient || !isAnswer ? .unavailable : .refused
    }
}
