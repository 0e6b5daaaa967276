import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class TokenRefresherTests: XCTestCase {
    private let start = UnixTime(seconds: 1_795_467_580)

    func testOneTokenIsAskedForOnceAndWritten() async throws {
        let stage = RefresherStage(start)
        var refresher = stage.refresher()
        try await refresher.run()
        XCTAssertEqual(stage.questions, [0])
        XCTAssertEqual(stage.written, [.init(at: 0, expires: 3600)])
        XCTAssertEqual(stage.levels, ["info"])
    }

    func testATokenIsReplacedAtFourFifthsOfItsLife() async throws {
        let stage = RefresherStage(start)
        await stage.keepFresh(for: .seconds(4 * 3600))
        XCTAssertEqual(stage.questions.count, 5)
        for (earlier, later) in zip(stage.questions, stage.questions.dropFirst()) {
            XCTAssertTrue((2700...3061).contains(later - earlier), "\(earlier) \(later)")
        }
        XCTAssertEqual(stage.written.map(\.at), stage.questions)
        XCTAssertEqual(Set(stage.levels), ["info"])
        XCTAssertLessThanOrEqual(stage.clock.sleeps.max() ?? .zero, .seconds(60))
    }

    func testACachedTokenIsAskedForAgainWhenTheServerHasANewOne() async throws {
        for keepsUntilLeft in [300, 60] {
            let stage = RefresherStage(start)
            stage.source = { now, calls in
                // A server that makes a token only when its own has so little left.
                let age = calls.last.map { now - $0 } ?? .infinity
                return age < Double(3600 - keepsUntilLeft) ? nil : now + 3600
            }
            await stage.keepFresh(for: .seconds(4 * 3600))
            XCTAssertGreaterThanOrEqual(stage.written.count, 4)
            // Never without a token, never a busy loop.
            for (earlier, later) in zip(stage.written, stage.written.dropFirst()) {
                XCTAssertLessThan(later.at, earlier.expires)
                XCTAssertGreaterThanOrEqual(earlier.expires - later.at, 20)
            }
            XCTAssertLessThan(stage.questions.count, 4 * 16)
            XCTAssertFalse(stage.levels.contains("warning"))
        }
    }

    func testADyingTokenCostsFewQuestions() async throws {
        let stage = RefresherStage(start)
        stage.source = { now, _ in now < 30 ? 20 : now + 3600 }
        await stage.keepFresh(for: .seconds(120))
        XCTAssertLessThan(stage.questions.filter { $0 < 20 }.count, 8)
        XCTAssertEqual(stage.written.count, 2)
        XCTAssertLessThan(stage.written[1].at, 62)
        XCTAssertEqual(stage.levels.filter { $0 == "error" }.count, 1)
    }

    func testASourceThatIsAwayForAnHourIsAskedGentlyAndTheTokenKept() async throws {
        let stage = RefresherStage(start)
        stage.failure = { now in
            (2000..<7200).contains(now) ? .refused(url: "u", status: 503, message: "away") : nil
        }
        await stage.keepFresh(for: .seconds(10_000))
        XCTAssertEqual(stage.written.first, .init(at: 0, expires: 3600))
        let recovery = stage.written[1].at
        XCTAssertTrue((7200...7232).contains(recovery), "\(recovery)")
        let during = stage.questions.filter { (2000..<7200).contains($0) }
        XCTAssertLessThan(during.count, 500)
        for (earlier, later) in zip(during, during.dropFirst()) {
            XCTAssertTrue((1...30.01).contains(later - earlier), "\(later - earlier)")
        }
        // A line a minute and one for the expiry, not one for each question.
        XCTAssertLessThan(stage.levels.filter { $0 == "warning" }.count, 20)
        XCTAssertTrue(stage.levels.contains("error"))
        XCTAssertLessThan(stage.levels.filter { $0 == "error" }.count, 65)
    }

    func testAFullDiskLaterIsNoReasonToEnd() async throws {
        let stage = RefresherStage(start)
        stage.writeFailure = { now in
            (2000..<4000).contains(now) ? .system(call: "write", path: "/f", errno: 28) : nil
        }
        await stage.keepFresh(for: .seconds(5000))
        XCTAssertEqual(stage.written.count, 2)
        XCTAssertTrue((4000...4032).contains(stage.written[1].at))
    }

    func testAReaderThatLeftEndsIt() async throws {
        let stage = RefresherStage(start)
        let gone = FileError.system(call: "write", path: "standard output", errno: 32)
        stage.writeFailure = { $0 > 0 ? gone : nil }
        let error = await stage.keepFresh(for: .seconds(86_400))
        XCTAssertEqual(error, .destination(gone))
    }

    func testAFileThatCannotBeWrittenAtFirstEndsIt() async throws {
        let stage = RefresherStage(start)
        let readOnly = FileError.system(call: "openat", path: "/f", errno: 30)
        stage.writeFailure = { _ in readOnly }
        let error = await stage.keepFresh(for: .seconds(86_400))
        XCTAssertEqual(error, .destination(readOnly))
        XCTAssertEqual(stage.questions.count, 1)
    }

    func testAStartingServerGetsAMinuteOfPatience() async throws {
        let failures: [IDTokenError] = [
            .transport(.connect(url: "u", cause: .system(call: "connect", errno: 111))),
            .refused(url: "u", status: 403, message: "not yet"),
            .refused(url: "u", status: 404, message: "not yet"),
            .refused(url: "u", status: 429, message: "slow down"),
            .refused(url: "u", status: 503, message: ""),
            .transport(.timedOut(url: "u", connecting: false)), .notTheMetadataServer(url: "u"),
        ]
        for failure in failures {
            let stage = RefresherStage(start)
            stage.failure = { $0 < 59 ? failure : nil }
            await stage.keepFresh(for: .seconds(100))
            XCTAssertEqual(stage.written.count, 1, "\(failure)")
            XCTAssertTrue((59...60).contains(stage.written[0].at))
            XCTAssertLessThan(stage.questions.count, 120)
            XCTAssertEqual(stage.levels.filter { $0 == "warning" }.count, 1)
        }
    }

    func testPatienceEndsWithTheServersOwnWords() async throws {
        let refusal = IDTokenError.refused(url: "u", status: 404, message: "not annotated")
        for refreshes in [true, false] {
            let stage = RefresherStage(start)
            stage.failure = { _ in refusal }
            let error = await stage.keepFresh(for: .seconds(3600), refreshes: refreshes)
            XCTAssertEqual(error, .source(refusal))
            XCTAssertEqual(stage.questions.last ?? 0, 60, accuracy: 0.001)
        }
    }

    func testAWrongQuestionIsNotRepeated() async throws {
        let stage = RefresherStage(start)
        let refusal = IDTokenError.refused(url: "u", status: 400, message: "audience")
        stage.failure = { _ in refusal }
        let error = await stage.keepFresh(for: .seconds(3600))
        XCTAssertEqual(error, .source(refusal))
        XCTAssertEqual(stage.questions, [0])
    }

    func testSlowQuestionsCountTowardsThePatience() async throws {
        let stage = RefresherStage(start)
        stage.questionTime = 15
        stage.failure = { _ in .transport(.timedOut(url: "u", connecting: true)) }
        _ = await stage.keepFresh(for: .seconds(3600))
        XCTAssertLessThanOrEqual(stage.questions.last ?? 0, 60)
        XCTAssertLessThanOrEqual(stage.questions.count, 5)
    }

    func testAClockThatIsSetAtStartDoesNotEndThePatience() async throws {
        let stage = RefresherStage(start)
        stage.failure = { _ in .refused(url: "u", status: 503, message: "") }
        stage.onQuestion = { clock, count in if count == 1 { clock.jump(by: .seconds(86_400)) } }
        _ = await stage.keepFresh(for: .seconds(3600))
        // One question's time at most is counted for the jump.
        XCTAssertGreaterThanOrEqual(stage.clock.elapsed, .seconds(45))
        XCTAssertLessThanOrEqual(stage.clock.elapsed, .seconds(60))
    }

    func testASuspendedMachineAsksWithinAMinuteOfWaking() async throws {
        let stage = RefresherStage(start)
        stage.onSleep = { clock, count in if count == 10 { clock.jump(by: .seconds(50 * 60)) } }
        await stage.keepFresh(for: .seconds(1200))
        XCTAssertEqual(stage.written.count, 2)
        XCTAssertLessThanOrEqual(stage.elapsedAtWrite[1], .seconds(660))
    }

    func testAClockSetBackDoesNotDelayTheQuestion() async throws {
        let stage = RefresherStage(start)
        stage.onSleep = { clock, count in if count == 2 { clock.jump(by: .seconds(-86_400)) } }
        await stage.keepFresh(for: .seconds(4000))
        XCTAssertGreaterThanOrEqual(stage.questions.count, 2)
        XCTAssertLessThanOrEqual(stage.elapsedAtQuestion[1], .seconds(3061))
    }

    func testATokenOfAnEarlierRunIsKeptWhileTheSourceIsAway() async throws {
        let stage = RefresherStage(start)
        stage.failure = { $0 < 600 ? .refused(url: "u", status: 503, message: "") : nil }
        await stage.keepFresh(for: .seconds(1000), held: stage.token(expires: 900))
        XCTAssertEqual(stage.written.count, 2)
        // It is written as it is, so that a directory that cannot be written to is noticed now.
        XCTAssertEqual(stage.written[0], .init(at: 0, expires: 900))
        XCTAssertTrue((600...631).contains(stage.written[1].at))
        XCTAssertEqual(stage.questions.first, 0)
    }

    func testAnOlderTokenNeverReplacesANewerOne() async throws {
        let stage = RefresherStage(start)
        stage.source = { now, calls in calls.isEmpty ? 3600 : now < 5000 ? 1800 : now + 3600 }
        await stage.keepFresh(for: .seconds(6000))
        XCTAssertEqual(stage.written.map(\.expires).prefix(1), [3600])
        XCTAssertFalse(stage.written.contains { $0.expires == 1800 })
        XCTAssertEqual(stage.written.count, 2)
    }

    func testAnotherAccountsTokenReplacesOneThatLastsLonger() async throws {
        // The account of the Pod was changed, and the server's token of the new one is a while old.
        let stage = RefresherStage(start)
        stage.source = { now, _ in now < 2000 ? 2500 : now + 3600 }
        await stage.keepFresh(for: .seconds(100), held: stage.token(expires: 3500, subject: "former"))
        XCTAssertEqual(stage.written.map(\.expires), [2500])
        // One that has expired is of nobody's use.
        let other = RefresherStage(start)
        other.source = { _, _ in -5 }
        await other.keepFresh(for: .seconds(100), held: other.token(expires: 3500, subject: "former"))
        XCTAssertEqual(other.written.map(\.expires), [3500])
    }

    func testNoLineHasATokenInIt() async throws {
        let stage = RefresherStage(start)
        stage.failure = { Int($0) % 2 == 0 && $0 > 100 ? .refused(url: "u", status: 503, message: "x") : nil }
        await stage.keepFresh(for: .seconds(20_000))
        XCTAssertFalse(stage.lines.isEmpty)
        for line in stage.lines { XCTAssertFalse(line.contains("eyJ"), line) }
    }
}
