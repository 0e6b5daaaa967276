import GTokenCore
import GTokenRuntime

/// `gtokenctl manifests`.
struct ManifestsCommand {
    private let configuration: ManifestsConfiguration
    private let facts: DocumentFacts

    init(_ configuration: ManifestsConfiguration, environment: [String: String]) {
        self.configuration = configuration
        facts = DocumentFacts(access: configuration.setup.access, environment: environment)
    }

    /// Prints the objects.
    func run() throws(ToolError) {
        let bindings = try SetupInput(configuration.setup).bindings()
        let account = try facts.account()
        do {
            // What apply would find contradictory is not printed either.
            _ = try SetupWork(bindings, in: account)
            let manifests = try manifests(bindings, account)
            switch configuration.setup.output {
            case .json:
                let list = try JSONDocument(KubernetesObjectReference.list(manifests))
                try StandardOutput.writeResult(PrettyJSONText.text(list.root) + "\n")
            case .text:
                let documents = try manifests.map {
                    YAMLText.lines(try JSONDocument($0).root).joined(separator: "\n")
                }
                try StandardOutput.writeResult(documents.joined(separator: "\n---\n") + "\n")
            }
        } catch let error as ToolError {
            throw error
        } catch {
            let failure = SetupFailure(error)
            throw ToolError(failure.message, hint: failure.hint, exitCode: failure.exitCode)
        }
    }

    private func manifests(
        _ bindings: [Binding],
        _ account: SetupContext.AWSAccount
    ) throws -> [[UInt8]] {
        var byAccount: [KubernetesServiceAccountName: Binding] = [:]
        for binding in bindings { byAccount[binding.serviceAccount] = binding }
        let namespaces = Set(bindings.map(\.serviceAccount.namespace)).sorted()
        let accounts = byAccount.values.sorted { "\($0.serviceAccount)" < "\($1.serviceAccount)" }
        return namespaces.map { KubernetesObjectReference.namespace($0).manifest }
            + (try accounts.map { binding in
                let role = try binding.role.name.arn(partition: account.partition, accountID: account.id)
                return KubernetesObjectReference.serviceAccount(binding.serviceAccount).manifest(
                    annotations: binding.annotations(
                        role: role,
                        prefix: configuration.setup.annotationPrefix
                    ),
                    labels: [:]
                )
            })
    }
}
