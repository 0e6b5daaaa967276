import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

@testable import gtoken_webhook

final class ServiceAccountLookupTests: XCTestCase {
    private func withAPI(
        _ body: (TestAPI, ServiceAccountLookup, KubernetesServiceAccountName) async throws -> Void
    ) async throws {
        let api = try TestAPI()
        let account = try KubernetesServiceAccountName(namespace: "ns", name: "app")
        api.emulator.apply(account, annotations: ["version": "1"])
        let lookup = ServiceAccountLookup(client: api.client, metrics: WebhookMetrics(), loop: api.loop)
        do {
            try await body(api, lookup, account)
        } catch {
            await api.stop()
            throw error
        }
        await api.stop()
    }

    /// Returns when this many callers have no answer yet, or never will together on a machine this slow.
    private func wait(_ lookup: ServiceAccountLookup, for waiting: Int) async {
        let end = ContinuousClock.now + .seconds(2)
        while await lookup.waitingCount < waiting, ContinuousClock.now < end { await Task.yield() }
    }

    func testWhoComesWhileAGETRunsSharesTheNextOne() async throws {
        try await withAPI { api, lookup, account in
            api.emulator.change { $0.delay = .seconds(1) }
            async let first = lookup.annotations(of: account, within: .seconds(4))
            await api.clock.waitForSleepers()
            async let second = lookup.annotations(of: account, within: .seconds(4))
            async let third = lookup.annotations(of: account, within: .seconds(4))
            await wait(lookup, for: 3)
            api.emulator.change { $0.delay = .zero }
            api.clock.advance(by: .seconds(1))
            let answers = try await [first, second, third]
            XCTAssertEqual(answers.map { $0["version"] }, ["1", "1", "1"])
            XCTAssertEqual(api.emulator.journal.entries.count, 2)
            let left = await lookup.waitingCount
            XCTAssertEqual(left, 0)
        }
    }

    func testTheAnswerIsNeverOlderThanTheQuestion() async throws {
        try await withAPI { api, lookup, account in
            api.emulator.change { $0.delay = .seconds(1) }
            async let first = lookup.annotations(of: account, within: .seconds(4))
            await api.clock.waitForSleepers()
            api.emulator.change { $0.delay = .zero }
            async let second = lookup.annotations(of: account, within: .seconds(4))
            await wait(lookup, for: 2)
            api.clock.advance(by: .seconds(1))
            _ = try await first
            api.emulator.apply(account, annotations: ["version": "2"])
            let third = try await lookup.annotations(of: account, within: .seconds(4))
            XCTAssertEqual(third["version"], "2")
            _ = try await second
        }
    }

    func testAnImpatientCallerFailsAloneAndInTime() async throws {
        try await withAPI { api, lookup, account in
            api.emulator.change { $0.delay = .seconds(1) }
            async let first = lookup.annotations(of: account, within: .seconds(4))
            await api.clock.waitForSleepers()
            async let patient = Self.result(lookup, account, within: .seconds(4))
            // The clock stands still: the first GET is not answered, and neither is anyone who waits for the next.
            let impatient = await Self.result(lookup, account, within: .milliseconds(1))
            XCTAssertEqual(impatient, .failure(.kubernetes(.timedOut)))
            await wait(lookup, for: 2)
            api.emulator.change { $0.delay = .zero }
            api.clock.advance(by: .seconds(1))
            let answers = (try await first["version"], try await patient.get()["version"])
            XCTAssertEqual(answers.0, "1")
            XCTAssertEqual(answers.1, "1")
        }
    }

    func testAnImpatientCallerDoesNotSetTheNextGETsDeadline() async throws {
        try await withAPI { api, lookup, account in
            api.emulator.change { $0.delay = .seconds(1) }
            async let first = lookup.annotations(of: account, within: .seconds(4))
            await api.clock.waitForSleepers()
            async let hurried = Self.result(lookup, account, within: .milliseconds(200))
            await wait(lookup, for: 2)
            async let patient = lookup.annotations(of: account, within: .seconds(4))
            await wait(lookup, for: 3)
            // The next GET begins with the hurried caller still waiting, and ends after it has left.
            api.clock.advance(by: .seconds(1))
            _ = try await first
            await api.clock.waitForSleepers()
            let early = await hurried
            XCTAssertEqual(early, .failure(.kubernetes(.timedOut)))
            api.clock.advance(by: .seconds(1))
            let late = try await patient
            XCTAssertEqual(late["version"], "1")
        }
    }

    private static func result(
        _ lookup: ServiceAccountLookup,
        _ account: KubernetesServiceAccountName,
        within timeout: Duration
    ) async -> Result<[String: String], LookupError> {
        do throws(LookupError) {
            return .success(try await lookup.annotations(of: account, within: timeout))
        } catch {
            return .failure(error)
        }
    }
}
