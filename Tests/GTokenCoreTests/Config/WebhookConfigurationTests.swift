import GTokenCore
import XCTest

final class WebhookConfigurationTests: XCTestCase {
    private func server(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> WebhookConfiguration {
        let command = try WebhookCommand(arguments: arguments, environment: environment, version: "v1")
        guard case .server(let configuration) = command else {
            XCTFail("\(command)")
            throw CancellationError()
        }
        return configuration
    }

    func testTheDefaultsAreThoseOfTheGoProjectButTheImageAndTheLevel() throws {
        let configuration = try server(["server"])
        XCTAssertEqual(configuration.listenAddress, ListenAddress(parsing: ":8443"))
        XCTAssertNil(configuration.telemetryListenAddress)
        XCTAssertEqual(configuration.certificates, .none)
        XCTAssertEqual(configuration.minimumTLSVersion, .v1_2)
        XCTAssertNil(configuration.kubernetesAPI)
        XCTAssertEqual(configuration.log, LogForm(level: .info, isJSON: false))
        XCTAssertEqual(configuration.injection, InjectionConfiguration(image: nil, version: "v1"))
        XCTAssertEqual(configuration.injection.tokenPath, "/var/run/secrets/aws/token/gtoken")
    }

    func testTakesTheGoProjectsCommandLine() throws {
        let configuration = try server([
            "--log-level", "DEBUG", "--json", "server", "--listen-address", ":10250",
            "--telemetry-listen-address=127.0.0.1:9090", "--tls-cert-file", "/c", "--tls-private-key-file=/k",
            "-image", "registry.example/gtoken:1.0", "--pull-policy=Always", "--volume-name=v",
            "--volume-path=/mnt/token/", "--token-file=t",
        ])
        XCTAssertEqual(configuration.log, LogForm(level: .debug, isJSON: true))
        XCTAssertEqual(configuration.listenAddress.port, 10250)
        XCTAssertEqual(configuration.telemetryListenAddress?.description, "127.0.0.1:9090")
        XCTAssertEqual(configuration.certificates, .files(TLSFiles(certificate: "/c", privateKey: "/k")))
        XCTAssertEqual(configuration.injection.image, "registry.example/gtoken:1.0")
        XCTAssertEqual(configuration.injection.imagePullPolicy, "Always")
        XCTAssertEqual(configuration.injection.volumeName, "v")
        XCTAssertEqual(configuration.injection.tokenPath, "/mnt/token/t")
    }

    func testTakesLogOptionsAfterTheCommandAndFromTheEnvironment() throws {
        XCTAssertEqual(try server(["server", "--log-level=warn"]).log.level, .warning)
        let configuration = try server(["server"], ["LOG_LEVEL": "ERROR", "LOG_JSON": "true"])
        XCTAssertEqual(configuration.log, LogForm(level: .error, isJSON: true))
    }

    func testTakesWhatTheGoProjectDoesNotHave() throws {
        let injection = try server([
            "server", "--default-region=eu-west-1", "--annotation-prefix=example.com", "--sidecar=native",
            "--on-invalid=deny", "--audience=sts.amazonaws.com", "--cpu=0.1", "--memory=64Mi",
            "--volume-size=2Mi", "--default-identity=cluster", "--cluster-audience=aws",
            "--token-expiration=2h", "--allow-node-identity", "--min-cpu=20m", "--max-cpu=1",
            "--min-memory=20Mi", "--max-memory=1Gi",
        ]).injection
        XCTAssertEqual(injection.defaultRegion?.description, "eu-west-1")
        XCTAssertEqual(injection.annotationPrefix, "example.com/")
        XCTAssertEqual(injection.sidecar, .native)
        XCTAssertEqual(injection.onInvalid, .deny)
        XCTAssertEqual(injection.audience, "sts.amazonaws.com")
        XCTAssertEqual(injection.resources.cpu.description, "0.1")
        XCTAssertEqual(injection.resources.memory.description, "64Mi")
        XCTAssertEqual(injection.volumeSize, "2Mi")
        XCTAssertEqual(injection.defaultIdentity, .cluster)
        XCTAssertEqual(injection.clusterAudience, "aws")
        XCTAssertEqual(injection.tokenExpirationSeconds, 7200)
        XCTAssertTrue(injection.allowsNodeIdentity)
        XCTAssertEqual("\(injection.cpuBounds.minimum) \(injection.cpuBounds.maximum)", "20m 1")
        XCTAssertEqual("\(injection.memoryBounds.minimum) \(injection.memoryBounds.maximum)", "20Mi 1Gi")
        let configuration = try server([
            "server", "--kube-api=http://127.0.0.1:8001", "--tls-min-version=1.3",
        ])
        XCTAssertEqual(configuration.kubernetesAPI, "http://127.0.0.1:8001")
        XCTAssertEqual(configuration.minimumTLSVersion, .v1_3)
        XCTAssertEqual(try server(["server", "--tls-min-version=VersionTLS13"]).minimumTLSVersion, .v1_3)
    }

    func testEveryOptionHasAVariable() throws {
        for group in WebhookCommand.specification.commands.flatMap(\.groups) {
            for option in group.options {
                XCTAssertNotNil(option.environment, option.name)
            }
        }
        XCTAssertEqual(
            try server(["server"], ["GTOKEN_IMAGE": "i", "GTOKEN_WEBHOOK_LISTEN_ADDRESS": ":1"]).injection
                .image,
            "i"
        )
    }

    func testAnEmptyValueLeavesOutWhatHasNoDefault() throws {
        let configuration = try server([
            "server", "--telemetry-listen-address=", "--tls-cert-file=", "--tls-private-key-file=",
            "--image=",
        ])
        XCTAssertNil(configuration.telemetryListenAddress)
        XCTAssertEqual(configuration.certificates, .none)
        XCTAssertNil(configuration.injection.image)
    }

    func testRefusesValuesThatCannotWork() {
        let cases = [
            "--listen-address=8443", "--listen-address=host:1", "--listen-address=:65536",
            "--listen-address=:",
            "--listen-address=1.2.3:1", "--listen-address=::1", "--listen-address=[::1",
            "--listen-address=[x]:1",
            "--listen-address=01.2.3.4:1", "--listen-address=:-1", "--listen-address=:+1",
            "--pull-policy=always", "--volume-name=Volume", "--volume-name=-v", "--volume-name=a.b",
            "--volume-path=relative", "--volume-path=/", "--volume-path=/a:b", "--volume-path=/a/../b",
            "--token-file=a/b", "--token-file=..", "--cpu=0", "--cpu=-1", "--cpu=fast", "--cpu=0.1m",
            "--memory=32", "--memory=32MB", "--memory=1Ki", "--volume-size=1", "--sidecar=none",
            "--on-invalid=ignore", "--default-region=europe", "--default-region=eu-west-1a",
            "--annotation-prefix=a b", "--annotation-prefix=a/b/", "--annotation-prefix=/", "--audience=a b",
            "--tls-min-version=1.1", "--kube-api=127.0.0.1:8001", "--kube-api=ftp://x", "--kube-api=http://",
            "--kube-api=http://u:p@x", "--kube-api=http://x/?q", "--image=a b", "--image=a\nb",
            "--default-identity=azure", "--cluster-audience=a b", "--cluster-audience=",
            "--token-expiration=599s",
            "--token-expiration=86400", "--allow-node-identity=maybe", "--min-cpu=0", "--max-memory=much",
            "--tls-service-name=a.b", "--tls-namespace=A", "--tls-ca-secret=a..b", "--tls-ca-secret=a/b",
            "--webhook-configuration=a_b", "--tls-self-managed=maybe",
        ]
        for argument in cases {
            XCTAssertThrowsError(try server(["server", argument]), argument) { error in
                guard case .invalidValue(.option, _, _) = error as? ConfigurationError else {
                    return XCTFail("\(argument): \(error)")
                }
            }
        }
    }

    func testTheLeastMayNotBeAboveTheMost() {
        for name in ["cpu", "memory"] {
            let (least, most) = ("--min-\(name)", "--max-\(name)")
            let (value, other) = name == "cpu" ? ("300m", "0.2") : ("2Gi", "1Gi")
            XCTAssertThrowsError(try server(["server", "\(least)=\(value)", "\(most)=\(other)"])) {
                let error = ConfigurationError.contradiction(
                    option: least,
                    value: value,
                    other: most,
                    otherValue: other
                )
                XCTAssertEqual($0 as? ConfigurationError, error)
                XCTAssertEqual("\(error)", "\(least) \(value) is above \(most) \(other)")
            }
        }
    }

    func testACertificateNeedsItsKey() {
        let cases = [
            ("--tls-cert-file", "--tls-private-key-file"), ("--tls-private-key-file", "--tls-cert-file"),
        ]
        for (given, missing) in cases {
            XCTAssertThrowsError(try server(["server", "\(given)=/x"])) {
                XCTAssertEqual($0 as? ConfigurationError, .incomplete(option: given, needs: missing))
            }
        }
    }

    func testCertificatesOfOurOwnAndFromFilesExcludeEachOther() throws {
        let configuration = try server(["server", "--tls-self-managed"])
        XCTAssertEqual(configuration.certificates, .selfManaged(secret: "gtoken-webhook-ca"))
        XCTAssertEqual(configuration.registration, WebhookRegistration())
        let other = try server([
            "server", "--tls-self-managed", "--tls-ca-secret=ca.x", "--tls-service-name=hook",
            "--tls-namespace=aws", "--webhook-configuration=hook.example", "--client-ca-file=/ca",
        ])
        XCTAssertEqual(other.certificates, .selfManaged(secret: "ca.x"))
        XCTAssertEqual(other.registration.serviceName, "hook")
        XCTAssertEqual(other.registration.namespace, "aws")
        XCTAssertEqual(other.registration.configuration, "hook.example")
        XCTAssertEqual(
            try server(["server"], ["GTOKEN_WEBHOOK_TLS_SELF_MANAGED": "true"]).certificates,
            .selfManaged(secret: "gtoken-webhook-ca")
        )
        for option in ["--tls-cert-file", "--tls-private-key-file"] {
            XCTAssertThrowsError(try server(["server", "--tls-self-managed", "\(option)=/x"])) {
                let error = ConfigurationError.exclusive(option: "--tls-self-managed", other: option)
                XCTAssertEqual($0 as? ConfigurationError, error)
                XCTAssertEqual("\(error)", "--tls-self-managed and \(option) exclude each other")
            }
        }
    }

    func testClientsAreAskedForCertificatesOverTLSOnly() throws {
        let files = ["server", "--tls-cert-file=/c", "--tls-private-key-file=/k"]
        XCTAssertEqual(try server(files + ["--client-ca-file=/ca"]).clientCAFile, "/ca")
        XCTAssertNil(try server(files).clientCAFile)
        XCTAssertThrowsError(try server(["server", "--client-ca-file=/ca"])) {
            let error = ConfigurationError.incomplete(option: "--client-ca-file", needs: "--tls-cert-file")
            XCTAssertEqual($0 as? ConfigurationError, error)
        }
    }

    func testNeedsACommand() {
        XCTAssertThrowsError(try server([])) {
            XCTAssertEqual($0 as? ConfigurationError, .missingCommand(["server", "version"]))
        }
        XCTAssertThrowsError(try server(["serve"])) {
            XCTAssertEqual($0 as? ConfigurationError, .unknownCommand("serve", suggestion: "server"))
        }
    }

    func testReadsHelpAndVersion() throws {
        for arguments in [["-v"], ["--version"], ["version"], ["server", "--version"]] {
            XCTAssertEqual(try WebhookCommand(arguments: arguments, environment: [:], version: ""), .version)
        }
        XCTAssertEqual(
            try WebhookCommand(arguments: ["help", "server"], environment: [:], version: ""),
            .help(["server"])
        )
        XCTAssertEqual(
            try WebhookCommand(arguments: ["server", "-h"], environment: [:], version: ""),
            .help(["server"])
        )
    }
}
