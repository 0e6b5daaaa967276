import GTokenCore
import GTokenNet
import GTokenRuntime

/// The GKE metadata server, with the statuses, headers and texts that a real one was seen to give.
extension GoogleEmulator {
    func metadata(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text("Method Not Allowed\n", status: 405)
        }
        guard !request.headers.contains("X-Forwarded-For") else {
            return .text("Requests with an X-Forwarded-For header are not allowed\n", status: 403)
        }
        guard request.path != "/" else { return value("computeMetadata/\n") }
        guard request.headers["Metadata-Flavor"] == "Google" else {
            return .text("Missing required header \"Metadata-Flavor\": \"Google\"\n", status: 403)
        }
        let segments = (request.pathSegments ?? []).dropFirst()
        switch Array(segments) {
        case ["v1", "project", "project-id"]: return value("\(configuration.project)")
        case ["v1", "project", "numeric-project-id"]: return value(configuration.projectNumber)
        case ["v1", "instance", "attributes", "cluster-name"]: return value(configuration.clusterName)
        case ["v1", "instance", "attributes", "cluster-location"]: return value(configuration.clusterLocation)
        case ["v1", "instance", "service-accounts", ""]: return value("default/\n\(accountName)/\n")
        default: return account(Array(segments), request)
        }
    }

    private func account(_ segments: [String], _ request: HTTPRequest) -> HTTPResponse {
        guard segments.count == 5, segments[..<3] == ["v1", "instance", "service-accounts"],
            segments[3] == "default" || segments[3] == accountName
        else { return .text("404 page not found\n", status: 404) }
        return switch segments[4] {
        case "":
            request.query("recursive") == "true"
                ? accountSummary() : value("email\nidentity\nscopes\ntoken\n")
        case "email": value(accountName)
        case "scopes": value(scopes.map { $0 + "\n" }.joined())
        case "identity": identity(request)
        case "token": accessToken(scopes: request.query("scopes"))
        default: .text("404 page not found\n", status: 404)
        }
    }

    private func identity(_ request: HTTPRequest) -> HTTPResponse {
        guard let audience = request.query("audience"), !audience.isEmpty else {
            return .text("non-empty audience parameter required\n", status: 400)
        }
        guard state.withLock({ $0.behaviour.isAnnotated }) else { return notAnnotated() }
        guard let uniqueID = permittedAccount("getOpenIdToken") else {
            return unbound("identity token", "getOpenIdToken")
        }
        let token = state.withLock { state -> String? in
            let now = clock.now()
            if let cached = state.tokens[audience], cached.uniqueID == uniqueID,
                cached.expiresAt.duration(since: now) > state.behaviour.cachesUntilLeft
            {
                return cached.text
            }
            let claims = claims(
                audience: audience,
                of: configuration.email,
                uniqueID,
                behaviour: state.behaviour
            )
            guard let text = try? signer.sign(claims) else { return nil }
            state.tokens[audience] = CachedToken(
                text: text,
                uniqueID: uniqueID,
                expiresAt: claims.issuedAt + claims.lifetime
            )
            return text
        }
        return token.map(value) ?? .text("Internal Server Error\n", status: 500)
    }

    /// The number of the Pod's account, where its ServiceAccount may act as the account.
    private func permittedAccount(_ permission: String) -> GoogleUniqueID? {
        guard cloud.allows("\(pod)", "iam.serviceAccounts.\(permission)", on: configuration.email) else {
            return nil
        }
        return cloud.uniqueID(of: configuration.email)
    }

    /// Without `Metadata-Flavor`, as seen.
    private func unbound(_ token: String, _ permission: String) -> HTTPResponse {
        .text(
            "Unable to generate \(token); IAM returned 403 Forbidden: Permission "
                + "'iam.serviceAccounts.\(permission)' denied on resource (or it may not exist).\n"
                + "This error could be caused by a missing IAM policy binding on the target IAM service account.\n"
                + "For more information, refer to the Workload Identity documentation:\n\t"
                + "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#authenticating_to\n",
            status: 403
        )
    }

    /// Without `Metadata-Flavor`, as seen.
    private func notAnnotated() -> HTTPResponse {
        .text(
            "Your Kubernetes service account (\(configuration.serviceAccount)) is not annotated with a target "
                + "Google service account, which is a requirement for retrieving Identity Tokens using Workload "
                + "Identity. Please add the iam.gke.io/gcp-service-account=[GSA_NAME]@[PROJECT_ID] annotation "
                + "to your Kubernetes service account. Refer to "
                + "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity for more details.\n",
            status: 404
        )
    }

    /// A token of the scopes that are asked for, as far as the machine has them; of all of those when none is.
    private func accessToken(scopes asked: String?) -> HTTPResponse {
        let isAnnotated = state.withLock { $0.behaviour.isAnnotated }
        guard !isAnnotated || permittedAccount("getAccessToken") != nil else {
            return unbound("access token", "getAccessToken")
        }
        // Without an account the ServiceAccount is itself.
        var scopes = Set(scopes)
        if let asked, scopes.contains(GoogleScope.cloudPlatform) {
            scopes = Set(asked.split(separator: ",").map(String.init))
        }
        let token = makeAccessToken(
            of: isAnnotated ? "serviceAccount:\(configuration.email)" : "\(pod)",
            scopes: scopes
        )
        return json { object in
            object.member("access_token", token)
            object.member("expires_in", 3599)
            object.member("token_type", "Bearer")
        }
    }

    private func accountSummary() -> HTTPResponse {
        json { object in
            object.member("aliases") { $0.array { $0.value("default") } }
            object.member("email", accountName)
            object.member("scopes") { list in
                list.array { list in
                    for scope in scopes { list.value(scope) }
                }
            }
        }
    }

    private var scopes: [String] { state.withLock { $0.behaviour.machineScopes }.sorted() }

    /// The account's e-mail, or the workload pool where the ServiceAccount stands for itself.
    private var accountName: String {
        state.withLock { $0.behaviour.isAnnotated }
            ? "\(configuration.email)"
            : pod.pool
    }

    private func value(_ text: String) -> HTTPResponse {
        answered(HTTPResponse(status: 200, contentType: "application/text", body: Array(text.utf8)))
    }

    private func json(_ members: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object(members)
        return answered(.json(writer.bytes))
    }

    private func answered(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.add("Metadata-Flavor", "Google")
        response.headers.add("Server", "GKE Metadata Server")
        return response
    }
}
