import GTokenCore
import XCTest

/// The command lines of `install`, `upgrade`, `uninstall` and `certs`.
final class InstallConfigurationTests: XCTestCase {
    private func command(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> ControlCommand {
        try ControlCommand(arguments: arguments, environment: environment)
    }

    func testWhatIsNotGivenIsLeftOpen() throws {
        guard case .install(let bare) = try command(["install"]) else { return XCTFail("another command") }
        XCTAssertNil(bare.namespace)
        XCTAssertNil(bare.replicas)
        XCTAssertNil(bare.failurePolicy)
        XCTAssertNil(bare.certificates)
        XCTAssertEqual(bare.environment, [:])
        XCTAssertEqual(bare.timeout, .seconds(300))
        XCTAssertFalse(bare.isDryRun)
    }

    func testReadsHowTheWebhookIsToBe() throws {
        let given = try command([
            "install", "--namespace=n", "--registry=r.example/x", "--tag=v1", "--replicas=3",
            "--failure-policy=Fail", "--certificates=cert-manager", "--default-identity=cluster",
            "--default-region=eu-west-1", "--annotation-prefix=example.com", "--on-invalid=deny",
            "--timeout=10s",
        ])
        guard case .install(let install) = given else { return XCTFail("another command") }
        XCTAssertEqual(install.failurePolicy, .fail)
        XCTAssertEqual(install.certificates, .certManager)
        XCTAssertEqual(
            install.environment,
            [
                "GTOKEN_WEBHOOK_DEFAULT_IDENTITY": "cluster", "GTOKEN_WEBHOOK_DEFAULT_REGION": "eu-west-1",
                "GTOKEN_WEBHOOK_ANNOTATION_PREFIX": "example.com/", "GTOKEN_WEBHOOK_ON_INVALID": "deny",
            ]
        )
        let variables = ["GTOKENCTL_REGISTRY": "r.example/x", "GTOKEN_IMAGE": "r.example/t:1"]
        guard case .install(let other) = try command(["install"], variables) else {
            return XCTFail("another command")
        }
        XCTAssertEqual([other.registry, other.tokenImage], ["r.example/x", "r.example/t:1"])
    }

    func testTheWebhooksSettingsAreThoseThatItReads() throws {
        let variables = WebhookCommand.specification.commands.flatMap(\.groups).flatMap(\.options)
            .compactMap(\.environment)
        guard
            case .install(let install) = try command([
                "install", "--default-identity=cluster", "--default-region=eu-west-1",
                "--annotation-prefix=example.com", "--on-invalid=deny",
            ])
        else { return XCTFail("another command") }
        for variable in install.environment.keys { XCTAssertTrue(variables.contains(variable), variable) }
    }

    func testUpgradeLooksAtTheCloudsUnlessToldNotTo() throws {
        guard
            case .upgrade(let upgrade) = try command([
                "upgrade", "--project=my-project", "--annotation-prefix=example.com",
            ]), case .upgrade(let alone) = try command(["upgrade", "--no-audit"])
        else { return XCTFail("another command") }
        XCTAssertEqual(upgrade.audit?.project.map { "\($0)" }, "my-project")
        XCTAssertEqual(upgrade.audit?.looksAtKubernetes, false)
        XCTAssertEqual(upgrade.annotationPrefix, "example.com/")
        XCTAssertNil(alone.audit)
    }

    func testRefusesWhatCannotBe() {
        for arguments in [
            ["install", "--replicas=0"], ["install", "--replicas=many"], ["install", "--tag=a b"],
            ["install", "--failure-policy=ignore"], ["install", "--certificates=none"],
            ["install", "--namespace=A"], ["install", "--timeout=0s"], ["install", "--default-region=moon"],
            ["certs", "--validity=1s"], ["certs", "--validity=200000h"], ["uninstall", "--registry=x"],
            ["install", "--registry=a\"b"],
        ] { XCTAssertThrowsError(try command(arguments), "\(arguments)") }
    }
}
