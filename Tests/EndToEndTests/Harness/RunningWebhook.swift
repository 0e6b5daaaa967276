import Foundation
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// How the webhook finds the Kubernetes API.
enum APIAccess {
    /// By `--kube-api`, on this port of this machine.
    case port(UInt16)
    /// By `KUBECONFIG`, with this content.
    case kubeconfig(String)
}

/// The built webhook, serving, and a client that trusts it.
final class RunningWebhook: Sendable {
    let process: ChildProcess
    let port: UInt16
    let client: HTTPClient
    private let folder: TemporaryDirectory
    private let scheme: String
    private let loop: EventLoop
    let trust: TLSClientContext?

    /// Starts it against a Kubernetes API, and waits until it is ready.
    init(
        api: APIAccess,
        on loop: EventLoop,
        usesTLS: Bool = true,
        arguments: [String] = []
    ) async throws {
        folder = try TemporaryDirectory()
        var arguments = arguments
        var trust: TLSClientContext?
        if usesTLS {
            let authority = try CertificateAuthority.create(commonName: "test", validFor: .seconds(3600))
            let leaf = try authority.issueServerCertificate(
                dnsNames: ["gtoken-webhook-svc.gtoken.svc"],
                ipAddresses: ["127.0.0.1"],
                validFor: .seconds(3600)
            )
            arguments += [
                "--tls-cert-file=\(try folder.write("cert.pem", leaf.certificatePEM))",
                "--tls-private-key-file=\(try folder.write("key.pem", leaf.privateKeyPEM))",
            ]
            trust = try TLSClientContext(trustedRootsPEM: authority.certificatePEM)
        }
        self.trust = trust
        self.loop = loop
        scheme = usesTLS ? "https" : "http"
        var environment: [String: String] = [:]
        switch api {
        case .port(let port): arguments.append("--kube-api=http://127.0.0.1:\(port)")
        case .kubeconfig(let text):
            environment["KUBECONFIG"] = try folder.write("kubeconfig", Array(text.utf8))
            // kubectl keeps a cache there.
            environment["HOME"] = folder.path
            environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        }
        process = try ChildProcess(
            [
                BuiltTool.path("gtoken-webhook"), "--json", "server", "--listen-address=127.0.0.1:0",
                "--shutdown-delay=10ms",
            ]
                + arguments,
            environment: environment,
            standardError: .file(folder.file("webhook.log"))
        )
        let folder = folder
        port = try await eventually("the webhook listens") {
            let lines = folder.text("webhook.log").split(separator: "\n").compactMap {
                try? JSONDocument(Array($0.utf8)).root
            }
            let line = lines.first { $0["msg"]?.isString("listening") == true }
            return line?["port"]?.integer().map { UInt16($0) }
        }
        client = HTTPClient(loop: loop, tls: trust)
        for _ in 0..<400 {
            if try await get("/readyz").status == 200 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        XCTFail("the webhook does not get ready: \(log)")
    }

    deinit { process.send(signal: SIGKILL) }

    /// What it has logged.
    var log: String { folder.text("webhook.log") }

    /// Asks for a path.
    func get(_ path: String) async throws -> HTTPResponse { try await send("GET", path, []) }

    /// Sends a review the way an API server does.
    func review(_ body: [UInt8], timeout: String = "10s") async throws -> HTTPResponse {
        try await send("POST", "/pods?timeout=\(timeout)", body)
    }

    /// A review as an API server sends it.
    func reviewRequest(_ body: [UInt8]) throws -> HTTPClientRequest {
        try request("POST", "/pods?timeout=10s", body)
    }

    /// Sends a review the way an API server does that has no connection left: over a new one.
    func reviewOnNewConnection(
        _ body: [UInt8],
        timeout: Duration = .seconds(20)
    ) async throws -> HTTPResponse {
        let client = HTTPClient(loop: loop, tls: trust)
        defer { client.close() }
        var request = try reviewRequest(body)
        request.timeout = timeout
        return try await client.send(request)
    }

    private func send(_ method: String, _ target: String, _ body: [UInt8]) async throws -> HTTPResponse {
        let response = try await client.send(request(method, target, body))
        PrintedOutput.keep(response.body, as: "webhook-answers")
        return response
    }

    private func request(_ method: String, _ target: String, _ body: [UInt8]) throws -> HTTPClientRequest {
        HTTPClientRequest(
            method: method,
            url: try HTTPURL(parsing: "\(scheme)://127.0.0.1:\(port)\(target)"),
            headers: ["Accept": "application/json, */*", "Content-Type": "application/json"],
            body: body
        )
    }

    /// Ends it as the kubelet does; answers its exit status.
    func terminate() async throws -> Int32 {
        process.send(signal: SIGTERM)
        return try await eventually("the webhook ends", within: .seconds(12)) { process.exitStatus() }
    }
}
