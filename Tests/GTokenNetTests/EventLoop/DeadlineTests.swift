import GTokenNet
import XCTest

final class DeadlineTests: XCTestCase {
    func testLiesAheadByItsDuration() {
        let before = Deadline.now
        let deadline = Deadline.after(.seconds(5))
        XCTAssertGreaterThanOrEqual(deadline, before.advanced(by: .seconds(5)))
        XCTAssertLessThanOrEqual(deadline.remaining, .seconds(5))
        XCTAssertGreaterThan(deadline.remaining, .seconds(4))
        XCTAssertFalse(deadline.hasPassed)
    }

    func testNowHasPassed() {
        XCTAssertTrue(Deadline.now.hasPassed)
        XCTAssertEqual(Deadline.now.remaining, .zero)
    }

    func testANegativeDurationIsNow() {
        for duration in [Duration.zero, .seconds(-1), .seconds(Int64.min), .nanoseconds(Int64.min)] {
            XCTAssertTrue(Deadline.after(duration).hasPassed, "\(duration)")
        }
    }

    func testADurationBeyondTheClockIsNever() {
        for duration in [Duration.seconds(Int64.max), .seconds(Int64.max) * 10, .seconds(9_100_000_000)] {
            XCTAssertEqual(Deadline.after(duration), .never, "\(duration)")
        }
        XCTAssertEqual(Deadline.never.advanced(by: .seconds(1)), .never)
        XCTAssertFalse(Deadline.never.hasPassed)
    }
}
