import Foundation
import GTokenCore
import GTokenRuntime

/// Reads the token file in a loop on a thread of its own, as an application with an AWS SDK might, only faster.
final class SoakReader: Sendable {
    struct Counts {
        var reads = 0
        var missing = 0
        var malformed = 0
        var expired = 0
        var tokens = 0
        fileprivate var last = ""
    }

    private let counts = Locked(Counts())
    private let stops = Locked(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ path: String, clock: any GTokenRuntime.Clock) {
        let thread = Thread { [self] in
            while !stops.withLock({ $0 }) { read(path, clock) }
            hasEnded.signal()
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Waits until it has ended; what it saw.
    func stop() async -> Counts {
        stops.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.hasEnded.wait()
                continuation.resume()
            }
        }
        return counts.withLock { $0 }
    }

    private func read(_ path: String, _ clock: any GTokenRuntime.Clock) {
        // Time may pass between the look at the clock and that at the file, never the other way round: so what is
        // read had at least this much left.
        let now = clock.now()
        let bytes = try? FileReader.read(path: path, maxBytes: UnverifiedJWT.maxBytes)
        let token = bytes.flatMap { try? UnverifiedJWT(parsing: String(decoding: $0, as: UTF8.self)) }
        counts.withLock {
            $0.reads += 1
            guard bytes != nil else { return $0.missing += 1 }
            guard let claims = token?.claims, let expiresAt = claims.expiresAt, let serial = claims.tokenID
            else {
                return $0.malformed += 1
            }
            if expiresAt <= now { $0.expired += 1 }
            if serial != $0.last { ($0.tokens, $0.last) = ($0.tokens + 1, serial) }
        }
    }
}
