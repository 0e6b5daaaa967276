import Foundation
import GTokenAdminClients
import GTokenCore
import GTokenNet
import TestSupport
import XCTest

/// What terraform itself makes of the files.
final class TerraformProofTests: XCTestCase {
    func testTerraformWouldFormatNothingOfEitherSide() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("terraform"), "terraform is not installed")
        let stage = try await SetupStage()
        let folder = try await stage.writeTerraform()
        let result = try await stage.run(program: [
            "terraform", "fmt", "-check", "-diff", "-recursive", folder,
        ])
        XCTAssertEqual(result.status, 0, result.output + result.errors)
        await stage.stop()
    }

    /// The configuration above the modules; with Google's, its provider would be needed.
    func testTheConfigurationOfClusterIdentitiesIsValid() async throws {
        guard BuiltTool.isInstalled("terraform"), let plugins = TerraformPlugins.folder() else {
            throw XCTSkip("not installed here: terraform with its AWS provider")
        }
        let stage = try await SetupStage()
        let folder = stage.path("terraform")
        let made = try await stage.run([
            "terraform", "--output-dir=\(folder)", "--identity=cluster", "--project=demo-project",
            "--cluster-name=main",
            "--cluster-location=europe-west1", "--namespace=shop", "--service-account=orders",
            "--aws-role=orders",
        ])
        XCTAssertEqual(made.status, 0, made.errors)
        for arguments in [["init", "-input=false", "-plugin-dir=\(plugins)"], ["validate", "-no-color"]] {
            let result = try await stage.terraform(in: folder, arguments)
            XCTAssertEqual(result.status, 0, result.output + result.errors)
        }
        await stage.stop()
    }

    /// Two accounts at AWS, one set up by each: the roles are the same, and `gtokenctl` finds nothing to do in terraform's.
    func testTerraformMakesTheRolesThatApplyMakes() async throws {
        guard BuiltTool.isInstalled("terraform"), let plugins = TerraformPlugins.folder() else {
            throw XCTSkip("not installed here: terraform with its AWS provider")
        }
        for tool in ["kubectl", "moto_server"] {
            try XCTSkipUnless(BuiltTool.isInstalled(tool), "\(tool) is not installed")
        }
        let (ours, theirs) = (try await Moto(), try await Moto())
        let stage = try await SetupStage(awsEndpoint: ours.url)
        let fleet = try stage.writeFleet()
        let apply = try await stage.run(["apply", "--file=\(fleet)"])
        XCTAssertEqual(apply.status, 0, apply.output + apply.errors)
        let folder = try await stage.writeTerraform(["--ask-google"])

        let there = ["AWS_ENDPOINT_URL": theirs.url]
        func terraform(_ arguments: String...) async throws -> ToolResult {
            try await stage.terraform(in: folder + "/aws", arguments, environment: there)
        }
        for result in [
            try await terraform("init", "-input=false", "-backend=false", "-plugin-dir=\(plugins)"),
            try await terraform("validate", "-no-color"),
            try await terraform("apply", "-no-color", "-input=false", "-auto-approve"),
            // The second time there is nothing to do.
            try await terraform("plan", "-no-color", "-input=false", "-detailed-exitcode"),
        ] { XCTAssertEqual(result.status, 0, result.output + result.errors) }

        let (one, other) = (try await stage.roles(at: ours), try await stage.roles(at: theirs))
        XCTAssertEqual(one.map(\.name), ["bills", "orders", "prices", "stock@1"])
        for (one, other) in zip(one, other) { XCTAssertEqual(one, other) }
        XCTAssertEqual(one.count, other.count)
        let providers = (try await stage.providers(at: ours), try await stage.providers(at: theirs))
        XCTAssertEqual(providers.0, providers.1)
        XCTAssertEqual(providers.0.count, 2)
        let plan = try await stage.run(["plan", "--file=\(fleet)"], environment: there)
        XCTAssertEqual(plan.status, 0, plan.output + plan.errors)

        // A new state leaves alone what it is told to.
        let issuers = providers.0.keys.compactMap {
            $0.split(separator: "/", maxSplits: 1).last.map(String.init)
        }
        let anew = try await terraform(
            "plan",
            "-no-color",
            "-input=false",
            "-state=new.tfstate",
            "-var=existing_identity_providers=[\(issuers.map { "\"\($0)\"" }.joined(separator: ","))]",
            #"-var=policy_arns={"AmazonSQSFullAccess"="arn:aws:iam::aws:policy/ReadOnlyAccess"}"#
        )
        XCTAssertEqual(anew.status, 0, anew.output + anew.errors)
        XCTAssertTrue(anew.output.contains("will be created"), anew.output)
        XCTAssertFalse(anew.output.contains("aws_iam_openid_connect_provider.cluster"), anew.output)
        XCTAssertTrue(anew.output.contains(#"= "arn:aws:iam::aws:policy/ReadOnlyAccess""#), anew.output)
        XCTAssertFalse(anew.output.contains("arn:aws:iam::aws:policy/AmazonSQSFullAccess"), anew.output)

        let destroy = try await terraform("destroy", "-no-color", "-input=false", "-auto-approve")
        XCTAssertEqual(destroy.status, 0, destroy.output + destroy.errors)
        let left = try await stage.roles(at: theirs)
        XCTAssertEqual(left, [])
        await stage.stop()
        ours.stop()
        theirs.stop()
    }
}

/// All of a role that `gtokenctl apply` and terraform have to make alike.
private struct MadeRole: Sendable, Equatable {
    var name: String
    var arn: RoleARN
    var trustPolicy: PolicyDocument
    var description: String?
    var maxSessionSeconds: Int
    var permissionsBoundary: String?
    var tags: [String: String]
    var policies: Set<String>
    var inlinePolicies: [String: InlinePolicy]
}

extension SetupStage {
    private func asking<Answer: Sendable>(
        _ moto: Moto,
        _ question: @escaping @Sendable (IAMClient) async throws -> Answer
    ) async throws -> Answer {
        let (variables, loop) = (environment.merging(["AWS_ENDPOINT_URL": moto.url]) { $1 }, loop)
        return try await withTaskExecutorPreference(loop) {
            let http = HTTPClient(loop: loop)
            defer { http.close() }
            let access = try AWSAccess(variables: variables, clock: LoopClock(loop), http: http, loop: loop)
            return try await question(access.iam())
        }
    }

    fileprivate func roles(at moto: Moto) async throws -> [MadeRole] {
        try await asking(moto) { iam in
            var roles: [MadeRole] = []
            for listed in try await iam.listRoles() {
                let name = listed.arn.roleName
                let role = try await iam.getRole(name)
                var inline: [String: InlinePolicy] = [:]
                for policy in try await iam.listRolePolicies(name) {
                    let text = try await iam.getRolePolicy(name, policy: policy)
                    inline[policy] = InlinePolicy(try JSONDocument(Array(text.utf8)).root)
                }
                roles.append(
                    MadeRole(
                        name: name,
                        arn: role.arn,
                        trustPolicy: try role.trustPolicy(),
                        description: role.description,
                        maxSessionSeconds: role.maxSessionSeconds,
                        permissionsBoundary: role.permissionsBoundary,
                        tags: role.tags,
                        policies: Set(try await iam.listAttachedRolePolicies(name)),
                        inlinePolicies: inline
                    )
                )
            }
            return roles.sorted { $0.name < $1.name }
        }
    }

    fileprivate func providers(at moto: Moto) async throws -> [String: [String]] {
        try await asking(moto) { iam in
            var providers: [String: [String]] = [:]
            for arn in try await iam.listOpenIDConnectProviders() {
                let provider = try await iam.findOpenIDConnectProvider(arn)
                let tags = (provider?.tags ?? [:]).map { "\($0.key)=\($0.value)" }
                providers["\(arn)"] = (provider?.clientIDs ?? []).sorted() + tags.sorted()
            }
            return providers
        }
    }
}
