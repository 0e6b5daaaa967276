import GTokenNet
import TestSupport
import XCTest

/// What comes to the port before, beneath and in place of HTTP.
final class HostileTLSTests: XCTestCase {
    /// Bytes of another protocol, of none, and of TLS in the wrong place: an alert at most, and the end.
    func testWhatIsNoHandshakeIsClosedWithAnAlertAtMost() async throws {
        var generator = SeededGenerator()
        func noise(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        var inputs: [[UInt8]] = [
            Array("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
            Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8),
            Array("SSH-2.0-x\r\n".utf8), [UInt8](repeating: 0, count: 100_000), [0x80, 0x2E, 1, 0, 2],
        ]
        for count in [1, 5, 6, 100, 20_000, 200_000] { inputs.append(noise(count)) }
        for type in [UInt8](0...30) + [255] {
            for version: [UInt8] in [[3, 0], [3, 1], [3, 3], [3, 4], [9, 9]] {
                for length in [0, 1, 2, 300, 16_384] {
                    inputs.append(
                        [type] + version + [UInt8(length >> 8), UInt8(length & 0xFF)] + noise(length)
                    )
                }
            }
        }
        // Longer than a record may be.
        inputs.append([22, 3, 1, 0xFF, 0xFF] + noise(0xFFFF))
        try await HostileWebhook.run { hostile in
            for input in inputs {
                let answer = try await hostile.raw.answer(to: input, tls: false)
                XCTAssertTrue(Self.isAlertAtMost(answer), "\(input.prefix(8)): \(answer.prefix(40))")
            }
        }
    }

    func testAClientHelloThatIsCutAnywhereIsClosed() async throws {
        try await HostileWebhook.run { hostile in
            let session = try TLSSession(client: hostile.raw.trust, host: "127.0.0.1")
            _ = try session.handshake()
            var hello: [UInt8] = []
            session.takeOutput(into: &hello)
            XCTAssertGreaterThan(hello.count, 200)
            for count in 0..<hello.count {
                let answer = try await hostile.raw.answer(to: Array(hello.prefix(count)), tls: false)
                XCTAssertTrue(Self.isAlertAtMost(answer), "\(count) bytes: \(answer.prefix(40))")
            }
            // Each byte flipped in turn: a handshake or an alert, and never more.
            for index in stride(from: 0, to: hello.count, by: 7) {
                var other = hello
                other[index] ^= 0xFF
                let answer = try await hostile.raw.answer(to: other, tls: false)
                XCTAssertFalse(answer.starts(with: "HTTP".utf8), "\(index)")
                XCTAssertFalse(answer.suffix(12).elementsEqual("(not closed)".utf8), "\(index)")
            }
        }
    }

    private static func isAlertAtMost(_ answer: [UInt8]) -> Bool {
        answer.isEmpty || (answer.count == 7 && answer[0] == 21)
    }

    func testVersionsBelowTLS12AreRefused() async throws {
        try await HostileWebhook.run { hostile in
            for version in ["-tls1", "-tls1_1"] {
                let old = try SClient.run([version, "-cipher", "ALL:@SECLEVEL=0"], port: hostile.raw.port)
                XCTAssertNotEqual(old.status, 0, version)
                XCTAssertTrue(old.text.contains("Cipher is (NONE)"), "\(version): \(old.text)")
            }
            for version in ["-tls1_2", "-tls1_3"] {
                let new = try SClient.run([version], port: hostile.raw.port)
                XCTAssertEqual(new.status, 0, "\(version): \(new.text)")
            }
        }
    }

    /// Each handshake on the same connection would cost a signature, and the client next to nothing.
    func testRenegotiationIsRefused() async throws {
        try await HostileWebhook.run { hostile in
            let asked = try SClient.run(
                ["-tls1_2"],
                port: hostile.raw.port,
                typing: "R\n",
                after: "Extended master secret"
            )
            XCTAssertTrue(asked.text.contains("RENEGOTIATING"), asked.text)
            XCTAssertTrue(asked.text.contains("no renegotiation"), asked.text)
            XCTAssertNotEqual(asked.status, 0)
        }
    }

    /// Closing with unread bytes is a reset.
    func testResetsAtEveryStageHarmNobody() async throws {
        let request = HostileWebhook.post(HostileReview.small)
        try await HostileWebhook.run { hostile in
            let deadline = Deadline.after(.seconds(60))
            for round in 0..<40 {
                let count = round * request.count / 20
                let plain = try await hostile.raw.connect()
                try await plain.write(Array(request.prefix(count + 1)), deadline: deadline)
                plain.close()
                let secure = try await hostile.raw.connectTLS()
                try await secure.write(Array((request + request).prefix(count + 1)), deadline: deadline)
                if round % 2 == 0 { try await secure.finishWriting(deadline: deadline) }
                secure.close()
            }
        }
    }
}
