import XCTest

@testable import GTokenNet

final class TLSTransferTests: XCTestCase {
    /// The largest review that was seen, see the limits of the server.
    private let large = 17_400_000

    func testCarries17MegabytesEachWayIn64KiBPieces() throws {
        let pair = try TLSPair()
        try pair.handshake()
        let body = [UInt8](capacity: large) { span in
            for index in 0..<large { span.append(UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8)) }
        }
        XCTAssertTrue(try pair.send(body, from: pair.client, to: pair.server, chunk: 65_536) == body)
        XCTAssertTrue(try pair.send(body, from: pair.server, to: pair.client, chunk: 65_536) == body)
    }

    func testAReaderThatTakesLittleAtATimeGetsAllOfWhatKeepsComing() throws {
        let pair = try TLSPair()
        try pair.handshake()
        let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        try pair.client.write(body.span)
        var received: [UInt8] = []
        try pair.carry(from: pair.client, to: pair.server, chunk: 5000) {
            _ = try pair.server.read(into: &received, atMost: 100)
        }
        while case .bytes(let count) = try pair.server.read(into: &received, atMost: 100) {
            XCTAssertLessThanOrEqual(count, 100)
        }
        XCTAssertTrue(received == body)
    }

    func testOutputIsAppendedToWhatIsWaitingAlready() throws {
        let pair = try TLSPair()
        try pair.handshake()
        var waiting: [UInt8] = []
        for part in 0..<10 {
            try pair.client.write([UInt8](repeating: UInt8(part), count: 3000).span)
            pair.client.takeOutput(into: &waiting)
        }
        try pair.server.receive(waiting.span)
        var received: [UInt8] = []
        XCTAssertEqual(try pair.server.read(into: &received, atMost: .max), .bytes(30_000))
        XCTAssertEqual(received, (0..<10).flatMap { [UInt8](repeating: UInt8($0), count: 3000) })
    }

    func testReadsNoMoreThanAskedFor() throws {
        let pair = try TLSPair()
        try pair.handshake()
        try pair.client.write([UInt8](0..<100).span)
        try pair.client.write([UInt8](100..<200).span)
        try pair.carry(from: pair.client, to: pair.server)
        var received: [UInt8] = [255]
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 30), .bytes(30))
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .bytes(100))
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .bytes(70))
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .needsInput)
        XCTAssertEqual(received, [255] + [UInt8](0..<200))
    }

    func testAnEmptyWriteSendsNothing() throws {
        let pair = try TLSPair()
        try pair.handshake()
        let nothing: [UInt8] = []
        try pair.client.write(nothing.span)
        XCTAssertEqual(try pair.carry(from: pair.client, to: pair.server), 0)
    }

    func testCloseNotifyEndsTheStreamAfterAllBytesEitherWay() throws {
        for clientCloses in [true, false] {
            let pair = try TLSPair()
            try pair.handshake()
            let (closing, other) = clientCloses ? (pair.client, pair.server) : (pair.server, pair.client)
            try closing.write([1, 2, 3].span)
            closing.closeNotify()
            closing.closeNotify()
            XCTAssertThrowsError(try closing.write([4].span)) {
                XCTAssertEqual($0 as? TLSError, .notWritable)
            }
            try pair.carry(from: closing, to: other)
            other.receiveEndOfStream()
            var received: [UInt8] = []
            XCTAssertEqual(try other.read(into: &received, atMost: 100), .bytes(3))
            XCTAssertEqual(try other.read(into: &received, atMost: 100), .closed)
            XCTAssertEqual(try other.read(into: &received, atMost: 100), .closed)
            XCTAssertEqual(received, [1, 2, 3])
            // The other direction stays open, RFC 8446 section 6.1.
            XCTAssertEqual(try pair.send([9], from: other, to: closing), [9])
            other.closeNotify()
            try pair.carry(from: other, to: closing)
            XCTAssertEqual(try closing.read(into: &received, atMost: 100), .closed)
        }
    }

    func testAnEndWithoutCloseNotifyIsTruncation() throws {
        let pair = try TLSPair()
        try pair.handshake()
        try pair.client.write([1, 2, 3].span)
        try pair.carry(from: pair.client, to: pair.server)
        pair.server.receiveEndOfStream()
        var received: [UInt8] = []
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .bytes(3))
        for _ in 0..<2 {
            XCTAssertThrowsError(try pair.server.read(into: &received, atMost: 100)) {
                XCTAssertEqual($0 as? TLSError, .truncated)
            }
        }
        // A client that only shut its sending side down still gets its answer.
        XCTAssertEqual(try pair.send([7], from: pair.server, to: pair.client), [7])
    }

    func testAnEndWithinARecordIsTruncation() throws {
        let pair = try TLSPair()
        try pair.handshake()
        try pair.client.write([1, 2, 3].span)
        var record: [UInt8] = []
        pair.client.takeOutput(into: &record)
        try pair.server.receive(record.span.extracting(droppingLast: 1))
        pair.server.receiveEndOfStream()
        var received: [UInt8] = []
        XCTAssertThrowsError(try pair.server.read(into: &received, atMost: 100)) {
            XCTAssertEqual($0 as? TLSError, .truncated)
        }
        XCTAssertEqual(received, [])
    }

    func testAChangedByteIsNoticedAfterTheBytesBeforeItAndThePeerIsTold() throws {
        let pair = try TLSPair()
        try pair.handshake()
        try pair.client.write([1, 2, 3].span)
        try pair.client.write([4, 5, 6].span)
        var records: [UInt8] = []
        pair.client.takeOutput(into: &records)
        records[records.count - 1] ^= 1
        try pair.server.receive(records.span)
        var received: [UInt8] = []
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .bytes(3))
        let expected = TLSError.protocolViolation(reason: "decryption failed or bad record mac")
        for _ in 0..<2 {
            XCTAssertThrowsError(try pair.server.read(into: &received, atMost: 100)) {
                XCTAssertEqual($0 as? TLSError, expected)
            }
            XCTAssertThrowsError(try pair.server.write([1].span)) {
                XCTAssertEqual($0 as? TLSError, expected)
            }
        }
        try pair.carry(from: pair.server, to: pair.client)
        XCTAssertThrowsError(try pair.client.read(into: &received, atMost: 100)) {
            XCTAssertEqual($0 as? TLSError, .peerAlert(code: 20))
        }
        XCTAssertEqual(received, [1, 2, 3])
    }

    func testNothingIsWrittenBeforeTheHandshake() throws {
        let pair = try TLSPair()
        XCTAssertThrowsError(try pair.client.write([1].span)) {
            XCTAssertEqual($0 as? TLSError, .notWritable)
        }
        pair.client.closeNotify()
        XCTAssertNoThrow(try pair.handshake())
    }

    func testReadingDrivesTheHandshake() throws {
        let pair = try TLSPair()
        var received: [UInt8] = []
        XCTAssertEqual(try pair.client.read(into: &received, atMost: 100), .needsInput)
        for _ in 0..<3 {
            try pair.carry(from: pair.client, to: pair.server)
            XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .needsInput)
            try pair.carry(from: pair.server, to: pair.client)
            XCTAssertEqual(try pair.client.read(into: &received, atMost: 100), .needsInput)
        }
        XCTAssertEqual(pair.server.version, .v1_3)
        XCTAssertEqual(received.capacity, 0, "waiting reserves no space")
    }
}
