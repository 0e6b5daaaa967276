import GTokenClients
import GTokenCore
import GTokenNet

/// What is asked of the API server for the certificate: two objects, by name.
struct CertificateAPI: Sendable {
    /// The names of what is read and written.
    struct Names: Sendable {
        var service: String
        var namespace: String
        var secret: String
        var configuration: String

        /// The names that API servers and people may call the Service by.
        ///
        /// An API server uses the third (Kubernetes, "Dynamic Admission Control").
        var dnsNames: [String] {
            ["", ".\(namespace)", ".\(namespace).svc", ".\(namespace).svc.cluster.local"].map { service + $0 }
        }

        var serviceText: String { "\(namespace)/\(service)" }
        var secretText: String { "Secret \(namespace)/\(secret)" }
        var configurationText: String { "MutatingWebhookConfiguration \(configuration)" }
    }

    let client: KubernetesClient
    let names: Names

    /// An answer takes milliseconds; a round asks for three or four.
    private static let timeout = Duration.seconds(10)

    private var secretPath: KubernetesPath { .secrets(in: names.namespace).named(names.secret) }
    private var configurationPath: KubernetesPath {
        .mutatingWebhookConfigurations.named(names.configuration)
    }

    /// The Secret; `nil` where there is none.
    func secret() async throws(CertificateObstacle) -> JSONDocument? {
        try await asking("get", names.secretText) { () async throws(KubernetesError) in
            do throws(KubernetesError) {
                return try await client.get(secretPath, timeout: Self.timeout)
            } catch .notFound {
                return nil
            }
        }
    }

    /// Makes the Secret, or puts another content in its place; the Secret as it is now.
    func write(
        _ record: AuthorityRecord,
        over old: JSONDocument?
    ) async throws(CertificateObstacle) -> JSONDocument {
        try await asking(old == nil ? "create" : "update", names.secretText) {
            () async throws(KubernetesError) in
            guard let old else {
                return try await client.create(
                    record.secret(named: names.secret, in: names.namespace),
                    in: .secrets(in: names.namespace),
                    timeout: Self.timeout
                )
            }
            guard let secret = try? record.secret(replacing: old) else { throw .malformedAnswer }
            do throws(KubernetesError) {
                return try await client.replace(secretPath, with: secret, timeout: Self.timeout)
            } catch .notFound {
                // Deleted since it was read.
                throw .conflict
            }
        }
    }

    /// The webhooks that call our Service; `nil` where there is no such configuration.
    func webhooks() async throws(CertificateObstacle) -> RegisteredWebhooks? {
        try await asking("get", names.configurationText) { () async throws(KubernetesError) in
            do throws(KubernetesError) {
                return webhooks(in: try await client.get(configurationPath, timeout: Self.timeout))
            } catch .notFound {
                return nil
            }
        }
    }

    /// Makes every webhook that calls our Service trust exactly these certificates.
    func publish(
        _ anchors: [TrustAnchor],
        in webhooks: RegisteredWebhooks
    ) async throws(CertificateObstacle) -> RegisteredWebhooks {
        let patch = webhooks.patch(toTrust: anchors)
        return try await asking("patch", names.configurationText) { () async throws(KubernetesError) in
            do throws(KubernetesError) {
                return self.webhooks(
                    in: try await client.patch(configurationPath, with: patch, timeout: Self.timeout)
                )
            } catch .notFound {
                throw .conflict
            }
        }
    }

    /// What is watched, each with its name for people.
    var watched: [(selection: KubernetesSelection, text: String)] {
        [
            (
                KubernetesSelection(
                    .secrets(in: names.namespace),
                    name: names.secret,
                    isMetadataOnly: true
                ), names.secretText
            ),
            (
                KubernetesSelection(
                    .mutatingWebhookConfigurations,
                    name: names.configuration,
                    isMetadataOnly: true
                ), names.configurationText
            ),
        ]
    }

    private func webhooks(in document: JSONDocument) -> RegisteredWebhooks {
        RegisteredWebhooks(document.root, callingService: names.service, in: names.namespace)
    }

    private func asking<Answer>(
        _ verb: String,
        _ object: String,
        _ body: () async throws(KubernetesError) -> Answer
    ) async throws(CertificateObstacle) -> Answer {
        do throws(KubernetesError) {
            return try await body()
        } catch {
            throw .api(verb: verb, object: object, error)
        }
    }
}
