import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// What of an admission is in the log, and how loud.
final class AdmissionLogTests: XCTestCase {
    private let warnings = [#"gtoken: container "a" has envFrom"#]

    private func lines(_ outcome: InjectionOutcome, level: LogLevel = .trace) throws -> [String] {
        let review = try AdmissionReview(
            parsing: JSONDocument(
                Array(
                    #"""
                    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
                    "kind":{"group":"","version":"v1","kind":"Pod"},"namespace":"ns","name":"p","operation":"CREATE",
                    "object":{"spec":{}},"dryRun":true}}
                    """#.utf8
                )
            )
        )
        let log = RecordedLog()
        let logger = log.logger(clock: ManualClock(), level: level)
        AdmissionLog(logger: logger).write(outcome, of: review, took: .milliseconds(2))
        return log.lines
    }

    func testALineSaysWhatWasDecidedAndWhatTheUserWasTold() throws {
        let line = try XCTUnwrap(
            lines(InjectionOutcome(decision: .injected, patch: JSONPatch(), warnings: warnings)).first
        )
        for part in [
            "level=info msg=admission uid=u-1 namespace=ns name=p outcome=injected duration=2ms dryRun=true",
            #"warning="gtoken: container \"a\" has envFrom""#,
        ] {
            XCTAssertTrue(line.contains(part), line)
        }
    }

    func testOnlyAPodThatExpectsARoleAndGetsNoneIsAWarning() throws {
        let reasons = InjectionDecision.Reason.allCases.map(InjectionDecision.notInjected)
        let decisions = [InjectionDecision.injected, .alreadyInjected] + reasons
        for decision in decisions {
            let outcome = InjectionOutcome(decision: decision, patch: JSONPatch(), warnings: warnings)
            let level = decision.isFault ? "warning" : "info"
            XCTAssertTrue(try lines(outcome)[0].contains("level=\(level) "), "\(decision)")
            XCTAssertEqual(try lines(outcome, level: .warning).count, decision.isFault ? 1 : 0, "\(decision)")
        }
        XCTAssertFalse(InjectionDecision.injected.isFault)
        XCTAssertFalse(InjectionDecision.notInjected(.notOptedIn).isFault)
        XCTAssertTrue(InjectionDecision.notInjected(.collision).isFault)
    }
}
