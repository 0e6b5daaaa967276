import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// An API server's way of calling webhooks: kept-alive connections, each new one verified by the live `caBundle` and the
/// Service's name, to the replicas that are ready as far as it knows, within `timeoutSeconds`, nothing ever sent twice.
final class AdmissionCaller: Sendable {
    /// What became of the reviews of one kind of ServiceAccount.
    struct Counts: Sendable, Equatable {
        var injected = 0
        var unchanged = 0
        /// Answered with HTTP 500 or 503, inside the deadline.
        var refused = 0
        var failures: [String] = []
        var slowest = Duration.zero

        var all: Int { injected + unchanged + refused + failures.count }
    }

    private struct State {
        var endpoints: [SocketAddress] = []
        /// A client for each `caBundle`: connections that were verified by one are not used with another.
        ///
        /// A client compares lives with one time, so that each half day has its own.
        var bundle: [UInt8] = []
        var halfDay: Int64 = 0
        var client: HTTPClient?
        var counts: [Bool: Counts] = [:]
        var bundles: Set<[UInt8]> = []
        var isOver = false
    }

    private let cluster: EnduranceCluster
    private let state = Locked(State())
    private static let deadline = Duration.seconds(5)

    init(_ cluster: EnduranceCluster) { self.cluster = cluster }

    /// Which replicas reviews go to from now on.
    func setEndpoints(_ replicas: [EnduranceReplica]) {
        let addresses = replicas.compactMap(\.address)
        state.withLock { $0.endpoints = addresses }
    }

    func counts(optedIn: Bool) -> Counts { state.withLock { $0.counts[optedIn] ?? Counts() } }

    /// How many different `caBundle`s connections were verified by.
    var bundlesSeen: Int { state.withLock { $0.bundles.count } }

    func end() { state.withLock { $0.isOver = true } }

    /// Sends reviews of Pods of these ServiceAccounts, one after the other with a pause between, until `end()`.
    func send(_ accounts: [String], optedIn: Bool, every pause: Duration) async {
        var number = 0
        while !state.withLock({ $0.isOver }) {
            await review(accounts[number % accounts.count], optedIn: optedIn)
            number += 1
            try? await cluster.loop.sleep(for: pause)
        }
    }

    /// As many reviews at the same instant, each over a connection of its own unless one is idle.
    func burst(_ count: Int, of account: String, optedIn: Bool) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<count { group.addTask { await self.review(account, optedIn: optedIn) } }
        }
    }

    private func review(_ account: String, optedIn: Bool) async {
        let start = ContinuousClock.now
        let result: Result<HTTPResponse, any Error>
        do {
            result = .success(try await send(Self.review(of: account)))
        } catch {
            result = .failure(error)
        }
        let took = ContinuousClock.now - start
        state.withLock { state in
            var counts = state.counts[optedIn] ?? Counts()
            counts.slowest = max(counts.slowest, took)
            switch result {
            case .failure(let error): counts.failures.append("\(error)")
            case .success(let answer):
                let response = answer.status == 200 ? (try? JSONDocument(answer.body).root)?["response"] : nil
                if answer.status == 500 || answer.status == 503 {
                    counts.refused += 1
                } else if response?["allowed"]?.boolean() != true {
                    counts.failures.append(
                        "\(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
                    )
                } else if response?["patch"] == nil {
                    counts.unchanged += 1
                } else {
                    counts.injected += 1
                }
            }
            state.counts[optedIn] = counts
        }
    }

    private func send(_ body: [UInt8]) async throws -> HTTPResponse {
        let client = try client()
        let endpoints = state.withLock { $0.endpoints }
        var request = HTTPClientRequest(
            method: "POST",
            url: try HTTPURL(parsing: "https://\(EnduranceCluster.host)/pods?timeout=5s"),
            headers: ["Accept": "application/json, */*", "Content-Type": "application/json"],
            body: body
        )
        request.address = try XCTUnwrap(endpoints.randomElement())
        request.timeout = Self.deadline
        request.isReplayable = false
        return try await client.send(request)
    }

    private func client() throws -> HTTPClient {
        let (bundle, now) = (cluster.caBundle, cluster.clock.now())
        let halfDay = now.seconds / 43_200
        if let client = state.withLock({ $0.bundle == bundle && $0.halfDay == halfDay ? $0.client : nil }) {
            return client
        }
        // Its end and an hour: a review that is on its way when the clock is set forward may meet a leaf from after that.
        let trust = try TLSClientContext(trustedRootsPEM: bundle, at: now + .seconds(43_200 + 3600))
        let client = HTTPClient(loop: cluster.loop, tls: trust)
        state.withLock { state in
            (state.bundle, state.halfDay, state.client) = (bundle, halfDay, client)
            state.bundles.insert(bundle)
        }
        return client
    }

    private static func review(of account: String) -> [UInt8] {
        Array(
            (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"\#(UUID().uuidString.lowercased())","#
                + #""kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},"#
                + #""namespace":"shop","operation":"CREATE","object":{"kind":"Pod","apiVersion":"v1","#
                + #""metadata":{"generateName":"app-","namespace":"shop"},"spec":{"serviceAccountName":"\#(account)","#
                + #""containers":[{"name":"app","image":"app"}]}},"oldObject":null,"dryRun":false}}"# + "\n")
                .utf8
        )
    }
}
