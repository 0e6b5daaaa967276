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

    /// Makes the clients, and asks AWS who calls.
    ///
    /// - Throws: `ToolError`, where credentials are missing or have expired with the command that mends it.
    init(
        _ access: AccessConfiguration,
        environment: [String: String],
        on loop: EventLoop
    ) async throws(ToolError) {
        let clock = LoopClock(loop)
        let http: HTTPClient
        do throws(InternetClientError) {
            http = try HTTPClient.internet(on: loop, environment: environment)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        let api = try Self.googleAPI(access, environment, http, loop, clock)
        google = GoogleIAMClient(api)
        clusters = GKEClient(api)
        let awsAccess: AWSAccess
        do throws(AWSCredentialError) {
            awsAccess = try AWSAccess(
                profile: access.awsProfile,
                region: access.awsRegion,
                variables: environment,
                clock: clock,
                http: http,
                loop: loop
            )
        } catch {
            throw ToolError("AWS credentials: \(error)", hint: error.hint, exitCode: .configuration)
        }
        aws = awsAccess.iam()
        do throws(AWSQueryError) {
            account = SetupContext.AWSAccount(try await awsAccess.callerIdentity())
        } catch {
            let failure = SetupFailure(error)
            throw ToolError("AWS: \(failure.message)", hint: failure.hint, exitCode: failure.exitCode)
        }
        kubectl = Kubectl(
            access: KubectlAccess(context: access.kubernetesContext, kubeconfig: access.kubeconfig),
            loop: loop
        )
    }

    private static func googleAPI(
        _ access: AccessConfiguration,
        _ environment: [String: String],
        _ http: HTTPClient,
        _ loop: EventLoop,
        _ clock: any Clock
    ) throws(ToolError) -> GoogleAPIClient {
        let endpoints: GoogleEndpoints
        do throws(GoogleEndpointError) {
            endpoints = try GoogleEndpoints(environment: environment)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        var selection = GoogleCredentials.Selection()
        selection.impersonated = access.impersonated
        do throws(GoogleCredentialError) {
            let credentials = try GoogleCredentials(
                environment: environment,
                selection: selection,
                endpoints: endpoints,
                http: http,
                loop: loop,
                clock: clock
            )
            return GoogleAPIClient(
                endpoints: endpoints,
                tokens: credentials.tokens,
                quotaProject: credentials.quotaProject,
                clock: clock,
                http: http
            )
        } catch {
            throw ToolError("Google credentials: \(error)", hint: error.hint, exitCode: .configuration)
        }
    }
}
