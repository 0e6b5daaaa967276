package import GTokenRuntime

/// Why a refresher ended, or did not get a token.
package enum TokenRefresherError: Error, Equatable, Sendable {
    /// The source gave none.
    case source(IDTokenError)
    /// The token could not be put where it belongs.
    case destination(FileError)
    /// The task was cancelled.
    case cancelled
}

extension TokenRefresherError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .source(let error): "\(error)"
        case .destination(let error): "\(error)"
        case .cancelled: "cancelled"
        }
    }
}

extension FileError {
    /// Whether a destination that refused its first token may take it a little later, without anybody's help.
    ///
    /// A directory that is not there, or not to be written to, is a mistake that is better said at once.
    package var leavesHopeAtFirst: Bool { isTransient && !isNotFound }
}
