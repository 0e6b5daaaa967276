internal import Glibc

/// Another program that runs beside this one, until somebody waits for its end.
package final class ChildProcess: Sendable {
    /// The kernel's number for it.
    package let processID: Int32
    private let program: String
    private let ended = Locked<Int32?>(nil)

    /// Where one of its standard streams goes.
    package enum Stream: Sendable {
        /// To where this process's own goes.
        case inherited
        /// To a file that is made anew, readable by its owner only.
        case file(String)
        /// To an open descriptor.
        case descriptor(Int32)
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program, a path or a name on `PATH`, and its arguments.
    ///   - environment: all of its environment; `nil` for this process's own.
    ///   - standardInput: an open descriptor that it reads from; `nil` for nothing to read.
    ///   - standardOutput: where it prints results.
    ///   - standardError: where it prints everything else.
    /// - Throws: ``SubprocessError/notStarted(program:errno:)``.
    package init(
        _ arguments: [String],
        environment: [String: String]? = nil,
        standardInput: Int32? = nil,
        standardOutput: Stream = .inherited,
        standardError: Stream = .inherited
    ) throws(SubprocessError) {
        program = arguments.first ?? ""
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let standardInput {
            unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        for (stream, number) in [(standardOutput, STDOUT_FILENO), (standardError, STDERR_FILENO)] {
            switch stream {
            case .inherited: break
            case .file(let path):
                let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
                unsafe posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o600)
            case .descriptor(let descriptor):
                unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            }
        }
        // A tool that waits for signals on a descriptor has them blocked, which a child would inherit.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var pid: pid_t = 0
        let name = program
        let code = unsafe Self.withCStrings(arguments) { argv in
            guard let environment else {
                return unsafe posix_spawnp(&pid, name, &actions, &attributes, argv, environ)
            }
            return unsafe Self.withCStrings(environment.map { "\($0)=\($1)" }) { envp in
                unsafe posix_spawnp(&pid, name, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw .notStarted(program: name, errno: code) }
        processID = pid
    }

    /// Asks it to end, or with `SIGKILL` ends it.
    package func send(signal: Int32) {
        ended.withLock { status in
            // The number may belong to another process once the end has been collected.
            if status == nil { _ = kill(processID, signal) }
        }
    }

    /// Its exit status once it has ended, 128 plus the number of the signal that ended it; `nil` while it runs.
    package func exitStatus() -> Int32? { collect(WNOHANG) }

    /// Blocks until it has ended; answers its exit status.
    package func waitBlocking() -> Int32 {
        while true {
            if let status = collect(0) { return status }
        }
    }

    private func collect(_ options: Int32) -> Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard unsafe waitpid(processID, &status, options) == processID else { return nil }
            let signal = status & 0x7F
            ended = signal == 0 ? status >> 8 & 0xFF : 128 + signal
            return ended
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
