import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// What is answered about ServiceAccounts, against an API server over sockets that lists and watches.
final class ServiceAccountsTests: XCTestCase {
    private let role = "arn:aws:iam::123456789012:role/app"

    /// A webhook's knowledge of ServiceAccounts, kept by a watch for as long as the test runs.
    private struct Known: Sendable {
        let api: TestAPI
        let log: RecordedLog
        let accounts: ServiceAccounts

        func name(_ account: String) throws -> KubernetesServiceAccountName {
            try KubernetesServiceAccountName(namespace: "ns", name: account)
        }

        func role(_ account: String) async throws -> String? {
            let name = try name(account)
            guard case .role(let role) = try await accounts.role(of: name, within: .seconds(4)) else {
                return nil
            }
            return role.roleARN.description
        }

        func annotate(_ account: String, _ role: String) throws {
            api.emulator.apply(try name(account), annotations: ["amazonaws.com/role-arn": role])
        }

        /// How often an account was asked for by itself.
        var gets: Int {
            api.emulator.journal.entries.count { $0.path.contains("/namespaces/ns/serviceaccounts/") }
        }

        /// Returns when the watch has come so far.
        func wait(_ what: String, until isSo: () -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(20)
            while !isSo() {
                try XCTUnwrap(ContinuousClock.now < end ? () : nil, what)
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private func withAPI(
        rules: [KubernetesRule]? = nil,
        _ body: (Known) async throws -> Void
    ) async throws {
        let api = try TestAPI(token: "webhook")
        api.emulator.change { $0.users = ["webhook": KubernetesUser(name: "webhook", rules: rules)] }
        let (log, clock) = (RecordedLog(), LoopClock(api.loop))
        let configuration = InjectionConfiguration()
        let cache = ServiceAccountCache(
            configuration: configuration,
            clock: clock,
            logger: log.logger(clock: ManualClock())
        )
        let lookup = ServiceAccountLookup(client: api.client, metrics: WebhookMetrics(), loop: api.loop)
        let known = Known(
            api: api,
            log: log,
            accounts: ServiceAccounts(cache: cache, lookup: lookup, configuration: configuration)
        )
        let reflector = KubernetesReflector(
            client: api.client,
            selection: KubernetesSelection(.serviceAccounts, isMetadataOnly: true),
            mirror: cache,
            clock: clock
        )
        let watching = Task { try? await reflector.run() }
        let result: Result<Void, any Error>
        do {
            try await known.wait("nothing is known") { cache.objection == nil }
            result = .success(try await body(known))
        } catch {
            result = .failure(error)
        }
        // Before its loop ends, on which it sees that it is cancelled.
        watching.cancel()
        _ = await watching.value
        await api.stop()
        try result.get()
    }

    func testAnOptedInServiceAccountIsKnownWithoutBeingAskedFor() async throws {
        try await withAPI { known in
            try known.annotate("app", role)
            try await known.wait("the watch tells of app") { known.accounts.cache.count == 1 }
            for _ in 0..<10 {
                let answer = try await known.role("app")
                XCTAssertEqual(answer, role)
            }
            XCTAssertEqual(known.gets, 0)
        }
    }

    /// The race that leaves a Pod without its role for life: used before the watch has told.
    func testAServiceAccountThatIsAnnotatedAndUsedAtOnceHasItsRole() async throws {
        try await withAPI { known in
            for number in 0..<1000 {
                try known.annotate("new-\(number)", role)
                let created = try await known.role("new-\(number)")
                XCTAssertEqual(created, role, "made and used at once: \(number)")
            }
            for number in 0..<1000 { known.api.emulator.apply(try known.name("old-\(number)")) }
            for number in 0..<1000 {
                try known.annotate("old-\(number)", role)
                let annotated = try await known.role("old-\(number)")
                XCTAssertEqual(annotated, role, "annotated and used at once: \(number)")
            }
        }
    }

    func testANoIsConfirmedEachTime() async throws {
        try await withAPI { known in
            known.api.emulator.apply(try known.name("plain"))
            for asked in 1...3 {
                let answer = try await known.role("plain")
                XCTAssertNil(answer)
                XCTAssertEqual(known.gets, asked)
            }
        }
    }

    /// Printed, because the documentation states it.
    func testAChangedRoleIsKnownSoon() async throws {
        try await withAPI { known in
            try known.annotate("app", role)
            try await known.wait("the watch tells of app") { known.accounts.cache.count == 1 }
            var lags: [Duration] = []
            for number in 1...200 {
                let changed = "\(role)-\(number)"
                try known.annotate("app", changed)
                let begin = ContinuousClock.now
                while try await known.role("app") != changed {
                    try XCTUnwrap(ContinuousClock.now - begin < .seconds(20) ? () : nil, "never known")
                    await Task.yield()
                }
                lags.append(ContinuousClock.now - begin)
            }
            lags.sort()
            print("a changed role is known after \(lags[100]) (median of 200), \(lags[199]) at most")
        }
    }

    func testWatchesThatEndOrAreTooOldLoseNothing() async throws {
        try await withAPI { known in
            try known.annotate("kept", role)
            for (number, end) in [
                known.api.emulator.endWatches, known.api.emulator.expireWatches,
                known.api.emulator.forgetHistory, known.api.emulator.endWatches,
            ].enumerated() {
                end()
                try known.annotate("new-\(number)", role)
                known.api.emulator.delete(try known.name("new-\(number - 1)-gone"))
                try await known.wait("round \(number)") { known.accounts.cache.count == number + 2 }
            }
            known.api.emulator.endWatches()
            known.api.emulator.delete(try known.name("kept"))
            known.api.emulator.forgetHistory()
            try await known.wait("what was deleted meanwhile is gone") { known.accounts.cache.count == 4 }
        }
    }

    func testWhatIsKnownIsAnsweredWhileTheAPIIsAway() async throws {
        try await withAPI { known in
            try known.annotate("app", role)
            try await known.wait("the watch tells of app") { known.accounts.cache.count == 1 }
            known.api.emulator.apply(try known.name("plain"))
            known.api.emulator.change { $0.outage = .closing }
            for _ in 0..<5 {
                let answer = try await known.role("app")
                XCTAssertEqual(answer, role)
                do {
                    _ = try await known.role("plain")
                    XCTFail("a no that nobody has confirmed")
                } catch let error as LookupError {
                    guard case .kubernetes(.unreachable) = error else { return XCTFail("\(error)") }
                }
            }
            XCTAssertNil(known.accounts.cache.objection, "what is known is good enough to be ready")
            known.api.emulator.change { $0.outage = nil }
            try known.annotate("later", role)
            try await known.wait("the watch goes on") { known.accounts.cache.count == 2 }
        }
    }

    /// The rights that the Go project's manifests give.
    func testWithTheRightToGetAloneEachIsAskedFor() async throws {
        try await withAPI(rules: [KubernetesRule(["get"], ["serviceaccounts"])]) { known in
            XCTAssertTrue(known.accounts.cache.isForbidden)
            try known.annotate("app", role)
            for asked in 1...3 {
                let answer = try await known.role("app")
                XCTAssertEqual(answer, role)
                XCTAssertEqual(known.gets, asked)
            }
            XCTAssertEqual(known.log.lines.filter { $0.contains("may not list and watch") }.count, 1)
        }
    }

    func testTenThousandAreListedAndThoseWhoAskForARoleKept() async throws {
        try await withAPI { known in
            for number in 0..<10_000 {
                known.api.emulator.apply(
                    try known.name("account-\(number)"),
                    annotations: number % 20 == 0 ? ["amazonaws.com/role-arn": role] : [:]
                )
            }
            known.api.emulator.forgetHistory()
            known.api.emulator.expireWatches()
            try await known.wait("all are listed") { known.accounts.cache.count == 500 }
        }
    }
}
