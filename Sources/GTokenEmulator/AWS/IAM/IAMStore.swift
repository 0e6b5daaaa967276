import GTokenCore

/// What the accounts of a stand-in for AWS have in IAM: a value, so that yesterday's is kept by keeping a copy.
struct IAMStore: Sendable {
    /// A role, and all that hangs on it.
    struct Role: Sendable {
        var arn: RoleARN
        var id: String
        var createdAt: UnixTime
        /// As it was written; IAM gives it back byte for byte.
        var trustPolicy: String
        /// `nil` for a policy with conditions that cannot be evaluated here: nobody can assume the role.
        var trust: PolicyEvaluator?
        var description: String?
        var maxSessionSeconds: Int64 = 3600
        var permissionsBoundary: String?
        var tags: [String: String] = [:]
        var attachedPolicies: [String] = []
        var inlinePolicies: [String: String] = [:]
    }

    /// An identity provider for an OpenID Connect issuer.
    struct Provider: Sendable {
        var arn: OpenIDConnectProviderARN
        var createdAt: UnixTime
        var clientIDs: [String]
        var thumbprints: [String] = []
        var tags: [String: String] = [:]
    }

    /// By account and name in lower case: IAM's names differ in more than case.
    private var roles: [String: Role] = [:]
    /// By ARN.
    private var providers: [String: Provider] = [:]
    /// The ARNs of managed policies that accounts have made.
    private(set) var policies: Set<String> = []

    /// What every action works with.
    struct Caller: Sendable {
        var partition: String
        var accountID: String
    }

    // MARK: Roles

    /// The role of a name in an account; assigning `nil` deletes it.
    subscript(role name: String, of accountID: String) -> Role? {
        get { roles[Self.key(name, accountID)] }
        set { roles[Self.key(name, accountID)] = newValue }
    }

    /// The role of an ARN, its path included.
    subscript(arn: RoleARN) -> Role? {
        self[role: arn.roleName, of: arn.accountID].flatMap { $0.arn == arn ? $0 : nil }
    }

    /// An account's roles, sorted by name.
    func roles(of accountID: String) -> [Role] {
        roles.values.filter { $0.arn.accountID == accountID }.sorted { $0.arn.roleName < $1.arn.roleName }
    }

    private static func key(_ name: String, _ accountID: String) -> String {
        "\(accountID)/\(name.lowercased())"
    }

    // MARK: Identity providers

    /// The provider of an ARN; assigning `nil` deletes it.
    subscript(provider arn: String) -> Provider? {
        get { providers[arn] }
        set { providers[arn] = newValue }
    }

    /// An account's providers, sorted by ARN.
    func providers(of accountID: String) -> [Provider] {
        providers.values.filter { $0.arn.accountID == accountID }.sorted { "\($0.arn)" < "\($1.arn)" }
    }

    // MARK: Managed policies

    /// Adds a managed policy of an account.
    mutating func add(policy arn: String) { policies.insert(arn) }

    /// Whether there is a managed policy of this ARN.
    func hasPolicy(_ arn: String, for caller: Caller) -> Bool {
        policies.contains(arn) || ManagedPolicies.arns(partition: caller.partition).contains(arn)
    }
}
