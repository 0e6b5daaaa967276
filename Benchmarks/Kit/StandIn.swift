import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// A service on loopback that prints its port, and serves until standard input ends.
enum StandIn {
    /// Google's metadata server, whose tokens live an hour.
    static func google(on loop: EventLoop) async throws {
        let google = try GoogleEmulator(
            GoogleEmulatorConfiguration(
                email: GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
                uniqueID: GoogleUniqueID(parsing: "104387266351829007741"),
                project: GoogleProjectID(parsing: "demo-project"),
                serviceAccount: KubernetesServiceAccountName(namespace: "team", name: "app")
            ),
            clock: LoopClock(loop)
        )
        try await serve(on: loop) { await google.respond(to: $0) }
    }

    /// A Kubernetes API with the ServiceAccounts of the reviews and `count` others, one in twenty with a role.
    static func kubernetes(count: Int, on loop: EventLoop) async throws {
        let emulator = KubernetesEmulator(clock: LoopClock(loop))
        emulator.change { $0.minorVersion = 33 }
        for namespace in ["cap", "default"] {
            let account = try KubernetesServiceAccountName(namespace: namespace, name: "app-sa")
            emulator.apply(account, annotations: annotations(of: account, hasRole: true))
        }
        for index in 0..<count {
            let account = try KubernetesServiceAccountName(
                namespace: "team-\(index / 100)",
                name: "app-\(index)"
            )
            let labels = [
                "app.kubernetes.io/name": "app-\(index)", "app.kubernetes.io/instance": "release-\(index)",
                "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "app-1.4.2",
            ]
            emulator.apply(
                account,
                annotations: annotations(of: account, hasRole: index % 20 == 0),
                labels: labels
            )
        }
        try await serve(on: loop) { await emulator.respond(to: $0) }
    }

    /// What Helm writes on each, and those who have a role on theirs.
    private static func annotations(
        of account: KubernetesServiceAccountName,
        hasRole: Bool
    ) -> [String: String] {
        var annotations = [
            "meta.helm.sh/release-name": account.name, "meta.helm.sh/release-namespace": account.namespace,
        ]
        if hasRole {
            annotations["amazonaws.com/role-arn"] = "arn:aws:iam::123456789012:role/\(account.name)"
            annotations[RoleAnnotations.googleServiceAccountKey] =
                "\(account.name.prefix(24))@demo-project.iam.gserviceaccount.com"
        }
        return annotations
    }

    /// Our server over TLS with an answer that is as long as one with a patch: what TLS and HTTP cost here.
    static func fixed(certificate: String, key: String, on loop: EventLoop) async throws {
        // As the webhook's.
        Heap.returnLargeBlocks()
        let tls = try TLSServerContext(
            certificateChainPEM: FileReader.read(path: certificate, maxBytes: 1 << 20),
            privateKeyPEM: FileReader.read(path: key, maxBytes: 1 << 20)
        )
        try await serve(on: loop, tls: { tls }) { _ in .json(fixedBody) }
    }

    static let fixedBody = [UInt8](repeating: UInt8(ascii: " "), count: 2500)

    private static func serve(
        on loop: EventLoop,
        tls: (@Sendable () -> TLSServerContext)? = nil,
        _ handler: @escaping HTTPServer.Handler
    ) async throws {
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop], tls: tls, handler: handler)
        try StandardOutput.writeLine("\(server.start())")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await loop.waitReadable(0)
            group.cancelAll()
        }
    }
}
