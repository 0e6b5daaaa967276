package import GTokenCore
import GTokenNet
import GTokenRuntime

/// What the stand-in for Google keeps: projects, service accounts and their policies, clusters.
///
/// Its administrators reach it by the administrative APIs; a test also directly.
package final class GoogleCloud: Sendable {
    /// Who calls with the administrator's token.
    package static let administrator = "user:admin@example.com"

    let state: Locked<State>

    struct State {
        var projects: [String: CloudProject] = [:]
        var accounts: [GoogleServiceAccountEmail: CloudAccount] = [:]
        var clusters: [GKECluster: CloudCluster] = [:]
        var operations: [String: CloudOperation] = [:]
        /// What the clusters' issuers publish, by their paths.
        var keys: [String: JSONWebKeySet] = [:]
        var behaviour = GoogleCloudBehaviour()
    }

    init() { state = Locked(State()) }

    /// Changes how it behaves from the next request on.
    package func change(_ body: (inout GoogleCloudBehaviour) -> Void) {
        state.withLock { body(&$0.behaviour) }
    }

    /// Makes a project, of which the administrator is an owner.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - number: its number; 12 digits drawn where nil.
    ///   - services: the names of the APIs that are enabled.
    package func addProject(
        _ id: GoogleProjectID,
        number: String? = nil,
        services: Set<String> = CloudProject.allServices
    ) {
        var project = CloudProject(id: id, number: number ?? Self.digits(12), services: services)
        project.policy.grant("roles/owner", to: Self.administrator)
        state.withLock { $0.projects["\(id)"] = project }
    }

    /// Makes a service account, or another one in place of that with its address; its project must be there.
    ///
    /// - Parameters:
    ///   - email: its address.
    ///   - project: its project.
    ///   - uniqueID: its number; drawn where nil.
    /// - Returns: its number.
    @discardableResult
    package func addAccount(
        _ email: GoogleServiceAccountEmail,
        in project: GoogleProjectID,
        uniqueID: GoogleUniqueID? = nil
    ) -> GoogleUniqueID {
        let account = CloudAccount(email: email, project: project, uniqueID: uniqueID ?? Self.uniqueID())
        state.withLock { $0.accounts[email] = account }
        return account.uniqueID
    }

    /// Makes a cluster, or puts it in place of that with its name.
    package func addCluster(_ cluster: CloudCluster) {
        state.withLock { $0.clusters[cluster.cluster] = cluster }
    }

    /// The number of a service account; nil where there is none.
    package func uniqueID(of email: GoogleServiceAccountEmail) -> GoogleUniqueID? {
        state.withLock { $0.accounts[email]?.uniqueID }
    }

    /// Deletes a service account, as somebody at the console would.
    package func removeAccount(_ email: GoogleServiceAccountEmail) {
        state.withLock { $0.remove(email) }
    }

    /// Disables a service account, or enables it again, as somebody at the console would.
    package func setDisabled(_ isDisabled: Bool, _ email: GoogleServiceAccountEmail) {
        state.withLock { $0.accounts[email]?.isDisabled = isDisabled }
    }

    /// Grants a role on a service account, as somebody at the console would.
    package func grant(_ role: String, on email: GoogleServiceAccountEmail, to member: String) {
        state.withLock { $0.accounts[email]?.policy.grant(role, to: member) }
    }

    /// Grants a role on a project.
    package func grant(_ role: String, on project: GoogleProjectID, to member: String) {
        state.withLock { $0.projects["\(project)"]?.policy.grant(role, to: member) }
    }

    /// Whether a member has a permission on a service account, by the account's policy or its project's.
    package func allows(
        _ member: String,
        _ permission: String,
        on email: GoogleServiceAccountEmail
    ) -> Bool {
        state.withLock { $0.allows(member, permission, on: email) }
    }

    /// The account of an address or a unique id, where a member may have tokens of it.
    func tokenAccount(_ key: String, for member: String, _ permission: String) -> CloudAccount? {
        state.withLock { state in
            guard let account = state.account(key), !account.isDisabled, account.unknownFor == 0,
                state.allows(member, permission, on: account.email)
            else { return nil }
            return account
        }
    }

    /// That an API is enabled in the project that a call counts in: that of the service account that calls, else that of the
    /// account that is asked for.
    func requireService(_ service: String, for caller: String, asking key: String) throws(GoogleFailure) {
        let name =
            caller.hasPrefix("serviceAccount:") ? String(caller.dropFirst("serviceAccount:".count)) : key
        let project = state.withLock { state in
            (state.account(name) ?? state.account(key)).flatMap { state.project("\($0.project)") }
        }
        // Of what there is not, permissions speak.
        guard let project, !project.services.contains(service) else { return }
        throw .disabled(service, project: project.number)
    }

    /// Disables an API in a project, as somebody at the console would.
    package func disable(_ service: String, in project: GoogleProjectID) {
        state.withLock { _ = $0.projects["\(project)"]?.services.remove(service) }
    }

    /// Publishes the keys of a cluster's tokens, as GKE does at the cluster's issuer; `nil` takes them away.
    package func publish(_ keys: JSONWebKeySet?, of cluster: GKECluster) {
        state.withLock { $0.keys["/v1/\(cluster)"] = keys }
    }

    /// The discovery document or the keys of a cluster, which anybody may have; nil where it is asked for neither.
    func keys(of request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "GET" else { return nil }
        let (discovery, jwks) = ("/.well-known/openid-configuration", "/jwks")
        for suffix in [discovery, jwks] where request.path.hasSuffix(suffix) {
            let path = String(request.path.dropLast(suffix.count))
            guard let keys = state.withLock({ $0.keys[path] }) else { continue }
            return suffix == jwks
                ? .json(keys.encoded)
                : OpenIDConfiguration(
                    issuer: "https://container.googleapis.com\(path)",
                    keysPath: path + jwks
                ).answer(to: request)
        }
        return nil
    }

    /// A number as Google gives it to service accounts: 21 digits.
    static func uniqueID() -> GoogleUniqueID {
        guard let id = try? GoogleUniqueID(parsing: "1" + digits(20)) else {
            // Invariant: 21 digits are a unique id.
            preconditionFailure()
        }
        return id
    }

    static func digits(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let first = String(Int.random(in: 1...9, using: &generator))
        return (1..<count).reduce(into: first) { text, _ in
            text += String(Int.random(in: 0...9, using: &generator))
        }
    }
}

extension GoogleCloud.State {
    func allows(_ member: String, _ permission: String, on email: GoogleServiceAccountEmail) -> Bool {
        guard let account = accounts[email] else { return false }
        return account.policy.allows(member, permission)
            || projects["\(account.project)"]?.policy.allows(member, permission) ?? false
    }

    /// The project of an id, or of a number.
    func project(_ key: String) -> CloudProject? {
        projects[key] ?? projects.values.first { $0.number == key }
    }

    /// The account of an address, or of a unique id.
    func account(_ key: String) -> CloudAccount? {
        if let email = try? GoogleServiceAccountEmail(parsing: key) { return accounts[email] }
        return accounts.values.first { "\($0.uniqueID)" == key }
    }

    /// The account leaves its name in the policies that it stood in.
    mutating func remove(_ email: GoogleServiceAccountEmail) {
        guard let account = accounts.removeValue(forKey: email) else { return }
        for other in accounts.keys {
            accounts[other]?.policy.forget(account.member, uniqueID: "\(account.uniqueID)")
        }
        for project in projects.keys {
            projects[project]?.policy.forget(account.member, uniqueID: "\(account.uniqueID)")
        }
    }
}
