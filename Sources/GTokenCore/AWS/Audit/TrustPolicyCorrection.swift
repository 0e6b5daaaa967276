/// A trust policy as it should be written.
///
/// What the policy pins stays. What it leaves open is taken from what else is known of the role; where nothing is, a
/// placeholder stands there that no token has, so that the policy trusts nobody until somebody fills it in.
package struct TrustPolicyCorrection: Sendable {
    /// Stands for a service account's unique id.
    package static let uniqueIDPlaceholder = "UNIQUE-ID-OF-THE-GOOGLE-SERVICE-ACCOUNT"
    /// Stands for a ServiceAccount of a cluster.
    package static let subjectPlaceholder = "system:serviceaccount:NAMESPACE:NAME"

    /// The corrected policy.
    package let policy: PolicyDocument

    /// Corrects a policy.
    ///
    /// - Parameters:
    ///   - policy: as it is.
    ///   - findings: what is wrong with it.
    ///   - googleSubjects: the unique ids of the service accounts of Pods that name the role.
    ///   - clusterSubjects: the subjects of ServiceAccounts that name the role with identity `cluster`.
    package init(
        _ policy: PolicyDocument,
        _ findings: TrustPolicyFindings,
        googleSubjects: [String] = [],
        clusterSubjects: [String] = []
    ) {
        let flawed = Set(findings.findings.map(\.statement))
        var corrected = policy
        corrected.version = "2012-10-17"
        corrected.statements = policy.statements.enumerated().flatMap { index, statement in
            flawed.contains(index)
                ? Self.corrected(statement, googleSubjects, clusterSubjects) : [statement]
        }
        self.policy = corrected
    }

    private static func corrected(
        _ statement: PolicyStatement,
        _ googleSubjects: [String],
        _ clusterSubjects: [String]
    ) -> [PolicyStatement] {
        var statements: [PolicyStatement] = []
        var others = statement
        let providers = statement.trustedProviders
        if case .only(let principals) = statement.principals {
            // What the statement says of others than us, somebody else has to judge; everybody is nobody in particular.
            let rest = principals.filter { TrustedProvider($0) == nil && $0.id != "*" }
            others.principals = .only(rest)
            if !rest.isEmpty { statements.append(others) }
        }
        for provider in providers.isEmpty ? [.google(object: nil)] : providers {
            let known = provider.isGoogle ? googleSubjects : clusterSubjects
            let pinned = PinnedKey("\(provider.keyPrefix):sub", in: statement).values
            let placeholder = provider.isGoogle ? uniqueIDPlaceholder : subjectPlaceholder
            let subjects = pinned.isEmpty ? (known.isEmpty ? [placeholder] : known) : pinned
            for subject in subjects {
                statements.append(corrected(statement, provider, subject, of: subjects))
            }
        }
        return statements
    }

    private static func corrected(
        _ statement: PolicyStatement,
        _ provider: TrustedProvider,
        _ subject: String,
        of subjects: [String]
    ) -> PolicyStatement {
        let prefix = provider.keyPrefix
        let keys = Set(["sub", "aud", "oaud"].map { "\(prefix):\($0)".lowercased() })
        func pinned(_ key: String, else standard: String) -> [String] {
            let values = PinnedKey("\(prefix):\(key)", in: statement).values
                .filter { $0 == subject || !subjects.contains($0) }
            return values.isEmpty ? [standard] : values
        }
        var conditions = [PolicyCondition("StringEquals", key: "\(prefix):sub", values: [subject])]
        if provider.isGoogle {
            conditions += [
                PolicyCondition("StringEquals", key: "\(prefix):aud", values: pinned("aud", else: subject)),
                PolicyCondition(
                    "StringEquals",
                    key: "\(prefix):oaud",
                    values: pinned("oaud", else: RoleAnnotations.Identity.google.standardAudience)
                ),
            ]
        } else {
            conditions.append(
                PolicyCondition(
                    "StringEquals",
                    key: "\(prefix):aud",
                    values: pinned("aud", else: RoleAnnotations.Identity.cluster.standardAudience)
                )
            )
        }
        return PolicyStatement(
            // Ids are unique in a policy.
            id: subjects.count == 1 ? statement.id : nil,
            effect: .allow,
            principals: .only([provider.principal]),
            actions: .only([TrustPolicy.action]),
            conditions: conditions + statement.conditions.filter { !keys.contains($0.key.lowercased()) }
        )
    }
}
