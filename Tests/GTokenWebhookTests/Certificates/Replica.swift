import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// One webhook of several, with its certificate alone.
struct Replica {
    let certificate: SelfManagedCertificate
    let log = RecordedLog()
    let registry = MetricsRegistry()

    init(_ api: CertificateTestAPI, lives: CertificateLives = CertificateLives()) throws {
        certificate = SelfManagedCertificate(
            api: CertificateAPI(client: api.client, names: CertificateTestAPI.names),
            serving: try .placeholder(
                dnsNames: [CertificateTestAPI.host],
                clientRootsPEM: nil,
                minimumVersion: .v1_2,
                at: api.clock.now()
            ),
            registry: registry,
            clock: api.clock,
            logger: log.logger(clock: api.clock),
            lives: lives
        )
    }

    /// Shakes hands as an API server does that trusts each entry's live `caBundle`, at the clock's time; the names it may
    /// use are those of the Service.
    func verify(
        _ api: CertificateTestAPI,
        _ what: String = "",
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let entries = try XCTUnwrap(api.webhooks, file: file, line: line).entries
        XCTAssertEqual(entries.count, 2, file: file, line: line)
        for entry in entries {
            XCTAssertNil(
                refusal(trusting: entry.anchors, at: api.clock.now()),
                "\(what) \(entry.name)",
                file: file,
                line: line
            )
        }
    }

    /// What a client that trusts these says against the certificate.
    func refusal(
        trusting anchors: [TrustAnchor],
        host: String = CertificateTestAPI.host,
        at time: UnixTime
    ) -> String? {
        do throws(TLSError) {
            let trust = try TLSClientContext(trustedRootsPEM: anchors.flatMap(\.pem)) { time }
            let client = try TLSSession(client: trust, host: host)
            let server = try TLSSession(server: certificate.serving.context)
            for _ in 0..<10 {
                let clientIsDone = try client.handshake() == .done
                try Self.carry(from: client, to: server)
                let serverIsDone = try server.handshake() == .done
                try Self.carry(from: server, to: client)
                if clientIsDone, serverIsDone { return nil }
            }
            return "no handshake in ten rounds"
        } catch {
            return "\(error)"
        }
    }

    private static func carry(from sender: TLSSession, to receiver: TLSSession) throws(TLSError) {
        var bytes: [UInt8] = []
        sender.takeOutput(into: &bytes)
        try receiver.receive(bytes.span)
    }

    /// The value of a metric without labels, or with these.
    func metric(_ name: String) -> Double? {
        let lines = String(decoding: registry.exposition(), as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
    }
}
