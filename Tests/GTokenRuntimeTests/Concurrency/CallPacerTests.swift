import GTokenRuntime
import TestSupport
import XCTest

final class CallPacerTests: XCTestCase {
    private struct Cancelled: Error {}

    private static func call(_ pacer: CallPacer) async throws {
        try await pacer.paced(cancelled: Cancelled()) { () async throws(Cancelled) in }
    }

    private func begin(_ pacer: CallPacer) -> Task<Void, any Error> {
        Task { try await CallPacerTests.call(pacer) }
    }

    func testCallsComeAtTheRateAfterTheBurst() async throws {
        let clock = ManualClock()
        clock.letSleepsPass(for: .seconds(1000))
        let pacer = CallPacer(.init(concurrent: 4, perSecond: 2, burst: 5), clock: clock)
        for _ in 0..<5 { try await Self.call(pacer) }
        XCTAssertEqual(clock.elapsed, .zero)
        for _ in 0..<10 { try await Self.call(pacer) }
        XCTAssertEqual(clock.elapsed, .seconds(5))
    }

    func testAPauseIsForEverybody() async throws {
        let clock = ManualClock()
        clock.letSleepsPass(for: .seconds(1000))
        let pacer = CallPacer(.init(concurrent: 4, perSecond: 100, burst: 100), clock: clock)
        pacer.pause(for: .seconds(30))
        try await Self.call(pacer)
        XCTAssertEqual(clock.elapsed, .seconds(30))
        try await Self.call(pacer)
        XCTAssertEqual(clock.elapsed, .seconds(30))
    }

    func testAClockThatIsSetBackStopsNobody() async throws {
        let clock = ManualClock()
        clock.letSleepsPass(for: .seconds(1000))
        let pacer = CallPacer(.init(concurrent: 4, perSecond: 1, burst: 1), clock: clock)
        try await Self.call(pacer)
        clock.jump(by: .seconds(-3600))
        try await Self.call(pacer)
        XCTAssertEqual(clock.elapsed, .seconds(1))
    }

    func testNoMoreCallsGoOnThanThereArePlaces() async throws {
        let clock = ManualClock()
        let pacer = CallPacer(.init(concurrent: 3, perSecond: 1000, burst: 1000), clock: clock)
        let most = Locked((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await pacer.paced(cancelled: Cancelled()) { () async throws(Cancelled) in
                        most.withLock { most in
                            most.now += 1
                            most.most = max(most.most, most.now)
                        }
                        await Task.yield()
                        most.withLock { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        XCTAssertEqual(most.withLock { $0.now }, 0)
        XCTAssertLessThanOrEqual(most.withLock { $0.most }, 3)
    }

    func testACancelledCallLeavesItsPlaceToTheNext() async throws {
        let clock = ManualClock()
        let pacer = CallPacer(.init(concurrent: 1, perSecond: 1, burst: 1), clock: clock)
        try await Self.call(pacer)
        let holder = begin(pacer)
        await clock.waitForSleepers()
        let waiter = begin(pacer)
        waiter.cancel()
        let cancelled = await waiter.result
        XCTAssertThrowsError(try cancelled.get()) { XCTAssertTrue($0 is Cancelled) }
        holder.cancel()
        _ = await holder.result
        let next = begin(pacer)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        try await next.value
    }
}
