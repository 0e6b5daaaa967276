import GTokenClients
import GTokenCore
import GTokenNet

/// The part in which tokens are exchanged at AWS, or refused.
extension Demo {
    /// What an SDK does with the environment of a Pod.
    func assumeRole(
        _ subject: DemoSubject,
        _ environment: [(name: String, value: String)]
    ) async throws -> DemoOutcome {
        try report.step("An AWS SDK in the application's container finds the role by its environment")
        try report.show(environment)
        let values = Dictionary(environment.map { ($0.name, $0.value) }) { first, _ in first }
        guard let role = values["AWS_ROLE_ARN"], let session = values["AWS_ROLE_SESSION_NAME"] else {
            throw DemoError.unexpected("the patch sets no role or session name")
        }
        let sts = try stsClient()
        let assumed = try await sts.assumeRoleWithWebIdentity(
            WebIdentityExchange(
                role: try RoleARN(parsing: role),
                sessionName: try RoleSessionName(parsing: session),
                token: try readToken(tokenFile(environment))
            )
        )
        let caller = try await sts.getCallerIdentity(with: assumed.credentials)
        let expiration = assumed.credentials.expiresAt?.rfc3339 ?? "further notice"
        try report.confirm("credentials until \(expiration)")
        try report.confirm("the caller is \(caller.arn)")
        report.record("expiration", expiration)
        report.record("callerARN", caller.arn)
        return DemoOutcome(subject: subject, environment: environment, callerARN: caller.arn)
    }

    /// How STS refuses to give a role for a token.
    struct Refusal: CustomStringConvertible {
        var code: String
        var message: String

        var description: String { "\(code), \(message)" }
    }

    /// Tries to exchange a token for a role; `nil` where it works.
    func refusal(of token: String, by role: RoleARN) async throws -> Refusal? {
        let session = try RoleSessionName(parsing: "replay")
        let exchange = WebIdentityExchange(role: role, sessionName: session, token: token)
        let sts = try stsClient()
        do throws(AWSQueryError) {
            _ = try await sts.assumeRoleWithWebIdentity(exchange)
            return nil
        } catch .refused(let refusal) {
            return Refusal(code: refusal.code, message: refusal.message)
        } catch {
            throw error
        }
    }

    private func stsClient() throws -> STSClient {
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(stage.awsPort)")
        return STSClient(
            AWSEndpoint(.sts, url: url, signingRegion: "us-east-1"),
            clock: LoopClock(loop),
            http: HTTPClient(loop: loop)
        )
    }
}
