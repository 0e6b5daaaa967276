import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// Stand-ins for Google, AWS and the Kubernetes API, each at an address of its own, and what leads clients to them.
struct EmulatedClouds {
    let servers: [HTTPServer]
    private let google: GoogleEmulator
    private let googlePort: UInt16
    private let awsPort: UInt16
    private let kubernetesPort: UInt16
    private let files: [(name: String, path: String)]
    private let kubeconfig: String?

    init(_ configuration: EmulateConfiguration, on loop: EventLoop) throws {
        func serve(_ handler: @escaping HTTPServer.Handler) throws -> (HTTPServer, UInt16) {
            let server = HTTPServer(address: .loopback(port: 0), loops: [loop], handler: handler)
            return (server, try server.start())
        }
        let clock = LoopClock(loop)
        let google = try GoogleEmulator(try Self.pod(), clock: clock)
        let (googleServer, googlePort) = try serve { await google.respond(to: $0) }
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        for role in configuration.roles {
            try aws.register(
                role,
                trustPolicy: TrustPolicy.google(
                    uniqueID: google.configuration.uniqueID,
                    audience: configuration.audience
                )
            )
        }
        let (awsServer, awsPort) = try serve { await aws.respond(to: $0) }
        aws.register(
            administrator: "arn:aws:iam::\(Administrator.accountID):user/administrator",
            accountID: Administrator.accountID,
            keys: AWSCredentials(
                accessKeyID: Administrator.accessKeyID,
                secretAccessKey: Administrator.secretAccessKey
            )
        )
        google.change { $0.takesForeignTokens = true }
        let issuer = try Self.issuer(google)
        aws.register(issuer.issuer, keys: { issuer.keySet })
        let kubernetes = KubernetesEmulator(issuer: issuer, clock: clock)
        let (kubernetesServer, kubernetesPort) = try serve { await kubernetes.respond(to: $0) }
        (self.google, servers) = (google, [googleServer, awsServer, kubernetesServer])
        (self.googlePort, self.awsPort, self.kubernetesPort) = (googlePort, awsPort, kubernetesPort)
        files =
            try configuration.credentialsFolder.map {
                try Self.write(to: $0, google, "http://127.0.0.1:\(googlePort)")
            } ?? []
        kubeconfig = try configuration.credentialsFolder.map {
            try Self.writeKubeconfig(to: $0, port: kubernetesPort)
        }
    }

    /// Who may do everything in both clouds: no secret, since it opens nothing but these stand-ins.
    private enum Administrator {
        static let accountID = "123456789012"
        static let accessKeyID = "AKIAADMINISTRATOR"
        static let secretAccessKey = "administrator-of-the-stand-in"
        /// The stand-in for Google takes any token for his.
        static let accessToken = "ya29.administrator-of-the-stand-in"
    }

    private static func writeKubeconfig(to folder: String, port: UInt16) throws -> String {
        var writer = JSONWriter()
        writer.object { root in
            root.member("apiVersion", "v1")
            root.member("kind", "Config")
            root.member("current-context", "stand-in")
            for (list, kind, members) in [
                ("contexts", "context", [("cluster", "stand-in"), ("user", "administrator")]),
                ("clusters", "cluster", [("server", "http://127.0.0.1:\(port)")]), ("users", "user", []),
            ] {
                root.member(list) { list in
                    list.array { list in
                        list.object { entry in
                            entry.member("name", kind == "user" ? "administrator" : "stand-in")
                            entry.member(kind) {
                                $0.object { for (name, value) in members { $0.member(name, value) } }
                            }
                        }
                    }
                }
            }
        }
        let path = "\(folder)/kubeconfig"
        try AtomicFile.replace(path: path, contents: writer.bytes, mode: 0o600)
        return path
    }

    /// Who signs the tokens of the cluster's ServiceAccounts, known to Google as GKE makes it.
    private static func issuer(_ google: GoogleEmulator) throws -> ServiceAccountTokenIssuer {
        let cluster = try GKECluster(
            project: google.configuration.project,
            location: google.configuration.clusterLocation,
            name: google.configuration.clusterName
        )
        let issuer = try ServiceAccountTokenIssuer(OpenIDConnectIssuer(cluster))
        google.cloud.publish(issuer.keySet, of: cluster)
        return issuer
    }

    /// Whose Pod it is.
    private static func pod() throws -> GoogleEmulatorConfiguration {
        GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
            uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
            project: try GoogleProjectID(parsing: "demo-project"),
            serviceAccount: try KubernetesServiceAccountName(namespace: "default", name: "app")
        )
    }

    /// One file of each type, all for the Pod's account, by a key or by a person who may act as it.
    private static func write(
        to folder: String,
        _ google: GoogleEmulator,
        _ url: String
    ) throws -> [(name: String, path: String)] {
        let account = google.configuration.email
        let person = "user:developer@example.com"
        google.cloud.grant("roles/iam.serviceAccountTokenCreator", on: account, to: person)
        let login = google.makeLoginFile(of: person)
        return try [
            ("service-account", try google.makeKeyFile(of: account, tokenURL: url + "/token")),
            ("authorized-user", login),
            ("impersonated", google.makeImpersonationFile(of: account, by: login, baseURL: url)),
        ].map { name, bytes in
            let path = "\(folder)/\(name).json"
            try AtomicFile.replace(path: path, contents: bytes, mode: 0o600)
            return (name, path)
        }
    }

    /// Where they are, and what clients need; no secret.
    var document: JSONWriter {
        let (googleHost, awsHost) = ("127.0.0.1:\(googlePort)", "127.0.0.1:\(awsPort)")
        let environment = [
            ("AWS_ENDPOINT_URL_STS", "http://\(awsHost)"),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", "http://\(googleHost)/"),
            ("CLOUDSDK_AUTH_TOKEN_HOST", "http://\(googleHost)/token"),
            ("GCE_METADATA_HOST", googleHost), ("GCE_METADATA_IP", googleHost),
        ]
        var writer = JSONWriter()
        writer.object { root in
            root.member("aws") { $0.object { $0.member("url", "http://\(awsHost)") } }
            root.member("google") { google in
                google.object { google in
                    google.member("url", "http://\(googleHost)")
                    google.member("certificates", "http://\(googleHost)/oauth2/v3/certs")
                    google.member("serviceAccount", "\(self.google.configuration.email)")
                    google.member("uniqueId", "\(self.google.configuration.uniqueID)")
                }
            }
            root.member("kubernetes") { $0.object { $0.member("url", "http://127.0.0.1:\(kubernetesPort)") } }
            root.member("administrator") { $0.object { write(administrator, to: &$0) } }
            root.member("environment") { $0.object { write(environment, to: &$0) } }
            root.member("credentials") { $0.object { write(files.map { ($0.name, $0.path) }, to: &$0) } }
        }
        return writer
    }

    /// The environment of gtokenctl, and of the clouds' own tools, against the stand-ins.
    private var administrator: [(String, String)] {
        let google = ["IAM", "IAMCREDENTIALS", "CONTAINER", "SERVICEUSAGE", "CLOUDRESOURCEMANAGER"].map {
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_\($0)", "http://127.0.0.1:\(googlePort)/")
        }
        return [
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:\(awsPort)"), ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", Administrator.accessKeyID),
            ("AWS_SECRET_ACCESS_KEY", Administrator.secretAccessKey),
            ("GOOGLE_OAUTH_ACCESS_TOKEN", Administrator.accessToken),
            ("CLOUDSDK_AUTH_ACCESS_TOKEN", Administrator.accessToken),
        ] + google + (kubeconfig.map { [("KUBECONFIG", $0)] } ?? [])
    }

    private func write(_ members: [(String, String)], to object: inout JSONWriter) {
        for (name, value) in members { object.member(name, value) }
    }
}
