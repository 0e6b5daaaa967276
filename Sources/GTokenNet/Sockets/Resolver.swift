private import CLinux
import GTokenRuntime
private import Glibc
private import Synchronization

/// Finds the addresses of host names with the system's resolver (`/etc/hosts`, DNS).
package enum Resolver {
    /// The addresses of `host`, in the order in which they should be tried; a literal address is its own.
    ///
    /// A name with a dot is asked for as it stands before the search domains are tried: in a Pod (`ndots:5`)
    /// that is 2 DNS queries in place of 6 or 8. A trailing dot would do the same and miss `/etc/hosts`, so
    /// that a Pod's `hostAliases` had no effect.
    ///
    /// The call that blocks has a thread of its own; when the deadline passes or the task is cancelled its
    /// answer is dropped.
    package static func resolve(
        host: String,
        port: UInt16,
        on loop: EventLoop,
        deadline: Deadline
    ) async throws(NetError) -> [SocketAddress] {
        if let address = SocketAddress(host: host, port: port) { return [address] }
        // A C string would end at the NUL, and be another name. RFC 1035 section 2.3.4 has the limit.
        guard !host.isEmpty, host.utf8.count <= 254, !host.utf8.contains(0) else {
            throw .resolution(host: host, code: EAI_NONAME)
        }
        let lookup = Lookup(host: host, port: port, on: loop)
        let answer = await withTaskCancellationHandler {
            await suspend { resume in
                loop.execute { lookup.start(resume, deadline: deadline) }
            }
        } onCancel: {
            loop.execute { lookup.end(.failure(.cancelled)) }
        }
        return try answer.get()
    }
}

/// One question under way.
///
/// Unchecked because `resume` and `answer` are touched on the loop's thread alone.
private final class Lookup: LoopTimer, @unchecked Sendable {
    typealias Answer = Result<[SocketAddress], NetError>

    private let host: String
    private let port: UInt16
    private let loop: EventLoop
    private let isOver = Atomic(false)
    private var resume: Resumption<Answer>?
    private var answer: Answer?

    init(host: String, port: UInt16, on loop: EventLoop) {
        self.host = host
        self.port = port
        self.loop = loop
    }

    func start(_ resume: Resumption<Answer>, deadline: Deadline) {
        if let answer { return resume(answer) }
        self.resume = resume
        loop.arm(self, by: deadline)
        LookupThreads.shared.submit(self)
    }

    /// Gives up, from any thread.
    func fail(_ error: NetError) {
        loop.execute { self.end(.failure(error)) }
    }

    /// Answers the waiting task, unless it has its answer.
    func end(_ answer: Answer) {
        guard self.answer == nil else { return }
        self.answer = answer
        isOver.store(true, ordering: .relaxed)
        loop.disarm(self)
        resume.take()?(answer)
    }

    override func fire(now: Deadline, on loop: EventLoop) {
        end(.failure(.timedOut))
    }

    /// Asks, on a thread that may block; not at all when nobody waits any more.
    func run() {
        guard !isOver.load(ordering: .relaxed) else { return }
        let answer = ask()
        loop.execute { self.end(answer) }
    }

    private func ask() -> Answer {
        // Where this fails the search domains come first, which costs queries and finds the same.
        _ = clinux_res_try_absolute_name_first()
        var hints = unsafe addrinfo()
        // No IPv6 answer for a machine without IPv6.
        unsafe hints.ai_flags = AI_ADDRCONFIG
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return .failure(.resolution(host: host, code: code)) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe SocketAddress(entry.pointee.ai_addr, port: port) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(.resolution(host: host, code: EAI_NONAME)) : .success(addresses)
    }
}

/// The threads that may block in `getaddrinfo`: few, and none when nothing is asked.
private final class LookupThreads: Sendable {
    static let shared = LookupThreads()
    /// A resolver that hangs holds at most this many threads; further questions wait for their deadline.
    private static let limit = 4

    private struct State {
        var waiting: [Lookup] = []
        var threads = 0
    }

    private let state = Locked(State())

    func submit(_ lookup: Lookup) {
        let needsThread = state.withLock { state in
            state.waiting.append(lookup)
            guard state.threads < LookupThreads.limit else { return false }
            state.threads += 1
            return true
        }
        guard needsThread else { return }
        do throws(NetError) {
            try PosixThread { self.work() }.detach()
        } catch {
            for lookup in withdrawThread() { lookup.fail(error) }
        }
    }

    /// Takes back a thread that could not be started; the questions that no other thread will take.
    private func withdrawThread() -> [Lookup] {
        state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private func work() {
        while let lookup = next() { lookup.run() }
    }

    private func next() -> Lookup? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
