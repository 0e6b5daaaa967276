import GTokenClients
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

/// A source, a destination and a clock whose sleeps pass at once; times are seconds since the start.
final class RefresherStage: @unchecked Sendable {
    struct Write: Equatable {
        let at: Double
        let expires: Double
    }

    // All of it is used by the one task that runs the refresher, and by the test before and after.
    let clock: ManualClock
    var source: (_ now: Double, _ calls: [Double]) -> Double? = { now, _ in now + 3600 }
    var failure: (Double) -> IDTokenError? = { _ in nil }
    var writeFailure: (Double) -> FileError? = { _ in nil }
    var onQuestion: (ManualClock, Int) -> Void = { _, _ in }
    var onSleep: (ManualClock, Int) -> Void = { _, _ in }
    var questionTime = 0.0
    /// The fallback's expiry; `nil` where it fails.
    var fallback: ((_ now: Double) -> Double?)?
    /// Where tokens go, beside the list.
    var file: KeptFile?
    var minimum = Duration.zero
    private(set) var fallbackQuestions: [Double] = []
    private(set) var questions: [Double] = []
    private(set) var elapsedAtQuestion: [Duration] = []
    private(set) var elapsedAtWrite: [Duration] = []
    private(set) var written: [Write] = []
    private var made: [Double] = []
    private var lastExpiry = 0.0
    private let start: UnixTime
    private let log = RecordedLog()

    init(_ start: UnixTime) {
        self.start = start
        clock = ManualClock(start)
        clock.letSleepsPass(for: .seconds(1_000_000))
    }

    var lines: [String] { log.lines }

    var levels: [String] {
        lines.compactMap { $0.split(separator: " ").first { $0.hasPrefix("level=") }?.dropFirst(6) }.map {
            String($0)
        }
    }

    var now: Double { clock.now().duration(since: start) / .seconds(1) }

    func token(expires: Double, subject: String = "1") -> IDToken {
        var claims = JSONWriter()
        let expiry = (start + .seconds(expires)).seconds
        claims.object {
            $0.member("aud", "aud")
            $0.member("sub", subject)
            $0.member("iat", expiry - 3600)
            $0.member("exp", expiry)
        }
        let text = "eyJhbGciOiJSUzI1NiJ9.\(Base64URL.encode(claims.bytes)).c2ln"
        do {
            return try IDToken(parsing: text, audience: "aud")
        } catch {
            preconditionFailure("\(error)")
        }
    }

    func refresher() -> TokenRefresher {
        let other: TokenRefresher.Source = { () async throws(IDTokenError) in try self.askFallback() }
        let destination = TokenRefresher.Destination(
            put: { token throws(FileError) in try self.put(token) },
            isAsLeft: { self.file?.isAsLeft ?? true }
        )
        return TokenRefresher(
            source: { () async throws(IDTokenError) in try self.askSource() },
            fallback: fallback == nil ? nil : other,
            destination: destination,
            minimum: minimum,
            patience: .init(startup: .seconds(60), request: .seconds(15)),
            clock: HookedClock(stage: self),
            logger: log.logger(clock: clock, level: .info),
            generator: SeededGenerator()
        )
    }

    private func askSource() throws(IDTokenError) -> IDToken {
        questions.append(now)
        elapsedAtQuestion.append(clock.elapsed)
        onQuestion(clock, questions.count)
        clock.advance(by: .seconds(questionTime))
        if let failure = failure(now) { throw failure }
        if let expiry = source(now, made) {
            made.append(now)
            lastExpiry = expiry
        }
        return token(expires: lastExpiry)
    }

    private func askFallback() throws(IDTokenError) -> IDToken {
        fallbackQuestions.append(now)
        guard let expiry = fallback?(now) else {
            throw .refused(url: "iam", status: 403, message: "no binding")
        }
        return token(expires: expiry)
    }

    private func put(_ token: IDToken) throws(FileError) {
        if let failure = writeFailure(now) { throw failure }
        try file?.put(token.text.utf8)
        elapsedAtWrite.append(clock.elapsed)
        written.append(Write(at: now, expires: token.expiresAt.duration(since: start) / .seconds(1)))
    }

    /// Runs until so much time has passed, or it ends by itself; answers why it did.
    @discardableResult
    func keepFresh(
        for duration: Duration,
        held: IDToken? = nil,
        refreshes: Bool = true
    ) async -> TokenRefresherError {
        clock.letSleepsPass(for: duration)
        // It may hold what holds this stage.
        defer { onSleep = { _, _ in } }
        var refresher = refresher()
        do {
            if refreshes { try await refresher.keepFresh(held: held) } else { try await refresher.run() }
            XCTFail("it ended without an error")
            return .cancelled
        } catch {
            return error
        }
    }

    private struct HookedClock: Clock {
        let stage: RefresherStage

        func now() -> UnixTime { stage.clock.now() }

        func sleep(for duration: Duration) async throws(CancellationError) {
            try await stage.clock.sleep(for: duration)
            stage.onSleep(stage.clock, stage.clock.sleeps.count)
        }
    }
}
