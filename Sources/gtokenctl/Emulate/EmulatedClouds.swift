import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// Stand-ins for Google and AWS, each at an address of its own, and what leads clients to them.
struct EmulatedClouds {
    let servers: [HTTPServer]
    private let google: GoogleEmulator
    private let googlePort: UInt16
    private let awsPort: UInt16
    private let files: [(name: String, path: String)]

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
        (self.google, servers) = (google, [googleServer, awsServer])
        (self.googlePort, self.awsPort) = (googlePort, awsPort)
        files =
            try configuration.credentialsFolder.map {
                try Self.write(to: $0, google, "http://127.0.0.1:\(googlePort)")
            } ?? []
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
            root.member("environment") { $0.object { write(environment, to: &$0) } }
            root.member("credentials") { $0.object { write(files.map { ($0.name, $0.path) }, to: &$0) } }
        }
        return writer
    }

    private func write(_ members: [(String, String)], to object: inout JSONWriter) {
        for (name, value) in members { object.member(name, value) }
    }
}
