import GTokenNet
import XCTest

@testable import gtoken_webhook

final class PatienceTests: XCTestCase {
    /// What the API server's `timeout` leaves for the answer; a value that is none counts as its default, 10 s.
    func testATimeoutThatIsNoneCountsAsTheDefault() {
        let usual = Duration.milliseconds(9500)
        let cases: [(String, Duration)] = [
            ("?timeout=10s", usual), ("?timeout=1s", .milliseconds(750)),
            ("?timeout=30s", .milliseconds(29_500)),
            ("?timeout=4ns", .nanoseconds(3)), ("?timeout=1s&timeout=30s", .milliseconds(750)),
            ("", usual), ("?", usual), ("?timeout", usual), ("?timeout=", usual), ("?timeout=%", usual),
            ("?timeout=0", usual), ("?timeout=0s", usual), ("?timeout=-1s", usual), ("?timeout=-0", usual),
            ("?timeout=NaN", usual), ("?timeout=inf", usual), ("?timeout=1e9h", usual),
            ("?timeout=10", usual),
            ("?timeout=9999999999h", usual), ("?timeout=%31s", .milliseconds(750)),
            ("?timeout=" + String(repeating: "9", count: 5000) + "s", usual),
            ("?timeout=0." + String(repeating: "0", count: 5000) + "s", usual),
            ("?timeout=2562047h", .seconds(2_562_047 * 3600) - .milliseconds(500)),
            ("?timeout=" + String(repeating: "1s", count: 3), .milliseconds(2500)),
        ]
        for (query, expected) in cases {
            let request = HTTPRequest(method: "POST", target: "/pods\(query)")
            XCTAssertEqual(AdmissionHandler.patience(with: request), expected, String(query.prefix(60)))
        }
    }
}
