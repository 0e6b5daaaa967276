import GTokenCore
import GTokenNet
import GTokenRuntime
import XCTest

final class LoopClockTests: XCTestCase {
    func testTellsTheWallClocksTime() throws {
        let clock = LoopClock(try EventLoop())
        let time = UnixTime(seconds: Int64(Date().timeIntervalSince1970))
        XCTAssertLessThanOrEqual(time, clock.now())
        XCTAssertLessThan(clock.now(), time + .seconds(10))
    }

    func testSleepsOnItsLoop() async throws {
        try await withLoops(2) { loops in
            let start = Deadline.now
            let clock: any GTokenRuntime.Clock = LoopClock(loops[1])
            try await clock.sleep(for: .milliseconds(2))
            XCTAssertGreaterThanOrEqual(Deadline.now, start.advanced(by: .milliseconds(2)))
            try await clock.sleep(for: .seconds(-1))
        }
    }

    func testASignalIsAwaitedOnALoop() async throws {
        try await withLoop { loop in
            let signals = try SignalDescriptor([.terminate])
            let waiting = Task(executorPreference: loop) {
                try await loop.waitReadable(signals.descriptor, deadline: .patient)
                return signals.next()
            }
            await loop.yield()
            // To this thread alone, which blocks it: no other has a part in the test.
            pthread_kill(pthread_self(), SIGTERM)
            let signal = try await waiting.value
            XCTAssertEqual(signal, .terminate)
        }
    }
}
