import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class KubernetesEmulatorTests: XCTestCase {
    private let clock = ManualClock(UnixTime(seconds: 1_795_467_580))

    func testGivesAServiceAccount() async throws {
        let emulator = try emulator()
        let response = await Self.get(emulator, "/api/v1/namespaces/default/serviceaccounts/app")
        XCTAssertEqual(response.status, 200)
        XCTAssertEqual(response.headers["Content-Type"], "application/json")
        let object = try JSONDocument(response.body).root
        XCTAssertEqual(object["kind"]?.string(), "ServiceAccount")
        let metadata = try XCTUnwrap(object["metadata"])
        XCTAssertEqual(metadata["name"]?.string(), "app")
        XCTAssertEqual(metadata["namespace"]?.string(), "default")
        XCTAssertEqual(metadata["creationTimestamp"]?.string(), "2026-11-23T20:59:40Z")
        XCTAssertEqual(
            metadata["annotations"]?["amazonaws.com/role-arn"]?.string(),
            "arn:aws:iam::123456789012:role/a"
        )
        XCTAssertEqual(metadata["uid"]?.string()?.count, 36)
    }

    func testAChangeKeepsTheObjectAndMovesItsVersion() async throws {
        let emulator = try emulator()
        let path = "/api/v1/namespaces/default/serviceaccounts/app"
        let before = try JSONDocument(await Self.get(emulator, path).body).root["metadata"]
        emulator.apply(try Self.app(), labels: ["a": "b"])
        let after = try JSONDocument(await Self.get(emulator, path).body).root["metadata"]
        XCTAssertEqual(before?["uid"]?.string(), after?["uid"]?.string())
        XCTAssertNotEqual(before?["resourceVersion"]?.string(), after?["resourceVersion"]?.string())
        XCTAssertNil(after?["annotations"])
        XCTAssertEqual(after?["labels"]?["a"]?.string(), "b")
        emulator.delete(try Self.app())
        let gone = await Self.get(emulator, path).status
        XCTAssertEqual(gone, 404)
    }

    func testAnswersWithStatusObjects() async throws {
        let emulator = try emulator()
        let name = try Self.app()
        let path = "/api/v1/namespaces/default/serviceaccounts"
        func check(
            _ path: String,
            _ status: Int,
            _ reason: String,
            _ message: String,
            method: String = "GET"
        ) async throws {
            let response = await emulator.respond(to: HTTPRequest(method: method, target: path))
            let object = try JSONDocument(response.body).root
            XCTAssertEqual(response.status, status, path)
            XCTAssertEqual(object["kind"]?.string(), "Status")
            XCTAssertEqual(object["status"]?.string(), "Failure")
            XCTAssertEqual(object["code"]?.integer(), Int64(status))
            XCTAssertEqual(object["reason"]?.string(), reason)
            XCTAssertEqual(object["message"]?.string(), message)
        }
        let unknown = "the server could not find the requested resource"
        try await check("\(path)/nobody", 404, "NotFound", #"serviceaccounts "nobody" not found"#)
        try await check("\(path)/No%2FBody", 404, "NotFound", #"serviceaccounts "No/Body" not found"#)
        try await check("/api/v1/gadgets", 404, "NotFound", unknown)
        try await check("\(path)/app/token", 404, "NotFound", unknown)
        try await check("/%zz", 404, "NotFound", unknown)
        try await check(
            "\(path)/app",
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
            method: "POST"
        )
        emulator.change { $0.failures[name] = 500 }
        try await check(
            "\(path)/app",
            500,
            "InternalError",
            "Internal error occurred: etcdserver: request timed out"
        )
        emulator.change { $0.failures[name] = 429 }
        try await check(
            "\(path)/app",
            429,
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later"
        )
        emulator.change {
            $0.failures = [:]
            $0.denied = [name]
        }
        try await check(
            "\(path)/app",
            403,
            "Forbidden",
            #"serviceaccounts "app" is forbidden: User "system:serviceaccount:gtoken:gtoken-webhook-sa" cannot get "#
                + #"resource "serviceaccounts" in API group "" in the namespace "default""#
        )
    }

    func testKnowsItsTokens() async throws {
        let emulator = try emulator()
        emulator.change { $0.acceptedTokens = ["good"] }
        let path = "/api/v1/namespaces/default/serviceaccounts/app"
        var statuses = [await Self.get(emulator, path).status]
        for field in ["Bearer bad", "good", "Basic good", "Bearer good"] {
            statuses.append(await Self.get(emulator, path, headers: ["Authorization": field]).status)
        }
        XCTAssertEqual(statuses, [401, 401, 401, 401, 200])
    }

    func testTellsItsVersion() async throws {
        let response = await Self.get(try emulator(), "/version")
        XCTAssertEqual(try JSONDocument(response.body).root["minor"]?.string(), "35")
    }

    func testTakesItsTimeForOneAccount() async throws {
        let emulator = try emulator()
        let name = try Self.app()
        emulator.change { $0.delays[name] = .seconds(30) }
        let other = await Self.get(emulator, "/api/v1/namespaces/default/serviceaccounts/other")
        XCTAssertEqual(other.status, 404)
        async let slow = Self.get(emulator, "/api/v1/namespaces/default/serviceaccounts/app")
        await clock.waitForSleepers()
        clock.advance(by: .seconds(30))
        let status = await slow.status
        XCTAssertEqual(status, 200)
        XCTAssertEqual(emulator.journal.entries.map(\.status), [404, 200])
    }

    func testGivesUpWaitingWhenItsTaskIsCancelled() async throws {
        let emulator = try emulator()
        emulator.change { $0.delay = .seconds(30) }
        let request = HTTPRequest(method: "GET", target: "/version")
        let task = Task { await emulator.respond(to: request).status }
        await clock.waitForSleepers()
        task.cancel()
        let status = await task.value
        XCTAssertEqual(status, 503)
    }

    private func emulator() throws -> KubernetesEmulator {
        let emulator = KubernetesEmulator(clock: clock)
        emulator.apply(
            try Self.app(),
            annotations: ["amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/a"]
        )
        return emulator
    }

    private static func get(
        _ emulator: KubernetesEmulator,
        _ path: String,
        headers: HTTPHeaders = [:]
    ) async -> HTTPResponse {
        await emulator.respond(to: HTTPRequest(method: "GET", target: path, headers: headers))
    }

    private static func app() throws -> KubernetesServiceAccountName {
        try KubernetesServiceAccountName(namespace: "default", name: "app")
    }
}
