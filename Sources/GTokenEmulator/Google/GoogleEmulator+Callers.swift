import GTokenCore
import GTokenNet
import GTokenRuntime

/// Who calls, by the access token that he brings.
extension GoogleEmulator {
    /// An access token of the administrator, for an hour.
    package func administratorToken() -> String { makeAccessToken(of: GoogleCloud.administrator) }

    /// A new access token of a member of policies, for an hour.
    func makeAccessToken(of member: String, scopes: Set<String> = [GoogleScope.cloudPlatform]) -> String {
        let token = "ya29." + Base64URL.encode(Crypto.randomBytes(48))
        SecretLedger.note(.accessToken, token)
        let now = clock.now()
        state.withLock { state in
            state.accessTokens = state.accessTokens.filter { $0.value.expiresAt > now }
            state.accessTokens[token] = AccessToken(
                member: member,
                scopes: scopes,
                expiresAt: now + .seconds(3600)
            )
        }
        return token
    }

    /// Who calls, as a member of policies; nil for a token that is not taken, or no longer.
    func caller(of request: HTTPRequest) -> String? { accessToken(of: request)?.member }

    /// The access token that a request brings; nil for one that is not taken, or no longer.
    func accessToken(of request: HTTPRequest) -> AccessToken? {
        guard let field = request.headers["Authorization"], field.hasPrefix("Bearer ") else { return nil }
        let token = String(field.dropFirst("Bearer ".count))
        let now = clock.now()
        return state.withLock { state in
            guard let known = state.accessTokens[token] else {
                return state.behaviour.takesForeignTokens
                    ? AccessToken(
                        member: GoogleCloud.administrator,
                        scopes: [GoogleScope.cloudPlatform],
                        expiresAt: now + .seconds(1)
                    ) : nil
            }
            return known.expiresAt > now ? known : nil
        }
    }

    /// The Pod's project, account and cluster, set up as the guide has it.
    func setUp() {
        cloud.addProject(configuration.project, number: configuration.projectNumber)
        let project = configuration.email.project ?? configuration.project
        if project != configuration.project { cloud.addProject(project) }
        cloud.addAccount(configuration.email, in: project, uniqueID: configuration.uniqueID)
        cloud.grant("roles/iam.workloadIdentityUser", on: configuration.email, to: pod.description)
        cloud.grant(
            "roles/iam.serviceAccountOpenIdTokenCreator",
            on: configuration.email,
            to: "serviceAccount:\(configuration.email)"
        )
        if let cluster = try? GKECluster(
            project: configuration.project,
            location: configuration.clusterLocation,
            name: configuration.clusterName
        ) {
            cloud.addCluster(CloudCluster(cluster))
        }
    }

    /// The Pod's ServiceAccount as a member of policies.
    var pod: WorkloadPoolMember {
        WorkloadPoolMember(project: configuration.project, serviceAccount: configuration.serviceAccount)
    }
}
