import Foundation
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built webhook and its certificate, in both ways.
///
/// It is called as an API server calls it: verified by `caBundle`, by the Service's name, at an address that the certificate
/// does not name.
final class CertificateTests: XCTestCase {
    private static let host = "gtoken-webhook-svc.gtoken.svc"
    private static let configurations =
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"

    /// The webhook with probes and metrics on a plain port of their own.
    private final class Process: Sendable {
        let port: UInt16
        let process: ChildProcess
        private let telemetry: UInt16
        private let folder: TemporaryDirectory
        private let client: HTTPClient
        private let loop: EventLoop

        init(_ cluster: Cluster, _ arguments: [String]) async throws {
            let folder = try TemporaryDirectory()
            self.folder = folder
            loop = cluster.loop
            client = HTTPClient(loop: cluster.loop)
            process = try ChildProcess(
                [
                    BuiltTool.path("gtoken-webhook"), "--json", "server", "--listen-address=127.0.0.1:0",
                    "--telemetry-listen-address=127.0.0.1:0", "--shutdown-delay=10ms",
                    "--kube-api=http://127.0.0.1:\(cluster.port)", "--image=gtoken",
                ] + arguments,
                environment: ["POD_NAMESPACE": "gtoken"],
                standardError: .file(folder.file("log"))
            )
            func port(_ message: String) async throws -> UInt16 {
                try await eventually(message) {
                    let lines = folder.text("log").split(separator: "\n").compactMap {
                        try? JSONDocument(Array($0.utf8)).root
                    }
                    let line = lines.first { $0["msg"]?.isString(message) == true }
                    return line?["port"]?.integer().map { UInt16($0) }
                }
            }
            self.port = try await port("listening")
            telemetry = try await port("listening for telemetry")
        }

        deinit { process.send(signal: SIGKILL) }

        var log: String { folder.text("log") }

        func telemetry(_ path: String) async throws -> HTTPResponse {
            let url = try HTTPURL(parsing: "http://127.0.0.1:\(telemetry)\(path)")
            return try await client.send(HTTPClientRequest(method: "GET", url: url))
        }

        func waitUntilReady() async throws {
            for _ in 0..<1000 {
                if try await telemetry("/readyz").status == 200 { return }
                try await Task.sleep(for: .milliseconds(10))
            }
            XCTFail("the webhook does not get ready: \(log)")
        }

        /// The first line of the answer to a review, from a caller that trusts these.
        func review(_ body: [UInt8], trusting roots: [UInt8]) async throws -> String {
            let (loop, port) = (loop, port)
            let task = Task(executorPreference: loop) { () async throws -> String in
                let deadline = Deadline.after(.seconds(20))
                let connection = try await Connection.connect(
                    to: [.loopback(port: port)],
                    on: loop,
                    deadline: deadline
                )
                defer { connection.close() }
                let trust = try TLSClientContext(trustedRootsPEM: roots)
                try await connection.startTLS(
                    TLSSession(client: trust, host: CertificateTests.host),
                    deadline: deadline
                )
                let head =
                    "POST /pods?timeout=10s HTTP/1.1\r\nHost: \(CertificateTests.host)\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
                try await connection.write(Array(head.utf8) + body, deadline: deadline)
                var answer: [UInt8] = []
                while try await connection.read(into: &answer, atMost: 1 << 16, deadline: deadline) > 0 {}
                return String(decoding: answer.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            }
            return try await task.value
        }
    }

    private func withCluster(_ body: (Cluster) async throws -> Void) async throws {
        let cluster = try Cluster(namespace: "gtoken")
        try cluster.annotate("gtoken-webhook-sa")
        let result: Result<Void, any Error>
        do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
        await cluster.stop()
        try result.get()
    }

    /// What callers of the webhook trust.
    private func bundle(_ cluster: Cluster) async throws -> [UInt8] {
        let url = try HTTPURL(
            parsing: "http://127.0.0.1:\(cluster.port)\(Self.configurations)/mutating-gtoken-webhook-cfg"
        )
        let answer = try await HTTPClient(loop: cluster.loop).send(HTTPClientRequest(method: "GET", url: url))
        let webhook = try JSONDocument(answer.body).root["webhooks"]?.elements.first { _ in true }
        return Base64.decode(webhook?["clientConfig"]?["caBundle"]?.string() ?? "") ?? []
    }

    private func register(_ cluster: Cluster) async throws {
        let body =
            #"{"metadata":{"name":"mutating-gtoken-webhook-cfg"},"webhooks":[{"name":"gtoken.doit-intl.com","sideEffects":"#
            + #""None","admissionReviewVersions":["v1"],"clientConfig":{"service":{"name":"gtoken-webhook-svc","#
            + #""namespace":"gtoken","path":"/pods"}}}]}"#
        let request = HTTPClientRequest(
            method: "POST",
            url: try HTTPURL(parsing: "http://127.0.0.1:\(cluster.port)\(Self.configurations)"),
            headers: ["Content-Type": "application/json"],
            body: Array(body.utf8)
        )
        let answer = try await HTTPClient(loop: cluster.loop).send(request)
        XCTAssertEqual(answer.status, 201)
    }

    func testTwoReplicasThatManageTheirCertificateAreVerifiedByCaBundle() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster { cluster in
            let replicas = [
                try await Process(cluster, ["--tls-self-managed"]),
                try await Process(cluster, ["--tls-self-managed"]),
            ]
            // Nobody calls it yet: it says so.
            let early = try await replicas[0].telemetry("/readyz")
            XCTAssertEqual(early.status, 503)
            XCTAssertTrue(String(decoding: early.body, as: UTF8.self).contains("there is no certificate yet"))
            try await self.register(cluster)
            for replica in replicas { try await replica.waitUntilReady() }
            let roots = try await self.bundle(cluster)
            for replica in replicas {
                let answer = try await replica.review(body, trusting: roots)
                XCTAssertEqual(answer, "HTTP/1.1 200 OK")
                let metrics = String(decoding: try await replica.telemetry("/metrics").body, as: UTF8.self)
                XCTAssertTrue(metrics.contains("\ngtoken_webhook_ca_bundle_current 1\n"), metrics)
                XCTAssertFalse(replica.log.contains("PRIVATE"), replica.log)
                replica.process.send(signal: SIGTERM)
                let status = try await eventually("the webhook ends", within: .seconds(12)) {
                    replica.process.exitStatus()
                }
                XCTAssertEqual(status, 0)
            }
        }
    }

    func testANewPairOfFilesIsServedWithoutARestart() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        let folder = try TemporaryDirectory()
        func write() throws -> [UInt8] {
            let authority = try CertificateAuthority.create(commonName: "test", validFor: .seconds(3600))
            let leaf = try authority.issueServerCertificate(dnsNames: [Self.host], validFor: .seconds(3600))
            _ = try folder.write("cert.pem", leaf.certificatePEM)
            _ = try folder.write("key.pem", leaf.privateKeyPEM)
            return authority.certificatePEM
        }
        try await withCluster { cluster in
            let first = try write()
            let webhook = try await Process(
                cluster,
                [
                    "--tls-cert-file=\(folder.file("cert.pem"))",
                    "--tls-private-key-file=\(folder.file("key.pem"))",
                ]
            )
            try await webhook.waitUntilReady()
            let before = try await webhook.review(body, trusting: first)
            XCTAssertEqual(before, "HTTP/1.1 200 OK")
            let second = try write()
            _ = try await eventually("the new files are served") {
                webhook.log.contains("serving new certificate files") ? true : nil
            }
            let after = try await webhook.review(body, trusting: second)
            XCTAssertEqual(after, "HTTP/1.1 200 OK")
        }
    }

    func testAKeyOfAnotherCertificateIsRefusedAtStart() async throws {
        let folder = try TemporaryDirectory()
        let authority = try CertificateAuthority.create(commonName: "test", validFor: .seconds(3600))
        let leaves = try (0..<2).map { _ in
            try authority.issueServerCertificate(dnsNames: [Self.host], validFor: .seconds(3600))
        }
        let certificate = try folder.write("cert.pem", leaves[0].certificatePEM)
        let key = try folder.write("key.pem", leaves[1].privateKeyPEM)
        let process = try ChildProcess(
            [
                BuiltTool.path("gtoken-webhook"), "server", "--kube-api=http://127.0.0.1:1",
                "--tls-cert-file=\(certificate)", "--tls-private-key-file=\(key)",
            ],
            environment: [:],
            standardError: .file(folder.file("log"))
        )
        let status = try await eventually("the webhook ends") { process.exitStatus() }
        XCTAssertEqual(status, ExitCode.configuration.rawValue)
        let log = folder.text("log")
        XCTAssertTrue(log.contains("private key does not belong to the certificate"), log)
        XCTAssertFalse(log.contains("BEGIN"), log)
    }
}
