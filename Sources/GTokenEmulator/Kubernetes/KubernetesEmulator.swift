package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// A stand-in for the paths of the Kubernetes API that the webhook and a kubelet use: ServiceAccounts, their
/// tokens, the keys of those, and the version.
package final class KubernetesEmulator: Sendable {
    /// What was asked.
    package let journal = EmulatorJournal()
    /// What signs its tokens; `nil` for a cluster that issues none.
    package let issuer: ServiceAccountTokenIssuer?

    let clock: any Clock
    let state: Locked<State>

    struct State {
        var behaviour: KubernetesBehaviour
        var accounts: [KubernetesServiceAccountName: Account] = [:]
        var pods: [PodKey: Pod] = [:]
        var resourceVersion = 1000
    }

    struct Account {
        var uid: String
        var resourceVersion: Int
        var createdAt: UnixTime
        var annotations: [String: String]
        var labels: [String: String]
    }

    struct PodKey: Hashable {
        var namespace: String
        var name: String
    }

    struct Pod {
        var uid: String
        var account: KubernetesServiceAccountName
    }

    /// Makes a stand-in without ServiceAccounts, which issues tokens where it has an issuer.
    package init(
        behaviour: KubernetesBehaviour = KubernetesBehaviour(),
        issuer: ServiceAccountTokenIssuer? = nil,
        clock: any Clock
    ) {
        self.issuer = issuer
        self.clock = clock
        state = Locked(State(behaviour: behaviour))
    }

    /// Changes how it behaves from the next request on.
    package func change(_ body: (inout KubernetesBehaviour) -> Void) {
        state.withLock { body(&$0.behaviour) }
    }

    /// Makes a ServiceAccount, or gives the one that is there other annotations and labels.
    package func apply(
        _ name: KubernetesServiceAccountName,
        annotations: [String: String] = [:],
        labels: [String: String] = [:]
    ) {
        let now = clock.now()
        state.withLock { state in
            state.resourceVersion += 1
            state.accounts[name] = Account(
                uid: state.accounts[name]?.uid ?? Self.newUID(),
                resourceVersion: state.resourceVersion,
                createdAt: state.accounts[name]?.createdAt ?? now,
                annotations: annotations,
                labels: labels
            )
        }
    }

    /// Removes a ServiceAccount.
    package func delete(_ name: KubernetesServiceAccountName) {
        state.withLock { $0.accounts[name] = nil }
    }

    /// Makes a Pod that runs as a ServiceAccount, so that tokens can be bound to it; answers its uid.
    package func run(pod name: String, as account: KubernetesServiceAccountName) -> String {
        let pod = Pod(uid: Self.newUID(), account: account)
        state.withLock { $0.pods[PodKey(namespace: account.namespace, name: name)] = pod }
        return pod.uid
    }

    private static func newUID() -> String { Hexadecimal.uuid(Crypto.randomBytes(16)) }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response = await result(of: request)
        if !response.headers.contains("Cache-Control") {
            response.headers.set("Cache-Control", "no-cache, private")
        }
        journal.add(
            JournalEntry(
                time: clock.now(),
                method: request.method,
                path: request.path,
                status: response.status
            )
        )
        return response
    }

    private func result(of request: HTTPRequest) async -> HTTPResponse {
        let route = KubernetesRoute(request, issuer: issuer)
        let name = route?.names.flatMap { try? KubernetesServiceAccountName(namespace: $0, name: $1) }
        let (scripted, delay) = state.withLock { state in
            let scripted = ScriptedAnswer.take(from: &state.behaviour.script, path: request.path)
            return (scripted, name.flatMap { state.behaviour.delays[$0] } ?? state.behaviour.delay)
        }
        if delay > .zero {
            do throws(CancellationError) {
                try await clock.sleep(for: delay)
            } catch {
                return KubernetesStatus.failure(503)
            }
        }
        if let scripted { return scripted }
        guard route?.isPublic == true || isAuthenticated(request) else {
            return KubernetesStatus.unauthorized
        }
        guard let route else { return KubernetesStatus.unknownPath }
        guard request.method == route.method else { return KubernetesStatus.methodNotAllowed() }
        // No object can have a name that is malformed, so the API server finds none.
        if let names = route.names, name == nil { return KubernetesStatus.notFound(names.name) }
        return switch (route, name) {
        case (.serviceAccount, let name?): account(name)
        case (.token, let name?): token(for: name, request)
        case (.openIDConfiguration(let keysPath), _): openIDConfiguration(keysPath: keysPath, request)
        case (.keys, _): keys()
        case (.version, _), (_, nil): version
        }
    }

    private func account(_ name: KubernetesServiceAccountName) -> HTTPResponse {
        let (behaviour, account) = state.withLock { ($0.behaviour, $0.accounts[name]) }
        if let status = behaviour.failures[name] { return KubernetesStatus.failure(status) }
        guard !behaviour.deniesAll, !behaviour.denied.contains(name) else {
            return KubernetesStatus.forbidden(name.name, namespace: name.namespace, user: behaviour.user)
        }
        guard let account else { return KubernetesStatus.notFound(name.name) }
        var writer = JSONWriter()
        writer.object { object in
            object.member("kind", "ServiceAccount")
            object.member("apiVersion", "v1")
            object.member("metadata") { $0.object { Self.write(account, name, to: &$0) } }
        }
        return .json(writer.bytes)
    }

    private static func write(
        _ account: Account,
        _ name: KubernetesServiceAccountName,
        to writer: inout JSONWriter
    ) {
        writer.member("name", name.name)
        writer.member("namespace", name.namespace)
        writer.member("uid", account.uid)
        writer.member("resourceVersion", String(account.resourceVersion))
        writer.member("creationTimestamp", account.createdAt.rfc3339)
        for (key, map) in [("labels", account.labels), ("annotations", account.annotations)]
        where !map.isEmpty {
            writer.member(key) { writer in
                writer.object { writer in
                    for (key, value) in map.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
                }
            }
        }
    }

    private func isAuthenticated(_ request: HTTPRequest) -> Bool {
        guard let accepted = state.withLock({ $0.behaviour.acceptedTokens }) else { return true }
        guard let field = request.headers["Authorization"], field.hasPrefix("Bearer ") else { return false }
        return accepted.contains(String(field.dropFirst("Bearer ".count)))
    }

    private var version: HTTPResponse {
        let minor = state.withLock { $0.behaviour.minorVersion }
        var writer = JSONWriter()
        writer.object { object in
            object.member("major", "1")
            object.member("minor", "\(minor)")
            object.member("gitVersion", "v1.\(minor).0")
            object.member("platform", "linux/amd64")
        }
        return .json(writer.bytes)
    }
}
