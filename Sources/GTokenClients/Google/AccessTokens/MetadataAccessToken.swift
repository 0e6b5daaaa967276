internal import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// The token of the machine, or of the Pod: Google's metadata server.
package struct MetadataAccessToken: GoogleAccessTokenSource {
    private let server: HTTPURL
    private let isNamed: Bool
    private let clock: any Clock
    private let send: GoogleAPIClient.Transport

    /// Makes a source of the server that `GCE_METADATA_HOST` names, or of the one at its address on Google Cloud.
    ///
    /// - Throws: ``HTTPURLError`` where the variable names no host.
    package init(
        environment: [String: String],
        clock: any Clock,
        transport: @escaping GoogleAPIClient.Transport
    ) throws(HTTPURLError) {
        let host = environment["GCE_METADATA_HOST"].flatMap { $0.isEmpty ? nil : $0 }
        server = try HTTPURL(parsing: "http://\(host ?? "169.254.169.254")")
        isNamed = host != nil
        self.clock = clock
        send = transport
    }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        let url = server.appending(
            path: "computeMetadata",
            "v1",
            "instance",
            "service-accounts",
            "default",
            "token"
        )
        var request = HTTPClientRequest(url: url, headers: ["Metadata-Flavor": "Google"])
        request.usesProxy = false
        request.timeout = .seconds(15)
        // On Google Cloud it is on the same machine; elsewhere nobody answers, and the next place is tried.
        request.connectTimeout = isNamed ? .seconds(3) : .seconds(1)
        request.maxResponseBytes = 64 << 10
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await send(request)
        } catch .cancelled {
            throw .cancelled
        } catch {
            if isNamed { throw .transport(error) }
            throw .notFound
        }
        // On some networks everything is answered, by something else.
        guard response.headers["Metadata-Flavor"] == "Google" || !response.isSuccess else { throw .notFound }
        guard response.isSuccess else {
            // A machine without a service account, or none of Google's machines.
            if !isNamed, response.status == 404 { throw .notFound }
            throw .refused(
                url: url.description,
                GoogleErrorStatus(code: response.status, body: response.body)
            )
        }
        return try OAuthAnswer.accessToken(in: response.body, from: url, at: clock.now())
    }
}

extension MetadataAccessToken: CustomStringConvertible {
    /// The server.
    package var description: String { "the metadata server at \(server.hostField)" }
}
