import GTokenCore
import XCTest

final class LogLevelTests: XCTestCase {
    func testReadsLogrusNamesInAnyCase() {
        let cases: [(String, LogLevel)] = [
            ("trace", .trace), ("debug", .debug), ("DEBUG", .debug), ("info", .info), ("INFO", .info),
            ("warning", .warning), ("warn", .warning), ("Warning", .warning), ("WARNING", .warning),
            ("error", .error), ("ERROR", .error), ("fatal", .fatal), ("FATAL", .fatal), ("panic", .fatal),
            ("PANIC", .fatal),
        ]
        for (text, level) in cases {
            XCTAssertEqual(LogLevel(parsing: text), level, text)
        }
    }

    func testRefusesOtherNames() {
        for text in ["", "verbose", "inf", " info", "3", "notice"] {
            XCTAssertNil(LogLevel(parsing: text), text)
        }
    }

    func testOrdersBySeverity() {
        XCTAssertEqual(LogLevel.allCases.sorted(), [.trace, .debug, .info, .warning, .error, .fatal])
    }
}
