/// What is unsafe in a role's trust policy about Google's identities and those of GKE clusters.
///
/// Statements about other providers are not judged. Denials are not counted in a statement's favour: whoever reads the
/// policy should see from the statement itself whom it trusts.
package struct TrustPolicyFindings: Sendable, Equatable {
    /// One flaw of one statement.
    package struct Finding: Sendable, Equatable {
        /// What it is.
        package var flaw: TrustPolicyFlaw
        /// The statement, counted from 0.
        package var statement: Int
        /// What is written there, such as `accounts.google.com:sub is like 1*`.
        package var what: String
    }

    /// The flaws, statement by statement.
    package private(set) var findings: [Finding] = []
    /// The providers of Pods on GKE that the policy trusts.
    package private(set) var providers: Set<TrustedProvider> = []
    /// The audiences that it takes tokens for, by provider.
    package private(set) var audiences: [TrustedProvider: Set<String>] = [:]

    /// Whether the policy is about Pods on GKE at all, or about everybody.
    package var isConcerned: Bool { !providers.isEmpty || !findings.isEmpty }

    /// Judges a trust policy.
    package init(_ policy: PolicyDocument) {
        for (index, statement) in policy.statements.enumerated() where statement.allowsWebIdentity {
            var judge = Judge(statement: statement, index: index)
            judge.judge()
            findings += judge.findings
            for provider in statement.trustedProviders {
                providers.insert(provider)
                let key = provider.isGoogle ? "oaud" : "aud"
                audiences[provider, default: []].formUnion(
                    PinnedKey("\(provider.keyPrefix):\(key)", in: statement).values
                )
            }
        }
    }
}

/// Looks at one statement.
private struct Judge {
    let statement: PolicyStatement
    let index: Int
    var findings: [TrustPolicyFindings.Finding] = []

    mutating func judge() {
        switch statement.principals {
        case .allExcept(let principals):
            add(.notPrincipal, "NotPrincipal names \(principals.map(\.id).joined(separator: ", "))")
        case .only(let principals)
        where principals.contains(where: { $0.id == "*" && ["*", "Federated", "AWS"].contains($0.type) }):
            add(.everyone, "the principal is *")
        case .only, nil:
            for provider in statement.trustedProviders { judge(provider) }
        }
    }

    private mutating func judge(_ provider: TrustedProvider) {
        if case .google(let object?) = provider { add(.googleProvider, "the principal is \(object)") }
        let subject = key("sub", provider)
        let audience = key("aud", provider)
        let original = provider.isGoogle ? key("oaud", provider) : (name: "", pin: PinnedKey.not)
        switch subject.pin {
        case .exact(let values, let isSet):
            if values.count > 1 { add(.severalSubjects, "\(subject.name) may be any of \(values.count)") }
            if isSet { add(.setOperator, "ForAnyValue: before \(subject.name)") }
        case .pattern(let values):
            add(.subjectWildcard, "\(subject.name) is like \(values.joined(separator: ", "))")
        case .optional(let values):
            add(
                .subjectOptional,
                "\(subject.name) need not be there, or is \(values.joined(separator: ", "))"
            )
        case .not:
            let isAudiencePinned = audience.pin != .not || original.pin != .not
            add(
                isAudiencePinned ? .audienceAlone : .noSubject,
                "no condition says what \(subject.name) is"
            )
        }
        judge(audience, isMissing: subject.pin == .not ? nil : .noAudience)
        if provider.isGoogle { judge(original, isMissing: .noOriginalAudience) }
    }

    private mutating func judge(_ key: (name: String, pin: PinnedKey), isMissing: TrustPolicyFlaw?) {
        switch key.pin {
        case .exact(_, let isSet):
            if isSet { add(.setOperator, "ForAnyValue: before \(key.name)") }
        case .pattern(let values):
            add(.audienceWildcard, "\(key.name) is like \(values.joined(separator: ", "))")
        case .optional(let values):
            add(.audienceOptional, "\(key.name) need not be there, or is \(values.joined(separator: ", "))")
        case .not:
            if let isMissing { add(isMissing, "no condition says what \(key.name) is") }
        }
    }

    private func key(_ name: String, _ provider: TrustedProvider) -> (name: String, pin: PinnedKey) {
        let name = "\(provider.keyPrefix):\(name)"
        return (name, PinnedKey(name, in: statement))
    }

    private mutating func add(_ flaw: TrustPolicyFlaw, _ what: String) {
        findings.append(TrustPolicyFindings.Finding(flaw: flaw, statement: index, what: what))
    }
}
