import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// Months of a webhook's life in front of every Pod, in two minutes: certificates are renewed, the API server goes away, and
/// every replica is replaced, while Pods are admitted.
final class EnduranceTests: XCTestCase {
    /// Leaves of a week as in production; an authority of a month, so that one is renewed while a test can wait for it.
    private static let lives = CertificateLives(
        authority: .seconds(30 * 86_400),
        tick: .milliseconds(250)
    )
    private static let outage = Duration.seconds(60)

    func testNoPodIsLostInMonthsOfRenewalsAnOutageAndARollingRestart() async throws {
        let cluster = try await EnduranceCluster()
        let accounts = (0..<20).map { "app-\($0)" }
        for account in accounts { try cluster.make(account, optedIn: true) }
        try cluster.make("plain", optedIn: false)
        var replicas: [EnduranceReplica] = []
        for _ in 0..<3 { replicas.append(try await cluster.startReplica(lives: Self.lives)) }
        let caller = AdmissionCaller(cluster)
        caller.setEndpoints(replicas)
        let loop = cluster.loop
        let traffic = (0..<8).map { worker in
            Task(executorPreference: loop) {
                await caller.send(
                    worker < 7 ? accounts : ["plain"],
                    optedIn: worker < 7,
                    every: .milliseconds(50)
                )
            }
        }

        // Thirty-five days, one at each step: every replica signs a leaf about each five days; after twenty days there is
        // another authority, and a leaf's life after its last signature the first one goes.
        try await caller.look()
        for _ in 0..<35 {
            cluster.clock.advance(by: EnduranceCluster.step)
            try await loop.sleep(for: .milliseconds(400))
            try await waitForRenewal(of: cluster, by: caller)
        }
        await caller.burst(200, of: "app-0", optedIn: true)
        let renewals = replicas.map { $0.logged("signed a certificate").count - 1 }
        let bundles = caller.bundlesSeen
        for renewals in renewals { XCTAssertGreaterThanOrEqual(renewals, 3) }
        let leaves = caller.leavesSeen
        XCTAssertEqual(leaves.count, replicas.count)
        for leaves in leaves { XCTAssertGreaterThanOrEqual(leaves.count, 4) }
        let serials = leaves.reduce(into: Set<[UInt8]>()) { $0.formUnion($1) }
        XCTAssertEqual(serials.count, leaves.map(\.count).reduce(0, +), "a serial number is used twice")
        // The first authority; both; the second.
        XCTAssertGreaterThanOrEqual(bundles, 3)
        assertNothingIsLost(caller, "renewals")
        XCTAssertEqual(caller.counts(optedIn: false).refused, 0)

        cluster.emulator.change { $0.outage = .silent }
        cluster.emulator.endWatches()
        try await loop.sleep(for: Self.outage / 2)
        await caller.burst(200, of: "app-1", optedIn: true)
        cluster.emulator.change { $0.outage = .closing }
        try await loop.sleep(for: Self.outage / 2)
        cluster.emulator.change { $0.outage = nil }
        // One that was under way may still be refused; the worker sends one after the other.
        try await waitForAnswer(to: caller, on: loop)
        let refused = caller.counts(optedIn: false).refused
        XCTAssertGreaterThan(refused, 0)
        assertNothingIsLost(caller, "outage")
        // What changed meanwhile is known again.
        try cluster.make("late", optedIn: true)
        await caller.burst(5, of: "late", optedIn: true)

        for index in replicas.indices {
            let old = replicas[index]
            replicas[index] = try await cluster.startReplica(lives: Self.lives)
            try await caller.retire(old, leaving: replicas)
        }
        try await loop.sleep(for: .seconds(2))
        caller.end()
        for task in traffic { await task.value }
        assertNothingIsLost(caller, "restart")
        let (optedIn, plain) = (caller.counts(optedIn: true), caller.counts(optedIn: false))
        XCTAssertEqual(plain.refused, refused, "refused after the outage")
        print(
            """
            endurance: \(optedIn.all) reviews of opted-in ServiceAccounts: \(optedIn.injected) injected, \
            \(optedIn.failures.count) failed, the slowest \(optedIn.slowest); \(plain.all) of another: \
            \(plain.unchanged) unchanged, \(plain.refused) refused during the outage, \(plain.failures.count) failed; \
            leaves renewed \(renewals), seen \(leaves.map(\.count)) (\(serials.count) serial numbers), \
            caBundles \(bundles), replicas restarted \(replicas.count), \
            connections at once \(caller.connections.mostTaken)
            """
        )
        for replica in replicas { try await replica.stop() }
        await cluster.stop()
    }

    func testARestartWith100000ServiceAccountsLosesNothing() async throws {
        let cluster = try await EnduranceCluster()
        let (count, optedIn) = (100_000, 5_000)
        for number in 0..<count {
            try cluster.make("app-\(number)", optedIn: number % (count / optedIn) == 0)
        }
        let accounts = (0..<optedIn).map { "app-\($0 * (count / optedIn))" }
        async let first = cluster.startReplica(lives: CertificateLives())
        async let second = cluster.startReplica(lives: CertificateLives())
        var replicas = try await [first, second]
        let caller = AdmissionCaller(cluster)
        caller.setEndpoints(replicas)
        let loop = cluster.loop
        let traffic = (0..<8).map { worker in
            Task(executorPreference: loop) {
                await caller.send(
                    worker < 7 ? accounts.shuffled() : ["app-1", "app-2", "app-3"],
                    optedIn: worker < 7,
                    every: .milliseconds(5)
                )
            }
        }
        for replica in replicas { assertKnowsAll(optedIn, replica) }
        var starts: [Duration] = []
        for index in replicas.indices {
            let old = replicas[index]
            // As a node that is drained: the old one goes before the new one comes.
            try await caller.retire(old, leaving: replicas.filter { $0 !== old })
            let start = ContinuousClock.now
            replicas[index] = try await cluster.startReplica(lives: CertificateLives())
            starts.append(ContinuousClock.now - start)
            assertKnowsAll(optedIn, replicas[index])
            caller.setEndpoints(replicas)
        }
        try await loop.sleep(for: .seconds(1))
        caller.end()
        for task in traffic { await task.value }
        assertNothingIsLost(caller, "restart")
        let (injected, plain) = (caller.counts(optedIn: true), caller.counts(optedIn: false))
        XCTAssertEqual(plain.refused, 0)
        // Whoever is ready knows every ServiceAccount that is opted in, and asks for none of them.
        let entries = cluster.emulator.journal.entries
        XCTAssertEqual(entries.first?.method, "POST", "the journal has forgotten how it began")
        let asked = entries.compactMap { $0.path.wholeMatch(of: #/.*/serviceaccounts/app-(\d+)/#)?.1 }
        XCTAssertTrue(asked.contains("1"), "the others are asked for")
        XCTAssertEqual(asked.filter { Int($0).map { $0 % (count / optedIn) == 0 } ?? true }, [])
        print(
            """
            endurance: \(count) ServiceAccounts, \(optedIn) opted in: ready after \(starts) (debug build); \
            \(injected.all) reviews meanwhile, \(injected.injected) injected, \(injected.failures.count) failed; \
            \(plain.all) of ServiceAccounts that are not opted in, \(plain.unchanged) unchanged
            """
        )
        for replica in replicas { try await replica.stop() }
        await cluster.stop()
    }

    /// Waits until no replica shows a certificate that is due: a day is longer than any delay of this machine.
    private func waitForRenewal(of cluster: EnduranceCluster, by caller: AdmissionCaller) async throws {
        for _ in 0..<400 {
            let now = cluster.clock.now()
            if try await caller.look().allSatisfy({ now < CertificateLives.renewal(of: $0) }) { return }
            try await cluster.loop.sleep(for: .milliseconds(50))
        }
        XCTFail("a replica does not renew its certificate")
    }

    /// Waits until one more review of a ServiceAccount that is not opted in has been answered.
    private func waitForAnswer(to caller: AdmissionCaller, on loop: EventLoop) async throws {
        let before = caller.counts(optedIn: false).all
        for _ in 0..<1000 {
            if caller.counts(optedIn: false).all > before { return }
            try await loop.sleep(for: .milliseconds(20))
        }
        XCTFail("no review is answered after the outage")
    }

    /// A replica that has just become ready was not before it had listed every ServiceAccount, and said so.
    private func assertKnowsAll(
        _ optedIn: Int,
        _ replica: EnduranceReplica,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertTrue(
            replica.objections.contains("the ServiceAccounts are not known yet"),
            "\(replica.objections)",
            file: file,
            line: line
        )
        let lists = replica.logged("listed the ServiceAccounts").map { $0["optedIn"]?.integer() }
        XCTAssertEqual(lists, [Int64(optedIn)], file: file, line: line)
    }

    private func assertNothingIsLost(
        _ caller: AdmissionCaller,
        _ phase: String,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        let (optedIn, plain) = (caller.counts(optedIn: true), caller.counts(optedIn: false))
        XCTAssertEqual(optedIn.failures, [], phase, file: file, line: line)
        XCTAssertEqual(optedIn.refused, 0, phase, file: file, line: line)
        XCTAssertEqual(optedIn.unchanged, 0, phase, file: file, line: line)
        XCTAssertGreaterThan(optedIn.injected, 0, phase, file: file, line: line)
        XCTAssertEqual(plain.failures, [], phase, file: file, line: line)
        XCTAssertEqual(plain.injected, 0, phase, file: file, line: line)
    }
}
