private import CLinux
package import GTokenRuntime
private import Glibc

/// Another program that is run to its end while the loop goes on: what it is given, and what it prints.
package struct Program: Sendable {
    /// The program, a path or a name on `PATH`, and its arguments.
    package var arguments: [String]
    /// What it reads on standard input.
    package var input: [UInt8]
    /// All of its environment; `nil` for this process's own.
    package var environment: [String: String]?
    /// After which it is killed.
    package var timeout = Duration.seconds(60)
    /// The most that it may print on one stream: a list of some thousand objects.
    package var maxBytes = 64 << 20

    /// How it ended.
    package struct Result: Sendable {
        /// Its exit status, or 128 and the number of the signal that ended it.
        package var status: Int32
        /// What it printed on standard output.
        package var output: [UInt8]
        /// What it printed on standard error.
        package var errors: [UInt8]
    }

    /// A program with what it reads on standard input.
    package init(_ arguments: [String], input: [UInt8] = []) {
        self.arguments = arguments
        self.input = input
    }

    /// Runs it.
    ///
    /// - Throws: ``SubprocessError`` where it cannot be started, takes too long or prints too much; a status other
    ///   than 0 is an answer.
    package func run(on loop: EventLoop) async throws(SubprocessError) -> Result {
        let name = arguments.first ?? ""
        let output = try ReadingPipe()
        let errors = try ReadingPipe()
        let child = try start(output, errors)
        let deadline = Deadline.after(timeout)
        async let printedErrors = errors.read(on: loop, atMost: maxBytes, of: name, deadline: deadline)
        let printed = await output.read(on: loop, atMost: maxBytes, of: name, deadline: deadline)
        // The streams end with it, and it is of no use any more.
        if case .failure = printed { child.send(signal: SIGKILL) }
        let printedToErrors = await printedErrors
        if case .failure = printedToErrors { child.send(signal: SIGKILL) }
        let status = child.waitBlocking()
        return Result(status: status, output: try printed.get(), errors: try printedToErrors.get())
    }

    private func start(_ output: ReadingPipe, _ errors: ReadingPipe) throws(SubprocessError) -> ChildProcess {
        defer {
            output.closeWriteEnd()
            errors.closeWriteEnd()
        }
        let file = try memoryFile()
        defer { if let file { close(file) } }
        return try ChildProcess(
            arguments,
            environment: environment,
            standardInput: file,
            standardOutput: .descriptor(output.writeEnd),
            standardError: .descriptor(errors.writeEnd)
        )
    }

    /// The input as a file that has no name: a Secret must not stand in the file system, and a pipe would want a writer.
    private func memoryFile() throws(SubprocessError) -> Int32? {
        guard !input.isEmpty else { return nil }
        let file = unsafe clinux_memfd_create("input")
        guard file >= 0 else { throw .system(call: "memfd_create", errno: errno) }
        var rest = input[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let code = errno
                close(file)
                throw .system(call: "write", errno: code)
            }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }
}

/// A pipe whose other end a program writes to.
///
/// Unchecked because it is used by one task, which hands its write end to the child before it reads.
private final class ReadingPipe: @unchecked Sendable {
    let writeEnd: Int32
    private let readEnd: Int32
    private var isWriteEndOpen = true

    init() throws(SubprocessError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw .system(call: "pipe2", errno: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeWriteEnd()
        close(readEnd)
    }

    func closeWriteEnd() {
        if isWriteEndOpen { close(writeEnd) }
        isWriteEndOpen = false
    }

    /// Everything up to the end.
    func read(
        on loop: EventLoop,
        atMost limit: Int,
        of program: String,
        deadline: Deadline
    ) async -> Swift.Result<[UInt8], SubprocessError> {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(readEnd, &chunk, chunk.count)
            let code = errno
            if count == 0 { return .success(bytes) }
            if count > 0 {
                bytes += chunk[..<count]
                guard bytes.count <= limit else { return .failure(.tooMuchOutput(program: program)) }
                continue
            }
            if code == EINTR { continue }
            guard code == EAGAIN else { return .failure(.system(call: "read", errno: code)) }
            do throws(NetError) {
                try await loop.waitReadable(readEnd, deadline: deadline)
            } catch {
                return .failure(.timedOut(program: program))
            }
        }
    }
}
