/// An IAM policy document: the permissions of an identity, or who may assume a role (a trust policy).
///
/// The grammar is that of the IAM User Guide, "Grammar of the IAM JSON policy language".
public struct PolicyDocument: Equatable, Sendable {
    /// The version of the language: `2012-10-17`, or `2008-10-17` where a document names none.
    public var version: String
    /// The document's `Id`, which means nothing to IAM.
    public var id: String?
    /// The statements, in order.
    public var statements: [PolicyStatement]

    /// Makes a document of the current version.
    public init(version: String = "2012-10-17", id: String? = nil, statements: [PolicyStatement]) {
        self.version = version
        self.id = id
        self.statements = statements
    }
}

/// One statement of a policy.
public struct PolicyStatement: Equatable, Sendable {
    /// The statement's `Sid`.
    public var id: String?
    /// Whether it allows or denies.
    public var effect: PolicyEffect
    /// Whom it is about; `nil` in the policy of an identity.
    public var principals: PolicySelection<PolicyPrincipal>?
    /// Which actions it is about, with `*` and `?` in their names.
    public var actions: PolicySelection<String>
    /// Which resources it is about; `nil` in a trust policy.
    public var resources: PolicySelection<String>?
    /// What must hold besides; all of them.
    public var conditions: [PolicyCondition]

    /// Makes a statement.
    public init(
        id: String? = nil,
        effect: PolicyEffect,
        principals: PolicySelection<PolicyPrincipal>? = nil,
        actions: PolicySelection<String>,
        resources: PolicySelection<String>? = nil,
        conditions: [PolicyCondition] = []
    ) {
        self.id = id
        self.effect = effect
        self.principals = principals
        self.actions = actions
        self.resources = resources
        self.conditions = conditions
    }

    /// Whether both say the same: conditions hold together, and of a condition's values one has to fit, in whatever order they
    /// stand.
    ///
    /// Tools that encode maps, Terraform among them, order them anew.
    public static func == (one: PolicyStatement, other: PolicyStatement) -> Bool {
        one.id == other.id && one.effect == other.effect && one.principals == other.principals
            && one.actions == other.actions && one.resources == other.resources
            && one.orderedConditions == other.orderedConditions
    }

    private var orderedConditions: [PolicyCondition] {
        conditions.map { PolicyCondition($0.operatorName, key: $0.key, values: $0.values.sorted()) }
            .sorted { ($0.operatorName, $0.key) < ($1.operatorName, $1.key) }
    }
}

/// What a statement does where it applies; a denial wins over every permission.
public enum PolicyEffect: String, Sendable {
    /// The statement allows what it matches.
    case allow = "Allow"
    /// The statement denies what it matches, whatever others allow.
    case deny = "Deny"
}

/// What a statement is about: what it lists, or all but that (`NotAction`, `NotPrincipal`, `NotResource`).
public enum PolicySelection<Element: Equatable & Sendable>: Equatable, Sendable {
    /// These elements, as in `Action` and `Principal`.
    case only([Element])
    /// All but these, as in `NotAction` and `NotPrincipal`.
    case allExcept([Element])

    /// What is listed, to be included or left out.
    public var listed: [Element] {
        switch self {
        case .only(let elements), .allExcept(let elements): elements
        }
    }
}

/// Who may be allowed something by a policy.
public struct PolicyPrincipal: Hashable, Sendable {
    /// `AWS`, `Federated`, `Service` or `CanonicalUser`; `*` for ``everyone``.
    public var type: String
    /// The principal's ARN or name.
    public var id: String

    /// Makes a principal.
    public init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    /// The principal that is written as `"*"`.
    public static let everyone = PolicyPrincipal(type: "*", id: "*")

    /// An identity provider, such as `accounts.google.com`.
    public static func federated(_ provider: String) -> PolicyPrincipal {
        PolicyPrincipal(type: "Federated", id: provider)
    }
}

/// One line of a statement's `Condition`: a key, and values of which one must fit.
public struct PolicyCondition: Equatable, Sendable {
    /// The operator as written, such as `StringEquals` or `ForAnyValue:StringLike`.
    public var operatorName: String
    /// The condition key, such as `accounts.google.com:sub`.
    public var key: String
    /// The values; IAM takes numbers and booleans as the text that they are written as.
    public var values: [String]

    /// Makes a condition.
    public init(_ operatorName: String, key: String, values: [String]) {
        self.operatorName = operatorName
        self.key = key
        self.values = values
    }
}
