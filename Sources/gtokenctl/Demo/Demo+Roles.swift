import Foundation
import GTokenClients
import GTokenCore
import GTokenNet

/// The steps in which the token is exchanged at AWS, and one that is not meant for AWS is refused.
extension Demo {
    /// What an SDK does with the environment; answers the caller's ARN.
    func assumeRole(_ environment: [(name: String, value: String)]) async throws -> String {
        try report.step("An AWS SDK in the application's container finds the role by its environment")
        try report.show(environment)
        let values = Dictionary(environment.map { ($0.name, $0.value) }) { first, _ in first }
        guard let role = values["AWS_ROLE_ARN"], let file = values["AWS_WEB_IDENTITY_TOKEN_FILE"],
            let session = values["AWS_ROLE_SESSION_NAME"]
        else { throw DemoError.unexpected("the patch sets no role, token file or session name") }
        let sts = try stsClient()
        let assumed = try await sts.assumeRoleWithWebIdentity(
            WebIdentityExchange(
                role: try RoleARN(parsing: role),
                sessionName: try RoleSessionName(parsing: session),
                token: try readToken(file)
            )
        )
        let caller = try await sts.getCallerIdentity(with: assumed.credentials)
        let expiration = assumed.credentials.expiresAt?.rfc3339 ?? "further notice"
        try report.confirm("credentials until \(expiration)")
        try report.confirm("the caller is \(caller.arn)")
        report.record("expiration", expiration)
        report.record("callerARN", caller.arn)
        return caller.arn
    }

    /// The same account's token for somebody else must not be worth an AWS role.
    func refuseReplay() async throws {
        try report.step("A token of the same account that was made for another service is refused")
        let path = stage.folder.appendingPathComponent("other-token").path
        let gtoken = try runGToken(["--audience=https://other-service.example", "--file=\(path)"])
        guard try await gtoken.waitForEnd() == 0 else {
            throw DemoError.unexpected("gtoken got no second token")
        }
        let token = try readToken(path)
        let sts = try stsClient()
        let session = try RoleSessionName(parsing: "replay")
        func refusal(by role: RoleARN) async -> STSClientError? {
            let exchange = WebIdentityExchange(role: role, sessionName: session, token: token)
            do throws(STSClientError) {
                _ = try await sts.assumeRoleWithWebIdentity(exchange)
                return nil
            } catch {
                return error
            }
        }
        guard case .service(_, "AccessDenied", let message) = await refusal(by: stage.role) else {
            throw DemoError.unexpected("the trust policy did not refuse a token for another audience")
        }
        try report.confirm("the trust policy that pins oaud refuses it: AccessDenied, \(message)")
        if let refusal = await refusal(by: stage.guideRole) { throw refusal }
        try report.confirm("the original guide's policy, which pins sub alone, would have accepted it")
    }

    private func stsClient() throws -> STSClient {
        STSClient(
            endpoint: try HTTPURL(parsing: "http://127.0.0.1:\(stage.awsPort)"),
            clock: LoopClock(loop),
            http: HTTPClient(loop: loop)
        )
    }
}
