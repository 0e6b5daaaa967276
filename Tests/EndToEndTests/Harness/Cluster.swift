import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// A Kubernetes API on loopback with ServiceAccounts in one namespace, and a loop for everything in this process.
final class Cluster {
    let loop: EventLoop
    let port: UInt16
    private let group: EventLoopGroup
    private let emulator: KubernetesEmulator
    private let server: HTTPServer
    private let serving: Task<Void, any Error>
    private let namespace: String

    private let authority: CertificateAuthority?

    /// Starts the API, plain or over TLS; its version is written as `1.33`.
    init(namespace: String, version: String = "1.33", usesTLS: Bool = false) throws {
        self.namespace = namespace
        authority = usesTLS ? try .create(commonName: "cluster", validFor: .seconds(3600)) : nil
        var tls: TLSServerContext?
        if let authority {
            let leaf = try authority.issueServerCertificate(
                dnsNames: [],
                ipAddresses: ["127.0.0.1"],
                validFor: .seconds(3600)
            )
            tls = try TLSServerContext(
                certificateChainPEM: leaf.certificatePEM,
                privateKeyPEM: leaf.privateKeyPEM
            )
        }
        let certificate: (@Sendable () -> TLSServerContext)? = tls.map { context in { @Sendable in context } }
        group = try EventLoopGroup(count: 1)
        loop = group.next()
        let emulator = KubernetesEmulator(clock: LoopClock(loop))
        emulator.change { $0.minorVersion = Int(version.split(separator: ".").last ?? "") ?? 0 }
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop], tls: certificate) {
            await emulator.respond(to: $0)
        }
        (self.emulator, self.server) = (emulator, server)
        port = try server.start()
        serving = Task(executorPreference: loop) { try await server.run() }
    }

    /// A kubeconfig for the API with a bearer token, which alone is accepted from now on.
    func kubeconfig(token: String) -> String {
        emulator.change { $0.acceptedTokens = [token] }
        let roots = Base64.encode(authority?.certificatePEM ?? [])
        return #"""
            {"apiVersion":"v1","kind":"Config","current-context":"c",
            "contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
            "clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:\#(port)",
            "certificate-authority-data":"\#(roots)"}}],
            "users":[{"name":"u","user":{"token":"\#(token)"}}]}
            """#
    }

    private func name(_ account: String) throws -> KubernetesServiceAccountName {
        try KubernetesServiceAccountName(namespace: namespace, name: account)
    }

    /// What a ServiceAccount says that asks for a role.
    static let role = [
        "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app-role",
        RoleAnnotations.googleServiceAccountKey: "app@demo-project.iam.gserviceaccount.com",
    ]

    /// Makes a ServiceAccount that asks for a role, unless it is to say something else.
    func annotate(_ account: String, with annotations: [String: String] = Cluster.role) throws {
        emulator.apply(try name(account), annotations: annotations)
    }

    /// Makes a ServiceAccount like this one, in its own namespace.
    func put(_ account: JSONValue) throws {
        let metadata = account["metadata"]
        let annotations = (metadata?["annotations"]?.members).map(Array.init) ?? []
        emulator.apply(
            try KubernetesServiceAccountName(
                namespace: metadata?["namespace"]?.string() ?? "",
                name: metadata?["name"]?.string() ?? ""
            ),
            annotations: Dictionary(
                uniqueKeysWithValues: annotations.map { ($0.name, $0.value.string() ?? "") }
            )
        )
    }

    /// Reading a ServiceAccount fails with this status from now on.
    func fail(_ account: String, with status: Int) throws {
        let name = try name(account)
        emulator.change { behaviour in
            behaviour.denied = status == 403 ? [name] : []
            behaviour.acceptedTokens = status == 401 ? [] : nil
            behaviour.failures = status >= 429 ? [name: status] : [:]
        }
    }

    /// Reading a ServiceAccount takes this long from now on, and then works.
    func delay(_ account: String, by delay: Duration) throws {
        let name = try name(account)
        try heal(account)
        emulator.change { $0.delays = [name: delay] }
    }

    /// Reading a ServiceAccount works at once from now on.
    func heal(_ account: String) throws {
        emulator.change {
            $0.denied = []
            $0.acceptedTokens = nil
            $0.failures = [:]
            $0.delays = [:]
        }
    }

    /// Changes how the API behaves, for watches too: those that run end, and are begun anew.
    func disturb(_ change: (inout KubernetesBehaviour) -> Void) {
        emulator.change(change)
        emulator.endWatches()
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }
}
