import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

final class RepeatedWarningTests: XCTestCase {
    func testAFloodIsALineASecondThatSaysHowManyThereWere() {
        let clock = ManualClock()
        let log = RecordedLog()
        let warning = RepeatedWarning("something", logger: log.logger(clock: clock), clock: clock)
        for second in 1...3 {
            for number in 1...1000 { warning.log(LogField("number", number)) }
            XCTAssertEqual(log.lines.count, second)
            clock.advance(by: .seconds(1))
        }
        XCTAssertTrue(log.lines[0].contains("number=1 times=1\n"), log.lines[0])
        XCTAssertTrue(log.lines[1].contains("number=1 times=1000\n"), log.lines[1])
    }
}
