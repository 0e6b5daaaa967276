import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken` itself: gets a token, once or for as long as it runs.
struct TokenRun {
    private let configuration: GTokenConfiguration

    init(_ configuration: GTokenConfiguration) { self.configuration = configuration }

    /// Runs on this thread alone, until there is a token or, with `--refresh`, until a signal.
    func run() throws(ToolError) {
        let loop: EventLoop
        do throws(NetError) {
            loop = try EventLoop()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let refresher = try refresher(on: loop)
        let held = held()
        let refreshes = configuration.refreshes
        let outcome = Outcome()
        _ = loop.run {
            var refresher = refresher
            do throws(TokenRefresherError) {
                if refreshes { try await refresher.keepFresh(held: held) } else { try await refresher.run() }
            } catch {
                outcome.error.withLock { $0 = error }
            }
            return 0
        }
        if let error = outcome.error.withLock({ $0 }) { throw ToolError(error) }
    }

    private func refresher(on loop: EventLoop) throws(ToolError) -> TokenRefresher {
        let clock = LoopClock(loop)
        let logger = Logger(
            level: configuration.log.level,
            format: configuration.log.isJSON ? .json : .text,
            clock: clock
        )
        let source = try GoogleSource(
            configuration.token,
            environment: ProcessEnvironment.variables,
            on: loop,
            logger: logger
        )
        return TokenRefresher(
            source: source.idToken,
            fallback: source.fallback,
            destination: destination,
            minimum: configuration.minimumTimeLeft,
            patience: .init(
                startup: configuration.token.startupTimeout,
                request: configuration.token.requestTimeout
            ),
            clock: clock,
            logger: logger
        )
    }

    private var destination: TokenRefresher.Destination {
        switch configuration.output {
        case .file(let path, let mode):
            return TokenRefresher.Destination(KeptFile(path, mode: mode.bits))
        case .standardOutput:
            // A line each when there are several; alone, the token is all there is, as `gtoken >file` wants it.
            let endsLine = configuration.refreshes || StandardOutput.isTerminal
            return TokenRefresher.Destination { token throws(FileError) in
                try StandardOutput.write(Array(token.text.utf8) + (endsLine ? [UInt8(ascii: "\n")] : []))
            }
        }
    }

    /// What an earlier run left: after a restart the Pod has a token even if the source is away.
    private func held() -> IDToken? {
        guard case .file(let path, _) = configuration.output else { return nil }
        // The half of a token that was being written when the earlier run was killed.
        AtomicFile.removeLeftovers(path: path)
        guard configuration.refreshes else { return nil }
        return TokenFile(path).validToken(audience: configuration.token.audience, at: WallClock.now())
    }
}

extension ToolError {
    /// Why there is no token where it belongs, and what to do about it.
    init(_ error: TokenRefresherError) {
        switch error {
        case .source(let cause): self.init(cause)
        case .destination(let cause):
            self.init(
                "the token cannot be written: \(cause)",
                exitCode: cause.leavesHopeAtFirst ? .unavailable : .configuration
            )
        case .cancelled: self.init("cancelled", exitCode: .bug)
        }
    }
}

/// What came of a run, handed from the loop's body to its caller.
private final class Outcome: Sendable {
    let error = Locked<TokenRefresherError?>(nil)
}
