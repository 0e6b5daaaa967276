import GTokenCore
import GTokenNet
import XCTest

/// Requests that a reader could take for another than is meant, and those that ask for what there is not.
final class HostileHTTPTests: XCTestCase {
    private static let host = "Host: a\r\n"
    private static let json = "Content-Type: application/json\r\n"

    /// One answer, with this status, and the end of the connection: what stands behind is never a request.
    private static func expect(
        _ status: String,
        for request: String,
        from hostile: HostileWebhook,
        line: UInt = #line
    ) async throws {
        let answer = try await hostile.raw.answer(to: request)
        let name = String(request.prefix(120)).debugDescription
        XCTAssertTrue(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer.prefix(200))", line: line)
        XCTAssertTrue(answer.contains("\r\nConnection: close\r\n"), name, line: line)
        XCTAssertEqual(answer.split(separator: "HTTP/1.1 ").count, 1, "\(name): \(answer)", line: line)
    }

    func testSmugglingShapesGetOneRefusal() async throws {
        let hidden = "GET /healthz HTTP/1.1\r\n\(Self.host)\r\n"
        let post = "POST /pods HTTP/1.1\r\n\(Self.host)"
        let fields = [
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Content-Length: 0\r\nContent-Length: 4", "Content-Length: 4\r\nContent-Length: 4",
            "Content-Length: 4, 4", "Content-Length: +4", "Content-Length: 0x4", "Content-Length: 4 4",
            "Content-Length: -1", "Content-Length:", "Content-Length : 4", "Content-Length\t: 4",
            "Content-Length:\r\n 4", "X: y\r\n Content-Length: 4", "X: y\nContent-Length: 4",
            "X: y\rContent-Length: 4", "X: \u{0}", "X\u{0}: y", "\u{B}Content-Length: 4",
            "Transfer-Encoding : chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding:",
            "Transfer-Encoding: \u{B}chunked", "Host: b", ": x", "noColon",
        ]
        try await HostileWebhook.run { hostile in
            for field in fields {
                let request = "\(post)\(field)\r\n\r\n0\r\n\r\n\(hidden)"
                try await Self.expect("400", for: request, from: hostile)
            }
            for coding in ["identity", "gzip", "gzip, chunked", "chunked;q=1", "xchunked", "\"chunked\""] {
                let request = "\(post)Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n\(hidden)"
                try await Self.expect("501", for: request, from: hostile)
            }
            let chunks = [
                "0x1\r\na", "-1\r\n", " 1\r\na", "1 1\r\na", "1\na", "1\r\nab", "1\r\na\n", "1;\u{0}\r\na",
                "1000000000000000\r\n", "fffffffffffffffff\r\n", "\r\n", ";x\r\n", "1_0\r\n",
                "0\r\nTrailer : x\r\n\r\n", "0\r\n folded\r\n\r\n", "0\r\nX: y\n\r\n",
            ]
            for chunk in chunks {
                let request = "\(post)Transfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(hidden)"
                try await Self.expect("400", for: request, from: hostile)
            }
        }
    }

    func testHeadsThatAreNoneOrTooMuch() async throws {
        let long = String(repeating: "a", count: 20_000)
        let cases: [(String, String)] = [
            ("400", "GET /healthz\r\n\r\n"),
            ("400", "GET  /healthz HTTP/1.1\r\n\(Self.host)\r\n"),
            ("400", "GET /healthz HTTP/1.1\r\n\r\n"),
            ("400", "GET /healthz HTTP/1.1\r\n\(Self.host)\(Self.host)\r\n"),
            ("400", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n"),
            ("400", "GET /healthz HTTP/1.1\r\nHost: u@a\r\n\r\n"),
            ("400", "GET healthz HTTP/1.1\r\n\(Self.host)\r\n"),
            ("400", "GET http://u@a/healthz HTTP/1.1\r\n\(Self.host)\r\n"),
            ("400", "GET ftp://a/healthz HTTP/1.1\r\n\(Self.host)\r\n"),
            ("400", "GET /health\u{0}z HTTP/1.1\r\n\(Self.host)\r\n"),
            ("400", "GET /healthz HTTP/1.1\n\(Self.host)\r\n"),
            ("400", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\n"),
            ("413", "POST /pods HTTP/1.1\r\n\(Self.host)\(Self.json)Content-Length: 33554433\r\n\r\n"),
            ("413", "POST /pods HTTP/1.1\r\n\(Self.host)Content-Length: 99999999999999999999999\r\n\r\n"),
            ("414", "GET /\(long) HTTP/1.1\r\n\(Self.host)\r\n"),
            ("417", "POST /pods HTTP/1.1\r\n\(Self.host)Expect: 200-ok\r\nContent-Length: 1\r\n\r\na"),
            ("431", "GET /healthz HTTP/1.1\r\n\(Self.host)X: \(long)\r\n\r\n"),
            (
                "431",
                "GET /healthz HTTP/1.1\r\n\(Self.host)\(String(repeating: "X: y\r\n", count: 100))\r\n"
            ),
            ("501", "CONNECT a:443 HTTP/1.1\r\n\(Self.host)\r\n"),
            ("505", "GET /healthz HTTP/0.9\r\n\r\n"),
            ("505", "GET /healthz HTTP/3.0\r\n\(Self.host)\r\n"),
            ("505", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ]
        try await HostileWebhook.run { hostile in
            for (status, request) in cases { try await Self.expect(status, for: request, from: hostile) }
        }
    }

    func testWhatIsUnusualAndAllowedIsAnswered() async throws {
        let close = "\(Self.host)Connection: close\r\n"
        let review = String(decoding: HostileReview.small, as: UTF8.self)
        let size = review.utf8.count
        let chunked =
            "1;name=\"v\"\r\n\(review.prefix(1))\r\n\(String(size - 1, radix: 16));x\r\n\(review.dropFirst())\r\n"
            + "000;last\r\nContent-Length: 7\r\nX: y\r\n\r\n"
        let cases: [(String, String)] = [
            ("200", "GET http://elsewhere/healthz HTTP/1.1\r\n\(close)\r\n"),
            ("200", "\r\nGET /healthz HTTP/1.1\r\n\(close)\r\n"),
            ("200", "GET /healthz HTTP/1.0\r\n\r\n"),
            ("200", "HEAD /healthz HTTP/1.1\r\n\(close)\r\n"),
            ("200", "GET /healthz?timeout=-1s HTTP/1.1\r\n\(close)\r\n"),
            ("404", "GET /healthz/../pods HTTP/1.1\r\n\(close)\r\n"),
            ("404", "GET //pods HTTP/1.1\r\n\(close)\r\n"),
            ("405", "GET /pods HTTP/1.1\r\n\(close)\r\n"),
            ("405", "BREW /pods HTTP/1.1\r\n\(close)\r\n"),
            ("405", "DELETE /healthz HTTP/1.1\r\n\(close)\r\n"),
            ("405", "OPTIONS * HTTP/1.1\r\n\(close)\r\n"),
            ("405", "TRACE / HTTP/1.1\r\n\(close)\r\n"),
            (
                "200",
                "POST /pods HTTP/1.1\r\n\(close)\(Self.json)Transfer-Encoding: chunked\r\n\r\n\(chunked)"
            ),
            ("200", "POST /pods HTTP/1.0\r\n\(Self.json)Content-Length: \(size)\r\n\r\n\(review)"),
        ]
        try await HostileWebhook.run { hostile in
            for (status, request) in cases { try await Self.expect(status, for: request, from: hostile) }
        }
    }

    func testContentTypes() async throws {
        let cases: [(String, Int)] = [
            ("Content-Type: application/json", 200), ("Content-Type: application/json; charset=utf-8", 200),
            ("Content-Type: APPLICATION/JSON;charset=\"utf-8\" ; x=y", 200),
            ("Content-Type:application/json\t;", 200), ("Content-Type: application/json5", 415),
            ("Content-Type: text/json", 415), ("Content-Type: application/x-www-form-urlencoded", 415),
            ("Content-Type: multipart/form-data; boundary=a", 415), ("Content-Type: application", 415),
            ("Content-Type: ; application/json", 415), ("Content-Type:", 415), ("X: y", 415),
        ]
        try await HostileWebhook.run { hostile in
            for (field, status) in cases {
                let request = HostileWebhook.post(
                    HostileReview.small,
                    fields: "\(field)\r\nConnection: close\r\n"
                )
                let answer = String(decoding: try await hostile.raw.answer(to: request), as: UTF8.self)
                XCTAssertTrue(answer.hasPrefix("HTTP/1.1 \(status) "), "\(field): \(answer.prefix(100))")
            }
        }
    }

    func testAClientThatAsksBeforeItSendsIsToldToGoOnOrNot() async throws {
        let fields = "Content-Type: application/json\r\nConnection: close\r\nExpect: 100-continue\r\n"
        let request = HostileWebhook.post(HostileReview.small, fields: fields)
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        try await HostileWebhook.run { hostile in
            let connection = try await hostile.raw.connectTLS()
            defer { connection.close() }
            let head = request.dropLast(HostileReview.small.count)
            try await connection.write(head, deadline: .after(.seconds(30)))
            let received = try await hostile.raw.beginning(interim.utf8.count, of: connection)
            XCTAssertEqual(received, interim)
            try await connection.write(HostileReview.small, deadline: .after(.seconds(30)))
            let answer = String(decoding: await hostile.raw.rest(of: connection), as: UTF8.self)
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), answer)
            let tooLarge =
                "POST /pods HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 50000000\r\n\r\n"
            try await Self.expect("413", for: tooLarge, from: hostile)
        }
    }

    func testPipelinedReviewsAreAnsweredInTheirOrder() async throws {
        let count = 100
        var requests: [UInt8] = []
        for number in 0..<count {
            let review = String(decoding: HostileReview.small, as: UTF8.self)
                .replacing(#""uid":"u-1""#, with: #""uid":"u-\#(number)""#)
            requests += HostileWebhook.post(Array(review.utf8))
        }
        try await HostileWebhook.run { hostile in
            let answer = String(decoding: try await hostile.raw.answer(to: requests), as: UTF8.self)
            let uids = answer.split(separator: #""uid":"u-"#).dropFirst().map { $0.prefix { $0 != "\"" } }
            XCTAssertEqual(uids.compactMap { Int($0) }, Array(0..<count))
        }
    }
}
