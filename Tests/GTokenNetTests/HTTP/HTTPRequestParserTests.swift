import GTokenNet
import XCTest

final class HTTPRequestParserTests: XCTestCase {
    private let post = "POST /pods?timeout=10s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    private let chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "3\r\nhel\r\n2;x=\"y\"\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n"

    /// Its answer may wait for the client for seconds, and others need the room that it no longer counts for.
    func testWhatHasArrivedOfARefusedRequestIsLetGo() throws {
        for text in [post.dropLast(), chunked.prefix(while: { $0 != ";" })] {
            var parser = HTTPRequestParser()
            parser.inbox += Array(text.utf8)
            XCTAssertEqual(try parser.next(), .head)
            XCTAssertEqual(try parser.next(), .needsBytes)
            XCTAssertGreaterThan(parser.heldBodyBytes, 0)
            parser.discard()
            XCTAssertEqual(parser.heldBodyBytes, 0)
            XCTAssertEqual(parser.inbox.capacity, 0)
        }
    }

    func testARequestIsReadWithItsFieldsAndBody() throws {
        var parser = HTTPRequestParser()
        parser.inbox += Array(
            """
            POST /pods?timeout=10s HTTP/1.1\r
            Host: gtoken-webhook-svc.gtoken.svc:443\r
            User-Agent: kube-apiserver-admission\r
            Content-Length: 2\r
            Accept: application/json, */*\r
            Empty:\r
            Padded: \t a b \t \r
            Text: gr\u{FC}\u{DF}\r
            \r
            {}
            """.utf8
        )
        guard case .request(let request) = try parser.next() else { return XCTFail("not complete") }
        XCTAssertEqual(request.method, "POST")
        XCTAssertEqual(request.target, "/pods?timeout=10s")
        XCTAssertEqual(
            request.headers,
            [
                "Host": "gtoken-webhook-svc.gtoken.svc:443", "User-Agent": "kube-apiserver-admission",
                "Content-Length": "2", "Accept": "application/json, */*", "Empty": "", "Padded": "a b",
                "Text": "grüß",
            ]
        )
        XCTAssertEqual(request.body, Array("{}".utf8))
        XCTAssertTrue(parser.keepsAlive)
        XCTAssertFalse(parser.isInsideRequest)
        XCTAssertEqual(try parser.next(), .needsBytes)
    }

    func testARequestMayBeCutAtEveryByte() throws {
        for text in [post, chunked] {
            let bytes = Array(text.utf8)
            for cut in 0...bytes.count {
                var parser = HTTPRequestParser()
                parser.inbox += bytes[..<cut]
                var event = try parser.next()
                if cut < bytes.count {
                    XCTAssertTrue(event == .needsBytes || event == .head, "cut at \(cut)")
                    XCTAssertGreaterThan(parser.wantedBytes(), 0)
                    XCTAssertEqual(try parser.next(), .needsBytes, "cut at \(cut)")
                    XCTAssertEqual(parser.isInsideRequest, cut > 0)
                    parser.inbox += bytes[cut...]
                    event = try parser.next()
                    if event == .head { event = try parser.next() }
                }
                guard case .request(let request) = event else { return XCTFail("cut at \(cut): \(event)") }
                XCTAssertEqual(request.body, Array("hello".utf8))
                XCTAssertEqual(try parser.next(), .needsBytes)
            }
        }
    }

    func testPipelinedRequestsComeOutInOrder() throws {
        let bodies = ["", "a", String(repeating: "b", count: 20_000), "c"]
        var bytes: [UInt8] = []
        for body in bodies {
            bytes += "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8
            bytes += chunked.utf8
        }
        for step in [1, 7, 1024, 8192, bytes.count] {
            var parser = HTTPRequestParser()
            var received: [String] = []
            for start in stride(from: 0, to: bytes.count, by: step) {
                parser.inbox += bytes[start..<min(start + step, bytes.count)]
                received += try requests(from: &parser).map { String(decoding: $0.body, as: UTF8.self) }
            }
            XCTAssertEqual(received, bodies.flatMap { [$0, "hello"] }, "in steps of \(step)")
        }
    }

    func testReadingWhatIsWantedNeverTakesMoreThanTheBody() throws {
        let body = [UInt8](repeating: 7, count: 300_000)
        var source = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
        source += Array(post.utf8)
        var parser = HTTPRequestParser()
        var received: [HTTPRequest] = []
        var rest = source[...]
        while !rest.isEmpty {
            let count = parser.wantedBytes()
            XCTAssertGreaterThan(count, 0)
            parser.inbox += rest.prefix(count)
            rest = rest.dropFirst(count)
            received += try requests(from: &parser)
        }
        XCTAssertEqual(received.map(\.body), [body, Array("hello".utf8)])
    }

    func testAnAnnouncedBodyCostsNothingUntilItArrives() throws {
        var parser = HTTPRequestParser()
        parser.inbox += Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33554432\r\n\r\n".utf8)
        XCTAssertEqual(try parser.next(), .head)
        XCTAssertEqual(parser.declaredLength, 33_554_432)
        XCTAssertLessThanOrEqual(parser.wantedBytes(), 128 * 1024)
        XCTAssertLessThan(parser.inbox.capacity, 256 * 1024)
    }

    func testWhetherTheConnectionIsKept() throws {
        let cases: [(String, Bool)] = [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nconnection: close\r\n\r\n", false),
            ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false),
            ("GET / HTTP/1.9\r\nHost: a\r\n\r\n", true),
        ]
        for (text, keepsAlive) in cases {
            var parser = HTTPRequestParser()
            XCTAssertEqual(try requests(text, &parser).count, 1, text)
            XCTAssertEqual(parser.keepsAlive, keepsAlive, text)
        }
    }

    func testExpectation() throws {
        let cases: [(String, Bool)] = [
            ("HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue", true),
            ("HTTP/1.1\r\nHost: a", false),
            ("HTTP/1.0\r\nExpect: 100-continue", false),
            ("HTTP/1.0\r\nExpect: something", false),
        ]
        for (head, expected) in cases {
            var parser = HTTPRequestParser()
            parser.inbox += Array("POST / \(head)\r\nContent-Length: 1\r\n\r\n".utf8)
            XCTAssertEqual(try parser.next(), .head, head)
            XCTAssertEqual(parser.expectsContinue, expected, head)
        }
    }

    func testTargetForms() throws {
        let cases: [(String, String, String)] = [
            ("GET /a?b HTTP/1.1\r\nHost: a", "/a?b", "a"),
            ("GET /a?b={\"c\"} HTTP/1.1\r\nHost: a", "/a?b={\"c\"}", "a"),
            ("OPTIONS * HTTP/1.1\r\nHost: a", "*", "a"),
            ("GET http://b:80/c?d HTTP/1.1\r\nHost: a", "/c?d", "b:80"),
            ("GET HTTPS://b HTTP/1.1\r\nHost: a", "/", "b"),
            ("GET http://[::1]:80?d HTTP/1.1\r\nHost: a", "/?d", "[::1]:80"),
            ("GET / HTTP/1.1\r\nHost:", "/", ""),
            ("GET / HTTP/1.1\r\nHost: [::1]", "/", "[::1]"),
            ("\r\nGET / HTTP/1.1\r\nHost: a", "/", "a"),
        ]
        for (head, target, host) in cases {
            var parser = HTTPRequestParser()
            let request = try requests(head + "\r\n\r\n", &parser).first
            XCTAssertEqual(request?.target, target, head)
            XCTAssertEqual(request?.headers["host"], host, head)
            XCTAssertEqual(request?.headers.values("Host").count, 1, head)
        }
    }

    func testTimeIsLinearWhenFedAByteAtATime() throws {
        var parser = HTTPRequestParser()
        var bytes = Array("POST / HTTP/1.1\r\nHost: a\r\n".utf8)
        bytes += Array("X: \(String(repeating: "y", count: 15_000))\r\n".utf8)
        bytes += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
        for _ in 0..<20_000 { bytes += Array("1\r\nx\r\n".utf8) }
        bytes += Array("0\r\n\r\n".utf8)
        var received: [HTTPRequest] = []
        for byte in bytes {
            _ = parser.wantedBytes()
            parser.inbox.append(byte)
            received += try requests(from: &parser)
        }
        XCTAssertEqual(received.map(\.body.count), [20_000])
    }

    private func requests(_ text: String, _ parser: inout HTTPRequestParser) throws -> [HTTPRequest] {
        parser.inbox += Array(text.utf8)
        return try requests(from: &parser)
    }

    private func requests(from parser: inout HTTPRequestParser) throws -> [HTTPRequest] {
        var requests: [HTTPRequest] = []
        while true {
            switch try parser.next() {
            case .needsBytes: return requests
            case .head: continue
            case .request(let request): requests.append(request)
            }
        }
    }
}
