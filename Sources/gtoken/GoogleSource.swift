import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Where this run's ID tokens come from, made from its configuration.
struct GoogleSource {
    /// Asks for one token.
    let idToken: TokenRefresher.Source

    /// Makes the clients that the configuration asks for.
    ///
    /// - Throws: `ToolError` where a setting cannot work.
    init(_ configuration: TokenSourceConfiguration, on loop: EventLoop) throws(ToolError) {
        let metadata: MetadataClient
        do throws(HTTPURLError) {
            metadata = try MetadataClient(
                host: configuration.metadataHost,
                timeout: configuration.requestTimeout,
                http: HTTPClient(loop: loop)
            )
        } catch {
            throw ToolError("--metadata-host: \(error)", exitCode: .configuration)
        }
        let (audience, account) = (configuration.audience, configuration.serviceAccount)
        idToken = { () async throws(IDTokenError) in
            try await metadata.idToken(audience: audience, account: account)
        }
    }
}

extension ToolError {
    /// Why there is no token, and what to do about it.
    init(_ error: IDTokenError) {
        self.init("no ID token: \(error)", hint: error.hint, exitCode: error.exitCode)
    }
}

extension IDTokenError {
    var exitCode: ExitCode {
        switch self {
        case .refused(_, 400..<500, _): .refused
        default: .unavailable
        }
    }

    var hint: String? {
        switch self {
        case .transport, .notTheMetadataServer:
            "gtoken asks the metadata server of GKE; elsewhere, GCE_METADATA_HOST says where one is"
        case .refused(_, 403, _):
            "the Google service account needs the role roles/iam.workloadIdentityUser for the Pod's ServiceAccount"
        case .refused(_, 404, _):
            "the Pod's ServiceAccount needs the annotation iam.gke.io/gcp-service-account"
        default: nil
        }
    }
}
