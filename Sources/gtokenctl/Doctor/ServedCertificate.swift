import GTokenCore
import GTokenNet
import GTokenRuntime
import Glibc

/// What the webhook's Service serves, seen as an API server sees it.
struct ServedCertificate {
    private let service: JSONValue
    private let port: Int64
    private let kubectl: Kubectl

    /// Of a Service and the port that API servers ask.
    init(_ service: JSONValue, port: Int64, _ kubectl: Kubectl) {
        (self.service, self.port, self.kubectl) = (service, port, kubectl)
    }

    /// Verifies it by what API servers trust; answers words about it.
    ///
    /// - Throws: ``CheckFailure`` where they would not trust it, ``CheckSkipped`` where no port can be forwarded.
    func check(trusting anchors: [TrustAnchor]) async throws -> String {
        let namespace = service["metadata"]?["namespace"]?.string() ?? ""
        let name = service["metadata"]?["name"]?.string() ?? ""
        let forward = try await PortForward(kubectl, namespace: namespace, service: name, port: port)
        defer { forward.end() }
        let host = "\(name).\(namespace).svc"
        let tls = try TLSClientContext(trustedRootsPEM: anchors.flatMap { $0.pem + [UInt8(ascii: "\n")] })
        let client = HTTPClient(loop: kubectl.loop, tls: tls)
        defer { client.close() }
        var request = HTTPClientRequest(url: try HTTPURL(parsing: "https://\(host):\(port)/healthz"))
        request.address = .loopback(port: forward.port)
        request.usesProxy = false
        request.timeout = .seconds(10)
        do throws(HTTPClientError) {
            let answer = try await client.send(request)
            return "caBundle verifies it for \(host); /healthz answers \(answer.status)"
        } catch {
            throw CheckFailure(
                "API servers do not trust what \(host) serves: \(error)",
                hint:
                    "caBundle must hold the authority of the certificate, and the certificate the name \(host)"
            )
        }
    }
}

/// `kubectl port-forward`, as long as it is kept.
final class PortForward: Sendable {
    /// The port on this machine.
    let port: UInt16
    private let child: ChildProcess

    /// Starts it and waits until it forwards.
    ///
    /// - Throws: ``CheckSkipped`` where it does not: it needs a right, and a Pod that runs.
    init(_ kubectl: Kubectl, namespace: String, service: String, port: Int64) async throws {
        var pipes: [Int32] = [-1, -1]
        guard unsafe pipe(&pipes) == 0 else { throw CheckSkipped("no pipe for kubectl port-forward") }
        for descriptor in pipes { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(pipes[0], F_SETFL, O_NONBLOCK)
        let reading = pipes[0]
        defer { close(reading) }
        do throws(SubprocessError) {
            defer { close(pipes[1]) }
            child = try ChildProcess(
                ["kubectl"] + kubectl.access.arguments + [
                    "port-forward", "--namespace=\(namespace)", "--address=127.0.0.1", "service/\(service)",
                    ":\(port)",
                ],
                standardOutput: .descriptor(pipes[1]),
                standardError: .descriptor(pipes[1])
            )
        } catch {
            throw CheckSkipped("kubectl port-forward cannot be run: \(error)")
        }
        var printed: [UInt8] = []
        let deadline = Deadline.after(.seconds(15))
        while printed.count < 64 << 10 {
            do { try await kubectl.loop.waitReadable(reading, deadline: deadline) } catch { break }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(reading, &chunk, chunk.count)
            guard count > 0 else { break }
            printed += chunk[..<count]
            if let port = Self.port(in: String(decoding: printed, as: UTF8.self)) {
                self.port = port
                return
            }
        }
        child.send(signal: SIGKILL)
        _ = child.waitBlocking()
        let last = String(decoding: printed, as: UTF8.self).split(separator: "\n").last.map(String.init)
        throw CheckSkipped("kubectl port-forward does not work: \((last ?? "no answer").inOneLine)")
    }

    /// The port in its first line, `Forwarding from 127.0.0.1:PORT -> 10250`.
    private static func port(in text: String) -> UInt16? {
        for line in text.split(separator: "\n") where line.hasPrefix("Forwarding from 127.0.0.1:") {
            return UInt16(line.dropFirst("Forwarding from 127.0.0.1:".count).prefix { $0.isNumber })
        }
        return nil
    }

    /// Ends it.
    func end() {
        child.send(signal: SIGKILL)
        _ = child.waitBlocking()
    }
}
