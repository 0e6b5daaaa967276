import XCTest

@testable import GTokenNet

final class HTTPBodyPiecesTests: XCTestCase {
    private static let piece = HTTPBodyPieces.pieceBytes
    private static let sizes = [0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 70_001]

    func testABodyIsTheSameHoweverManyPiecesItHas() throws {
        for size in Self.sizes {
            let body = Self.body(size)
            for request in [Self.declared(body), Self.chunked(body)] {
                XCTAssertTrue(try Self.read(request, next: "GET /") == body, "\(size) bytes")
            }
        }
    }

    func testWhatIsHeldIsWhatHasArrived() throws {
        let body = Self.body(3 * Self.piece)
        let declared = Self.declared(body)
        var parser = HTTPRequestParser()
        var position = 0
        while position < declared.count {
            let end = min(declared.count, position + parser.wantedBytes())
            parser.inbox += declared[position..<end]
            position = end
            if case .request = try parser.next() { break }
            if case .needsBytes = try parser.next() {
                XCTAssertEqual(parser.heldBodyBytes, position - (declared.count - body.count))
            }
            // Room for a piece more at most, however large the body is to become.
            XCTAssertLessThanOrEqual(parser.inbox.capacity, Self.piece + Self.slack)
        }
        XCTAssertEqual(position, declared.count)
    }

    func testAPieceIsNeverMovedBeforeTheBodyIsComplete() {
        var pieces = HTTPBodyPieces()
        var bytes: [UInt8] = []
        for _ in 0..<4 * Self.piece / 8192 {
            bytes += [UInt8](repeating: 1, count: 8192)
            pieces.putAway(&bytes, remaining: .max)
            XCTAssertLessThan(bytes.count, Self.piece)
            XCTAssertLessThanOrEqual(bytes.capacity, Self.piece + Self.slack)
        }
        XCTAssertEqual(pieces.count, 4 * Self.piece)
        XCTAssertEqual(pieces.joined(with: [2]), [UInt8](repeating: 1, count: 4 * Self.piece) + [2])
        XCTAssertTrue(pieces.isEmpty)
        XCTAssertEqual(pieces.count, 0)
    }

    func testABodyOfManyPiecesAboveTheLimitIsRefusedByTheLimit() throws {
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = 2 * Self.piece
        var parser = HTTPRequestParser(limits: limits)
        let request = Self.chunked(Self.body(2 * Self.piece + 1))
        XCTAssertThrowsError(
            try request.chunks(of: 8192).forEach { bytes in
                parser.inbox += bytes
                _ = try parser.next()
                _ = try parser.next()
            }
        ) { XCTAssertEqual($0 as? HTTPMessageError, .bodyTooLarge(limit: 2 * Self.piece)) }
    }

    /// What the allocator rounds up to.
    private static let slack = 8192

    private static func body(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private static func declared(_ body: [UInt8]) -> [UInt8] {
        Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    private static func chunked(_ body: [UInt8]) -> [UInt8] {
        var request = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        for chunk in body.chunks(of: 100_003) { HTTPEncoder.appendChunk(Array(chunk), to: &request) }
        return request + HTTPEncoder.lastChunk
    }

    /// Reads it as a server does; the body, where what follows is still there.
    private static func read(_ request: [UInt8], next: String) throws -> [UInt8] {
        var parser = HTTPRequestParser()
        var rest = (request + next.utf8)[...]
        while true {
            if case .request(let request) = try parser.next() {
                XCTAssertEqual(
                    String(decoding: parser.inbox + rest, as: UTF8.self).suffix(next.utf8.count),
                    next[...]
                )
                return request.body
            }
            let taken = rest.prefix(parser.wantedBytes())
            XCTAssertFalse(taken.isEmpty, "it wants more than there is")
            parser.inbox += taken
            rest = rest.dropFirst(taken.count)
        }
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min(count, $0 + size)] }
    }
}
