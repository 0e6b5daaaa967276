import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// What the client makes of an API server's answers, over a real connection.
final class KubernetesClientTests: XCTestCase {
    private static let account = #"{"kind":"ServiceAccount","metadata":{"annotations":"#

    /// Asks a server that gives this answer for a ServiceAccount's annotations.
    private func annotations(
        answer: HTTPResponse,
        credential: KubernetesAccess.Credential = .none
    ) async throws -> Result<[String: String], KubernetesError> {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.loops[0]
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { request in
            let isAsked = request.target == "/api/v1/namespaces/team/serviceaccounts/app"
            return isAsked ? answer : .text("\(request.target)\n", status: 418)
        }
        let url = try KubernetesAccess.url("http://127.0.0.1:\(try server.start())")
        let serving = Task(executorPreference: loop) { try await server.run() }
        let client = try KubernetesClient(
            access: KubernetesAccess(server: url, credential: credential),
            loop: loop
        )
        let name = try KubernetesServiceAccountName(namespace: "team", name: "app")
        let result: Result<[String: String], KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await client.serviceAccountAnnotations(of: name, timeout: .seconds(10)))
        } catch {
            result = .failure(error)
        }
        serving.cancel()
        _ = await serving.result
        return result
    }

    func testReadsAnnotations() async throws {
        let cases: [(String, [String: String])] = [
            (#"{"kind":"ServiceAccount","metadata":{}}"#, [:]),
            (Self.account + "null}}", [:]),
            (Self.account + #"{"a":"1","b/c":"\u00e9"}}}"#, ["a": "1", "b/c": "é"]),
        ]
        for (body, expected) in cases {
            let result = try await annotations(answer: .json(Array(body.utf8)))
            XCTAssertEqual(result, .success(expected), body)
        }
    }

    func testAnswersThatTheAPIDoesNotGiveAreRefused() async throws {
        for body in [
            "", "{", "[]", #"{"kind":"Pod","metadata":{}}"#, Self.account + #"{"a":"1","a":"2"}}}"#,
            Self.account + #"{}},"metadata":{}}"#, #"{"kind":"ServiceAccount","metadata":{},"metadata":{}}"#,
        ] {
            let result = try await annotations(answer: .json(Array(body.utf8)))
            XCTAssertEqual(result, .failure(.malformedAnswer), body)
        }
    }

    func testOnlyAStatusSaysThatAServiceAccountDoesNotExist() async throws {
        let status = #"{"kind":"Status","reason":"NotFound","code":404}"#
        let missing = try await annotations(answer: .json(Array(status.utf8), status: 404))
        XCTAssertEqual(missing, .failure(.notFound))
        let other = try await annotations(answer: .text("404 page not found\n", status: 404))
        XCTAssertEqual(other, .failure(.refused(status: 404, reason: "")))
    }

    func testAFileThatHoldsNoTokenIsNamed() async throws {
        let directory = try TemporaryDirectory()
        for content in ["", "\n", "two words", "caf\u{e9}"] {
            let path = try directory.write("token", Array(content.utf8))
            let result = try await annotations(answer: .json([]), credential: .tokenFile(path))
            XCTAssertEqual(result, .failure(.noToken("\(path) does not hold a token")), content)
        }
    }
}
