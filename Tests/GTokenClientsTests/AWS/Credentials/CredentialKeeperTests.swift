import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

final class CredentialKeeperTests: XCTestCase {
    /// A keeper at work on a manual clock; it ends with `body`.
    private func withKeeper(
        _ stage: CredentialStage,
        _ log: RecordedLog = RecordedLog(),
        _ body: (CredentialKeeper) async throws -> Void
    ) async throws {
        let exchange = try stage.exchange()
        let keeper = CredentialKeeper(
            { () async throws(CredentialExchangeError) in try await exchange.credentials() },
            clock: stage.clock,
            logger: log.logger(clock: stage.clock)
        )
        let running = Task { try await keeper.run() }
        do {
            try await body(keeper)
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        _ = await running.result
    }

    /// Lets time pass in steps in which the keeper wakes at most once.
    private func pass(_ duration: Duration, on clock: ManualClock) async {
        var rest = duration
        while rest > .zero {
            await clock.waitForSleepers()
            let step = min(rest, .seconds(1))
            clock.advance(by: step)
            rest -= step
        }
        await clock.waitForSleepers()
    }

    func testRenewsWellBeforeTheEnd() async throws {
        let stage = try CredentialStage()
        let log = RecordedLog()
        try await withKeeper(stage, log) { keeper in
            await stage.clock.waitForSleepers()
            let first = try keeper.current.get()
            await pass(.seconds(2279), on: stage.clock)
            XCTAssertEqual(try keeper.current.get(), first)
            await pass(.seconds(121), on: stage.clock)
            let second = try keeper.current.get()
            XCTAssertNotEqual(second, first)
            XCTAssertGreaterThan(second.timeLeft(at: stage.clock.now()), .seconds(3400))
            await pass(.seconds(3 * 3600), on: stage.clock)
            XCTAssertGreaterThan(try keeper.current.get().timeLeft(at: stage.clock.now()), .seconds(900))
        }
        let exchanges = stage.asked.count { $0 == "AssumeRoleWithWebIdentity" }
        XCTAssertTrue(5...7 ~= exchanges, "\(exchanges)")
        XCTAssertEqual(log.lines.count, exchanges)
    }

    func testServesTheOldOnesWhileAWSIsAwayAndSaysSoOnceAMinute() async throws {
        let stage = try CredentialStage()
        let log = RecordedLog()
        try await withKeeper(stage, log) { keeper in
            await stage.clock.waitForSleepers()
            let first = try keeper.current.get()
            var faults = AWSFaults()
            faults.isDown = true
            stage.aws.setFaults(faults)
            await pass(.seconds(3599), on: stage.clock)
            XCTAssertEqual(try keeper.current.get(), first)
            let warnings = log.lines.count { $0.contains("the old ones are good for now") }
            XCTAssertTrue(10...22 ~= warnings, "\(warnings)")
            await pass(.seconds(1), on: stage.clock)
            XCTAssertThrowsError(try keeper.current.get()) { error in
                let cause = (error as? CredentialKeeperError)?.cause
                XCTAssertEqual(cause?.awsCode, "ServiceUnavailable")
            }
            stage.aws.setFaults(AWSFaults())
            await pass(.seconds(60), on: stage.clock)
            XCTAssertNotEqual(try keeper.current.get(), first)
        }
        XCTAssertFalse(log.lines.joined().contains("SecretAccessKey"))
    }

    func testARefusalIsKnownAndAskedAgain() async throws {
        let stage = try CredentialStage()
        stage.aws.failNext(
            Array(
                repeating: AWSFailure(status: 403, code: "AccessDenied", message: "Not authorized"),
                count: 2
            )
        )
        try await withKeeper(stage) { keeper in
            await stage.clock.waitForSleepers()
            XCTAssertThrowsError(try keeper.current.get()) {
                XCTAssertEqual(($0 as? CredentialKeeperError)?.cause?.awsCode, "AccessDenied")
            }
            await pass(.seconds(10), on: stage.clock)
            XCTAssertNoThrow(try keeper.current.get())
        }
    }

    func testAClockThatIsSetForwardMakesCredentialsDueWithinAMinute() async throws {
        let stage = try CredentialStage()
        try await withKeeper(stage) { keeper in
            await stage.clock.waitForSleepers()
            let first = try keeper.current.get()
            stage.clock.jump(by: .seconds(3000))
            await pass(.seconds(60), on: stage.clock)
            XCTAssertNotEqual(try keeper.current.get(), first)
        }
    }
}
