import GTokenNet
import GTokenRuntime

/// The one event loop of a command that talks.
struct ToolLoop {
    let loop: EventLoop

    init() throws(ToolError) {
        do throws(NetError) {
            loop = try EventLoop()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
    }

    /// Runs `body` on this thread alone until it ends, and passes on what it throws.
    func run(_ body: @escaping @Sendable () async throws(ToolError) -> Void) throws(ToolError) {
        let failure = Locked<ToolError?>(nil)
        _ = loop.run {
            do throws(ToolError) {
                try await body()
            } catch {
                failure.withLock { $0 = error }
            }
            return 0
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
