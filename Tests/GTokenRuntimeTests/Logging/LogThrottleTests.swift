import GTokenCore
import GTokenRuntime
import XCTest

final class LogThrottleTests: XCTestCase {
    func testLetsTheSameEventThroughOnceInAnInterval() {
        var throttle = LogThrottle(interval: .seconds(60))
        let start = UnixTime(seconds: 1_700_000_000)
        let cases: [(String, Duration, Bool)] = [
            ("a", .zero, true), ("a", .seconds(1), false), ("a", .seconds(59), false),
            ("a", .seconds(60), true),
            ("a", .seconds(61), false), ("b", .seconds(62), true), ("a", .seconds(63), true),
            ("a", .seconds(-3600), true), ("a", .seconds(-3599), false),
        ]
        for (key, offset, expected) in cases {
            XCTAssertEqual(throttle.admits(key, at: start + offset), expected, "\(key) \(offset)")
        }
        throttle.reset()
        XCTAssertTrue(throttle.admits("a", at: start - .seconds(3598)))
    }
}
