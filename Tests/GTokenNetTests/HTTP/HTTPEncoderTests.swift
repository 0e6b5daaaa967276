import GTokenNet
import XCTest

final class HTTPEncoderTests: XCTestCase {
    func testResponseHeads() {
        let cases: [(HTTPResponse, Bool, String)] = [
            (
                .text("hi"), false,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n"
            ),
            (
                .empty(status: 404), true,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            ),
            (.empty(status: 204), false, "HTTP/1.1 204 No Content\r\n\r\n"),
            (.empty(status: 304), false, "HTTP/1.1 304 Not Modified\r\n\r\n"),
            (.empty(status: 599), false, "HTTP/1.1 599 Unknown\r\nContent-Length: 0\r\n\r\n"),
            (
                HTTPResponse(
                    status: 200,
                    headers: [
                        "content-length": "7", "Transfer-Encoding": "chunked", "Connection": "upgrade",
                        "X-A": "1",
                    ]
                ), false,
                "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n"
            ),
            (
                HTTPResponse(status: 200, headers: ["A": "b\r\n\r\n<html>"]), false,
                "HTTP/1.1 200 OK\r\nA: b    <html>\r\nContent-Length: 0\r\n\r\n"
            ),
        ]
        for (response, closes, expected) in cases {
            var bytes: [UInt8] = []
            HTTPEncoder.appendHead(of: response, closes: closes, to: &bytes)
            XCTAssertEqual(String(decoding: bytes, as: UTF8.self), expected)
        }
    }

    func testWhoGetsABody() {
        XCTAssertTrue(HTTPEncoder.sendsBody(of: .text("a"), toMethod: "GET"))
        XCTAssertTrue(HTTPEncoder.sendsBody(of: .text("a"), toMethod: "head"))
        XCTAssertFalse(HTTPEncoder.sendsBody(of: .text("a"), toMethod: "HEAD"))
        XCTAssertFalse(HTTPEncoder.sendsBody(of: .text("a", status: 204), toMethod: "GET"))
        XCTAssertFalse(HTTPEncoder.sendsBody(of: .text("a", status: 304), toMethod: "GET"))
    }

    func testRequestHeads() {
        let cases: [(String, HTTPHeaders, Int, String)] = [
            ("GET", [:], 0, "GET /a?b HTTP/1.1\r\nHost: h:1\r\n\r\n"),
            ("POST", [:], 0, "POST /a?b HTTP/1.1\r\nHost: h:1\r\nContent-Length: 0\r\n\r\n"),
            ("DELETE", [:], 3, "DELETE /a?b HTTP/1.1\r\nHost: h:1\r\nContent-Length: 3\r\n\r\n"),
            (
                "GET", ["Host": "other", "X": "y", "Content-Length": "4", "Connection": "close"], 0,
                "GET /a?b HTTP/1.1\r\nHost: h:1\r\nX: y\r\n\r\n"
            ),
        ]
        for (method, headers, bodyBytes, expected) in cases {
            var bytes: [UInt8] = []
            HTTPEncoder.appendHead(
                method: method,
                target: "/a?b",
                host: "h:1",
                headers: headers,
                bodyBytes: bodyBytes,
                to: &bytes
            )
            XCTAssertEqual(String(decoding: bytes, as: UTF8.self), expected)
        }
    }
}
