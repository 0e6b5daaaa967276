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

    /// A client for one `caBundle`: connections that were verified by one are not used with another.
    private struct Trust {
        let bundle: [UInt8]
        let client: HTTPClient
    }

    private struct State {
        var endpoints: [SocketAddress] = []
        var trust: Trust?
        var counts: [Bool: Counts] = [:]
        var bundles: Set<[UInt8]> = []
        var leaves: [SocketAddress: Set<[UInt8]>] = [:]
        var isOver = false
    }

    private let cluster: EnduranceCluster
    private let state = Locked(State())
    /// A connection carries one review at a time, so that this many reviews are as many connections.
    let connections = Places(200)
    private static let deadline = Duration.seconds(5)

    init(_ cluster: EnduranceCluster) { self.cluster = cluster }

    /// Which replicas reviews go to from now on.
    func setEndpoints(_ replicas: [EnduranceReplica]) {
        let addresses = replicas.compactMap(\.address)
        state.withLock { $0.endpoints = addresses }
    }

    /// Ends a replica while the others stay; it is an endpoint until kube-proxy has learnt that it is not ready.
    func retire(_ old: EnduranceReplica, leaving others: [EnduranceReplica]) async throws {
        setEndpoints(others + [old])
        async let end: Void = old.stop()
        try await cluster.loop.sleep(for: .milliseconds(500))
        setEndpoints(others)
        try await end
    }

    func counts(optedIn: Bool) -> Counts { state.withLock { $0.counts[optedIn] ?? Counts() } }

    /// How many different `caBundle`s connections were verified by.
    var bundlesSeen: Int { state.withLock { $0.bundles.count } }

    /// The serial numbers of the certificates that each endpoint has shown to `look()`.
    var leavesSeen: [Set<[UInt8]>] { state.withLock { Array($0.leaves.values) } }

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

    /// Makes a new connection to each endpoint, verified as of now, and notes the certificate that it shows.
    @discardableResult
    func look() async throws -> [CertificateFacts] {
        let (loop, clock, bundle) = (cluster.loop, cluster.clock, cluster.caBundle)
        let endpoints = state.withLock { $0.endpoints }
        let trust = try TLSClientContext(trustedRootsPEM: bundle) { clock.now() }
        let looking = Task(executorPreference: loop) {
            var facts: [SocketAddress: CertificateFacts] = [:]
            for endpoint in endpoints {
                let deadline = Deadline.after(Self.deadline)
                let connection = try await Connection.connect(to: [endpoint], on: loop, deadline: deadline)
                defer { connection.close() }
                let session = try TLSSession(client: trust, host: EnduranceCluster.host)
                try await connection.startTLS(session, deadline: deadline)
                facts[endpoint] = try XCTUnwrap(connection.peerCertificate)
            }
            return facts
        }
        let facts = try await looking.value
        state.withLock { state in
            for (endpoint, facts) in facts { state.leaves[endpoint, default: []].insert(facts.serialNumber) }
        }
        return Array(facts.values)
    }

    private func review(_ account: String, optedIn: Bool) async {
        await connections.take()
        defer { connections.giveBack() }
        let start = ContinuousClock.now
        let result: Result<HTTPResponse, any Error>
        do {
            result = .success(try await send(Self.review(of: account)))
        } catch {
            result = .failure(error)
        }
        let took = ContinuousClock.now - start
        state.withLock { state in
            state.counts[optedIn, default: Counts()].add(result)
            state.counts[optedIn, default: Counts()].slowest = max(
                state.counts[optedIn]?.slowest ?? .zero,
                took
            )
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

    /// The client for the live `caBundle`; its connections outlive the certificates that they were made with.
    private func client() throws -> HTTPClient {
        let (bundle, clock, loop) = (cluster.caBundle, cluster.clock, cluster.loop)
        return try state.withLock { state in
            if let trust = state.trust, trust.bundle == bundle { return trust.client }
            // The step and an hour later: a handshake that is under way when the clock is set forward may meet a
            // certificate from after that. `look()` verifies as of now.
            let context = try TLSClientContext(trustedRootsPEM: bundle) {
                clock.now() + EnduranceCluster.step + .seconds(3600)
            }
            let client = HTTPClient(loop: loop, tls: context)
            state.trust?.client.close()
            state.trust = Trust(bundle: bundle, client: client)
            state.bundles.insert(bundle)
            return client
        }
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

extension AdmissionCaller.Counts {
    fileprivate mutating func add(_ result: Result<HTTPResponse, any Error>) {
        switch result {
        case .failure(let error): failures.append("\(error)")
        case .success(let answer):
            let response = answer.status == 200 ? (try? JSONDocument(answer.body).root)?["response"] : nil
            if answer.status == 500 || answer.status == 503 {
                refused += 1
            } else if response?["allowed"]?.boolean() != true {
                failures.append(
                    "\(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
                )
            } else if response?["patch"] == nil {
                unchanged += 1
            } else {
                injected += 1
            }
        }
    }
}
