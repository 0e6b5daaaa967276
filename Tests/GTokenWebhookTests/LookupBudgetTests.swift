import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

@testable import gtoken_webhook

/// How much the webhook asks of the API server at the same time, and what it says above that.
final class LookupBudgetTests: XCTestCase {
    private typealias Answer = Result<[String: String], LookupError>

    private func withAPI(
        gets: Int = 32,
        callers: Int = 600,
        _ body: (TestAPI, ServiceAccountLookup) async throws -> Void
    ) async throws {
        let api = try TestAPI()
        for number in 0..<8 { api.emulator.apply(try account(number), annotations: ["number": "\(number)"]) }
        api.emulator.change { $0.delay = .seconds(1) }
        let lookup = ServiceAccountLookup(
            client: api.client,
            metrics: WebhookMetrics(),
            loop: api.loop,
            limits: .init(gets: gets, callers: callers)
        )
        let result: Result<Void, any Error>
        do { result = .success(try await body(api, lookup)) } catch { result = .failure(error) }
        await api.stop()
        try result.get()
    }

    private func account(_ number: Int) throws -> KubernetesServiceAccountName {
        try KubernetesServiceAccountName(namespace: "ns", name: "app-\(number)")
    }

    private func ask(
        _ lookup: ServiceAccountLookup,
        _ account: KubernetesServiceAccountName,
        within timeout: Duration = .seconds(4)
    ) -> Task<Answer, Never> {
        Task {
            do throws(LookupError) {
                return .success(try await lookup.annotations(of: account, within: timeout))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Returns when this many callers have no answer yet.
    private func wait(_ lookup: ServiceAccountLookup, for waiting: Int) async throws {
        let end = ContinuousClock.now + .seconds(4)
        while await lookup.waitingCount != waiting {
            try XCTUnwrap(ContinuousClock.now < end ? () : nil, "the callers' patience ended before")
            await Task.yield()
        }
    }

    func testOnlySoManyGETsRunAndTheOthersFollowInTheirOrder() async throws {
        try await withAPI(gets: 2) { api, lookup in
            var callers: [Task<Answer, Never>] = []
            for number in 0..<5 {
                callers.append(ask(lookup, try account(number)))
                try await wait(lookup, for: number + 1)
            }
            for (underWay, answered) in [(2, 2), (2, 4), (1, 5)] {
                let running = await lookup.getsUnderWay
                XCTAssertEqual(running, underWay)
                await api.clock.waitForSleepers(underWay)
                api.clock.advance(by: .seconds(1))
                for number in answered - underWay..<answered {
                    let answer = await callers[number].value
                    XCTAssertEqual(answer, .success(["number": "\(number)"]))
                }
            }
            XCTAssertEqual(api.emulator.journal.entries.count, 5)
            let left = await (lookup.getsUnderWay, lookup.waitingCount)
            XCTAssertEqual(left.0, 0)
            XCTAssertEqual(left.1, 0)
        }
    }

    func testOneCallerTooManyIsTurnedAwayAtOnceAndNobodyElse() async throws {
        try await withAPI(callers: 2) { api, lookup in
            let first = ask(lookup, try account(0))
            let second = ask(lookup, try account(0))
            try await wait(lookup, for: 2)
            let third = await ask(lookup, try account(1)).value
            XCTAssertEqual(third, .failure(.tooManyCallers))
            await api.clock.waitForSleepers()
            api.emulator.change { $0.delay = .zero }
            api.clock.advance(by: .seconds(1))
            let answers = await (first.value, second.value)
            XCTAssertEqual(answers.0, .success(["number": "0"]))
            XCTAssertEqual(answers.1, .success(["number": "0"]))
            let later = await ask(lookup, try account(1)).value
            XCTAssertEqual(later, .success(["number": "1"]))
        }
    }

    /// Otherwise GETs that nobody waits for would hold up those that somebody does.
    func testWhatNobodyWaitsForAnyMoreIsNotAsked() async throws {
        try await withAPI(gets: 1) { api, lookup in
            let first = ask(lookup, try account(0))
            try await wait(lookup, for: 1)
            let impatient = await ask(lookup, try account(1), within: .milliseconds(1)).value
            XCTAssertEqual(impatient, .failure(.kubernetes(.timedOut)))
            let third = ask(lookup, try account(2))
            let fourth = ask(lookup, try account(2))
            try await wait(lookup, for: 3)
            await api.clock.waitForSleepers()
            api.emulator.change { $0.delay = .zero }
            api.clock.advance(by: .seconds(1))
            _ = await first.value
            let answers = await (third.value, fourth.value)
            XCTAssertEqual(answers.0, .success(["number": "2"]))
            XCTAssertEqual(answers.1, .success(["number": "2"]))
            XCTAssertEqual(api.emulator.journal.entries.map { $0.path.last }, ["0", "2"])
        }
    }
}
