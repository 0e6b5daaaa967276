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
        do {
            token = try TokenFile(path).token()
        } catch {
            throw ToolError("\(error)", exitCode: .unwell)
        }
        guard let expiresAt = token.claims.expiresAt else {
            throw ToolError("\(path): the token has no expiry", exitCode: .unwell)
        }
        let left = expiresAt.duration(since: now)
        guard left > .zero else {
            throw ToolError("\(path): the token expired at \(expiresAt.rfc3339)", exitCode: .unwell)
        }
        guard left >= configuration.minimumTimeLeft else {
            throw ToolError(
                "\(path): the token expires at \(expiresAt.rfc3339), "
                    + "in less than \(configuration.minimumTimeLeft.goText)",
                exitCode: .unwell
            )
        }
    }
}
