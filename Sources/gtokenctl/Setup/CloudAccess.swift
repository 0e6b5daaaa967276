import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The ways to both clouds and the cluster, each opened by itself: a closed one keeps nobody from the others.
struct CloudAccess: Sendable {
    let loop: EventLoop
    let http: HTTPClient
    let clock: LoopClock
    private let access: AccessConfiguration
    private let environment: [String: String]

    /// Google's APIs, and whose tokens they are called with.
    struct Google: Sendable {
        let api: GoogleAPIClient
        let tokens: CachedAccessTokens
    }

    /// Opens none of them yet.
    ///
    /// - Throws: `ToolError`, where a proxy or the system's roots are not usable.
    init(
        _ access: AccessConfiguration,
        environment: [String: String],
        on loop: EventLoop
    ) throws(ToolError) {
        (self.access, self.environment, self.loop) = (access, environment, loop)
        clock = LoopClock(loop)
        do throws(InternetClientError) {
            http = try HTTPClient.internet(on: loop, environment: environment)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
    }

    /// Google's APIs; nothing is asked yet.
    ///
    /// - Throws: `ToolError`, with the command that mends it.
    func google() throws(ToolError) -> Google {
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
            var limits = GoogleAPIClient.Limits()
            limits.patience = access.patience
            let api = GoogleAPIClient(
                endpoints: endpoints,
                tokens: credentials.tokens,
                quotaProject: credentials.quotaProject,
                limits: limits,
                clock: clock,
                http: http
            )
            return Google(api: api, tokens: credentials.tokens)
        } catch {
            throw ToolError("Google credentials: \(error)", hint: error.hint, exitCode: .configuration)
        }
    }

    /// AWS; nothing is asked yet.
    ///
    /// - Throws: `ToolError`, with the command that mends it.
    func aws() throws(ToolError) -> AWSAccess {
        do throws(AWSCredentialError) {
            var aws = try AWSAccess(
                profile: access.awsProfile,
                region: access.awsRegion,
                variables: environment,
                clock: clock,
                http: http,
                loop: loop
            )
            aws.meantAccountID = access.awsAccountID
            aws.limits.patience = access.patience
            return aws
        } catch {
            throw ToolError("AWS credentials: \(error)", hint: error.hint, exitCode: .configuration)
        }
    }

    /// The cluster.
    var kubectl: Kubectl {
        Kubectl(
            access: KubectlAccess(context: access.kubernetesContext, kubeconfig: access.kubeconfig),
            loop: loop
        )
    }
}
