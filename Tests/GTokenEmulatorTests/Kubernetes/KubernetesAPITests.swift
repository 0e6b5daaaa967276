import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// The API as its clients see it, without sockets.
final class KubernetesAPITests: XCTestCase {
    private static let secrets = "/api/v1/namespaces/default/secrets"
    private let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
    private lazy var emulator = KubernetesEmulator(clock: clock)

    func testCreatesReadsUpdatesAndDeletes() async throws {
        let created = try await send(
            "POST",
            Self.secrets,
            #"{"metadata":{"name":"a"},"stringData":{"k":"v"}}"#
        )
        XCTAssertEqual(created.status, 201)
        XCTAssertEqual(created.root["data"]?["k"]?.string(), "dg==")
        XCTAssertEqual(created.root["type"]?.string(), "Opaque")
        let again = try await send("POST", Self.secrets, #"{"metadata":{"name":"a"}}"#)
        XCTAssertEqual(again.summary, "409 AlreadyExists secrets \"a\" already exists")
        let version = try XCTUnwrap(created.root["metadata"]?["resourceVersion"]?.string())
        let replacement = #"{"metadata":{"name":"a","resourceVersion":"\#(version)"},"data":{"k":"dw=="}}"#
        let updated = try await send("PUT", Self.secrets + "/a", replacement)
        XCTAssertEqual(updated.status, 200)
        let stale = try await send("PUT", Self.secrets + "/a", replacement)
        XCTAssertEqual(
            stale.summary,
            "409 Conflict Operation cannot be fulfilled on secrets \"a\": the object has been modified; please apply "
                + "your changes to the latest version and try again"
        )
        let deleted = try await send("DELETE", Self.secrets + "/a")
        XCTAssertEqual(deleted.root["status"]?.string(), "Success")
        let gone = try await send("GET", Self.secrets + "/a")
        XCTAssertEqual(gone.summary, "404 NotFound secrets \"a\" not found")
    }

    func testPatches() async throws {
        _ = try await send("POST", Self.secrets, #"{"metadata":{"name":"a"},"data":{"k":"dg=="}}"#)
        for (type, patch, expected) in [
            ("application/merge-patch+json", #"{"metadata":{"labels":{"a":"b"}}}"#, "200"),
            (
                "application/json-patch+json", #"[{"op":"test","path":"/metadata/labels/a","value":"b"}]"#,
                "200"
            ),
            (
                "application/json-patch+json", #"[{"op":"test","path":"/metadata/labels/a","value":"c"}]"#,
                "422 Invalid the server rejected our request due to an error in our request"
            ),
            ("application/strategic-merge-patch+json", #"{"metadata":{"labels":{"a":null}}}"#, "200"),
            (
                "application/merge-patch+json", #"{"metadata":{"resourceVersion":"1"}}"#,
                "409 Conflict Operation cannot be fulfilled on secrets \"a\": the object has been modified; please "
                    + "apply your changes to the latest version and try again"
            ),
            (
                "text/plain", "{}",
                "415 UnsupportedMediaType the body of the request was in an unknown format - accepted media types "
                    + "include: application/json-patch+json, application/merge-patch+json, "
                    + "application/strategic-merge-patch+json, application/apply-patch+yaml"
            ),
            ("application/json-patch+json", "{}", "400 BadRequest a JSON patch is an array"),
        ] {
            let answer = try await send("PATCH", Self.secrets + "/a", patch, ["Content-Type": type])
            XCTAssertEqual(answer.summary, expected, patch)
        }
    }

    func testRefusesWhatIsNoObject() async throws {
        for (body, expected) in [
            ("{", "400 BadRequest"), ("[]", "400 BadRequest"), ("{}", "422 Invalid"),
            (#"{"metadata":{"name":"A"}}"#, "422 Invalid"), (#"{"metadata":{"name":1}}"#, "400 BadRequest"),
            (#"{"metadata":{"name":"a","annotations":{"x":1}}}"#, "400 BadRequest"),
            (#"{"kind":"Pod","metadata":{"name":"a"}}"#, "400 BadRequest"),
            (#"{"metadata":{"name":"a","namespace":"other"}}"#, "400 BadRequest"),
            (#"{"metadata":{"name":"a"},"data":{"x":"*"}}"#, "400 BadRequest"),
        ] {
            let answer = try await send("POST", Self.secrets, body)
            XCTAssertTrue(answer.summary.hasPrefix(expected), "\(body): \(answer.summary)")
        }
        let nowhere = try await send(
            "POST",
            "/api/v1/namespaces/absent/secrets",
            #"{"metadata":{"name":"a"}}"#
        )
        XCTAssertEqual(nowhere.summary, "404 NotFound namespaces \"absent\" not found")
        let dry = try await send("POST", Self.secrets + "?dryRun=All", #"{"metadata":{"name":"a"}}"#)
        XCTAssertEqual(dry.status, 201)
        let absent = try await send("GET", Self.secrets + "/a")
        XCTAssertEqual(absent.status, 404)
    }

    func testListsInPagesAndSaysWhenTheyExpire() async throws {
        for name in ["a", "b", "c"] { emulator.apply(try .init(namespace: "default", name: name)) }
        let path = "/api/v1/serviceaccounts?limit=2"
        let first = try await send("GET", path)
        XCTAssertEqual(first.root["kind"]?.string(), "ServiceAccountList")
        XCTAssertEqual(first.names, ["a", "b"])
        XCTAssertEqual(first.root["metadata"]?["remainingItemCount"]?.integer(), 1)
        let token = try XCTUnwrap(first.root["metadata"]?["continue"]?.string())
        emulator.delete(try .init(namespace: "default", name: "c"))
        let second = try await send("GET", path + "&continue=" + token)
        XCTAssertEqual(second.names, ["c"])
        emulator.forgetHistory()
        let expired = try await send("GET", path + "&continue=" + token)
        XCTAssertTrue(expired.summary.hasPrefix("410 Expired"), expired.summary)
        let rest = try XCTUnwrap(expired.root["metadata"]?["continue"]?.string())
        let third = try await send("GET", path + "&continue=" + rest)
        XCTAssertEqual(third.names, [])
    }

    func testGivesMetadataAlone() async throws {
        emulator.apply(try .init(namespace: "default", name: "a"), annotations: ["x": "y"])
        for (type, path, kind) in [
            ("PartialObjectMetadataList", "/api/v1/serviceaccounts", "PartialObjectMetadataList"),
            (
                "PartialObjectMetadata", "/api/v1/namespaces/default/serviceaccounts/a",
                "PartialObjectMetadata"
            ),
            ("Table", "/api/v1/namespaces/default/serviceaccounts/a", "ServiceAccount"),
        ] {
            let accept = "application/json;as=\(type);g=meta.k8s.io;v=v1,application/json"
            let answer = try await send("GET", path, "", ["Accept": accept])
            XCTAssertEqual(answer.root["kind"]?.string(), kind)
        }
        let other = try await send("GET", "/api/v1/secrets", "", ["Accept": "text/plain"])
        XCTAssertTrue(other.summary.hasPrefix("406 NotAcceptable"), other.summary)
    }

    func testLetsUsersDoWhatTheirRulesSay() async throws {
        emulator.apply(try .init(namespace: "default", name: "a"))
        emulator.change {
            $0.acceptedTokens = []
            $0.users["go"] = KubernetesUser(name: "go", rules: [KubernetesRule(["get"], ["serviceaccounts"])])
            $0.users["tls"] = KubernetesUser(
                name: "tls",
                rules: [
                    KubernetesRule(["get", "watch"], ["secrets"], names: ["ca"], namespace: "default"),
                    KubernetesRule(["create"], ["secrets"], namespace: "default"),
                ]
            )
        }
        for (token, method, path, status) in [
            ("go", "GET", "/api/v1/namespaces/default/serviceaccounts/a", 200),
            ("go", "GET", "/api/v1/serviceaccounts", 403), ("go", "GET", Self.secrets + "/ca", 403),
            ("tls", "GET", Self.secrets + "/ca", 404), ("tls", "GET", Self.secrets + "/other", 403),
            ("tls", "GET", Self.secrets, 403), ("tls", "GET", Self.secrets + "?watch=true", 403),
            ("tls", "GET", Self.secrets + "?watch=true&fieldSelector=metadata.name%3Dca", 200),
            ("tls", "POST", Self.secrets, 422), ("tls", "DELETE", Self.secrets + "/ca", 403),
            ("nobody", "GET", Self.secrets, 401),
        ] {
            let headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
            let body = method == "POST" ? "{}" : ""
            let answer = await respond(method, path, body, headers)
            XCTAssertEqual(answer.status, status, "\(token) \(method) \(path)")
        }
        let refusal = try await send("GET", "/api/v1/serviceaccounts", "", ["Authorization": "Bearer go"])
        XCTAssertEqual(
            refusal.summary,
            "403 Forbidden serviceaccounts is forbidden: User \"go\" cannot list resource \"serviceaccounts\" in API "
                + "group \"\" at the cluster scope"
        )
    }

    func testFaultsMeetTheRequestsThatTheyAreFor() async throws {
        _ = try await send("POST", Self.secrets, #"{"metadata":{"name":"a"}}"#)
        emulator.change {
            $0.faults = [
                KubernetesFault(.status(409), verbs: ["update"], resources: ["secrets"], count: 1),
                KubernetesFault(.status(429, retryAfter: 7), verbs: ["list"]),
                KubernetesFault(.close, names: ["dropped"]),
            ]
        }
        let update = #"{"metadata":{"name":"a"}}"#
        let first = try await send("PUT", Self.secrets + "/a", update)
        XCTAssertEqual(first.status, 409)
        let second = try await send("PUT", Self.secrets + "/a", update)
        XCTAssertEqual(second.status, 200)
        let busy = await respond("GET", Self.secrets)
        XCTAssertEqual(busy.status, 429)
        XCTAssertEqual(busy.headers["Retry-After"], "7")
        let dropped = await respond("GET", Self.secrets + "/dropped")
        XCTAssertEqual(dropped, .unanswered, "closes the connection")
    }

    private func respond(
        _ method: String,
        _ path: String,
        _ body: String = "",
        _ headers: HTTPHeaders = [:]
    ) async -> HTTPResponse {
        var request = HTTPRequest(method: method, target: path, headers: headers, body: Array(body.utf8))
        if !body.isEmpty, request.mediaType == nil { request.headers.add("Content-Type", "application/json") }
        var answer = await emulator.respond(to: request)
        if answer == answerWithoutCaching(.unanswered, answer) { answer = .unanswered }
        return answer
    }

    private func answerWithoutCaching(_ expected: HTTPResponse, _ answer: HTTPResponse) -> HTTPResponse {
        var expected = expected
        expected.headers = answer.headers
        return expected
    }

    private func send(
        _ method: String,
        _ path: String,
        _ body: String = "",
        _ headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        let response = await respond(method, path, body, headers)
        return Answer(status: response.status, root: try JSONDocument(response.body).root)
    }

    private struct Answer {
        var status: Int
        var root: JSONValue

        /// The status, and what a Status says.
        var summary: String {
            guard let reason = root["reason"]?.string() else { return "\(status)" }
            return "\(status) \(reason) \(root["message"]?.string() ?? "")"
        }

        var names: [String] {
            root["items"]?.elements.compactMap { $0["metadata"]?["name"]?.string() } ?? []
        }
    }
}
