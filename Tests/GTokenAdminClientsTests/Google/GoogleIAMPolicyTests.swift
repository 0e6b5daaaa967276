import GTokenAdminClients
import GTokenCore
import XCTest

final class GoogleIAMPolicyTests: XCTestCase {
    private static let role = "roles/iam.workloadIdentityUser"
    private static let member = "serviceAccount:p.svc.id.goog[ns/app]"

    private struct Edit {
        var name: String
        var policy: String
        var granted: String
        var revoked: String
        var line: UInt = #line
    }

    private let edits = [
        Edit(
            name: "an empty policy",
            policy: #"{"etag":"ACAB"}"#,
            granted: #"{"etag":"ACAB","bindings":[{"role":"ROLE","members":["MEMBER"]}]}"#,
            revoked: #"{"etag":"ACAB"}"#
        ),
        Edit(
            name: "no bindings",
            policy: #"{"bindings":[],"etag":"a"}"#,
            granted: #"{"bindings":[{"role":"ROLE","members":["MEMBER"]}],"etag":"a"}"#,
            revoked: #"{"bindings":[],"etag":"a"}"#
        ),
        Edit(
            name: "another member has the role",
            policy: #"{"version":1,"bindings":[{"role":"ROLE","members":["user:a@b.c"],"x":1.0}]}"#,
            granted: #"{"version":1,"bindings":[{"role":"ROLE","members":["user:a@b.c","MEMBER"],"x":1.0}]}"#,
            revoked: #"{"version":1,"bindings":[{"role":"ROLE","members":["user:a@b.c"],"x":1.0}]}"#
        ),
        Edit(
            name: "the member has it",
            policy: #"{"bindings":[{"role":"ROLE","members":["MEMBER"]}]}"#,
            granted: #"{"bindings":[{"role":"ROLE","members":["MEMBER"]}]}"#,
            revoked: #"{"bindings":[]}"#
        ),
        Edit(
            name: "the member has it twice, in two bindings, among others",
            policy: #"{"bindings":[{"role":"ROLE","members":["MEMBER"]},{"role":"r","members":["MEMBER"]},"#
                + #"{"role":"ROLE","members":["MEMBER","user:x@y.z","MEMBER"]}]}"#,
            granted: #"{"bindings":[{"role":"ROLE","members":["MEMBER"]},{"role":"r","members":["MEMBER"]},"#
                + #"{"role":"ROLE","members":["MEMBER","user:x@y.z","MEMBER"]}]}"#,
            revoked:
                #"{"bindings":[{"role":"r","members":["MEMBER"]},{"role":"ROLE","members":["user:x@y.z"]}]}"#
        ),
        Edit(
            name: "the member has it under a condition, which is somebody else's",
            policy: #"{"version":3,"bindings":[{"role":"ROLE","members":["MEMBER"],"condition":"#
                + #"{"title":"t","expression":"request.time < timestamp(\"2027\")"}}]}"#,
            granted: #"{"version":3,"bindings":[{"role":"ROLE","members":["MEMBER"],"condition":"#
                + #"{"title":"t","expression":"request.time < timestamp(\"2027\")"}},"#
                + #"{"role":"ROLE","members":["MEMBER"]}]}"#,
            revoked: #"{"version":3,"bindings":[{"role":"ROLE","members":["MEMBER"],"condition":"#
                + #"{"title":"t","expression":"request.time < timestamp(\"2027\")"}}]}"#
        ),
        Edit(
            name: "a binding without a list of members, and fields that nobody knows",
            policy:
                #"{"bindings":[{"role":"ROLE","\u0066uture":{"a" : [1e3, null]}}],"auditConfigs":[{"x":1.50}]}"#,
            granted: #"{"bindings":[{"role":"ROLE","\u0066uture":{"a" : [1e3, null]},"members":["MEMBER"]}],"#
                + #""auditConfigs":[{"x":1.50}]}"#,
            revoked:
                #"{"bindings":[{"role":"ROLE","\u0066uture":{"a" : [1e3, null]}}],"auditConfigs":[{"x":1.50}]}"#
        ),
    ]

    func testEveryEditLeavesTheRestByteForByte() throws {
        for edit in edits {
            let policy = try self.policy(edit.policy)
            let granted = policy.granting(Self.role, to: Self.member)
            XCTAssertEqual(granted.text, text(edit.granted), edit.name, line: edit.line)
            XCTAssertTrue(granted.grants(Self.role, to: Self.member), edit.name, line: edit.line)
            let revoked = policy.revoking(Self.role, from: Self.member)
            XCTAssertEqual(revoked.text, text(edit.revoked), edit.name, line: edit.line)
            XCTAssertFalse(revoked.grants(Self.role, to: Self.member), edit.name, line: edit.line)
            XCTAssertEqual(granted.granting(Self.role, to: Self.member), granted, edit.name, line: edit.line)
            XCTAssertEqual(
                revoked.revoking(Self.role, from: Self.member),
                revoked,
                edit.name,
                line: edit.line
            )
        }
    }

    func testBindingsAndConditionsAreRead() throws {
        let policy = try policy(edits[5].policy)
        XCTAssertEqual(
            policy.bindings,
            [
                .init(
                    role: Self.role,
                    members: [Self.member],
                    condition: .init(title: "t", expression: #"request.time < timestamp("2027")"#)
                )
            ]
        )
        XCTAssertFalse(policy.grants(Self.role, to: Self.member))
    }

    func testWhatIsNoPolicyIsNotWrittenBack() {
        for text in [
            "", "[]", "null", "1", "{", #"{"bindings":{}}"#, #"{"bindings":[1]}"#, #"{"bindings":[{}]}"#,
            #"{"bindings":[{"role":1}]}"#, #"{"bindings":[{"role":"r","members":"m"}]}"#,
            #"{"bindings":[{"role":"r","members":[1]}]}"#, #"{"bindings":[],"bindings":[]}"#,
            #"{"etag":"a","etag":"b"}"#, #"{"bindings":[{"role":"r","role":"s"}]}"#,
        ] {
            XCTAssertThrowsError(try GoogleIAMPolicy(Array(text.utf8)), text) { error in
                XCTAssertEqual(error as? GoogleIAMPolicyError, .malformed, text)
            }
        }
    }

    private func text(_ template: String) -> String {
        template.replacing("ROLE", with: Self.role).replacing("MEMBER", with: Self.member)
    }

    private func policy(_ template: String) throws -> GoogleIAMPolicy {
        try GoogleIAMPolicy(Array(text(template).utf8))
    }
}

extension GoogleIAMPolicy {
    fileprivate var text: String { String(decoding: document.bytes, as: UTF8.self) }
}
