import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import Synchronization

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
    private let loop: EventLoop
    private let tools = Mutex<[DemoTool]>([])

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
        let issuer = try OpenIDConnectIssuer(
            GKECluster(
                project: googleAccount.project,
                location: googleAccount.clusterLocation,
                name: googleAccount.clusterName
            )
        )
        provider = try OpenIDConnectProviderARN(accountID: Self.accountID, issuer: issuer)
        guideRole = try Self.role("guide-uploader")
        uploader = try Self.uploader(googleAccount, in: folder)
        publisher = try Self.publisher(provider, in: folder)
        for subject in [uploader, publisher] { try subject.makeFolders() }

        let clock = LoopClock(loop)
        let google = try GoogleEmulator(googleAccount, clock: clock)
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        let tokenIssuer = try ServiceAccountTokenIssuer(issuer)
        let kubernetes = KubernetesEmulator(issuer: tokenIssuer, clock: clock)
        aws.register(
            .openIDConnect(
                provider,
                clientIDs: [ClusterToken.defaultAudience],
                keys: { tokenIssuer.keySet }
            )
        )
        (self.google, self.aws, self.kubernetes) = (google, aws, kubernetes)

        func serve(_ handler: @escaping HTTPServer.Handler) throws -> (HTTPServer, UInt16) {
            let server = HTTPServer(address: .loopback(port: 0), loops: [loop], handler: handler)
            return (server, try server.start())
        }
        let googleServer = try serve { await google.respond(to: $0) }
        let awsServer = try serve { await aws.respond(to: $0) }
        let kubernetesServer = try serve { await kubernetes.respond(to: $0) }
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

    /// Where the emulated issuer of an identity's tokens has its discovery document.
    func discoveryURL(of identity: RoleAnnotations.Identity) -> String {
        let base =
            switch identity {
            case .google: "http://127.0.0.1:\(googlePort)"
            case .cluster: "http://127.0.0.1:\(kubernetesPort)\(kubernetes.issuer?.path ?? "")"
            }
        return base + "/.well-known/openid-configuration"
    }

    /// Writes a file of the stage's own; answers its path.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try AtomicFile.replace(path: path, contents: bytes, mode: 0o600)
        return path
    }
}

extension DemoStage {
    private static func role(_ name: String) throws -> RoleARN {
        try RoleARN(parsing: "arn:aws:iam::\(accountID):role/\(name)")
    }

    private static func uploader(
        _ account: GoogleEmulatorConfiguration,
        in folder: URL
    ) throws -> DemoSubject {
        let role = try role("reports-uploader")
        return DemoSubject(
            identity: .google,
            pod: DemoPod(account: account.serviceAccount, job: "upload", generatedName: "upload-7c2xq"),
            role: role,
            trustPolicy: TrustPolicy.google(
                uniqueID: account.uniqueID,
                audience: GTokenConfiguration.defaultAudience
            ),
            annotations: [
                ("amazonaws.com/role-arn", "\(role)"), ("amazonaws.com/region", region),
                (RoleAnnotations.googleServiceAccountKey, "\(account.email)"),
            ],
            folder: folder.appendingPathComponent("google")
        )
    }

    private static func publisher(
        _ provider: OpenIDConnectProviderARN,
        in folder: URL
    ) throws -> DemoSubject {
        let role = try role("reports-publisher")
        let account = try KubernetesServiceAccountName(namespace: namespace, name: "publisher")
        return DemoSubject(
            identity: .cluster,
            pod: DemoPod(account: account, job: "publish", generatedName: "publish-x8mzq"),
            role: role,
            trustPolicy: TrustPolicy.cluster(provider: provider, serviceAccount: account),
            annotations: [
                ("amazonaws.com/role-arn", "\(role)"), ("amazonaws.com/region", region),
                ("amazonaws.com/identity", RoleAnnotations.Identity.cluster.rawValue),
            ],
            folder: folder.appendingPathComponent("cluster")
        )
    }
}
