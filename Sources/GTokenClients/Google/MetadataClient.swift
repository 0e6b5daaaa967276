package import GTokenCore
package import GTokenNet

/// Asks Google's metadata server, of GKE or of a virtual machine, for ID tokens.
///
/// One request a token, never through a proxy, no redirect followed; it repeats nothing
/// (https://cloud.google.com/compute/docs/instances/verifying-instance-identity).
package struct MetadataClient: Sendable {
    /// Sends a request; a test's is no network.
    package typealias Transport =
        @Sendable (HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse

    private let send: Transport
    private let server: HTTPURL
    private let timeout: Duration

    /// A token has at most 20,000 bytes, a refusal is a page of text.
    private static let maxResponseBytes = 64 * 1024
    /// The server is on the same node: a connection that takes longer was lost.
    private static let connectTimeout = Duration.seconds(3)

    /// Makes a client of the server at `host`, which may have a port (`GCE_METADATA_HOST`).
    package init(host: String, timeout: Duration, transport: @escaping Transport) throws(HTTPURLError) {
        let url = try HTTPURL(parsing: "http://\(host)")
        guard url.target == "/" else { throw .invalidHost }
        server = url
        self.timeout = timeout
        send = transport
    }

    /// Makes a client over HTTP.
    package init(host: String, timeout: Duration, http: HTTPClient) throws(HTTPURLError) {
        try self.init(host: host, timeout: timeout) { request throws(HTTPClientError) in
            try await http.send(request)
        }
    }

    /// An ID token for an audience.
    ///
    /// - Parameters:
    ///   - audience: What `aud` shall be.
    ///   - account: The service account; `nil` for the one that the Pod runs as.
    /// - Returns: The token, which the server may have handed out before.
    /// - Throws: ``IDTokenError``.
    package func idToken(
        audience: String,
        account: GoogleServiceAccountEmail? = nil
    ) async throws(IDTokenError) -> IDToken {
        let text = try await value(
            "identity",
            of: account?.description ?? "default",
            query: ["audience": audience]
        )
        return try IDToken(parsing: text, audience: audience)
    }

    /// The service account that the Pod or the machine runs as.
    ///
    /// - Throws: ``IDTokenError``, ``IDTokenError/noServiceAccount(pool:)`` for a Pod that has none.
    package func account() async throws(IDTokenError) -> GoogleServiceAccountEmail {
        let text = try await value("email", of: "default", query: [:])
        guard let email = try? GoogleServiceAccountEmail(parsing: text) else {
            throw .noServiceAccount(pool: ForeignText.line(text, limit: 100))
        }
        return email
    }

    private func value(
        _ name: String,
        of account: String,
        query: HTTPForm
    ) async throws(IDTokenError) -> String {
        let url = server.appending(
            path: "computeMetadata",
            "v1",
            "instance",
            "service-accounts",
            account,
            name
        )
        var request = HTTPClientRequest(
            url: url.appending(query: query),
            headers: ["Metadata-Flavor": "Google"]
        )
        request.usesProxy = false
        request.keepsConnection = false
        request.timeout = timeout
        request.connectTimeout = min(timeout, Self.connectTimeout)
        request.maxResponseBytes = Self.maxResponseBytes
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await send(request)
        } catch {
            throw .transport(error)
        }
        guard response.status == 200 else {
            throw .refused(
                url: url.description,
                status: response.status,
                message: Self.words(of: response.body)
            )
        }
        guard response.headers["Metadata-Flavor"] == "Google" else {
            throw .notTheMetadataServer(url: url.description)
        }
        return String(String(decoding: response.body, as: UTF8.self).trimmingWhiteSpace)
    }

    /// What a refusal says, on one line.
    private static func words(of body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(4096), as: UTF8.self)
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }
        let line = words.joined(separator: " ")
        return line.isEmpty ? "(no text)" : String(line.prefix(1000))
    }
}

extension String {
    /// The text without spaces and line breaks around it.
    package var trimmingWhiteSpace: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.drop(while: \.isWhitespace)
    }
}
