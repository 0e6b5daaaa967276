import GTokenClients
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

final class ServicePatienceTests: XCTestCase {
    private enum Failure: ServiceFailure, Equatable {
        case down, refused, unasked, cancelled

        var service: ServiceState {
            switch self {
            case .down: .down
            case .refused: .up
            case .unasked, .cancelled: .unknown
            }
        }
    }

    private let clock = ManualClock()

    /// Calls a service that always fails like this; how it ended, after how many attempts.
    private static func call(
        _ patience: ServicePatience,
        _ failure: Failure,
        then next: NextAttempt = .later()
    ) async -> (error: Failure?, attempts: Int) {
        var attempts = 0
        do throws(Failure) {
            try await patience.answer { _ throws(Failure) in
                attempts += 1
                throw failure
            } after: { _ in
                next
            }
            return (nil, attempts)
        } catch {
            return (error, attempts)
        }
    }

    func testRepeatsAsTheFailureAsks() async {
        clock.letSleepsPass(for: .seconds(3600))
        let patience = ServicePatience(.seconds(3600), maxAttempts: 5, clock: clock)
        let never = await Self.call(patience, .refused, then: .never)
        XCTAssertEqual(never.error, .refused)
        XCTAssertEqual(never.attempts, 1)
        let later = await Self.call(patience, .refused)
        XCTAssertEqual(later.error, .refused)
        XCTAssertEqual(later.attempts, 5)
        let start = clock.now()
        _ = await Self.call(patience, .refused, then: .later(atLeast: .seconds(40)))
        XCTAssertEqual(clock.now().duration(since: start), .seconds(160))
        var isMended = false
        let answer = try? await patience.answer { _ throws(Failure) in
            guard isMended else { throw .refused }
            return "answer"
        } after: { _ in
            isMended = true
            return .atOnce
        }
        XCTAssertEqual(answer, "answer")
        XCTAssertEqual(clock.now().duration(since: start), .seconds(160), "at once takes no time")
    }

    func testWhatSaysNothingAboutTheServiceNeitherBeginsNorEndsAnOutage() async {
        clock.letSleepsPass(for: .seconds(3600))
        for (between, repeats) in [(Failure.unasked, false), (.refused, true)] {
            let patience = ServicePatience(.seconds(60), clock: clock)
            let first = await Self.call(patience, .down)
            XCTAssertGreaterThan(first.attempts, 2)
            clock.advance(by: .seconds(60))
            let during = await Self.call(patience, .down)
            XCTAssertEqual(during.attempts, 1, "it has been waited for already")
            _ = await Self.call(patience, between, then: .never)
            let after = await Self.call(patience, .down)
            XCTAssertEqual(after.attempts > 1, repeats, "\(between)")
        }
    }

    func testACancelledWaitEnds() async {
        let patience = ServicePatience(.seconds(60), clock: clock)
        let task = Task { await ServicePatienceTests.call(patience, .down).error }
        await clock.waitForSleepers()
        task.cancel()
        let error = await task.value
        XCTAssertEqual(error, .cancelled)
    }
}
