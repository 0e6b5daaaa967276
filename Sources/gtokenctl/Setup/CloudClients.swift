import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The administrator's way to both clouds and the cluster.
struct CloudClients: Sendable {
    let google: GoogleIAMClient
    let clusters: GKEClient
    let aws: IAMClient
    let account: SetupContext.AWSAccount
    let kubectl: Kubectl
    private let api: GoogleAPIClient

    /// Makes the clients, and asks AWS who calls.
    ///
    /// - Throws: `ToolError`, where credentials are missing or have expired with the command that mends it.
    init(
        _ access: AccessConfiguration,
        environment: [String: String],
        on loop: EventLoop
    ) async throws(ToolError) {
        let ways = try CloudAccess(access, environment: environment, on: loop)
        api = try ways.google().api
        google = GoogleIAMClient(api)
        clusters = GKEClient(api)
        let awsAccess = try ways.aws()
        aws = awsAccess.iam()
        account = try await Self.account(of: awsAccess)
        kubectl = ways.kubectl
    }

    /// How often each service was asked since `start`.
    func cost(since start: ContinuousClock.Instant) -> SetupCost {
        SetupCost(
            duration: start.duration(to: .now),
            google: api.requestCount,
            aws: aws.query.requestCount,
            kubectl: kubectl.runCount
        )
    }

    /// The account of whoever calls, which AWS is asked for.
    static func account(of access: AWSAccess) async throws(ToolError) -> SetupContext.AWSAccount {
        do throws(AWSQueryError) {
            return SetupContext.AWSAccount(try await access.callerIdentity())
        } catch {
            let failure = SetupFailure(error)
            throw ToolError("AWS: \(failure.message)", hint: failure.hint, exitCode: failure.exitCode)
        }
    }
}
