import GTokenNet
import XCTest

final class ConnectionTests: XCTestCase {
    func testEchoesWhatWasSent() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            try await pair.client.write(Array("hello".utf8), deadline: .patient)
            let received = try await pair.server.read(count: 5)
            try await pair.server.write(received, deadline: .patient)
            let echoed = try await pair.client.read(count: 5)
            XCTAssertEqual(String(decoding: echoed, as: UTF8.self), "hello")
        }
    }

    func testReadAppendsToTheBufferAndStaysBelowTheLimit() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            try await pair.client.write(Array("abcdef".utf8), deadline: .patient)
            var buffer = Array(">".utf8)
            let first = try await pair.server.read(into: &buffer, atMost: 2, deadline: .patient)
            XCTAssertEqual(first, 2)
            XCTAssertEqual(String(decoding: buffer, as: UTF8.self), ">ab")
            let rest = try await pair.server.read(count: 4)
            XCTAssertEqual(String(decoding: rest, as: UTF8.self), "cdef")
        }
    }

    func testReadsZeroAtTheEndOfTheStreamAgainAndAgain() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            pair.client.close()
            for _ in 0..<3 {
                var buffer: [UInt8] = []
                let count = try await pair.server.read(into: &buffer, deadline: .patient)
                XCTAssertEqual(count, 0)
            }
        }
    }

    func testAnEndThatArrivesWithTheLastBytesIsNotMissed() async throws {
        try await withLoop { loop in
            for waits in [false, true] {
                let pair = try await ConnectionPair(on: loop)
                defer { pair.close() }
                // One wait before, so that the connection is registered with the loop.
                async let first = pair.server.read(count: 1)
                await loop.yield()
                try await pair.client.write([1], deadline: .patient)
                _ = try await first
                // One report may now stand for bytes and end alike.
                try await pair.client.write([2], deadline: .patient)
                pair.client.close()
                if waits { try await loop.sleep(for: .milliseconds(2)) }
                let rest = try await pair.server.readToEnd()
                XCTAssertEqual(rest, [2])
            }
        }
    }

    func testHalfCloseEndsOneDirectionAlone() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            try await pair.client.write(Array("question".utf8), deadline: .patient)
            try await pair.client.finishWriting(deadline: .patient)
            let question = try await pair.server.readToEnd()
            XCTAssertEqual(String(decoding: question, as: UTF8.self), "question")
            try await pair.server.write(Array("answer".utf8), deadline: .patient)
            pair.server.close()
            let answer = try await pair.client.readToEnd()
            XCTAssertEqual(String(decoding: answer, as: UTF8.self), "answer")
        }
    }

    func testDeadlineEndsARead() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            for duration in [Duration.zero, .nanoseconds(1), .microseconds(300), .milliseconds(3)] {
                let start = Deadline.now
                await assertThrows(.timedOut) {
                    try await pair.server.read(count: 1, deadline: .after(duration))
                }
                XCTAssertGreaterThanOrEqual(Deadline.now, start.advanced(by: duration))
            }
        }
    }

    func testConnectionSurvivesAPassedDeadline() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            await assertThrows(.timedOut) {
                try await pair.server.read(count: 1, deadline: .after(.milliseconds(1)))
            }
            try await pair.client.write([7], deadline: .patient)
            let received = try await pair.server.read(count: 1)
            XCTAssertEqual(received, [7])
        }
    }

    func testALaterDeadlineIsNotCutShortByAnEarlierOne() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            // The timer stays armed for the first read's deadline, which the second read outlives.
            async let first = pair.server.read(count: 1, deadline: .after(.milliseconds(20)))
            await loop.yield()
            try await pair.client.write([1], deadline: .patient)
            let received = try await first
            XCTAssertEqual(received, [1])
            async let second = pair.server.read(count: 1, deadline: .patient)
            try await loop.sleep(for: .milliseconds(40))
            try await pair.client.write([2], deadline: .patient)
            let later = try await second
            XCTAssertEqual(later, [2])
        }
    }

    func testAnEarlierDeadlineFiresThoughALaterOneIsArmed() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            async let first = pair.server.read(count: 1, deadline: .after(.seconds(60)))
            await loop.yield()
            try await pair.client.write([1], deadline: .patient)
            _ = try await first
            await assertThrows(.timedOut) {
                try await pair.server.read(count: 1, deadline: .after(.milliseconds(2)))
            }
        }
    }

    func testClosingWakesAPendingReadAndWrite() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            await withDiscardingTaskGroup { group in
                group.addTask {
                    await assertThrows(.closed) { try await pair.server.read(count: 1) }
                }
                group.addTask {
                    await assertThrows(.closed) {
                        try await pair.server.write(
                            [UInt8](repeating: 0, count: 50_000_000),
                            deadline: .patient
                        )
                    }
                }
                group.addTask {
                    try? await loop.sleep(for: .milliseconds(5))
                    pair.server.close()
                    pair.server.close()
                }
            }
            XCTAssertTrue(pair.server.isClosed)
            await assertThrows(.closed) { try await pair.server.read(count: 1) }
            await assertThrows(.closed) { try await pair.server.write([1], deadline: .patient) }
        }
    }

    func testClosingFromAnotherThreadWakesAPendingRead() async throws {
        try await withLoops(2) { loops in
            let pair = try await ConnectionPair(on: loops[0])
            defer { pair.close() }
            let closing = Task(executorPreference: loops[1]) {
                try await loops[1].sleep(for: .milliseconds(5))
                pair.server.close()
            }
            await assertThrows(.closed) { try await pair.server.read(count: 1) }
            try await closing.value
        }
    }

    func testCancellationWakesAPendingReadAndLeavesTheConnection() async throws {
        try await withLoops(2) { loops in
            let pair = try await ConnectionPair(on: loops[0])
            defer { pair.close() }
            // From the loop's own thread, and from another.
            for canceller in loops {
                let reading = Task(executorPreference: loops[0]) { try await pair.server.read(count: 1) }
                let cancelling = Task(executorPreference: canceller) {
                    try await canceller.sleep(for: .milliseconds(5))
                    reading.cancel()
                }
                await assertThrows(.cancelled) { try await reading.value }
                try await cancelling.value
            }
            try await pair.client.write([1], deadline: .patient)
            let received = try await pair.server.read(count: 1)
            XCTAssertEqual(received, [1])
        }
    }

    func testACancelledTaskReadsNothing() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            try await pair.client.write([1], deadline: .patient)
            let reading = Task(executorPreference: loop) {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return try await pair.server.read(count: 1)
            }
            await assertThrows(.cancelled) { try await reading.value }
        }
    }

    func testAResetIsReportedAsSuch() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            // Closing with unread bytes resets the connection.
            try await pair.server.write([1, 2], deadline: .patient)
            _ = try await pair.client.read(count: 1)
            pair.client.close()
            await assertThrows(.system(call: "recv", errno: ECONNRESET)) {
                try await pair.server.read(count: 1)
            }
            await assertThrows(.system(call: "send", errno: EPIPE)) {
                try await pair.server.write([1], deadline: .patient)
            }
        }
    }

    func testCarriesALargeTransferBothWaysAtOnce() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            try await assertTransfersBothWays(pair)
        }
    }

    func testClosingGracefullyLetsThePeerReadTheAnswer() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            async let sending: Void = pair.client.write(
                [UInt8](repeating: 7, count: 3_000_000),
                deadline: .patient
            )
            _ = try await pair.server.read(count: 10)
            try await pair.server.write(Array("too large".utf8), deadline: .patient)
            async let closing: Void = pair.server.closeGracefully(deadline: .patient)
            try await sending
            let answer = try await pair.client.readToEnd()
            XCTAssertEqual(String(decoding: answer, as: UTF8.self), "too large")
            pair.client.close()
            await closing
            XCTAssertTrue(pair.server.isClosed)
        }
    }
}
