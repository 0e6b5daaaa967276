package import GTokenCore
package import GTokenNet
private import GTokenRuntime

/// Asks a Kubernetes API server.
package struct KubernetesClient: Sendable {
    private let access: KubernetesAccess
    private let http: HTTPClient

    /// The largest answer that is read: an object of the API is at most 3 MiB as a request, 1.5 MiB in etcd.
    private static let maxAnswerBytes = 4 << 20

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
        let document = try await get(
            "api",
            "v1",
            "namespaces",
            name.namespace,
            "serviceaccounts",
            name.name,
            timeout: timeout
        )
        guard document.root["kind"]?.isString("ServiceAccount") == true else { throw .malformedAnswer }
        var annotations: [String: String] = [:]
        do throws(JSONError) {
            let metadata = try document.root.uniqueMember("metadata")
            if let members = try metadata?.uniqueMember("annotations")?.members {
                for member in members {
                    let name = member.name
                    guard annotations.updateValue(member.value.string() ?? "", forKey: name) == nil else {
                        throw JSONError.duplicateMember(name)
                    }
                }
            }
        } catch {
            throw .malformedAnswer
        }
        return annotations
    }

    /// What the server's version lets its cluster do, and what audiences it takes tokens for.
    package func clusterFacts(timeout: Duration) async throws(KubernetesError) -> ClusterFacts {
        let document = try await get("version", timeout: timeout)
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

    private func get(_ segments: String..., timeout: Duration) async throws(KubernetesError) -> JSONDocument {
        var url = access.server
        for segment in segments { url = url.appending(path: segment) }
        var headers: HTTPHeaders = ["Accept": "application/json"]
        if let token = try token() { headers.set("Authorization", "Bearer \(token)") }
        var request = HTTPClientRequest(url: url, headers: headers)
        request.timeout = timeout
        request.maxResponseBytes = Self.maxAnswerBytes
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await http.send(request)
        } catch {
            throw .unreachable(error)
        }
        let document = try? JSONDocument(response.body)
        switch response.status {
        case 200:
            guard let document else { throw .malformedAnswer }
            return document
        case 404 where document?.root["kind"]?.isString("Status") == true:
            throw .notFound
        case let status:
            throw .refused(status: status, reason: Self.reason(document?.root["reason"]?.string()))
        }
    }

    /// A Status object's reason, one word such as `Forbidden`; empty for what is none, whoever answered.
    private static func reason(_ text: String?) -> String {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let text, text.utf8.count <= 64, text.utf8.allSatisfy({ letters.contains($0 | 0x20) }) else {
            return ""
        }
        return text
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

/// Why the Kubernetes API server gave no answer that can be used.
package enum KubernetesError: Error, Equatable {
    /// The object does not exist.
    case notFound
    /// The server refused, with its status and the reason of its Status object.
    case refused(status: Int, reason: String)
    /// The server could not be asked.
    case unreachable(HTTPClientError)
    /// The caller's time was over before there was an answer, or before its turn came.
    case timedOut
    /// The answer is not what the API promises.
    case malformedAnswer
    /// The token's file cannot be read, and why.
    case noToken(String)
}

extension KubernetesError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound: "the Kubernetes API has no such object"
        case .refused(let status, let reason):
            "the Kubernetes API answered \(status)\(reason.isEmpty ? "" : " (\(reason))")"
        case .timedOut: "the Kubernetes API did not answer in time"
        case .unreachable(let error): "cannot ask the Kubernetes API: \(error)"
        case .malformedAnswer: "the Kubernetes API's answer is not the object that was asked for"
        case .noToken(let reason): "no token for the Kubernetes API: \(reason)"
        }
    }
}
