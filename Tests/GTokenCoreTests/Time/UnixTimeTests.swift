import GTokenCore
import XCTest

final class UnixTimeTests: XCTestCase {
    func testCarriesNanosecondsIntoSeconds() {
        let cases: [(Int64, Int32, Int64, Int32)] = [
            (0, 0, 0, 0), (1, 1_000_000_000, 2, 0), (1, 1_999_999_999, 2, 999_999_999),
            (1, -1, 0, 999_999_999), (0, -1_000_000_000, -1, 0), (-1, -1, -2, 999_999_999),
            (5, .min, 2, 852_516_352), (5, .max, 7, 147_483_647),
        ]
        for (seconds, nanoseconds, expected, rest) in cases {
            let time = UnixTime(seconds: seconds, nanoseconds: nanoseconds)
            XCTAssertEqual(time.seconds, expected, "\(seconds) \(nanoseconds)")
            XCTAssertEqual(time.nanoseconds, rest, "\(seconds) \(nanoseconds)")
        }
    }

    func testStopsAtTheEndsOfItsRange() {
        XCTAssertEqual(UnixTime(seconds: .min), .earliest)
        XCTAssertEqual(UnixTime(seconds: .min, nanoseconds: .min), .earliest)
        XCTAssertEqual(UnixTime(seconds: .max), .latest)
        XCTAssertEqual(UnixTime(seconds: .max, nanoseconds: .max), .latest)
        XCTAssertEqual(UnixTime.latest + .nanoseconds(1), .latest)
        XCTAssertEqual(UnixTime.earliest - .nanoseconds(1), .earliest)
        XCTAssertEqual(UnixTime.epoch + .seconds(Int64.max), .latest)
        XCTAssertEqual(UnixTime.epoch - .seconds(Int64.max), .earliest)
        XCTAssertEqual(UnixTime.epoch + .seconds(Int64.min), .earliest)
        let longest = Duration(attoseconds: .max)
        let shortest = Duration(attoseconds: .min)
        XCTAssertEqual(UnixTime.earliest + longest, .latest)
        XCTAssertEqual(UnixTime.latest - longest, .earliest)
        XCTAssertEqual(UnixTime.latest + shortest, .earliest)
        XCTAssertEqual(UnixTime.earliest - shortest, .latest)
    }

    func testAddsAndSubtractsDurations() {
        let time = UnixTime(seconds: 10, nanoseconds: 500_000_000)
        let cases: [(Duration, Int64, Int32)] = [
            (.zero, 10, 500_000_000), (.milliseconds(500), 11, 0), (.milliseconds(-501), 9, 999_000_000),
            (.seconds(-11), -1, 500_000_000), (.nanoseconds(1), 10, 500_000_001),
            (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 10, 500_000_000),
        ]
        for (duration, seconds, nanoseconds) in cases {
            let expected = UnixTime(seconds: seconds, nanoseconds: nanoseconds)
            XCTAssertEqual(time + duration, expected)
            XCTAssertEqual(time - (.zero - duration), expected)
        }
    }

    func testMeasuresTheTimeBetween() {
        let early = UnixTime(seconds: 10, nanoseconds: 900_000_000)
        let late = UnixTime(seconds: 12, nanoseconds: 100_000_000)
        XCTAssertEqual(late.duration(since: early), .milliseconds(1200))
        XCTAssertEqual(early.duration(since: late), .milliseconds(-1200))
        XCTAssertEqual(UnixTime.earliest + UnixTime.latest.duration(since: .earliest), .latest)
    }

    func testOrdersBySecondsThenNanoseconds() {
        let times = [(-1, 999), (0, 0), (0, 1), (1, 0)].map { UnixTime(seconds: $0.0, nanoseconds: $0.1) }
        XCTAssertEqual(times.reversed().sorted(), times)
    }

    func testWritesRFC3339() {
        let cases: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (1_795_467_580, "2026-11-23T20:59:40Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (UnixTime.earliest.seconds, "0000-01-01T00:00:00Z"),
            (UnixTime.latest.seconds, "9999-12-31T23:59:59Z"),
        ]
        for (seconds, text) in cases {
            XCTAssertEqual(UnixTime(seconds: seconds).rfc3339, text)
            XCTAssertEqual(UnixTime(rfc3339: text), UnixTime(seconds: seconds), text)
        }
        let time = UnixTime(seconds: 0, nanoseconds: 12_345_678)
        XCTAssertEqual(time.rfc3339, "1970-01-01T00:00:00Z")
        XCTAssertEqual(time.rfc3339(fractionDigits: 3), "1970-01-01T00:00:00.012Z")
        XCTAssertEqual(time.rfc3339(fractionDigits: 12), "1970-01-01T00:00:00.012345678Z")
        XCTAssertEqual(time.rfc3339(fractionDigits: -1), "1970-01-01T00:00:00Z")
    }

    func testWritesAndReadsEveryDayOfFourCenturies() {
        var (year, month, day) = (1899, 12, 31)
        let start = -25_567
        for number in start..<(start + 146_097 + 1) {
            day += 1
            if day > Self.days(year, month) { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
            let time = UnixTime(seconds: Int64(number) * 86_400 + 43_200)
            let text = "\(year)-\(Self.two(month))-\(Self.two(day))T12:00:00Z"
            guard time.rfc3339 == text, UnixTime(rfc3339: text) == time else {
                return XCTFail("\(time.rfc3339) is not \(text)")
            }
        }
        XCTAssertEqual(year, 2300)
    }

    func testReadsTheFormsOfRFC3339() {
        let cases: [(String, UnixTime)] = [
            ("1985-04-12T23:20:50.52Z", UnixTime(seconds: 482_196_050, nanoseconds: 520_000_000)),
            ("1996-12-19T16:39:57-08:00", UnixTime(seconds: 851_042_397)),
            ("1990-12-31T23:59:60Z", UnixTime(seconds: 662_688_000)),
            ("1990-12-31T15:59:60-08:00", UnixTime(seconds: 662_688_000)),
            ("1937-01-01T12:00:27.87+00:20", UnixTime(seconds: -1_041_337_173, nanoseconds: 870_000_000)),
            ("1970-01-01t00:00:00z", .epoch),
            ("1970-01-01T00:00:00-00:00", .epoch),
            ("1970-01-01T00:00:00.1234567899Z", UnixTime(seconds: 0, nanoseconds: 123_456_789)),
            ("1970-01-01T23:59:00+23:59", .epoch),
            ("9999-12-31T23:59:59.999999999Z", .latest),
        ]
        for (text, time) in cases { XCTAssertEqual(UnixTime(rfc3339: text), time, text) }
    }

    func testRefusesWhatIsNotRFC3339() {
        let cases = [
            "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-1-01T00:00:00Z",
            "1970-01-01T00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00,5Z", "1970-01-01T24:00:00Z",
            "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z", "1970-01-01T00:00:60Z", "1970-01-02T23:59:60Z",
            "1970-13-01T00:00:00Z", "1970-00-01T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-32T00:00:00Z",
            "1970-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "1970-04-31T00:00:00Z",
            "1970-01-01T00:00:00+0000",
            "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60", "1970-01-01T00:00:00+1:00",
            "1970-01-01T00:00:00Z ", " 1970-01-01T00:00:00Z", "1970-01-01T00:00:00ZZ", "+970-01-01T00:00:00Z",
            "1970-01-01T-1:00:00Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
            "9999-12-31T23:59:60Z", "１970-01-01T00:00:00Z", "1970-01-01T00:00:00\u{0}Z",
            "1970‐01‐01T00:00:00Z",
        ]
        for text in cases { XCTAssertNil(UnixTime(rfc3339: text), text) }
    }

    func testRefusesATimestampCutAtAnyByte() {
        let text = "1996-12-19T16:39:57.25-08:00"
        for count in 0..<text.count { XCTAssertNil(UnixTime(rfc3339: String(text.prefix(count)))) }
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
