import GTokenCore
import XCTest

final class TokenRefreshScheduleTests: XCTestCase {
    private func wait(
        _ left: Double,
        life: Double? = 3600,
        minimum: Double = 0,
        jitter: Double = 0.5
    ) -> Double {
        TokenRefreshSchedule.wait(
            timeLeft: .seconds(left),
            lifetime: life.map { .seconds($0) },
            minimum: .seconds(minimum),
            jitter: jitter
        ) / .seconds(1)
    }

    func testAFreshTokenIsDueAtFourFifthsOfItsLife() {
        XCTAssertEqual(wait(3600), 2880, accuracy: 0.001)
        XCTAssertEqual(wait(3600, jitter: 0), 2700, accuracy: 0.001)
        XCTAssertEqual(wait(3600, jitter: 1), 3060, accuracy: 0.001)
        XCTAssertEqual(wait(300, life: 300), 240, accuracy: 0.001)
        XCTAssertEqual(wait(86_400, life: 86_400), 69_120, accuracy: 0.001)
    }

    func testATokenThatSomeoneElseFetchedIsDueAtTheSameMoment() {
        XCTAssertEqual(wait(1800), 1080, accuracy: 0.001)
        XCTAssertEqual(wait(722), 2, accuracy: 0.001)
    }

    func testADueTokenIsAskedForJustAfterTheServersOwnRefresh() {
        XCTAssertEqual(wait(700), 405.5, accuracy: 0.001)
        XCTAssertEqual(wait(700, jitter: 0), 401, accuracy: 0.001)
        XCTAssertEqual(wait(311), 16.5, accuracy: 0.001)
        XCTAssertEqual(wait(295), 30, accuracy: 0.001)
        XCTAssertEqual(wait(85), 30, accuracy: 0.001)
        XCTAssertEqual(wait(75), 20.5, accuracy: 0.001)
    }

    func testADyingTokenIsAskedForEverMoreOftenButNeverInABusyLoop() {
        XCTAssertEqual(wait(65), 30, accuracy: 0.001)
        XCTAssertEqual(wait(20), 10, accuracy: 0.001)
        XCTAssertEqual(wait(4), 2, accuracy: 0.001)
        for left in [2, 1, 0.1, 0, -0.1, -5, -1e9] {
            XCTAssertEqual(wait(left), 1, accuracy: 0.001, "\(left)")
        }
        var left = 20.0
        var questions = 0
        while left > 0 {
            left -= wait(left)
            questions += 1
        }
        XCTAssertLessThan(questions, 8)
    }

    func testAMinimumMakesATokenDueEarlierWithTimeToSpare() {
        XCTAssertEqual(wait(3600, minimum: 30), 2880, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 600, jitter: 0), 2640, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 1800, jitter: 0), 1440, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 1800), 1530, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 1800, jitter: 1), 1620, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 3500, jitter: 0), 50, accuracy: 0.001)
        XCTAssertEqual(wait(3600, minimum: 3540, jitter: 0), 30, accuracy: 0.001)
        // What the server keeps is waited for all the same.
        XCTAssertEqual(wait(1900, minimum: 1800, jitter: 0), 1601, accuracy: 0.001)
    }

    func testAMinimumThatNoTokenCanKeepIsNotTried() {
        for minimum in [3541, 3600, 3601, 86_400] as [Double] {
            XCTAssertEqual(wait(3600, minimum: minimum), 2880, accuracy: 0.001)
            XCTAssertFalse(
                TokenRefreshSchedule.canKeep(minimum: .seconds(minimum), lifetime: .seconds(3600))
            )
        }
        for minimum in [-1, 0, 30, 3540] as [Double] {
            XCTAssertTrue(
                TokenRefreshSchedule.canKeep(minimum: .seconds(minimum), lifetime: .seconds(3600))
            )
        }
    }

    func testATokenIsDueFromTheEarliestMomentOn() {
        func isDue(_ left: Double, minimum: Double = 0) -> Bool {
            TokenRefreshSchedule.isDue(
                timeLeft: .seconds(left),
                lifetime: .seconds(3600),
                minimum: .seconds(minimum)
            )
        }
        for (left, minimum) in [(899, 0), (10, 0), (-10, 0), (2160, 1800), (899, 3600)] as [(Double, Double)]
        {
            XCTAssertTrue(isDue(left, minimum: minimum), "\(left) \(minimum)")
        }
        for (left, minimum) in [(901, 0), (90_000, 0), (2161, 1800), (901, 3600)] as [(Double, Double)] {
            XCTAssertFalse(isDue(left, minimum: minimum), "\(left) \(minimum)")
        }
    }

    func testAClockThatIsBehindDoesNotDelayTheQuestion() {
        XCTAssertEqual(wait(90_000), 2880, accuracy: 0.001)
    }

    func testATokenWithoutIssueTimeIsTakenAsFresh() {
        XCTAssertEqual(wait(1000, life: nil), 800, accuracy: 0.001)
        XCTAssertEqual(wait(-5, life: nil), 1, accuracy: 0.001)
    }

    func testALifetimeThatMakesNoSenseIsIgnored() {
        XCTAssertEqual(wait(1000, life: 0), 800, accuracy: 0.001)
        XCTAssertEqual(wait(1000, life: -50), 800, accuracy: 0.001)
    }

    func testTheWaitIsAlwaysPositiveAndBeforeExpiryWhileThereIsTime() {
        for life in [1, 10, 60, 300, 600, 3600, 86_400] as [Double] {
            for step in 0...100 {
                let left = life * Double(step) / 100
                for jitter in [0, 0.25, 0.5, 0.75, 0.999] {
                    for part in [0, 0.01, 0.5, 0.98, 1, 2] {
                        let wait = wait(left, life: life, minimum: life * part, jitter: jitter)
                        XCTAssertGreaterThanOrEqual(wait, 1)
                        if left > 2 { XCTAssertLessThan(wait, left, "\(left) of \(life)") }
                    }
                }
            }
        }
    }
}
