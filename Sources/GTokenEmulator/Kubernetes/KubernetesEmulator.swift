import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// A stand-in for the Kubernetes API: objects that are read, listed, watched and changed as kubectl, the webhook and a
/// kubelet do it, the tokens of ServiceAccounts and their keys.
///
/// Nothing acts on the objects: no controller, no scheduler, no admission. A deletion takes effect at once.
package final class KubernetesEmulator: Sendable {
    /// What was asked.
    package let journal = EmulatorJournal()
    /// What signs its tokens; `nil` for a cluster that issues none.
    package let issuer: ServiceAccountTokenIssuer?

    let clock: any Clock
    let state: Locked<State>

    /// Wakes the watches.
    let signal = ChangeSignal()

    struct State {
        var behaviour: KubernetesBehaviour
        var store = ObjectStore()
        /// How often all watches have been ended, and told that they are too old.
        var endedWatches = 0
        var expiredWatches = 0
    }

    /// Makes a stand-in with the namespaces of a new cluster, empty, which issues tokens where it has an issuer.
    package init(
        behaviour: KubernetesBehaviour = KubernetesBehaviour(),
        issuer: ServiceAccountTokenIssuer? = nil,
        clock: any Clock
    ) {
        self.issuer = issuer
        self.clock = clock
        state = Locked(State(behaviour: behaviour))
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] { ensureNamespace(name) }
    }

    /// Changes how it behaves from the next request on.
    package func change(_ body: (inout KubernetesBehaviour) -> Void) {
        state.withLock { body(&$0.behaviour) }
        signal.notify()
    }

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
        if await isAway() { return .unanswered }
        let (scripted, delay) = state.withLock { state in
            let scripted = ScriptedAnswer.take(from: &state.behaviour.script, path: request.path)
            return (scripted, name.flatMap { state.behaviour.delays[$0] } ?? state.behaviour.delay)
        }
        guard await sleep(delay) else { return KubernetesStatus.failure(503) }
        if let scripted { return scripted }
        guard let user = user(of: request) ?? (route?.isPublic == true ? KubernetesUser(name: "") : nil)
        else {
            return KubernetesStatus.unauthorized
        }
        guard let route else { return KubernetesStatus.unknownPath }
        if let method = route.method, request.method != method { return KubernetesStatus.methodNotAllowed() }
        switch route {
        case .resource(let path):
            guard let asked = ResourceRequest(path, request) else {
                return KubernetesStatus.methodNotAllowed()
            }
            return await objects(asked, request, user)
        case .token(let namespace, let account):
            let path = ResourcePath(.serviceAccounts, namespace: namespace, name: account)
            let asked = ResourceRequest(path, .create, subresource: "/token")
            guard may(user, asked) else { return KubernetesStatus.forbidden(asked, user: user.name) }
            // No object can have a name that is malformed, so the API server finds none.
            return name.map { token(for: $0, request) } ?? KubernetesStatus.notFound(account)
        case .openIDConfiguration(let keysPath):
            return openIDConfiguration(keysPath: keysPath, request)
        case .keys: return keys()
        case .discovery(let segments): return Discovery.answer(segments)
        case .version: return version
        }
    }

    /// Answers a request for objects: what a test wants to go wrong, authorization, and what is there.
    private func objects(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        _ user: KubernetesUser
    ) async -> HTTPResponse {
        switch state.withLock({ KubernetesFault.take(from: &$0.behaviour.faults, for: asked) }) {
        case .status(let code, let retryAfter):
            return KubernetesStatus.fault(code, retryAfter: retryAfter, asked, user: user.name)
        case .delay(let duration):
            guard await sleep(duration) else { return KubernetesStatus.failure(503) }
        case .close: return .unanswered
        case nil: break
        }
        let behaviour = state.withLock { $0.behaviour }
        if asked.path.resource == .serviceAccounts, let account = Self.accountName(asked),
            let status = behaviour.failures[account]
        {
            return KubernetesStatus.failure(status)
        }
        guard may(user, asked) else { return KubernetesStatus.forbidden(asked, user: user.name) }
        return switch asked.verb {
        case .get: get(asked, request)
        case .list: list(asked, request)
        case .watch: watch(asked, request)
        case .create, .update, .patch, .delete, .deletecollection: write(asked, request)
        }
    }

    private static func accountName(_ asked: ResourceRequest) -> KubernetesServiceAccountName? {
        try? KubernetesServiceAccountName(namespace: asked.key.namespace, name: asked.key.name)
    }

    private func may(_ user: KubernetesUser, _ asked: ResourceRequest) -> Bool {
        let resource = asked.path.resource
        if resource == .serviceAccounts, asked.subresource.isEmpty {
            let behaviour = state.withLock { $0.behaviour }
            if behaviour.deniesAll { return false }
            if let name = Self.accountName(asked), behaviour.denied.contains(name) { return false }
        }
        var user = user
        if let account = user.serviceAccount { user.rules = state.withLock { $0.store.rules(of: account) } }
        return user.may(
            asked.verb.rawValue,
            resource.plural + asked.subresource,
            group: resource.group,
            namespace: asked.path.namespace,
            name: asked.name
        )
    }

    /// Whether there is an outage; waits for the end of one that is silent.
    private func isAway() async -> Bool {
        while true {
            let seen = signal.version
            switch state.withLock({ $0.behaviour.outage }) {
            case nil: return false
            case .closing: return true
            case .silent:
                await signal.wait(after: seen)
                // The client's request was lost with the outage, however it ended.
                if Task.isCancelled || state.withLock({ $0.behaviour.outage == nil }) { return true }
            }
        }
    }

    /// Waits; false where the task is cancelled meanwhile.
    private func sleep(_ duration: Duration) async -> Bool {
        guard duration > .zero else { return true }
        return (try? await clock.sleep(for: duration)) != nil
    }

    /// Who asks; `nil` for somebody who is not let in.
    private func user(of request: HTTPRequest) -> KubernetesUser? {
        let behaviour = state.withLock { $0.behaviour }
        let field = request.headers["Authorization"] ?? ""
        let token = field.hasPrefix("Bearer ") ? String(field.dropFirst("Bearer ".count)) : nil
        if let token, let user = behaviour.users[token] { return user }
        guard let accepted = behaviour.acceptedTokens else { return KubernetesUser(name: behaviour.user) }
        return token.map(accepted.contains) == true ? KubernetesUser(name: behaviour.user) : nil
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
