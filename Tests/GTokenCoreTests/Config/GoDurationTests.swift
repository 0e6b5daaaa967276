import GTokenCore
import XCTest

final class GoDurationTests: XCTestCase {
    func testReadsWhatGoReads() {
        let cases: [(String, Duration)] = [
            ("0", .zero), ("+0", .zero), ("-0", .zero), ("0s", .zero),
            ("5s", .seconds(5)), ("30s", .seconds(30)), ("1478s", .seconds(1478)),
            ("-5s", .seconds(-5)), ("+5s", .seconds(5)),
            ("5.0s", .seconds(5)), ("5.6s", .milliseconds(5600)), ("5.s", .seconds(5)),
            (".5s", .milliseconds(500)),
            ("1.004s", .milliseconds(1004)), ("100.00100s", .milliseconds(100_001)),
            ("10ns", .nanoseconds(10)), ("11us", .microseconds(11)), ("12µs", .microseconds(12)),
            ("12μs", .microseconds(12)), ("13ms", .milliseconds(13)), ("14s", .seconds(14)),
            ("15m", .seconds(900)), ("16h", .seconds(57600)),
            ("3h30m", .seconds(12600)), ("10.5s4m", .milliseconds(250_500)),
            ("-2m3.4s", .milliseconds(-123_400)),
            ("1h2m3s4ms5us6ns", .nanoseconds(3_723_004_005_006)), ("1h1h", .seconds(7200)),
            ("0.3333333333333333333h", .seconds(1200)), ("0.100000000000000000000h", .seconds(360)),
            ("0.9223372036854775807h", .nanoseconds(3_320_413_933_267)),
            ("9223372036854775807ns", .nanoseconds(Int64.max)), ("2562047h47m16s", .seconds(9_223_372_036)),
        ]
        for (text, expected) in cases {
            XCTAssertEqual(Duration(goText: text), expected, text)
        }
    }

    func testRefusesWhatGoRefuses() {
        let texts = [
            "", "3", "-", "+", "s", ".", "-.", ".s", "+.s", "1.5", "5 s", " 5s", "5s ", "5S", "1d", "5sec",
            "--5s",
            "1e3s", "0x1s", "9223372036854775808ns", "9223372036854775807s", "2562048h",
            "99999999999999999999h",
            "3000000h", "1h\u{0}", "１s", "5s5", "\u{FF}",
        ]
        for text in texts {
            XCTAssertNil(Duration(goText: text), text)
        }
    }

    func testPrintsLikeGo() {
        let cases: [(Duration, String)] = [
            (.zero, "0s"), (.nanoseconds(1), "1ns"), (.nanoseconds(1100), "1.1µs"),
            (.microseconds(2200), "2.2ms"),
            (.milliseconds(3300), "3.3s"), (.seconds(245), "4m5s"), (.milliseconds(245_001), "4m5.001s"),
            (.seconds(18367), "5h6m7s"), (.seconds(3600), "1h0m0s"), (.seconds(-90), "-1m30s"),
            (.nanoseconds(-1), "-1ns"), (.milliseconds(500), "500ms"), (.seconds(60), "1m0s"),
        ]
        for (duration, expected) in cases {
            XCTAssertEqual(duration.goText, expected)
            XCTAssertEqual(Duration(goText: expected), duration)
        }
    }
}
