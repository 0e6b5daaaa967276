import GTokenCore
import GTokenRuntime

/// Tells what a Pod's ServiceAccount says of its role.
///
/// "Yes" comes from the cache: a changed role can lag by the watch's delay. "No" is confirmed by asking the API server,
/// because a ServiceAccount that was annotated a moment ago may not have reached the cache: a Pod without its role
/// would stay without it for life.
struct ServiceAccounts: Sendable {
    let cache: ServiceAccountCache
    let lookup: ServiceAccountLookup
    let configuration: InjectionConfiguration

    /// A ServiceAccount that is known to ask for a role, as the rules take it; `nil` where it has to be asked for.
    func known(_ account: KubernetesServiceAccountName, to rules: InjectionRules) -> PreparedAccount? {
        cache.account(account, preparedBy: rules)
    }

    /// The role that a ServiceAccount asks for.
    ///
    /// - Throws: ``LookupError`` where it has to be asked for and cannot be; ``KubernetesError/notFound`` among them.
    func role(
        of account: KubernetesServiceAccountName,
        within timeout: Duration
    ) async throws(LookupError) -> ServiceAccountRole {
        if let role = cache.role(of: account) { return role }
        return ServiceAccountRole(try await lookup.annotations(of: account, within: timeout), configuration)
    }
}
