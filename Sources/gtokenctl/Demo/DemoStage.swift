import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// The clouds and the cluster of the demo: emulators on loopback ports that the system chose, and a folder.
final class DemoStage: Sendable {
    static let accountID = "123456789012"
    static let region = "eu-central-1"
    static let namespace = "reports"

    let google: GoogleEmulator
    let aws: AWSEmulator
    let kubernetes: KubernetesEmulator
    let servers: [HTTPServer]
    let googlePort: UInt16
    let awsPort: UInt16
    let kubernetesPort: UInt16
    /// What the demo writes; readable by its owner only.
    let folder: URL
    /// Known to AWS by a Google service account; its role pins sub, aud and oaud.
    let uploader: DemoSubject
    /// Known to AWS by the cluster; its role pins sub and aud.
    let publisher: DemoSubject
    /// The Google service account of the uploader.
    let googleAccount: GoogleEmulatorConfiguration
    /// A role with the trust policy of the original guide, which pins the uploader's account alone.
    let guideRole: RoleARN
    /// How IAM knows the cluster's issuer.
    let provider: OpenIDConnectProviderARN
    private let googleDiscovery: HTTPURL
    private let clusterDiscovery: HTTPURL
    private let loop: EventLoop
    private let tools = Locked<[DemoTool]>([])

    init(loop: EventLoop) throws {
        self.loop = loop
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gtoken-demo-\(UUID().uuidString.prefix(8))")
        googleAccount = GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "uploader@demo-project.iam.gserviceaccount.com"),
            uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
            project: try GoogleProjectID(parsing: "demo-project"),
            serviceAccount: try KubernetesServiceAccountName(namespace: Self.namespace, name: "uploader")
        )
        let cluster = try GKECluster(
            project: googleAccount.project,
            location: googleAccount.clusterLocation,
            name: googleAccount.clusterName
        )
        let issuer = try OpenIDConnectIssuer(cluster)
        provider = try OpenIDConnectProviderARN(accountID: Self.accountID, issuer: issuer)
        guideRole = try RoleARN(parsing: "arn:aws:iam::\(Self.accountID):role/guide-uploader")
        uploader = try .uploader(googleAccount, in: folder)
        publisher = try .publisher(provider, in: folder)
        for subject in [uploader, publisher] { try subject.makeFolders() }

        func serve(_ handler: @escaping HTTPServer.Handler) throws -> (HTTPServer, UInt16) {
            let server = HTTPServer(address: .loopback(port: 0), loops: [loop], handler: handler)
            return (server, try server.start())
        }
        let clock = LoopClock(loop)
        let google = try GoogleEmulator(googleAccount, clock: clock)
        let googleServer = try serve { await google.respond(to: $0) }
        let tokenIssuer = try ServiceAccountTokenIssuer(issuer)
        google.cloud.publish(tokenIssuer.keySet, of: cluster)
        // Clients of the user's own, gcloud among them, bring a token of their own.
        google.change { $0.takesForeignTokens = true }
        let kubernetes = KubernetesEmulator(issuer: tokenIssuer, clock: clock)
        let kubernetesServer = try serve { await kubernetes.respond(to: $0) }
        // AWS asks both issuers for their keys, where they would be on the internet.
        func discovery(port: UInt16, path: String) throws -> HTTPURL {
            let target = path + "/.well-known/openid-configuration"
            return try HTTPURL(scheme: .http, host: "127.0.0.1", port: port, target: target)
        }
        let googleDiscovery = try discovery(port: googleServer.1, path: "")
        let clusterDiscovery = try discovery(port: kubernetesServer.1, path: tokenIssuer.path)
        let http = HTTPClient(loop: loop)
        let aws = AWSEmulator(
            googleKeys: { try await JSONWebKeySet.discovered(at: googleDiscovery, by: http) },
            clock: clock
        )
        aws.register(
            provider,
            clientIDs: [ClusterToken.defaultAudience],
            keys: { try await JSONWebKeySet.discovered(at: clusterDiscovery, by: http) }
        )
        let awsServer = try serve { await aws.respond(to: $0) }
        (self.google, self.aws, self.kubernetes) = (google, aws, kubernetes)
        (self.googleDiscovery, self.clusterDiscovery) = (googleDiscovery, clusterDiscovery)
        servers = [googleServer.0, awsServer.0, kubernetesServer.0]
        (googlePort, awsPort, kubernetesPort) = (googleServer.1, awsServer.1, kubernetesServer.1)
    }

    /// Starts one of our tools, with its log in the folder.
    func start(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> DemoTool {
        try tools.withLock { tools in
            let log = folder.appendingPathComponent("\(tools.count)-\(name).log")
            let tool = try DemoTool(name, arguments, environment: environment, log: log, loop: loop)
            tools.append(tool)
            return tool
        }
    }

    /// Ends what still runs, the way a kubelet does, and removes the folder.
    func end() async throws {
        for tool in tools.withLock({ $0 }) where tool.process.exitStatus() == nil {
            guard try await tool.stop() == 0 else {
                throw DemoError.unexpected("\(tool.name) did not end well")
            }
        }
        try FileManager.default.removeItem(at: folder)
    }

    /// Ends what still runs at once, and removes the folder.
    func abandon() {
        for tool in tools.withLock({ $0 }) { tool.process.send(signal: SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The discovery document of who issues the tokens of an identity.
    func discovery(of identity: RoleAnnotations.Identity) -> HTTPURL {
        switch identity {
        case .google: googleDiscovery
        case .cluster: clusterDiscovery
        }
    }

    /// Writes a file of the stage's own; answers its path.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try AtomicFile.replace(path: path, contents: bytes, mode: 0o600)
        return path
    }
}
