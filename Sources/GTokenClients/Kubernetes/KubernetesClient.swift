package import GTokenCore
package import GTokenNet
private import GTokenRuntime

/// Asks a Kubernetes API server.
package struct KubernetesClient: Sendable {
    private let access: KubernetesAccess
    private let http: HTTPClient

    /// The largest answer that is read: an object of the API is at most 3 MiB as a request, 1.5 MiB in etcd.
    static let maxAnswerBytes = 4 << 20

    /// The largest token: those of ServiceAccounts are about 1 KB.
    private static let maxTokenBytes = 64 << 10

    /// A client over `http`, which must trust `access`'s certificate authorities.
    package init(access: KubernetesAccess, http: HTTPClient) {
        self.access = access
        self.http = http
    }

    /// A client with an HTTP client of its own, on `loop`.
    ///
    /// - Throws: ``KubernetesAccessError/trustedRoots(_:)`` when the certificate authorities cannot be used.
    package init(access: KubernetesAccess, loop: EventLoop) throws(KubernetesAccessError) {
        var tls: TLSClientContext?
        if let roots = access.trustedRootsPEM {
            do throws(TLSError) {
                tls = try TLSClientContext(trustedRootsPEM: roots)
            } catch {
                throw .trustedRoots("\(error)")
            }
        }
        // The API server is named by the cluster or its administrator; a proxy for the internet is not between.
        self.init(access: access, http: HTTPClient(loop: loop, tls: tls))
    }

    /// The annotations of a ServiceAccount.
    ///
    /// - Throws: ``KubernetesError``, ``KubernetesError/notFound`` among them.
    package func serviceAccountAnnotations(
        of name: KubernetesServiceAccountName,
        timeout: Duration
    ) async throws(KubernetesError) -> [String: String] {
        let document = try await get(.serviceAccount(name), timeout: timeout)
        guard document.root["kind"]?.isString("ServiceAccount") == true else { throw .malformedAnswer }
        return try KubernetesMetadata(of: document.root).annotations
    }

    /// What the server's version lets its cluster do, and what audiences it takes tokens for.
    package func clusterFacts(timeout: Duration) async throws(KubernetesError) -> ClusterFacts {
        let document = try await get(.version, timeout: timeout)
        guard let major = document.root["major"]?.string(), let minor = document.root["minor"]?.string()
        else {
            throw .malformedAnswer
        }
        return ClusterFacts(serverMajor: major, serverMinor: minor, apiAudiences: try apiAudiences())
    }

    /// The audiences and the issuer of our own token, which the server takes; none where it is not a JWT.
    ///
    /// An API server whose audiences are not configured takes those for its issuer (`--api-audiences`).
    ///
    /// - Throws: ``KubernetesError/noToken(_:)`` when the token's file cannot be read.
    package func apiAudiences() throws(KubernetesError) -> Set<String> {
        guard let text = try token(), let claims = try? UnverifiedJWT(parsing: text).claims else { return [] }
        return Set(claims.audience + [claims.issuer].compactMap { $0 })
    }

    /// The object at `path`.
    ///
    /// - Throws: ``KubernetesError``, ``KubernetesError/notFound`` among them.
    package func get(
        _ path: KubernetesPath,
        timeout: Duration
    ) async throws(KubernetesError) -> JSONDocument {
        try await document(of: KubernetesRequest(path: path, timeout: timeout))
    }

    /// The answer to a request, where the server does what is asked.
    func document(of request: KubernetesRequest) async throws(KubernetesError) -> JSONDocument {
        let response: HTTPResponse
        let question = try httpRequest(request)
        do throws(HTTPClientError) {
            response = try await http.send(question)
        } catch {
            throw .unreachable(error)
        }
        let document = try? JSONDocument(response.body)
        guard (200...201).contains(response.status) else {
            throw KubernetesError(status: response.status, document?.root)
        }
        guard let document else { throw .malformedAnswer }
        return document
    }

    /// The answer to a request as it comes, where the server does what is asked.
    func stream(
        of request: KubernetesRequest,
        idleTimeout: Duration
    ) async throws(KubernetesError) -> HTTPResponseStream {
        let question = try httpRequest(request)
        let stream: HTTPResponseStream
        var refusal: [UInt8] = []
        do throws(HTTPClientError) {
            stream = try await http.stream(question, idleTimeout: idleTimeout)
            if stream.head.status == 200 { return stream }
            for try await piece in stream where refusal.count < Self.maxAnswerBytes { refusal += piece }
        } catch {
            throw .unreachable(error)
        }
        throw KubernetesError(status: stream.head.status, (try? JSONDocument(refusal))?.root)
    }

    private func httpRequest(_ request: KubernetesRequest) throws(KubernetesError) -> HTTPClientRequest {
        var url = access.server
        for segment in request.path.segments { url = url.appending(path: segment) }
        url = url.appending(query: request.query)
        var headers: HTTPHeaders = ["Accept": request.accept]
        if let token = try token() { headers.set("Authorization", "Bearer \(token)") }
        if !request.body.isEmpty { headers.set("Content-Type", request.contentType) }
        var question = HTTPClientRequest(
            method: request.method,
            url: url,
            headers: headers,
            body: request.body
        )
        question.timeout = request.timeout
        question.maxResponseBytes = Self.maxAnswerBytes
        return question
    }

    private func token() throws(KubernetesError) -> String? {
        switch access.credential {
        case .none: return nil
        case .token(let token): return token
        case .tokenFile(let path):
            let bytes: [UInt8]
            do throws(FileError) {
                bytes = try FileReader.read(path: path, maxBytes: Self.maxTokenBytes)
            } catch {
                throw .noToken("\(error)")
            }
            let token = bytes.filter { $0 != 0x0A && $0 != 0x0D }
            guard !token.isEmpty, token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .noToken("\(path) does not hold a token")
            }
            return String(decoding: token, as: UTF8.self)
        }
    }
}
