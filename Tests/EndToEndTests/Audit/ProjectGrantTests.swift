import GTokenCore
import XCTest

@testable import gtokenctl

/// The command that takes a grant away, as a shell reads it.
final class ProjectGrantTests: XCTestCase {
    func testTheCommandNamesOneGrantWhateverItSays() throws {
        let project = try GoogleProjectID(parsing: "demo-project")
        let command = "gcloud projects remove-iam-policy-binding demo-project --member="
        let cases = [
            ("user:a@example.com", nil, "user:a@example.com --role=roles/owner"),
            ("user:a@example.com", "until May", "user:a@example.com --role=roles/owner --all"),
            ("user:o'neill; id", nil, #"'user:o'\''neill; id' --role=roles/owner"#),
        ]
        for (member, condition, expected) in cases {
            let grant = ProjectGrant(member: member, role: "roles/owner", condition: condition)
            XCTAssertEqual(grant.removal(from: project), command + expected)
        }
    }
}
