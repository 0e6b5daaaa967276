import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// Server-side apply, and what roles let a ServiceAccount do.
final class ServerSideApplyTests: XCTestCase {
    private static let deployment = "/apis/apps/v1/namespaces/default/deployments/d"
    private lazy var emulator = KubernetesEmulator(clock: ManualClock(UnixTime(seconds: 1_795_467_580)))

    private func send(
        _ method: String,
        _ target: String,
        _ body: String = "",
        _ headers: HTTPHeaders = [:]
    ) async throws -> (status: Int, root: JSONValue) {
        let answer = await emulator.respond(
            to: HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8))
        )
        return (answer.status, try JSONDocument(answer.body).root)
    }

    /// Applies a specification as somebody.
    private func apply(
        _ spec: String,
        as manager: String = "one",
        _ query: String = ""
    ) async throws -> (status: Int, root: JSONValue) {
        emulator.put(.namespaces, Array(#"{"metadata":{"name":"default"}}"#.utf8))
        return try await send(
            "PATCH",
            "\(Self.deployment)?fieldManager=\(manager)\(query)",
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":\#(spec)}"#,
            ["Content-Type": "application/apply-patch+yaml"]
        )
    }

    private func spec(_ answer: (status: Int, root: JSONValue)) -> String {
        String(decoding: answer.root["spec"]?.rawBytes ?? [], as: UTF8.self)
    }

    func testAnOwnersFieldsComeAndGoAndOthersStay() async throws {
        for (applied, expected) in [
            (
                #"{"replicas":2,"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]}]}"#,
                #"{"replicas":2,"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]},{"name":"z","image":"0"}],"other":true}"#
            ),
            (
                #"{"containers":[{"name":"a","image":"2"},{"name":"b","image":"1"}]}"#,
                #"{"containers":[{"name":"a","image":"2"},{"name":"z","image":"0"},{"name":"b","image":"1"}],"other":true}"#
            ),
            (
                #"{"containers":[{"name":"b","image":"1"}]}"#,
                #"{"containers":[{"name":"z","image":"0"},{"name":"b","image":"1"}],"other":true}"#
            ),
        ] {
            let isNew = emulator.object(.deployments, namespace: "default", "d") == nil
            var answer = try await apply(applied)
            if isNew {
                XCTAssertEqual(answer.status, 201)
                // What somebody changes in another way is nobody's.
                let change =
                    #"[{"op":"add","path":"/spec/other","value":true},{"op":"add","path":"/spec/containers/-","value":"#
                    + #"{"name":"z","image":"0"}}]"#
                answer = try await send(
                    "PATCH",
                    Self.deployment,
                    change,
                    ["Content-Type": "application/json-patch+json"]
                )
            }
            XCTAssertEqual(spec(answer), expected)
        }
    }

    func testTwoOwnersOfAFieldMustAgreeUnlessOneForcesIt() async throws {
        _ = try await apply(#"{"replicas":2,"paused":true}"#)
        let refused = try await apply(#"{"replicas":3}"#, as: "two")
        XCTAssertEqual(refused.status, 409)
        XCTAssertEqual(
            refused.root["message"]?.string(),
            #"Apply failed with 1 conflict: conflicts with "one": .spec.replicas"#
        )
        let agreed = try await apply(#"{"replicas":2}"#, as: "two")
        XCTAssertEqual(agreed.status, 200)
        let left = try await apply(#"{"paused":true}"#)
        XCTAssertEqual(spec(left), #"{"replicas":2,"paused":true}"#, "the other one applies it, too")
        let forced = try await apply(#"{"paused":false}"#, as: "two", "&force=true")
        XCTAssertEqual(spec(forced), #"{"paused":false}"#)
    }

    func testADryRunChangesNothingAndAManagerIsNeeded() async throws {
        let dry = try await apply(#"{"replicas":1}"#, as: "one", "&dryRun=All")
        XCTAssertEqual(dry.status, 201)
        XCTAssertNil(emulator.object(.deployments, namespace: "default", "d"))
        let nobody = try await apply(#"{"replicas":1}"#, as: "")
        XCTAssertEqual(nobody.status, 400)
    }

    func testAServiceAccountMayDoWhatRolesBoundToItSay() async throws {
        let account = try KubernetesServiceAccountName(namespace: "default", name: "app")
        emulator.apply(account)
        emulator.change { $0.users["t"] = KubernetesUser(account) }
        let bearer: HTTPHeaders = ["Authorization": "Bearer t"]
        func status(_ path: String) async throws -> Int { try await send("GET", path, "", bearer).status }
        let maps = "/api/v1/namespaces/default/configmaps"
        let before = try await status(maps)
        XCTAssertEqual(before, 403)
        for (resource, json) in [
            (
                KubernetesResource.roles,
                #"{"metadata":{"name":"r","namespace":"default"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["list"]}]}"#
            ),
            (
                .roleBindings,
                #"{"metadata":{"name":"b","namespace":"default"},"roleRef":{"kind":"Role","name":"r"},"subjects":"#
                    + #"[{"kind":"ServiceAccount","name":"app","namespace":"default"}]}"#
            ),
        ] { XCTAssertTrue(emulator.put(resource, Array(json.utf8))) }
        for (path, expected) in [
            (maps, 200), ("/api/v1/configmaps", 403), ("/api/v1/namespaces/other/configmaps", 403),
            ("/api/v1/namespaces/default/secrets", 403),
        ] {
            let found = try await status(path)
            XCTAssertEqual(found, expected, path)
        }
        emulator.remove(.roleBindings, namespace: "default", "b")
        let after = try await status(maps)
        XCTAssertEqual(after, 403)
    }
}
