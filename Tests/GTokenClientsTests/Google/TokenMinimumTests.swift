import GTokenClients
import GTokenCore
import TestSupport
import XCTest

/// That the token always has the minimum time left, and what happens where no source allows it.
final class TokenMinimumTests: XCTestCase {
    private let start = UnixTime(seconds: 1_795_467_580)

    /// A server that makes a token only when its own has so little left, and the age of its first one.
    private func caching(
        untilLeft: Double,
        age: Double = 0
    ) -> (_ now: Double, _ calls: [Double]) -> Double? {
        { now, calls in
            guard let last = calls.last else { return 3600 - age }
            let made = calls.count == 1 ? last - age : last
            return now - made < 3600 - untilLeft ? nil : now + 3600
        }
    }

    private func leastLeft(_ stage: RefresherStage) -> Double {
        zip(stage.written, stage.written.dropFirst()).map { $0.expires - $1.at }.min() ?? .infinity
    }

    func testASourceOfFreshTokensKeepsAnyMinimumThatATokenHasRoomFor() async throws {
        for minimum in [0, 30, 600, 1800, 3300, 3500, 3540] as [Double] {
            let stage = RefresherStage(start)
            stage.minimum = .seconds(minimum)
            await stage.keepFresh(for: .seconds(8 * 3600))
            XCTAssertGreaterThanOrEqual(leastLeft(stage), minimum)
            XCTAssertGreaterThan(stage.written.count, 8)
            // No more questions than the minimum calls for.
            XCTAssertLessThanOrEqual(
                Double(stage.questions.count),
                8 * 3600 / max((3600 - minimum) / 2, 30) + 1
            )
            XCTAssertEqual(Set(stage.levels), ["info"], "\(minimum)")
        }
    }

    func testTheMinimumIsKeptThroughFailuresOfTheSource() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(1800)
        // Away for two minutes of each four.
        stage.failure = { Int($0) % 240 < 120 && $0 > 0 ? .refused(url: "u", status: 503, message: "") : nil }
        await stage.keepFresh(for: .seconds(20 * 3600))
        XCTAssertGreaterThanOrEqual(leastLeft(stage), 1800)
    }

    func testEveryMetadataServerKeepsHalfAMinute() async throws {
        for keepsUntilLeft in [300, 60] as [Double] {
            for age in [0, 1000, 3295, 3530] as [Double] {
                let stage = RefresherStage(start)
                stage.minimum = .seconds(30)
                stage.source = caching(untilLeft: keepsUntilLeft, age: age)
                await stage.keepFresh(for: .seconds(8 * 3600))
                XCTAssertGreaterThanOrEqual(leastLeft(stage), 30, "\(keepsUntilLeft) \(age)")
                XCTAssertFalse(stage.levels.contains("warning"), "\(stage.lines)")
            }
        }
    }

    func testAFailureOfLongAgoDoesNotDelayTheLastChance() async throws {
        // Away while the token gets due, then with its old one until a minute before the end, then away for a second.
        let stage = RefresherStage(start)
        stage.minimum = .seconds(30)
        stage.source = caching(untilLeft: 60)
        stage.failure = { now in
            (2600..<3000).contains(now) || (3540..<3560).contains(now)
                ? .refused(url: "u", status: 503, message: "") : nil
        }
        await stage.keepFresh(for: .seconds(4000))
        XCTAssertGreaterThanOrEqual(leastLeft(stage), 30)
    }

    func testAMinimumThatNoTokenHasIsSaidOnceAndCostsNoMoreQuestions() async throws {
        for minimum in [3541, 3600, 86_400] as [Double] {
            let stage = RefresherStage(start)
            stage.minimum = .seconds(minimum)
            await stage.keepFresh(for: .seconds(24 * 3600))
            XCTAssertLessThanOrEqual(stage.questions.count, 24 * 3600 / 2700 + 1)
            XCTAssertEqual(stage.levels.filter { $0 == "warning" }.count, 1)
        }
    }

    func testAMinimumThatTheServersCacheDoesNotAllowIsSaidOnceAndCostsFewQuestions() async throws {
        for minimum in [400, 1800, 3500] as [Double] {
            let stage = RefresherStage(start)
            stage.minimum = .seconds(minimum)
            stage.source = caching(untilLeft: 300)
            await stage.keepFresh(for: .seconds(24 * 3600))
            // Each token is asked for when it is due, just before the minimum, and when the server has another.
            XCTAssertLessThan(stage.questions.count, 24 * 5)
            XCTAssertGreaterThanOrEqual(leastLeft(stage), 280)
            XCTAssertEqual(stage.levels.filter { $0 == "warning" }.count, 1, "\(stage.lines)")
        }
    }

    func testTheFallbackKeepsWhatTheServersCacheDoesNotAllow() async throws {
        for minimum in [0, 30, 400, 1800, 3500] as [Double] {
            let stage = RefresherStage(start)
            stage.minimum = .seconds(minimum)
            stage.source = caching(untilLeft: 60)
            stage.fallback = { $0 + 3600 }
            await stage.keepFresh(for: .seconds(24 * 3600))
            XCTAssertGreaterThanOrEqual(leastLeft(stage), max(minimum, 540))
            XCTAssertFalse(stage.levels.contains("warning"), "\(stage.lines)")
            XCTAssertEqual(stage.written.map(\.at), stage.questions)
        }
    }

    func testTheFallbackIsNotAskedWhileTheSourceWillDo() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(600)
        stage.fallback = { $0 + 3600 }
        await stage.keepFresh(for: .seconds(8 * 3600), held: stage.token(expires: 3000))
        XCTAssertEqual(stage.fallbackQuestions, [])
        // Neither for a token of an earlier run that is not due, though the source has no newer one.
        let other = RefresherStage(start)
        other.source = { _, _ in 3000 }
        other.fallback = { $0 + 3600 }
        await other.keepFresh(for: .seconds(60), held: other.token(expires: 3000))
        XCTAssertEqual(other.questions.count, 1)
        XCTAssertEqual(other.fallbackQuestions, [])
    }

    func testTheFallbackStandsInForASourceThatIsAway() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(600)
        stage.failure = { _ in .refused(url: "u", status: 503, message: "away") }
        stage.fallback = { $0 + 3600 }
        await stage.keepFresh(for: .seconds(8 * 3600))
        XCTAssertEqual(stage.written.first, .init(at: 0, expires: 3600))
        XCTAssertGreaterThanOrEqual(leastLeft(stage), 600)
        XCTAssertFalse(stage.levels.contains("warning"))
    }

    func testAFallbackThatFailsChangesNothingElse() async throws {
        let stage = RefresherStage(start)
        stage.source = caching(untilLeft: 300)
        stage.fallback = { _ in nil }
        await stage.keepFresh(for: .seconds(8 * 3600))
        XCTAssertGreaterThanOrEqual(stage.written.count, 8)
        XCTAssertGreaterThanOrEqual(leastLeft(stage), 280)
        XCTAssertLessThan(stage.fallbackQuestions.count, 8 * 4)
        XCTAssertTrue(stage.lines.contains { $0.contains("no binding") })
        // Both away: the source's own words are the error.
        let other = RefresherStage(start)
        let refusal = IDTokenError.refused(url: "u", status: 404, message: "not annotated")
        other.failure = { _ in refusal }
        other.fallback = { _ in nil }
        let error = await other.keepFresh(for: .seconds(3600))
        XCTAssertEqual(error, .source(refusal))
    }

    func testATokenOfAnEarlierRunThatIsTooShortIsReplacedAtOnceOrKept() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(600)
        await stage.keepFresh(for: .seconds(60), held: stage.token(expires: 500))
        XCTAssertEqual(stage.written, [.init(at: 0, expires: 3600)])
        let other = RefresherStage(start)
        other.minimum = .seconds(600)
        other.failure = { _ in .refused(url: "u", status: 503, message: "") }
        await other.keepFresh(for: .seconds(60), held: other.token(expires: 500))
        XCTAssertEqual(other.written, [.init(at: 0, expires: 500)])
    }

    func testASingleTokenThatIsTooShortIsWaitedWithAsLongAsThePatience() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(30)
        stage.source = { now, _ in now < 20 ? 25 : now + 3600 }
        var refresher = stage.refresher()
        try await refresher.run()
        XCTAssertEqual(stage.written.count, 1)
        XCTAssertTrue((20...26).contains(stage.written[0].at), "\(stage.written)")
        XCTAssertLessThan(stage.questions.count, 20)
        // Where nothing longer is to be had, the short one, and a word about it.
        let other = RefresherStage(start)
        other.minimum = .seconds(600)
        other.source = { _, _ in 500 }
        var another = other.refresher()
        try await another.run()
        XCTAssertEqual(other.written.map(\.expires), [500])
        XCTAssertEqual(other.written[0].at, 60, accuracy: 0.001)
        XCTAssertTrue(other.lines.contains { $0.contains("min-ttl=10m0s") })
        // Where none can be, at once.
        let third = RefresherStage(start)
        third.minimum = .seconds(7200)
        var last = third.refresher()
        try await last.run()
        XCTAssertEqual(third.written, [.init(at: 0, expires: 3600)])
    }
}
