import GTokenCore
import GTokenNet
import GTokenRuntime

/// Where a command that asks services does its work.
enum CommandLoop {
    /// Where a command finds out that it is to end.
    static func signals() throws(ToolError) -> SignalDescriptor {
        do {
            return try SignalDescriptor()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
    }

    /// Runs work to its end on an event loop of its own, and ends the process with what it answers.
    ///
    /// - Throws: `ToolError`, whatever the work failed with.
    static func run(
        _ body: @escaping @Sendable (EventLoop) async throws -> ExitCode
    ) throws(ToolError) -> Never {
        let loop: EventLoop
        do {
            loop = try EventLoop()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let ended = Locked<ToolError?>(nil)
        let code = loop.run {
            do {
                return try await body(loop).rawValue
            } catch {
                ended.withLock { $0 = ToolError(reading: error) }
            }
            return 0
        }
        if let error = ended.withLock({ $0 }) { throw error }
        exitProcess(ExitCode(rawValue: code) ?? .bug)
    }
}

extension ToolError {
    /// Reads an error of whichever service it is.
    init(reading error: any Error) {
        if let error = error as? ToolError {
            self = error
        } else {
            let failure = SetupFailure(error)
            self.init(failure.message.inOneLine, hint: failure.hint, exitCode: failure.exitCode)
        }
    }
}
