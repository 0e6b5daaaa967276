import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

final class LoggerTests: XCTestCase {
    private let clock = ManualClock(UnixTime(seconds: 1_795_467_580, nanoseconds: 0))
    private let log = RecordedLog()
    private var time: String { clock.now().rfc3339 }

    func testWritesOneTextLineForAnEvent() {
        log.logger(clock: clock).info(
            "token refreshed",
            .init("file", "/var/run/secrets/aws/token/gtoken"),
            .init("attempts", 3),
            .init("changed", true),
            .init("next", .seconds(2880))
        )
        XCTAssertEqual(
            log.lines,
            [
                """
                time=\(time) level=info msg="token refreshed" file=/var/run/secrets/aws/token/gtoken attempts=3 \
                changed=true next=48m0s\n
                """
            ]
        )
    }

    func testWritesOneJSONLineForAnEvent() throws {
        log.logger(clock: clock, format: .json).warning(
            "slow \"answer\"",
            .init("body", "a\nb\u{1B}[31m"),
            .init("bytes", UInt64.max),
            .init("ok", false)
        )
        let line = try XCTUnwrap(log.lines.first)
        XCTAssertTrue(line.hasSuffix("}\n"))
        let root = try JSONDocument(Array(line.utf8)).root
        XCTAssertEqual(root["time"]?.string(), time)
        XCTAssertEqual(root["level"]?.string(), "warning")
        XCTAssertEqual(root["msg"]?.string(), "slow \"answer\"")
        XCTAssertEqual(root["body"]?.string(), "a\nb\u{1B}[31m")
        XCTAssertEqual(root["bytes"]?.integer(), Int64.max)
        XCTAssertEqual(root["ok"]?.boolean(), false)
    }

    func testQuotesAndEscapesWhatCouldForgeALine() {
        let cases = [
            ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#),
            (#"say "hi" \o/"#, #""say \"hi\" \\o/""#),
            ("x\nlevel=error msg=forged", #""x\nlevel=error msg=forged""#), ("a\r\tb", #""a\r\tb""#),
            ("\u{1B}[2J", #""\u001b[2J""#), ("\u{9B}2J", #""\u009b2J""#), ("\u{2028}", #""\u2028""#),
            ("\u{0}", #""\u0000""#), ("grün", #""grün""#), ("a:b/c@d-e_f.g+h,i*", "a:b/c@d-e_f.g+h,i*"),
        ]
        for (value, expected) in cases {
            let log = RecordedLog()
            log.logger(clock: clock).info("m", .init("v", value))
            XCTAssertEqual(log.lines, ["time=\(time) level=info msg=m v=\(expected)\n"])
        }
    }

    func testCutsALongValueBetweenCharacters() throws {
        for format in [Logger.Format.text, .json] {
            for character in ["x", "é", "€", "😀"] {
                let log = RecordedLog()
                log.logger(clock: clock, format: format).info(
                    "m",
                    .init("v", "-" + String(repeating: character, count: 5000))
                )
                let line = try XCTUnwrap(log.lines.first)
                XCTAssertLessThan(line.utf8.count, 2300)
                XCTAssertTrue(line.contains(character + "…"))
                XCTAssertFalse(line.contains("\u{FFFD}"))
            }
        }
    }

    func testWritesNothingBelowItsLevel() {
        for level in LogLevel.allCases {
            let log = RecordedLog()
            let logger = log.logger(clock: clock, level: level)
            logger.debug("m")
            logger.info("m")
            logger.warning("m")
            logger.error("m")
            let expected = [LogLevel.debug, .info, .warning, .error].filter { $0 >= level }
            XCTAssertEqual(log.lines, expected.map { "time=\(time) level=\($0) msg=m\n" })
        }
    }

    func testCarriesItsOwnFieldsBeforeTheEvents() {
        let logger = log.logger(clock: clock).with(.init("uid", "705ab4f5"))
        logger.error("failed", .init(FileError.notARegularFile(path: "/x")))
        XCTAssertEqual(
            log.lines,
            ["time=\(time) level=error msg=failed uid=705ab4f5 error=\"/x: not a regular file\"\n"]
        )
    }
}
