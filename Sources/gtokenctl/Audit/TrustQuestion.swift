import GTokenCore
import GTokenEmulator

/// Whether a role's trust policy takes the tokens of a Pod, by the rules that AWS compares with.
struct TrustQuestion: Sendable {
    /// The provider, as a policy names it.
    let principal: PolicyPrincipal
    /// Other names of the same.
    let otherPrincipals: [PolicyPrincipal]
    /// What a token gives AWS to compare.
    let context: [String: [String]]

    /// The tokens of a Google service account that the metadata server or IAM Credentials make.
    static func google(_ uniqueID: GoogleUniqueID, audience: String) -> TrustQuestion {
        let google = TrustPolicy.google
        return TrustQuestion(
            principal: .federated(google),
            otherPrincipals: [],
            context: [
                "\(google):sub": ["\(uniqueID)"], "\(google):aud": ["\(uniqueID)"],
                "\(google):oaud": [audience],
            ]
        )
    }

    /// The tokens of a ServiceAccount that its cluster makes.
    static func cluster(
        _ provider: OpenIDConnectProviderARN,
        _ serviceAccount: KubernetesServiceAccountName,
        audience: String
    ) -> TrustQuestion {
        TrustQuestion(
            principal: .federated("\(provider)"),
            otherPrincipals: [],
            context: [
                "\(provider.issuer.name):sub": [serviceAccount.subject],
                "\(provider.issuer.name):aud": [audience],
            ]
        )
    }

    /// What the policy says; `nil` for yes, else why not.
    func refusal(of policy: PolicyDocument) -> String? {
        do throws(PolicyEvaluationError) {
            let request = PolicyRequest(
                principal: principal,
                otherPrincipals: otherPrincipals,
                action: TrustPolicy.action,
                context: context
            )
            switch try PolicyEvaluator(trustPolicy: policy).decide(request) {
            case .allowed: return nil
            case .denied(let statement): return "statement \(statement) denies it"
            case .notAllowed(let unmet) where unmet.isEmpty:
                return "no statement allows \(TrustPolicy.action) to \(principal.id)"
            case .notAllowed(let unmet):
                return unmet.map { condition in
                    let key = condition.key.lowercased()
                    let found = context.first { $0.key.lowercased() == key }?.value.joined(separator: ", ")
                    return "\(condition.key) is \(found ?? "not in the token"), the policy wants "
                        + "\(condition.operatorName) \(condition.values.joined(separator: " or "))"
                }.joined(separator: "; ")
            }
        } catch {
            return "the policy cannot be evaluated: \(error)"
        }
    }
}
