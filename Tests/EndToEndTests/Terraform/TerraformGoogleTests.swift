import Foundation
import GTokenCore
import XCTest

/// The Google module, as far as it can be held against anything without its provider.
final class TerraformGoogleTests: XCTestCase {
    /// Terraform's own `terraform_data` stands in for Google's resources: their arguments are what it is given.
    func testTheGoogleModuleNamesWhatApplyGrants() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("terraform"), "terraform is not installed")
        let stage = try await SetupStage()
        let folder = try await stage.writeTerraform() + "/google"
        let main = try String(contentsOfFile: "\(folder)/main.tf", encoding: .utf8)
        _ = try stage.write("terraform/google/main.tf", Self.withStandIns(main))
        try FileManager.default.removeItem(atPath: "\(folder)/versions.tf")
        let existing = "bills-gsa@demo-project.iam.gserviceaccount.com"
        for arguments in [
            ["init", "-input=false"],
            ["apply", "-no-color", "-auto-approve", #"-var=existing_service_accounts=["\#(existing)"]"#],
        ] {
            let result = try await stage.terraform(in: folder, arguments)
            XCTAssertEqual(result.status, 0, result.output + result.errors)
        }
        let state = try await stage.terraform(in: folder, ["show", "-json"])
        await stage.stop()
        let values = try JSONDocument(Array(state.output.utf8)).root["values"]
        let made = values?["root_module"]?["resources"]?.elements.map { resource in
            let arguments =
                resource["values"]?["input"]?.members.map { "\($0.name)=\($0.value.string() ?? "?")" } ?? []
            return "\(resource["name"]?.string() ?? "?"): \(arguments.sorted().joined(separator: " "))"
        }
        let (orders, domain) = (
            "projects/-/serviceAccounts/orders-gsa@demo-project.iam.gserviceaccount.com",
            "@demo-project.iam.gserviceaccount.com"
        )
        func user(_ name: String, _ account: String) -> String {
            "workload_identity_user: member=serviceAccount:demo-project.svc.id.goog[\(name)] "
                + "role=roles/iam.workloadIdentityUser service_account_id=projects/-/serviceAccounts/\(account)\(domain)"
        }
        XCTAssertEqual(
            Set(made ?? []),
            [
                "account: account_id=orders-gsa description=AWS role of Pods of shop/orders, shop/bills (gtokenctl) "
                    + "display_name=Pods of shop/orders project=demo-project",
                "existing: account_id=\(existing)",
                user("shop/orders", "orders-gsa"), user("shop/bills", "orders-gsa"),
                user("office/bills", "bills-gsa"),
                "own_token_creator: member=serviceAccount:orders-gsa\(domain) "
                    + "role=roles/iam.serviceAccountOpenIdTokenCreator service_account_id=\(orders)",
            ]
        )
        let ids = values?["outputs"]?["unique_ids"]?["value"]?.members.map {
            "\($0.name) \($0.value.string() ?? "?")"
        }
        XCTAssertEqual(ids, ["bills-gsa", "orders-gsa"].map { "\($0)\(domain) id of \($0)\(domain)" })
    }

    /// Each block about something of Google's as one of `terraform_data`, its arguments as the input.
    private static func withStandIns(_ text: String) -> String {
        var lines: [String] = []
        var isBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ")
            if words.count == 4, ["data", "resource"].contains(words[0]), words[1].hasPrefix("\"google_") {
                isBlock = true
                lines.append("resource \"terraform_data\" \(words[2]) {")
            } else if isBlock, line.isEmpty {
                lines.append("  input = {")
            } else if isBlock, line == "}" {
                isBlock = false
                lines += ["  }", "}"]
            } else {
                lines.append(String(line))
            }
        }
        return lines.joined(separator: "\n")
            .replacingOccurrences(of: "data.google_service_account.existing", with: "terraform_data.existing")
            .replacingOccurrences(of: "google_service_account.account", with: "terraform_data.account")
            .replacingOccurrences(of: "= account.name", with: #"= "projects/-/serviceAccounts/${email}""#)
            .replacingOccurrences(of: "= account.unique_id", with: #"= "id of ${email}""#)
    }
}
