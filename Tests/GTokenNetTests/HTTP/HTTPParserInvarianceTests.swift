import XCTest

@testable import GTokenNet

/// However bytes are cut on their way, and whatever they are, a parser comes to the same end, and never traps.
final class HTTPParserInvarianceTests: XCTestCase {
    private static let requests = [
        "POST /pods?timeout=10s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\nA: b\r\n\r\n",
        "GET http://b/c HTTP/1.1\r\nHost: [::1]:8\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n",
    ]
    private static let responses = [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\nuntil close",
    ]
    private static let fragments = [
        "\r\n", "\n", "\r", " ", "\t", ":", ";", ",", "0", "9", "f", "\r\n\r\n", "\u{0}",
        "Content-Length: 1\r\n",
        "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "HTTP/1.1", "99999999999999999999",
    ].map { Array($0.utf8) }

    func testRequests() {
        for (text, parts) in mutants(of: Self.requests) {
            XCTAssertEqual(requests([text]), requests(parts), text.debugText)
            XCTAssertEqual(requests([text]), requests(text.map { [$0] }), text.debugText)
        }
    }

    func testALineThatIsTooLongIsThatHoweverItEnds() {
        let text = Array((String(repeating: "a", count: 100) + "\n").utf8)
        XCTAssertEqual(requests([text]), ["the first line is longer than 60 bytes"])
        XCTAssertEqual(requests(text.map { [$0] }), requests([text]))
    }

    func testResponses() {
        for (text, parts) in mutants(of: Self.responses) {
            for method in ["GET", "HEAD"] {
                XCTAssertEqual(response([text], method), response(parts, method), text.debugText)
                XCTAssertEqual(response([text], method), response(text.map { [$0] }, method), text.debugText)
            }
        }
    }

    /// What came out, then the error or how much is still open.
    private func requests(_ parts: [[UInt8]]) -> [String] {
        var parser = HTTPRequestParser(limits: limits)
        var outcome: [String] = []
        do {
            for part in parts {
                parser.inbox += part
                while true {
                    let event = try parser.next()
                    if case .request(let request) = event {
                        outcome.append("\(request) \(request.headers) \(request.body) \(parser.keepsAlive)")
                    } else if event == .needsBytes {
                        break
                    }
                }
            }
            outcome.append("open: \(parser.isInsideRequest)")
        } catch {
            outcome.append("\(error)")
        }
        return outcome
    }

    private func response(_ parts: [[UInt8]], _ method: String) -> [String] {
        var parser = HTTPResponseParser(method: method, maxBodyBytes: 100)
        var outcome: [String] = []
        var body: [UInt8] = []
        do {
            for part in parts {
                parser.inbox += part
                loop: while true {
                    switch try parser.next(into: &body) {
                    case .needsBytes: break loop
                    case .head(let head): outcome.append("\(head)")
                    case .end: break loop
                    }
                }
            }
            try parser.finish()
            outcome.append("complete \(body) \(parser.keepsAlive)")
        } catch {
            outcome.append("\(error)")
        }
        return outcome
    }

    private var limits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.maxRequestLineBytes = 60
        limits.maxHeadBytes = 200
        limits.maxBodyBytes = 100
        return limits
    }

    /// Messages with fragments put in, bytes changed and pieces left out, each whole and cut anywhere.
    private func mutants(of texts: [String]) -> [(whole: [UInt8], parts: [[UInt8]])] {
        var random = SeededGenerator(seed: 1)
        return (0..<3000).map { _ in
            // Invariant: the lists are not empty.
            var bytes = Array(texts.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random)!, at: place)
                case 1 where place < bytes.count:
                    bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                default: bytes += bytes.prefix(place)
                }
            }
            var parts: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &random)
                parts.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            return (bytes, parts)
        }
    }
}

/// SplitMix64: the same mutants in every run.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension [UInt8] {
    fileprivate var debugText: String { String(decoding: self, as: UTF8.self).debugDescription }
}
