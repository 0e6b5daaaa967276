import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built `gtoken serve`.
final class CredentialEndpointTests: XCTestCase {
    private struct Endpoint {
        let process: ChildProcess
        let folder: TemporaryDirectory
        let url: String

        var authorization: String { folder.text("authorization") }
        var healthURL: String { url.replacingOccurrences(of: "/credentials", with: "/healthz") }

        /// Ends it as a kubelet does.
        func stop() async throws {
            process.send(signal: SIGTERM)
            let status = try await eventually("gtoken ends") { process.exitStatus() }
            XCTAssertEqual(status, 0)
        }
    }

    private func withEndpoint(
        _ service: TokenService,
        _ arguments: [String] = [],
        _ body: (Endpoint) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let process = try ChildProcess(
            [
                BuiltTool.path("gtoken"), "serve", "--listen-address=127.0.0.1:0",
                "--url-file=\(folder.file("url"))",
                "--authorization-token-file=\(folder.file("authorization"))",
            ] + arguments,
            environment: service.environment,
            standardOutput: .file(folder.file("gtoken.out")),
            standardError: .file(folder.file("gtoken.log"))
        )
        let url = try await eventually("it listens") {
            process.exitStatus() == nil ? (folder.text("url").isEmpty ? nil : folder.text("url")) : ""
        }
        let endpoint = Endpoint(process: process, folder: folder, url: url)
        do {
            try await body(endpoint)
        } catch {
            process.send(signal: SIGKILL)
            _ = process.waitBlocking()
            throw error
        }
        try await endpoint.stop()
    }

    /// The first credentials that are served and are none of `others`.
    private func credentials(
        _ service: TokenService,
        _ endpoint: Endpoint,
        besides other: String? = nil
    ) async throws -> JSONDocument {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let answer = try await service.get(endpoint.url, ["Authorization": endpoint.authorization])
            if answer.status == 200 {
                let document = try JSONDocument(answer.body)
                if document.root["AccessKeyId"]?.string() != other { return document }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        XCTFail("no credentials: \(endpoint.folder.text("gtoken.log"))")
        throw CancellationError()
    }

    func testServesWhatSDKsRead() async throws {
        try await withTokenService { service in
            try await withEndpoint(service) { endpoint in
                let root = try await credentials(service, endpoint).root
                XCTAssertEqual(
                    root.members.map(\.name),
                    ["AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId"]
                )
                let health = try await service.get(endpoint.healthURL)
                XCTAssertEqual(health.status, 200)
                let path = endpoint.folder.file("authorization")
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                XCTAssertEqual(mode, 0o600)
                XCTAssertEqual(endpoint.authorization.utf8.count, 43)
            }
        }
    }

    func testAnswersNobodyElse() async throws {
        try await withTokenService { service in
            try await withEndpoint(service) { endpoint in
                _ = try await credentials(service, endpoint)
                let right = endpoint.authorization
                let cases: [(String, String, [String: String], Int, String)] = [
                    (endpoint.url, "GET", [:], 401, "AccessDenied"),
                    (endpoint.url, "GET", ["Authorization": ""], 401, "AccessDenied"),
                    (endpoint.url, "GET", ["Authorization": right + "x"], 401, "AccessDenied"),
                    (endpoint.url, "GET", ["Authorization": "Bearer " + right], 401, "AccessDenied"),
                    (endpoint.url, "POST", ["Authorization": right], 405, "MethodNotAllowed"),
                    (endpoint.url + "/x", "GET", ["Authorization": right], 404, "NotFound"),
                ]
                for (url, method, fields, status, code) in cases {
                    let answer = try await service.get(url, method: method, fields)
                    XCTAssertEqual(answer.status, status, "\(method) \(fields.keys)")
                    let root = try JSONDocument(answer.body).root
                    XCTAssertEqual(root.members.map(\.name), ["code", "message"])
                    XCTAssertEqual(root["code"]?.string(), code)
                }
            }
        }
    }

    func testAPageWhoseNameLeadsToLoopbackGetsNothing() async throws {
        try await withTokenService { service in
            try await withEndpoint(service) { endpoint in
                _ = try await credentials(service, endpoint)
                let port = try XCTUnwrap(HTTPURL(parsing: endpoint.url).port)
                let loop = service.loop
                let client = HTTPClient(loop: loop)
                defer { client.close() }
                for (host, status) in [("evil.example", 403), ("localhost", 200)] {
                    var request = HTTPClientRequest(
                        url: try HTTPURL(parsing: "http://\(host):\(port)/credentials"),
                        headers: ["Authorization": endpoint.authorization]
                    )
                    request.address = .loopback(port: port)
                    let answer = try await client.send(request)
                    XCTAssertEqual(answer.status, status, host)
                }
            }
        }
    }

    func testAnotherAuthorizationCountsAtOnce() async throws {
        try await withTokenService { service in
            try await withEndpoint(service) { endpoint in
                _ = try await credentials(service, endpoint)
                let old = endpoint.authorization
                _ = try endpoint.folder.write("authorization", Array("another\n".utf8))
                let withOld = try await service.get(endpoint.url, ["Authorization": old])
                XCTAssertEqual(withOld.status, 401)
                let withNew = try await service.get(endpoint.url, ["Authorization": "another"])
                XCTAssertEqual(withNew.status, 200)
                _ = try endpoint.folder.write("authorization", [])
                let withEmpty = try await service.get(endpoint.url, ["Authorization": ""])
                XCTAssertEqual(withEmpty.status, 401)
                try FileManager.default.removeItem(atPath: endpoint.folder.file("authorization"))
                let withNone = try await service.get(endpoint.url, ["Authorization": "another"])
                XCTAssertEqual(withNone.status, 500)
            }
        }
    }

    func testRenewsAheadAndServesTheOldOnesWhileAWSIsAway() async throws {
        try await withTokenService { service in
            service.limitSessions(to: .seconds(6))
            try await withEndpoint(service) { endpoint in
                let first = try await credentials(service, endpoint).root["AccessKeyId"]?.string()
                let second = try await credentials(service, endpoint, besides: first).root
                XCTAssertNotEqual(second["AccessKeyId"]?.string(), first)
                var faults = AWSFaults()
                faults.isDown = true
                service.aws.setFaults(faults)
                let held = try await service.get(endpoint.url, ["Authorization": endpoint.authorization])
                XCTAssertEqual(held.status, 200)
                let deadline = ContinuousClock.now + .seconds(30)
                var gone = held
                while gone.status == 200, ContinuousClock.now < deadline {
                    gone = try await service.get(endpoint.url, ["Authorization": endpoint.authorization])
                    try await Task.sleep(for: .milliseconds(20))
                }
                XCTAssertEqual(gone.status, 503)
                service.aws.setFaults(AWSFaults())
                _ = try await credentials(service, endpoint)
            }
        }
    }

    func testSaysThatAWSRefuses() async throws {
        try await withTokenService { service in
            try await withEndpoint(service, ["--role-arn=\(TokenService.role)-not"]) { endpoint in
                try await eventually("it is known") {
                    endpoint.folder.text("gtoken.log").contains("no credentials") ? true : nil
                }
                let answer = try await service.get(endpoint.url, ["Authorization": endpoint.authorization])
                XCTAssertEqual(answer.status, 403)
                let root = try JSONDocument(answer.body).root
                XCTAssertEqual(root["code"]?.string(), "AccessDenied")
                XCTAssertTrue(root["message"]?.string()?.contains("Not authorized") ?? false)
                let health = try await service.get(endpoint.healthURL)
                XCTAssertEqual(health.status, 503)
            }
        }
    }
}
