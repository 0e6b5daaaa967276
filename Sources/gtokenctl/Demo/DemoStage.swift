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
    static let audience = GTokenConfiguration.defaultAudience

    let google: GoogleEmulator
    let aws: AWSEmulator
    let kubernetes: KubernetesEmulator
    let servers: [HTTPServer]
    let googlePort: UInt16
    let awsPort: UInt16
    let kubernetesPort: UInt16
    /// What the demo writes; readable by its owner only.
    let folder: URL
    let identity: GoogleEmulatorConfiguration
    /// The role that the ServiceAccount names; its trust policy pins sub, aud and oaud.
    let role: RoleARN
    /// A role with the trust policy of the original guide, which pins the account alone.
    let guideRole: RoleARN
    private let loop: EventLoop
    private let tools = Mutex<[DemoTool]>([])

    init(loop: EventLoop) throws {
        self.loop = loop
        let project = try GoogleProjectID(parsing: "demo-project")
        identity = GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "uploader@demo-project.iam.gserviceaccount.com"),
            uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
            project: project,
            serviceAccount: try KubernetesServiceAccountName(
                namespace: DemoPod.namespace,
                name: DemoPod.serviceAccount
            )
        )
        role = try RoleARN(parsing: "arn:aws:iam::\(Self.accountID):role/reports-uploader")
        guideRole = try RoleARN(parsing: "arn:aws:iam::\(Self.accountID):role/guide-uploader")
        let clock = LoopClock(loop)
        let google = try GoogleEmulator(identity, clock: clock)
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        let kubernetes = KubernetesEmulator(clock: clock)
        (self.google, self.aws, self.kubernetes) = (google, aws, kubernetes)
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gtoken-demo-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("token"),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )

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

    /// Where the Pod's volume is mounted, for processes on this machine.
    var volumePath: String { folder.appendingPathComponent("token").path }

    /// The trust policy that gtoken's documentation asks for.
    var trustPolicy: PolicyDocument {
        TrustPolicy.google(uniqueID: identity.uniqueID, audience: Self.audience)
    }

    /// The ServiceAccount's annotations.
    var annotations: [(key: String, value: String)] {
        [
            ("amazonaws.com/role-arn", "\(role)"), ("amazonaws.com/region", Self.region),
            (RoleAnnotations.googleServiceAccountKey, "\(identity.email)"),
        ]
    }

    /// The ServiceAccount with both annotations, as `kubectl get` would show it.
    var serviceAccount: [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("apiVersion", "v1")
            root.member("kind", "ServiceAccount")
            root.member("metadata") { metadata in
                metadata.object {
                    $0.member("name", DemoPod.serviceAccount)
                    $0.member("namespace", DemoPod.namespace)
                    $0.member("annotations") { annotations in
                        annotations.object {
                            for annotation in self.annotations { $0.member(annotation.key, annotation.value) }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Writes a document of the demo; answers its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try AtomicFile.replace(path: path, contents: bytes, mode: 0o600)
        return path
    }
}
