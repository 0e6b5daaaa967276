package import GTokenCore

/// What a policy is asked about.
package struct PolicyRequest: Sendable, Equatable {
    /// Who asks.
    package var principal: PolicyPrincipal
    /// By which names a policy may mean the same one: of a role's session also the session's ARN, and its account.
    package var otherPrincipals: [PolicyPrincipal]
    /// What for, such as `sts:AssumeRoleWithWebIdentity`.
    package var action: String
    /// On what; `nil` for a trust policy.
    package var resource: String?
    /// The condition keys of the request with their values; keys are compared without regard to case.
    package var context: [String: [String]]

    /// Makes a question.
    package init(
        principal: PolicyPrincipal,
        otherPrincipals: [PolicyPrincipal] = [],
        action: String,
        resource: String? = nil,
        context: [String: [String]]
    ) {
        self.principal = principal
        self.otherPrincipals = otherPrincipals
        self.action = action
        self.resource = resource
        self.context = context
    }
}

/// What a policy says to a request.
package enum PolicyDecision: Sendable, Equatable {
    /// A statement, counted from 0, allows it and none denies it.
    case allowed(statement: Int)
    /// A statement, counted from 0, denies it.
    case denied(statement: Int)
    /// No statement allows it. The conditions are those that were not met of the first statement that would
    /// have allowed it otherwise; none where no statement is about the request.
    case notAllowed(unmet: [PolicyCondition])

    /// Whether the request may go on.
    package var isAllowed: Bool {
        switch self {
        case .allowed: true
        case .denied, .notAllowed: false
        }
    }
}

/// Why a policy cannot be evaluated; a request to which that happens is refused.
package enum PolicyEvaluationError: Error, Equatable, Sendable {
    /// An operator that IAM does not have, or that is not evaluated here.
    case unknownOperator(String)
    /// The value of a `Null` condition is neither true nor false.
    case notABoolean(String)
    /// A value holds a policy variable (`${…}`), which is not resolved here.
    case policyVariable(key: String)
    /// The request has several values of a key, and the condition on it no `ForAnyValue:` or `ForAllValues:`.
    case severalValues(key: String)
    /// A statement of a trust policy, counted from 0, has no `Principal`.
    case missingPrincipal(statement: Int)
    /// A statement of a trust policy, counted from 0, has a `Resource`.
    case resource(statement: Int)
}

extension PolicyEvaluationError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .unknownOperator(let name): "unknown condition operator \(name)"
        case .notABoolean(let value): "\(value) is neither true nor false"
        case .policyVariable(let key): "policy variable in the values of \(key)"
        case .severalValues(let key): "several values of \(key) for a condition on one"
        case .missingPrincipal(let statement): "no Principal in statement \(statement) of a trust policy"
        case .resource(let statement): "a Resource in statement \(statement) of a trust policy"
        }
    }
}

/// Evaluates one policy document as IAM does: keys are ANDed, values ORed, a denial wins.
package struct PolicyEvaluator: Sendable {
    private let statements: [Statement]

    private struct Statement {
        var policy: PolicyStatement
        var operators: [PolicyConditionOperator]

        /// The conditions that a request's context does not meet.
        func unmet(
            in context: [String: [String]]
        ) throws(PolicyEvaluationError) -> [PolicyCondition] {
            var unmet: [PolicyCondition] = []
            for (condition, parsed) in zip(policy.conditions, operators) {
                let found = context[condition.key.lowercased()]
                if try !parsed.isMet(by: found, condition) { unmet.append(condition) }
            }
            return unmet
        }
    }

    /// Prepares a document.
    ///
    /// - Throws: ``PolicyEvaluationError`` for a condition that cannot be evaluated, so that no statement is ever
    ///   taken without one of its conditions.
    package init(_ document: PolicyDocument) throws(PolicyEvaluationError) {
        var statements: [Statement] = []
        for var policy in document.statements {
            var operators: [PolicyConditionOperator] = []
            if document.version == "2012-10-17" {
                policy.conditions = try policy.conditions.map(Self.resolve)
            }
            for condition in policy.conditions {
                let parsed = try PolicyConditionOperator(parsing: condition.operatorName)
                _ = try parsed.isMet(by: nil, condition)
                operators.append(parsed)
            }
            statements.append(Statement(policy: policy, operators: operators))
        }
        self.statements = statements
    }

    /// A condition with `${$}`, which is a dollar sign, resolved; other variables are not known here.
    private static func resolve(
        _ condition: PolicyCondition
    ) throws(PolicyEvaluationError) -> PolicyCondition {
        var condition = condition
        condition.values = try condition.values.map { value throws(PolicyEvaluationError) in
            let parts = value.split(separator: "${$}", omittingEmptySubsequences: false)
            guard !parts.contains(where: { $0.contains("${") }) else {
                throw .policyVariable(key: condition.key)
            }
            return parts.joined(separator: "$")
        }
        return condition
    }

    /// Prepares the trust policy of a role.
    ///
    /// - Throws: ``PolicyEvaluationError`` also for what IAM refuses in such a policy: a statement about nobody would
    ///   be taken for one about everybody.
    package init(trustPolicy document: PolicyDocument) throws(PolicyEvaluationError) {
        for (index, statement) in document.statements.enumerated() {
            guard statement.principals != nil else { throw .missingPrincipal(statement: index) }
            guard statement.resources == nil else { throw .resource(statement: index) }
        }
        try self.init(document)
    }

    /// What the document says to a request.
    ///
    /// - Throws: ``PolicyEvaluationError/severalValues(key:)``.
    package func decide(_ request: PolicyRequest) throws(PolicyEvaluationError) -> PolicyDecision {
        let context = Dictionary(
            request.context.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { $0 + $1 }
        )
        var allowing: Int?
        var nearest: [PolicyCondition]?
        for (index, statement) in statements.enumerated() where Self.isAbout(request, statement.policy) {
            let unmet = try statement.unmet(in: context)
            switch (statement.policy.effect, unmet.isEmpty) {
            case (.deny, true): return .denied(statement: index)
            case (.allow, true): allowing = allowing ?? index
            case (.allow, false): nearest = nearest ?? unmet
            case (.deny, false): break
            }
        }
        return allowing.map { .allowed(statement: $0) } ?? .notAllowed(unmet: nearest ?? [])
    }

    private static func isAbout(_ request: PolicyRequest, _ statement: PolicyStatement) -> Bool {
        // Actions are compared without regard to case, resources and principals with it.
        let action = request.action.lowercased()
        let actionFits = selects(statement.actions) { PolicyGlob($0.lowercased()).matches(action) }
        let principalFits = statement.principals.map { principals in
            selects(principals) {
                $0 == .everyone || $0 == .everyoneOfAWS || $0 == request.principal
                    || request.otherPrincipals.contains($0)
            }
        }
        let resourceFits = statement.resources.map { resources in
            selects(resources) { PolicyGlob($0).matches(request.resource ?? "") }
        }
        return actionFits && principalFits ?? true && resourceFits ?? true
    }

    private static func selects<Element>(
        _ selection: PolicySelection<Element>,
        _ fits: (Element) -> Bool
    ) -> Bool {
        switch selection {
        case .only(let elements): elements.contains(where: fits)
        case .allExcept(let elements): !elements.contains(where: fits)
        }
    }
}

extension PolicyPrincipal {
    /// `{"AWS": "*"}`, which says the same as `"*"` (IAM User Guide, "AWS JSON policy elements: Principal").
    fileprivate static let everyoneOfAWS = PolicyPrincipal(type: "AWS", id: "*")
}
