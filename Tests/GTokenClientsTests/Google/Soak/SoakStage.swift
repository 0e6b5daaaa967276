import Foundation
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport

/// A refresher with a real metadata client, a real file and a clock whose sleeps take no time.
final class SoakStage: Sendable {
    private struct State {
        var now = UnixTime(seconds: 1_795_467_580)
        var plan: SoakPlan
        var faults: [SoakFault: Int] = [:]
        var refreshes = 0
        var held: IDToken?
        var leastLeft = Duration.seconds(3600)
        var lines: [LogLevel: Int] = [:]
        var memory: [Int: Int] = [:]
    }

    static let minimum = Duration.seconds(30)

    let path: String
    private let server: SoakServer
    private let file: KeptFile
    private let client: MetadataClient
    private let hasty: MetadataClient
    private let nobody: MetadataClient
    private let state: Locked<State>
    private let wanted: Int

    /// A stage that ends after so many refreshes; nobody listens on the port `unused`.
    init(_ server: SoakServer, unused: UInt16, path: String, on loop: EventLoop, refreshes: Int) throws {
        self.server = server
        self.path = path
        file = KeptFile(path, mode: 0o644)
        let http = HTTPClient(loop: loop)
        func metadata(_ port: UInt16, _ timeout: Duration) throws -> MetadataClient {
            try MetadataClient(host: "127.0.0.1:\(port)", timeout: timeout, http: http)
        }
        client = try metadata(server.port, .seconds(30))
        hasty = try metadata(server.port, .milliseconds(20))
        nobody = try metadata(unused, .seconds(30))
        state = Locked(State(plan: SoakPlan(SeededGenerator())))
        wanted = refreshes
    }

    var faults: [(SoakFault, Int)] {
        let counts = state.withLock { $0.faults }
        return SoakFault.allCases.map { ($0, counts[$0] ?? 0) }
    }
    var refreshes: Int { state.withLock { $0.refreshes } }
    /// The token in the file.
    var held: IDToken? { state.withLock { $0.held } }
    /// The least that the token in the file had left at any moment.
    var leastLeft: Duration { state.withLock { $0.leastLeft } }
    var lines: [LogLevel: Int] { state.withLock { $0.lines } }
    var elapsed: Duration { now().duration(since: UnixTime(seconds: 1_795_467_580)) }

    /// Anonymous memory of this process in KiB after a refresh, where it was noted.
    func memory(after refresh: Int) -> Int? { state.withLock { $0.memory[refresh] } }

    /// Writes the first token.
    func begin() async throws {
        var refresher = refresher()
        try await refresher.run()
    }

    /// Keeps it fresh until there were as many refreshes as wanted; answers why it ended.
    func goOn() async -> TokenRefresherError? {
        var refresher = refresher()
        do throws(TokenRefresherError) {
            try await refresher.keepFresh(held: held)
            return nil
        } catch {
            return error
        }
    }

    private func refresher() -> TokenRefresher {
        TokenRefresher(
            source: { () async throws(IDTokenError) in try await self.ask() },
            destination: TokenRefresher.Destination(
                put: { token throws(FileError) in try self.put(token) },
                isAsLeft: { self.file.isAsLeft }
            ),
            minimum: Self.minimum,
            patience: .init(startup: .seconds(600), request: .seconds(15)),
            clock: self,
            logger: Logger(level: .info, clock: self, sink: LogSink { self.count($0) }),
            generator: SeededGenerator()
        )
    }

    private func ask() async throws(IDTokenError) -> IDToken {
        let fault = state.withLock { state in
            let fault = state.refreshes == 0 ? .none : state.plan.fault()
            state.faults[fault, default: 0] += 1
            return fault
        }
        server.prepare(fault, at: now())
        let client =
            switch fault {
            case .refused: nobody
            case .slow: hasty
            default: client
            }
        // A real timeout is as long as this in the refresher's time.
        if fault == .slow { pass(.seconds(15)) }
        return try await client.idToken(audience: SoakServer.audience)
    }

    private func put(_ token: IDToken) throws(FileError) {
        try file.put(token.text.utf8)
        state.withLock {
            $0.refreshes += 1
            $0.held = token
            if [10, wanted].contains($0.refreshes) { $0.memory[$0.refreshes] = Self.anonymousMemory() }
        }
    }

    private func count(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        let level = LogLevel.allCases.first { text.contains(" level=\($0.rawValue) ") }
        state.withLock { $0.lines[level ?? .error, default: 0] += 1 }
    }

    private func pass(_ duration: Duration) {
        state.withLock {
            $0.now = $0.now + duration
            if let held = $0.held { $0.leastLeft = min($0.leastLeft, held.timeLeft(at: $0.now)) }
        }
    }

    private static func anonymousMemory() -> Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}

/// A clock on which a sleep passes at once.
extension SoakStage: GTokenRuntime.Clock {
    func now() -> UnixTime { state.withLock { $0.now } }

    func sleep(for duration: Duration) async throws(CancellationError) {
        guard refreshes < wanted else { throw CancellationError() }
        pass(duration)
        await Task.yield()
    }
}
