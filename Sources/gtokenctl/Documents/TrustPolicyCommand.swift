import GTokenCore
import GTokenRuntime

/// `gtokenctl trust-policy`.
struct TrustPolicyCommand {
    private let configuration: TrustPolicyConfiguration
    private let facts: DocumentFacts

    init(_ configuration: TrustPolicyConfiguration, environment: [String: String]) {
        self.configuration = configuration
        facts = DocumentFacts(access: configuration.access, environment: environment)
    }

    /// Prints the policy.
    func run() throws(ToolError) {
        let policy = try policy()
        guard let document = try? JSONDocument(policy.encoded) else {
            throw ToolError("the policy is no JSON", exitCode: .bug)
        }
        try StandardOutput.writeResult(PrettyJSONText.text(document.root) + "\n")
    }

    private func policy() throws(ToolError) -> PolicyDocument {
        switch configuration.subject {
        case .google(let known, let email):
            let keySource = configuration.allowsKeySource ? email : nil
            let uniqueID: GoogleUniqueID
            if let known {
                uniqueID = known
            } else if let email {
                uniqueID = try facts.uniqueID(of: email)
            } else {
                // Invariant: the configuration has one of the two.
                throw ToolError("neither a unique id nor an e-mail is known", exitCode: .bug)
            }
            return TrustPolicy.google(
                uniqueID: uniqueID,
                audience: configuration.audience,
                keySource: keySource
            )
        case .cluster(let cluster, let serviceAccount):
            let account = try facts.account()
            do {
                let provider = try OpenIDConnectProviderARN(
                    partition: account.partition,
                    accountID: account.id,
                    issuer: OpenIDConnectIssuer(cluster)
                )
                return TrustPolicy.cluster(
                    provider: provider,
                    serviceAccount: serviceAccount,
                    audience: configuration.audience
                )
            } catch {
                throw ToolError("\(error)", exitCode: .configuration)
            }
        }
    }
}
