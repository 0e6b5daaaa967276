private import CLinux
internal import Glibc

/// Runs another program to its end and answers what it printed; for set-up, before an event loop runs.
package enum Subprocess {
    /// Runs `arguments[0]`, a path or a name on `PATH`, and blocks until it has ended.
    ///
    /// The program's standard error is the tool's own, its standard input is empty.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - maxBytes: the most that it may print.
    ///   - timeout: after which it is killed.
    /// - Returns: what it printed on standard output.
    /// - Throws: ``SubprocessError`` when it cannot be started, takes too long, prints too much or fails.
    package static func output(
        of arguments: [String],
        maxBytes: Int = 1 << 20,
        timeout: Duration = .seconds(30)
    ) throws(SubprocessError) -> [UInt8] {
        let program = arguments.first ?? ""
        var pipe: [Int32] = [-1, -1]
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { throw .system(call: "pipe2", errno: errno) }
        let (readEnd, writeEnd) = (pipe[0], pipe[1])
        defer { close(readEnd) }
        let child: ChildProcess
        do throws(SubprocessError) {
            child = try ChildProcess(arguments, standardOutput: .descriptor(writeEnd))
        } catch {
            close(writeEnd)
            throw error
        }
        close(writeEnd)
        let deadline = ContinuousClock.now.advanced(by: timeout)
        let printed = read(readEnd, from: program, maxBytes: maxBytes, deadline: deadline)
        if case .failure = printed { child.send(signal: SIGKILL) }
        let status = child.waitBlocking()
        let bytes = try printed.get()
        guard status == 0 else { throw .failed(program: program, status: status) }
        return bytes
    }

    private static func read(
        _ descriptor: Int32,
        from program: String,
        maxBytes: Int,
        deadline: ContinuousClock.Instant
    ) -> Result<[UInt8], SubprocessError> {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return .failure(.timedOut(program: program)) }
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(clamping: left.components.seconds * 1000 + 100)
            let ready = unsafe poll(&waited, 1, milliseconds)
            let pollErrno = errno
            if ready < 0, pollErrno != EINTR { return .failure(.system(call: "poll", errno: pollErrno)) }
            guard ready > 0 else { continue }
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            let readErrno = errno
            if count == 0 { return .success(bytes) }
            guard count > 0 else {
                if readErrno == EINTR { continue }
                return .failure(.system(call: "read", errno: readErrno))
            }
            bytes += chunk[..<count]
            guard bytes.count <= maxBytes else { return .failure(.tooMuchOutput(program: program)) }
        }
    }
}

/// Why a program gave no answer.
package enum SubprocessError: Error, Equatable {
    /// It is not there or cannot be run.
    case notStarted(program: String, errno: Int32)
    /// It ended with another status than 0.
    case failed(program: String, status: Int32)
    /// It did not end in time.
    case timedOut(program: String)
    /// It printed more than was asked for.
    case tooMuchOutput(program: String)
    /// The system refused.
    case system(call: String, errno: Int32)
}

extension SubprocessError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notStarted(let program, let code):
            "cannot run \(program): \(unsafe String(cString: strerror(code)))"
        case .failed(let program, let status): "\(program) ended with status \(status)"
        case .timedOut(let program): "\(program) did not end in time"
        case .tooMuchOutput(let program): "\(program) printed more than expected"
        case .system(let call, let code): "\(call): \(unsafe String(cString: strerror(code)))"
        }
    }
}
