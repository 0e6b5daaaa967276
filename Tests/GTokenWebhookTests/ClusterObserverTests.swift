import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

@testable import gtoken_webhook

final class ClusterObserverTests: XCTestCase {
    private func observe(
        _ answers: [HTTPResponse],
        sleeps: Int,
        _ check: (ClusterObserver, TestAPI, [Duration]) throws -> Void
    ) async throws {
        let api = try TestAPI()
        api.emulator.change { $0.script = answers.map { ScriptedAnswer(pathSuffix: "/version", $0) } }
        let clock = ManualClock()
        let log = RecordedLog().logger(clock: clock)
        let observer = ClusterObserver(
            client: api.client,
            configuration: InjectionConfiguration(),
            clock: clock,
            logger: log
        )
        let running = Task { try? await observer.run() }
        for _ in 1..<sleeps {
            await clock.waitForSleepers()
            clock.advance(by: .seconds(10))
        }
        await clock.waitForSleepers()
        let result = Result { try check(observer, api, clock.sleeps) }
        running.cancel()
        _ = await running.value
        await api.stop()
        try result.get()
    }

    /// Otherwise an API server that is starting would be taken for one without native sidecars.
    func testAServerThatIsNotWellYetTeachesNothing() async throws {
        for status in [401, 429, 500, 503] {
            try await observe([.json(Array("{}".utf8), status: status)], sleeps: 1) { observer, _, _ in
                XCTAssertFalse(observer.isReady, "\(status)")
            }
        }
        try await observe([.json(Array("{}".utf8), status: 503)], sleeps: 2) { observer, _, _ in
            XCTAssertTrue(observer.isReady)
            XCTAssertTrue(observer.facts.supportsNativeSidecars)
        }
    }

    func testAVersionThatMayNotBeReadIsNotAskedForAllTheTime() async throws {
        try await observe([.json(Array("{}".utf8), status: 403)], sleeps: 1) { observer, _, sleeps in
            XCTAssertTrue(observer.isReady)
            XCTAssertFalse(observer.facts.supportsNativeSidecars)
            XCTAssertEqual(sleeps, [.seconds(3600)])
        }
    }
}
