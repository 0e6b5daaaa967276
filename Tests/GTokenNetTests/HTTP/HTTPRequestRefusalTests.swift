import GTokenNet
import XCTest

/// What a server must not accept, each with its error and so its status.
final class HTTPRequestRefusalTests: XCTestCase {
    func testMalformedHeads() {
        let cases: [(String, HTTPMessageError)] = [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", .malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", .malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", .malformedLineEnd),
            ("\n", .malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n", .malformedField),
            ("\r\n\r\n", .malformedRequestLine),
            ("GET\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / \r\nHost: a\r\n\r\n", .malformedRequestLine),
            (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /ü HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", .invalidHost),
            ("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidHost),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / HTTP/11\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", .unsupportedVersion),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
            ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", .unsupportedMethod),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .foldedField),
            ("GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", .foldedField),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 1\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nb\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nA(b): c\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nÄ: c\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: b\u{0}\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: b\u{7F}\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\n\r\n", .missingHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nHOST: a\r\n\r\n", .duplicateHost),
            ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", .unsupportedExpectation),
        ]
        for (text, expected) in cases { assert(text, isRefusedWith: expected) }
    }

    func testSmugglingShapes() {
        let cases: [(String, HTTPMessageError)] = [
            ("Content-Length: 5\r\nContent-Length: 5", .duplicateContentLength),
            ("Content-Length: 5\r\ncontent-length: 6", .duplicateContentLength),
            ("Content-Length: 5, 5", .invalidContentLength),
            ("Content-Length:", .invalidContentLength),
            ("Content-Length: -1", .invalidContentLength),
            ("Content-Length: +1", .invalidContentLength),
            ("Content-Length: 1 1", .invalidContentLength),
            ("Content-Length: 0x5", .invalidContentLength),
            ("Content-Length: 5.0", .invalidContentLength),
            ("Content-Length: ٥", .invalidContentLength),
            ("Content-Length: 5\r\nTransfer-Encoding: chunked", .contentLengthWithTransferEncoding),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5", .contentLengthWithTransferEncoding),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .malformedTransferEncoding),
            ("Transfer-Encoding: chunked, chunked", .malformedTransferEncoding),
            ("Transfer-Encoding: chunked,", .malformedTransferEncoding),
            ("Transfer-Encoding:", .malformedTransferEncoding),
            ("Transfer-Encoding: gzip", .unsupportedTransferCoding),
            ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
            ("Transfer-Encoding: chunked, gzip", .unsupportedTransferCoding),
            ("Transfer-Encoding: identity", .unsupportedTransferCoding),
            ("Transfer-Encoding: xchunked", .unsupportedTransferCoding),
            ("Transfer-Encoding: chunked;a=b", .unsupportedTransferCoding),
            ("Transfer-Encoding: \"chunked\"", .unsupportedTransferCoding),
            ("Transfer-Encoding : chunked", .malformedField),
            ("Transfer-Encoding: \u{B}chunked", .malformedField),
            ("Transfer-Encoding:\r\n chunked", .foldedField),
            ("X: y\nTransfer-Encoding: chunked", .malformedLineEnd),
        ]
        for (fields, expected) in cases {
            assert("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n", isRefusedWith: expected)
        }
        assert(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            isRefusedWith: .malformedTransferEncoding
        )
    }

    func testMalformedChunks() {
        let cases: [(String, HTTPMessageError)] = [
            ("\r\n", .malformedChunk),
            ("g\r\n", .malformedChunk),
            ("-1\r\n", .malformedChunk),
            (" 1\r\n", .malformedChunk),
            ("0x1\r\n", .malformedChunk),
            (";a\r\n", .malformedChunk),
            ("1 1\r\n", .malformedChunk),
            ("1 a;b\r\n", .malformedChunk),
            ("1\n", .malformedChunk),
            ("1\ra", .malformedLineEnd),
            ("1;a\nb\r\n", .malformedChunk),
            ("1;\u{0}\r\n", .malformedChunk),
            ("1\r\nab\r\n", .malformedChunk),
            ("1\r\na\n", .malformedChunk),
            ("1\r\na\r\r", .malformedChunk),
            ("1\r\na1\r\n", .malformedChunk),
            ("0000000000000001\r\n", .malformedChunk),
            ("ffffffffffffffff\r\n", .malformedChunk),
            ("65\r\n" + String(repeating: "a", count: 101), .bodyTooLarge(limit: 100)),
            ("64\r\n" + String(repeating: "a", count: 100) + "\r\n1\r\nb", .bodyTooLarge(limit: 100)),
            ("1;" + String(repeating: "a", count: 301) + "\r\n", .headTooLarge(limit: 300)),
            ("0\r\nA: " + String(repeating: "a", count: 300) + "\r\n", .headTooLarge(limit: 300)),
            ("0\r\nA\r\n\r\n", .malformedField),
            ("0\r\n A: b\r\n\r\n", .foldedField),
            ("0\r\nA: b\n\r\n", .malformedLineEnd),
            ("0\r\n" + String(repeating: "A:\r\n", count: 11), .tooManyFields(limit: 10)),
        ]
        for (body, expected) in cases {
            assert(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
                isRefusedWith: expected
            )
        }
    }

    func testSizesBeyondTheLimits() {
        let line = String(repeating: "a", count: 100 - "GET / HTTP/1.1".count)
        assertAccepted("GET /\(line) HTTP/1.1\r\nHost: a\r\n\r\n")
        assert("GET /\(line)b HTTP/1.1\r\nHost: a\r\n\r\n", isRefusedWith: .startLineTooLong(limit: 100))
        assert(String(repeating: "G", count: 1000), isRefusedWith: .startLineTooLong(limit: 100))

        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let value = String(repeating: "v", count: 300 - (start + "X: \r\n\r\n").utf8.count)
        assertAccepted("\(start)X: \(value)\r\n\r\n")
        assert("\(start)X: \(value)w\r\n\r\n", isRefusedWith: .headTooLarge(limit: 300))
        assert(start + "X: " + String(repeating: "v", count: 1000), isRefusedWith: .headTooLarge(limit: 300))

        assertAccepted(start + String(repeating: "A:\r\n", count: 9) + "\r\n")
        assert(start + String(repeating: "A:\r\n", count: 10), isRefusedWith: .tooManyFields(limit: 10))

        assertAccepted(start + "Content-Length: 100\r\n\r\n" + String(repeating: "b", count: 100))
        assertAccepted(start + "Content-Length: 007\r\n\r\n" + String(repeating: "b", count: 7))
        for length in ["101", "18446744073709551617", String(repeating: "9", count: 200)] {
            assert(start + "Content-Length: \(length)\r\n\r\n", isRefusedWith: .bodyTooLarge(limit: 100))
        }
    }

    func testStatusOfEachError() {
        let cases: [(HTTPMessageError, Int)] = [
            (.malformedField, 400), (.duplicateContentLength, 400), (.missingHost, 400),
            (.bodyTooLarge(limit: 1), 413), (.startLineTooLong(limit: 1), 414),
            (.unsupportedExpectation, 417), (.headTooLarge(limit: 1), 431), (.tooManyFields(limit: 1), 431),
            (.unsupportedTransferCoding, 501), (.unsupportedMethod, 501), (.unsupportedVersion, 505),
        ]
        for (error, status) in cases { XCTAssertEqual(error.status, status, "\(error)") }
    }

    private var limits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.maxRequestLineBytes = 100
        limits.maxHeadBytes = 300
        limits.maxFields = 10
        limits.maxBodyBytes = 100
        return limits
    }

    private func assertAccepted(_ text: String, file: StaticString = #filePath, line: UInt = #line) {
        var parser = HTTPRequestParser(limits: limits)
        parser.inbox = Array(text.utf8)
        do {
            guard case .request = try parser.next() else {
                return XCTFail("not complete", file: file, line: line)
            }
        } catch {
            XCTFail("\(error)", file: file, line: line)
        }
    }

    /// Both whole and a byte at a time, and the parser stays refused.
    private func assert(
        _ text: String,
        isRefusedWith expected: HTTPMessageError,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        for step in [text.utf8.count, 1] {
            var parser = HTTPRequestParser(limits: limits)
            var thrown: HTTPMessageError?
            for start in stride(from: 0, to: text.utf8.count, by: step) where thrown == nil {
                parser.inbox += Array(text.utf8)[start..<start + step]
                do throws(HTTPMessageError) {
                    if try parser.next() == .head { _ = try parser.next() }
                } catch {
                    thrown = error
                }
            }
            XCTAssertEqual(thrown, expected, "\(text.debugDescription) by \(step)", file: file, line: line)
            XCTAssertThrowsError(try parser.next(), file: file, line: line)
        }
    }
}
