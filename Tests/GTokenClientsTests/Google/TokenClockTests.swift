import GTokenClients
import GTokenCore
import TestSupport
import XCTest

/// Wall clocks that are wrong, or set while gtoken runs.
final class TokenClockTests: XCTestCase {
    private let start = UnixTime(seconds: 1_795_467_580)

    /// A source whose own clock is right: `elapsed` seconds since the start, whatever the machine's clock says.
    ///
    /// It makes a token only when its own has so little left.
    private func rightSource(_ stage: RefresherStage, keepsUntilLeft: Double = 3600) {
        var made: Double?
        stage.source = { [unowned stage] _, _ in
            let right = stage.clock.elapsed / .seconds(1)
            if let made, right - made < 3600 - keepsUntilLeft { return nil }
            made = right
            return right + 3600
        }
    }

    /// How long readers had no valid token, by the right time, in all.
    private func secondsWithout(_ stage: RefresherStage, until end: Double) -> Double {
        let times = stage.elapsedAtWrite.map { $0 / .seconds(1) } + [end]
        return zip(zip(times, times.dropFirst()), stage.written).reduce(0) { sum, one in
            sum + max(one.0.1 - max(one.1.expires, one.0.0), 0)
        }
    }

    func testAJumpAtAnyMomentLeavesNobodyWithoutAToken() async throws {
        for keepsUntilLeft in [3600, 300, 60] as [Double] {
            for jump in [-86_400 * 365, -86_400, -3000, -90, 90, 3000, 86_400, 86_400 * 365] as [Double] {
                for moment in stride(from: 1, through: 100, by: 11) {
                    let stage = RefresherStage(start)
                    stage.minimum = .seconds(30)
                    rightSource(stage, keepsUntilLeft: keepsUntilLeft)
                    stage.onSleep = { clock, count in
                        if count == moment { clock.jump(by: .seconds(jump)) }
                        // Somebody puts it right again.
                        if count == moment + 150 { clock.jump(by: .seconds(-jump)) }
                    }
                    await stage.keepFresh(for: .seconds(8 * 3600))
                    let without = secondsWithout(stage, until: 8 * 3600)
                    XCTAssertEqual(without, 0, "\(jump) s at \(moment), cached until \(keepsUntilLeft)")
                    XCTAssertLessThan(stage.questions.count, 1200)
                    XCTAssertLessThan(stage.lines.count, 700)
                }
            }
        }
    }

    func testAClockThatIsAlwaysWrongCostsFewQuestionsAndLines() async throws {
        for offset in [-86_400, -3600, -600, 600, 3500, 7200, 86_400] as [Double] {
            for keepsUntilLeft in [3600, 300, 60] as [Double] {
                let stage = RefresherStage(start)
                stage.minimum = .seconds(30)
                rightSource(stage, keepsUntilLeft: keepsUntilLeft)
                stage.clock.jump(by: .seconds(offset))
                await stage.keepFresh(for: .seconds(4 * 3600))
                XCTAssertEqual(secondsWithout(stage, until: 4 * 3600), 0, "\(offset) \(keepsUntilLeft)")
                // Backoff to half a minute at most: four questions a minute on average.
                XCTAssertLessThan(stage.questions.count, 4 * 300, "\(offset) \(keepsUntilLeft)")
                XCTAssertLessThan(stage.levels.filter { $0 != "info" }.count, 4 * 60 + 2)
            }
        }
    }

    func testAClockThatSwingsForeverIsNoReasonToEndOrToAskInALoop() async throws {
        var generator = SeededGenerator()
        for _ in 0..<10 {
            let stage = RefresherStage(start)
            stage.minimum = .seconds(30)
            rightSource(stage)
            stage.onSleep = { clock, _ in
                guard Double.random(in: 0..<1, using: &generator) < 0.2 else { return }
                clock.jump(by: .seconds(Double.random(in: -100_000...100_000, using: &generator)))
            }
            await stage.keepFresh(for: .seconds(8 * 3600))
            XCTAssertEqual(secondsWithout(stage, until: 8 * 3600), 0)
            XCTAssertLessThan(stage.questions.count, 8 * 300)
        }
    }

    func testAMachineThatWasSuspendedAsksWithinAMinute() async throws {
        for slept in [1000, 3500, 40_000] as [Double] {
            let stage = RefresherStage(start)
            stage.source = { now, _ in now + 3600 }
            stage.onSleep = { clock, count in if count == 40 { clock.jump(by: .seconds(slept)) } }
            await stage.keepFresh(for: .seconds(2700))
            XCTAssertEqual(stage.written.count, 2)
            XCTAssertLessThanOrEqual(stage.elapsedAtWrite[1], .seconds(41 * 60))
        }
    }

    func testAClockPutRightEndsTheComplaints() async throws {
        let stage = RefresherStage(start)
        rightSource(stage, keepsUntilLeft: 60)
        stage.clock.jump(by: .seconds(7200))
        stage.onSleep = { clock, count in if count == 20 { clock.jump(by: .seconds(-7200)) } }
        await stage.keepFresh(for: .seconds(3400))
        XCTAssertTrue(stage.levels.contains("error"))
        XCTAssertLessThan(stage.questions.count, 30)
        let waits = zip(stage.questions, stage.questions.dropFirst()).map { $1 - $0 }
        XCTAssertGreaterThan(waits.max() ?? 0, 2000)
    }
}
