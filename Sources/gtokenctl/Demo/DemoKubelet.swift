import GTokenCore
import GTokenNet

/// The kubelet's part in projected volumes: asking the API server for the tokens of a Pod that it runs.
struct DemoKubelet {
    let api: HTTPURL
    let http: HTTPClient

    /// A Pod that is known to the API server.
    struct Pod {
        var name: String
        var uid: String
    }

    /// Asks for a token of a ServiceAccount, bound to a Pod where one is given.
    func token(
        of account: KubernetesServiceAccountName,
        _ projected: ProjectedToken,
        for pod: Pod? = nil
    ) async throws -> String {
        let response = try await http.send(
            HTTPClientRequest(
                method: "POST",
                url: api.appending(
                    path: "api",
                    "v1",
                    "namespaces",
                    account.namespace,
                    "serviceaccounts",
                    account.name,
                    "token"
                ),
                headers: ["Content-Type": "application/json"],
                body: Self.tokenRequest(projected, pod)
            )
        )
        guard response.status == 201,
            let token = try JSONDocument(response.body).root["status"]?["token"]?.string()
        else {
            throw DemoError.unexpected("the API server answered \(response.status) to a TokenRequest")
        }
        return token
    }

    /// A TokenRequest of `authentication.k8s.io/v1`.
    private static func tokenRequest(_ projected: ProjectedToken, _ pod: Pod?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("kind", "TokenRequest")
            root.member("apiVersion", "authentication.k8s.io/v1")
            root.member("spec") { spec in
                spec.object { spec in
                    spec.member("audiences") { list in
                        list.array { if let audience = projected.audience { $0.value(audience) } }
                    }
                    if let seconds = projected.expirationSeconds { spec.member("expirationSeconds", seconds) }
                    if let pod { spec.member("boundObjectRef") { write(pod, to: &$0) } }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ pod: Pod, to writer: inout JSONWriter) {
        writer.object { reference in
            reference.member("kind", "Pod")
            reference.member("apiVersion", "v1")
            reference.member("name", pod.name)
            reference.member("uid", pod.uid)
        }
    }
}
