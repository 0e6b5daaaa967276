import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// Both clouds and a cluster on loopback, and the built gtokenctl as their administrator.
final class SetupStage: Sendable {
    let google: GoogleEmulator
    let aws: AWSEmulator
    let kubernetes: KubernetesEmulator
    /// The cluster of the bindings, and who signs its tokens.
    let cluster: GKECluster
    let issuer: ServiceAccountTokenIssuer
    let loop: EventLoop
    /// Where the Kubernetes API is.
    let kubernetesPort: UInt16
    let environment: [String: String]
    private let group: EventLoopGroup
    private let serving: [Task<Void, any Error>]
    private let folder: TemporaryDirectory

    static let accountID = "123456789012"
    static let project = "demo-project"

    /// Starts all three; `awsEndpoint` is another AWS, asked in place of the stand-in.
    init(awsEndpoint: String? = nil) async throws {
        folder = try TemporaryDirectory()
        group = try EventLoopGroup(count: 2)
        let (serverLoop, loop) = (group.next(), group.next())
        let clock = LoopClock(serverLoop)
        let google = try GoogleEmulator(
            GoogleEmulatorConfiguration(
                email: GoogleServiceAccountEmail(parsing: "app@\(Self.project).iam.gserviceaccount.com"),
                uniqueID: GoogleUniqueID(parsing: "104387266351829007741"),
                project: GoogleProjectID(parsing: Self.project),
                serviceAccount: KubernetesServiceAccountName(namespace: "shop", name: "orders"),
                clusterName: "main"
            ),
            clock: clock
        )
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        let keys = AWSCredentials(
            accessKeyID: "AKIDADMINISTRATOR",
            secretAccessKey: "the-administrators-secret-key"
        )
        aws.register(
            administrator: "arn:aws:iam::\(Self.accountID):user/admin",
            accountID: Self.accountID,
            keys: keys
        )
        let cluster = try GKECluster(
            project: GoogleProjectID(parsing: Self.project),
            location: "europe-west1",
            name: "main"
        )
        let issuer = try ServiceAccountTokenIssuer(OpenIDConnectIssuer(cluster))
        google.cloud.publish(issuer.keySet, of: cluster)
        aws.register(issuer.issuer, keys: { issuer.keySet })
        let kubernetes = KubernetesEmulator(issuer: issuer, clock: clock)
        var ports: [UInt16] = []
        var serving: [Task<Void, any Error>] = []
        let handlers: [HTTPServer.Handler] = [
            { await google.respond(to: $0) }, { await aws.respond(to: $0) },
            { await kubernetes.respond(to: $0) },
        ]
        for handler in handlers {
            let server = HTTPServer(address: .loopback(port: 0), loops: [serverLoop], handler: handler)
            ports.append(try server.start())
            serving.append(Task(executorPreference: serverLoop) { try await server.run() })
        }
        let kubeconfig = try folder.write(
            "kubeconfig",
            Array(
                (#"{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":"#
                    + #"{"cluster":"c","user":"u"}}],"clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:"#
                    + #"\#(ports[2])"}}],"users":[{"name":"u","user":{}}]}"#).utf8
            )
        )
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path,
            "KUBECONFIG": kubeconfig,
            "GOOGLE_OAUTH_ACCESS_TOKEN": google.administratorToken(),
            "AWS_ENDPOINT_URL": awsEndpoint ?? "http://127.0.0.1:\(ports[1])", "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": keys.accessKeyID, "AWS_SECRET_ACCESS_KEY": keys.secretAccessKey,
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
        for api in ["IAM", "IAMCREDENTIALS", "CONTAINER", "SERVICEUSAGE", "CLOUDRESOURCEMANAGER"] {
            environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_\(api)"] = "http://127.0.0.1:\(ports[0])/"
        }
        self.environment = environment
        kubernetesPort = ports[2]
        (self.google, self.aws, self.kubernetes, self.cluster, self.issuer) = (
            google, aws, kubernetes, cluster, issuer
        )
        (self.loop, self.serving) = (loop, serving)
    }

    /// One binding, as options.
    static let binding = [
        "--project=\(project)", "--cluster-name=main", "--cluster-location=europe-west1", "--namespace=shop",
        "--service-account=orders", "--google-service-account=orders-gsa", "--aws-role=orders",
        "--aws-policy=AmazonSQSFullAccess",
    ]

    /// Where a file or folder of the test's own would be.
    func path(_ name: String) -> String { folder.file(name) }

    /// Writes a file for the tool to read.
    func write(_ name: String, _ text: String) throws -> String { try folder.write(name, Array(text.utf8)) }

    /// Starts gtokenctl, for a test that ends it.
    func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            [BuiltTool.path("gtokenctl")] + arguments,
            environment: environment,
            standardOutput: .file(folder.file("started.out.log")),
            standardError: .file(folder.file("started.log"))
        )
    }

    /// What the one that was started said on standard error.
    var startedErrors: String { folder.text("started.log") }

    /// Runs gtokenctl to its end.
    func run(
        _ arguments: [String],
        input: String = "",
        environment extra: [String: String] = [:]
    ) async throws -> ToolResult {
        try await run(program: [BuiltTool.path("gtokenctl")] + arguments, input: input, environment: extra)
    }

    /// Runs a program to its end, with the administrator's environment.
    func run(
        program command: [String],
        input: String = "",
        environment extra: [String: String] = [:]
    ) async throws -> ToolResult {
        var program = Program(command, input: Array(input.utf8))
        program.environment = environment.merging(extra) { _, new in new }
        program.timeout = .seconds(300)
        let (loop, ready) = (loop, program)
        let result = try await withTaskExecutorPreference(loop) { try await ready.run(on: loop) }
        PrintedOutput.keep(result.output + result.errors, as: "gtokenctl")
        return ToolResult(
            status: result.status,
            output: String(decoding: result.output, as: UTF8.self),
            errors: String(decoding: result.errors, as: UTF8.self)
        )
    }

    /// A ServiceAccount's annotations; `nil` where there is none.
    func annotations(_ namespace: String, _ name: String) -> [String: String]? {
        guard let object = kubernetes.object(.serviceAccounts, namespace: namespace, name) else { return nil }
        let members = (object["metadata"]?["annotations"]?.members).map(Array.init) ?? []
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.string() ?? "") })
    }

    func stop() async {
        for task in serving {
            task.cancel()
            _ = await task.result
        }
        group.shutdown()
    }
}

/// How a tool ended.
struct ToolResult: Sendable {
    let status: Int32
    let output: String
    let errors: String
}
