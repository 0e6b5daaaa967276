package import GTokenCore
package import GTokenNet
package import GTokenRuntime
import Synchronization

/// A stand-in for the paths of the Kubernetes API that the webhook uses: one ServiceAccount, and the version.
package final class KubernetesEmulator: Sendable {
    /// What was asked.
    package let journal = EmulatorJournal()

    private let clock: any Clock
    private let state: Mutex<State>

    private struct State {
        var behaviour: KubernetesBehaviour
        var accounts: [KubernetesServiceAccountName: Account] = [:]
        var resourceVersion = 1000
    }

    private struct Account {
        var uid: String
        var resourceVersion: Int
        var createdAt: UnixTime
        var annotations: [String: String]
        var labels: [String: String]
    }

    /// Makes a stand-in without ServiceAccounts.
    package init(behaviour: KubernetesBehaviour = KubernetesBehaviour(), clock: any Clock) {
        self.clock = clock
        state = Mutex(State(behaviour: behaviour))
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
                uid: state.accounts[name]?.uid ?? Hexadecimal.uuid(Crypto.randomBytes(16)),
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

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response = await result(of: request)
        response.headers.set("Cache-Control", "no-cache, private")
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
        let segments = request.pathSegments ?? []
        let isAccount =
            segments.count == 6 && segments[..<3] == ["api", "v1", "namespaces"]
            && segments[4] == "serviceaccounts"
        let name =
            isAccount ? try? KubernetesServiceAccountName(namespace: segments[3], name: segments[5]) : nil
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
        guard isAuthenticated(request) else { return KubernetesStatus.unauthorized }
        if segments == ["version"] {
            return request.method == "GET" ? version : KubernetesStatus.methodNotAllowed()
        }
        guard isAccount else { return KubernetesStatus.unknownPath }
        guard request.method == "GET" else { return KubernetesStatus.methodNotAllowed() }
        // No object can have a name that is malformed, so the API server finds none.
        guard let name else { return KubernetesStatus.notFound(segments[5]) }
        return account(name)
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
