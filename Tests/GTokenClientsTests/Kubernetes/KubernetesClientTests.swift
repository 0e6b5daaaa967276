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
        let name = try KubernetesServiceAccountName(namespace: "team", name: "app")
        let path = "/api/v1/namespaces/team/serviceaccounts/app"
        return try await ask(path, answer, credential) { client throws(KubernetesError) in
            try await client.serviceAccountAnnotations(of: name, timeout: .seconds(10))
        }
    }

    /// Asks a server that gives this answer for one path.
    private func ask<Value: Sendable>(
        _ path: String,
        _ answer: HTTPResponse,
        _ credential: KubernetesAccess.Credential,
        _ question: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws -> Result<Value, KubernetesError> {
        let api = try ScriptedAPI(credential: credential) { _, request in
            request.target == path ? answer : .text("\(request.target)\n", status: 418)
        }
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await question(api.client))
        } catch {
            result = .failure(error)
        }
        await api.stop()
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

    /// Our own token is one that the server takes, so what it is for is what no Pod may have a token for.
    func testLearnsWhatTheServerTakesTokensForFromOurOwnToken() async throws {
        func token(_ claims: String) -> String {
            let parts = [#"{"alg":"RS256"}"#, claims].map { Base64URL.encode(Array($0.utf8)) }
            return (parts + ["c2ln"]).joined(separator: ".")
        }
        let issuer = "https://issuer.example"
        let cases: [(KubernetesAccess.Credential, Set<String>)] = [
            (
                .token(token(#"{"iss":"https://issuer.example","aud":["https://api.example","x"]}"#)),
                [issuer, "https://api.example", "x"]
            ),
            (.token(token(#"{"iss":"https://issuer.example"}"#)), [issuer]),
            (.token("opaque"), []), (.none, []),
        ]
        let version = HTTPResponse.json(Array(#"{"major":"1","minor":"33"}"#.utf8))
        for (credential, audiences) in cases {
            let facts = try await ask("/version", version, credential) { client throws(KubernetesError) in
                try await client.clusterFacts(timeout: .seconds(10))
            }
            XCTAssertEqual(
                facts,
                .success(ClusterFacts(supportsNativeSidecars: true, apiAudiences: audiences))
            )
        }
    }
}
