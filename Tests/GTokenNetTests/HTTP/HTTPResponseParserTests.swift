import XCTest

@testable import GTokenNet

final class HTTPResponseParserTests: XCTestCase {
    private struct Answer: Equatable {
        var status: Int
        var body: String
        var keepsAlive: Bool
    }

    func testBodiesAndWhetherTheConnectionIsKept() throws {
        let cases: [(method: String, text: String, expected: Answer)] = [
            (
                "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                Answer(status: 200, body: "hi", keepsAlive: true)
            ),
            (
                "GET", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
                Answer(status: 200, body: "hi", keepsAlive: true)
            ),
            (
                "GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
                Answer(status: 200, body: "", keepsAlive: true)
            ),
            (
                "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
                Answer(status: 200, body: "hi", keepsAlive: false)
            ),
            (
                "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!",
                Answer(status: 200, body: "hi", keepsAlive: false)
            ),
            (
                "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                Answer(status: 200, body: "hi", keepsAlive: false)
            ),
            (
                "GET", "HTTP/1.1 404 Näh\r\n\r\nuntil close",
                Answer(status: 404, body: "until close", keepsAlive: false)
            ),
            (
                "GET",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nhi\r\n1;a\r\n!\r\n0\r\nA: b\r\n\r\n",
                Answer(status: 200, body: "hi!", keepsAlive: true)
            ),
            (
                "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                Answer(status: 200, body: "", keepsAlive: true)
            ),
            (
                "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                Answer(status: 200, body: "", keepsAlive: true)
            ),
            ("GET", "HTTP/1.1 204 No Content\r\n\r\n", Answer(status: 204, body: "", keepsAlive: true)),
            (
                "GET", "HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n",
                Answer(status: 304, body: "", keepsAlive: true)
            ),
            (
                "GET",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n"
                    + "Content-Length: 1\r\n\r\nx", Answer(status: 200, body: "x", keepsAlive: true)
            ),
        ]
        for (method, text, expected) in cases {
            for step in [1, 3, text.utf8.count] {
                XCTAssertEqual(try answer(text, method, step: step), expected, "\(text) by \(step)")
            }
        }
    }

    func testAnAnswerThatEndsEarlyIsTruncated() throws {
        let texts = [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        ]
        for text in texts {
            for cut in 0..<text.utf8.count {
                let part = String(decoding: Array(text.utf8)[..<cut], as: UTF8.self)
                XCTAssertThrowsError(try answer(part), part) { error in
                    XCTAssertEqual(error as? HTTPMessageError, .truncated, part)
                }
            }
        }
    }

    func testWhatIsRefused() {
        let many = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9)
        let cases: [(String, HTTPMessageError)] = [
            ("HTTP/1.1 200 OK\n", .malformedLineEnd),
            ("\r\n", .malformedStatusLine),
            ("SSH-2.0-OpenSSH_9.2\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 20\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 2000 OK\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1  200 OK\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 099 OK\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 +20 OK\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 200 \u{0}\r\n\r\n", .malformedStatusLine),
            ("HTTP/1.1 101 Switching\r\n\r\n", .malformedStatusLine),
            (many, .malformedStatusLine),
            ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
            ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .malformedField),
            ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .foldedField),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .duplicateContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", .invalidContentLength),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                .contentLengthWithTransferEncoding
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .unsupportedTransferCoding),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .malformedTransferEncoding),
            ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", .bodyTooLarge(limit: 100)),
            ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "a", count: 101), .bodyTooLarge(limit: 100)),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"
                    + String(repeating: "a", count: 101),
                .bodyTooLarge(limit: 100)
            ),
            ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 65536), .headTooLarge(limit: 65536)),
            (String(repeating: "a", count: 8195), .startLineTooLong(limit: 8192)),
        ]
        for (text, expected) in cases {
            for step in [1, text.utf8.count] {
                XCTAssertThrowsError(try answer(text, step: step), text) { error in
                    XCTAssertEqual(error as? HTTPMessageError, expected, "\(text.prefix(80)) by \(step)")
                }
            }
        }
    }

    func testBytesBehindATunnelsHeadAreKept() throws {
        var parser = HTTPResponseParser(method: "CONNECT", maxBodyBytes: 0)
        parser.inbox = Array("HTTP/1.1 200 Established\r\nContent-Length: 5\r\n\r\nhello".utf8)
        var body: [UInt8] = []
        guard case .head = try parser.next(into: &body) else { return XCTFail("no head") }
        XCTAssertEqual(try parser.next(into: &body), .end)
        XCTAssertEqual(Array(parser.unused), Array("hello".utf8))
    }

    private func answer(_ text: String, _ method: String = "GET", step: Int = 1) throws -> Answer {
        var parser = HTTPResponseParser(method: method, maxBodyBytes: 100)
        var body: [UInt8] = []
        var status = 0
        var isComplete = false
        func advance() throws {
            while !isComplete {
                switch try parser.next(into: &body) {
                case .needsBytes: return
                case .head(let head): status = head.status
                case .end: isComplete = true
                }
            }
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: step) {
            parser.inbox += bytes[start..<min(bytes.count, start + step)]
            try advance()
        }
        if !isComplete { try parser.finish() }
        return Answer(
            status: status,
            body: String(decoding: body, as: UTF8.self),
            keepsAlive: parser.keepsAlive
        )
    }
}
