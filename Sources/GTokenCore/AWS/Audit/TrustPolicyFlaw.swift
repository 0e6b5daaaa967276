/// How much an unsafe trust policy gives away.
package enum FindingSeverity: String, Sendable, CaseIterable, Comparable {
    /// Anybody with a Google account, or any Pod of a cluster, gets the role.
    case critical
    /// More identities than were meant, or a token that was made for somebody else, get the role.
    case high
    /// One line of defence is missing.
    case medium
    /// It holds, by luck.
    case low

    /// Whether this is the less severe one.
    package static func < (one: FindingSeverity, other: FindingSeverity) -> Bool { one.rank < other.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What can be unsafe in a statement that lets identities of Google or of a GKE cluster assume a role.
///
/// The raw value is its name in reports, for pipelines to look for. What the keys mean: IAM User Guide, "IAM and AWS STS
/// condition context keys"; what operators do with a key that is not there: "IAM JSON policy elements: Condition operators".
package enum TrustPolicyFlaw: String, Sendable, CaseIterable {
    /// The principal is `*`.
    case everyone
    /// Everybody but some is trusted.
    case notPrincipal = "not-principal"
    /// Nothing says whose tokens.
    case noSubject = "no-subject"
    /// The audience alone says whose tokens.
    case audienceAlone = "audience-alone"
    /// `sub` is compared with a pattern.
    case subjectWildcard = "subject-wildcard"
    /// The comparison of `sub` holds also where the token has none.
    case subjectOptional = "subject-optional"
    /// Several `sub` share the statement.
    case severalSubjects = "several-subjects"
    /// Tokens of Google are trusted whomever they were made for.
    case noOriginalAudience = "no-original-audience"
    /// Nothing says `aud`.
    case noAudience = "no-audience"
    /// An audience is compared with a pattern.
    case audienceWildcard = "audience-wildcard"
    /// The comparison of an audience holds also where the token has none.
    case audienceOptional = "audience-optional"
    /// A set operator stands before a key that has one value.
    case setOperator = "set-operator"
    /// Google is trusted through a provider object of the account.
    case googleProvider = "google-provider"

    /// How much it gives away.
    package var severity: FindingSeverity {
        switch self {
        case .everyone, .notPrincipal, .noSubject, .audienceAlone: .critical
        case .subjectWildcard, .subjectOptional, .noOriginalAudience: .high
        case .severalSubjects, .noAudience, .audienceWildcard, .audienceOptional, .googleProvider: .medium
        case .setOperator: .low
        }
    }

    /// Why it is unsafe, in one sentence without a full stop.
    package var why: String {
        switch self {
        case .everyone: "tokens of every identity provider are taken"
        case .notPrincipal:
            "whoever is not named is trusted, identity providers that are still to come included"
        case .noSubject: "every identity of the provider gets the role"
        case .audienceAlone: "an audience is no identity: whoever gets a token for it gets the role"
        case .subjectWildcard: "a pattern fits identities that nobody meant, and that others can make"
        case .subjectOptional: "the operator lets a token pass that does not have the key"
        case .severalSubjects: "who leaves one of them to others leaves the role of all"
        case .noOriginalAudience:
            "whoever receives any ID token of the account, made for whatever audience, can replay it to AWS"
        case .noAudience: "tokens that were made for, or by, another party are taken"
        case .audienceWildcard: "a pattern fits audiences of others"
        case .audienceOptional: "the operator lets a token pass that does not have the key"
        case .setOperator: "set operators are for keys with several values, and differ where there is none"
        case .googleProvider:
            "AWS knows Google itself; what the object takes is decided by its client ids, which others may change"
        }
    }

    /// What to do, in one clause.
    package var hint: String {
        switch self {
        case .everyone, .notPrincipal: "name the one identity provider under Principal.Federated"
        case .noSubject, .audienceAlone: "pin sub with StringEquals"
        case .subjectWildcard, .subjectOptional: "compare sub with StringEquals and the whole value"
        case .severalSubjects: "give each identity a role, or at least a statement, of its own"
        case .noOriginalAudience:
            "pin accounts.google.com:oaud with StringEquals to the audience of the tokens"
        case .noAudience: "pin aud with StringEquals"
        case .audienceWildcard, .audienceOptional:
            "compare the audience with StringEquals and the whole value"
        case .setOperator: "write the operator without ForAnyValue:"
        case .googleProvider: "trust accounts.google.com, and delete the object once no role names it"
        }
    }
}
