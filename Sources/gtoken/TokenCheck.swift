import GTokenClients
import GTokenCore
import GTokenRuntime

/// `gtoken check`: whether a file has a token that is still valid.
struct TokenCheck {
    private let configuration: TokenCheckConfiguration

    init(_ configuration: TokenCheckConfiguration) { self.configuration = configuration }

    /// Returns, without a word, where it has: a probe asks each second.
    ///
    /// - Throws: `ToolError` with the exit code 1 where the file is not there, is no token, or its token has
    ///   less time left than it should.
    func run(at now: UnixTime) throws(ToolError) {
        let path = configuration.file
        let token: UnverifiedJWT
        do throws(TokenFileError) {
            token = try TokenFile(path).token()
        } catch {
            let isAbsent = if case .file(let cause) = error { cause.isNotFound } else { false }
            throw Self.error(
                "\(error)",
                hint: isAbsent ? "no token has been written there yet: \(Self.log)" : nil
            )
        }
        guard let expiresAt = token.claims.expiresAt else {
            throw Self.error("\(path): the token has no expiry")
        }
        let left = expiresAt.duration(since: now)
        guard left > .zero else {
            throw Self.error("\(path): the token expired at \(expiresAt.rfc3339)", hint: Self.log)
        }
        guard left >= configuration.minimumTimeLeft else {
            throw Self.error(
                "\(path): the token expires at \(expiresAt.rfc3339), "
                    + "in less than \(configuration.minimumTimeLeft.goText)",
                hint: Self.log
            )
        }
    }

    private static let log = "the log of the gtoken that keeps the file says why"

    private static func error(_ message: String, hint: String? = nil) -> ToolError {
        ToolError(message, hint: hint, exitCode: .unwell)
    }
}
