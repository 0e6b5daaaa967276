/// How a wait on a loop ended.
enum WaitOutcome: Sendable {
    case ready, timedOut, closed, cancelled

    /// Throws unless the wait ended well.
    func check() throws(NetError) {
        switch self {
        case .ready: return
        case .timedOut: throw .timedOut
        case .closed: throw .closed
        case .cancelled: throw .cancelled
        }
    }
}

/// The direction in which somebody waits for a descriptor.
enum Direction {
    case reading, writing

    /// What has to be reported for it; who writes also reads.
    var readiness: Readiness { self == .reading ? [.reading, .ending] : [.reading, .writing, .ending] }
}

/// One descriptor that a loop watches, and who waits for it: at most one reader and one writer.
///
/// It is also the timer of both, set lazily: a timer that is set early enough already is left where it is, and
/// finds out when it fires what is due. A kept-alive connection thus touches the heap once in a deadline's
/// length, and not for each of its reads.
final class Watch: LoopTimer {
    struct Waiter {
        let resume: Resumption<WaitOutcome>
        let deadline: Deadline
        /// Tells this wait from a later one, for a cancellation that comes late from another thread.
        let ticket: UInt64
    }

    let descriptor: Int32
    /// Tells this watch from an earlier one of the same descriptor number, in reports still under way.
    private let generation: UInt32
    var isAttached = true
    /// What the loop has reported to it.
    var readiness: Readiness = []

    private var reader: Waiter?
    private var writer: Waiter?
    /// Whether readiness was reported since a system call would have blocked or has taken all there was; not at
    /// first, because registering reports what the descriptor is ready for already.
    private(set) var mayRead = false
    private(set) var mayWrite = false
    /// Whether the peer's end was reported, which will not happen again.
    private var isEnding = false

    init(descriptor: Int32, generation: UInt32) {
        self.descriptor = descriptor
        self.generation = generation
    }

    /// What epoll's reports about this watch, and no other, carry.
    var token: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }

    /// The earliest deadline of the pending waits, `never` when there is none.
    var earliestDeadline: Deadline {
        min(reader?.deadline ?? .never, writer?.deadline ?? .never)
    }

    /// Notes that a system call would have blocked: only readiness reported from now on counts.
    func wouldBlock(_ direction: Direction) {
        switch direction {
        case .reading: mayRead = false
        case .writing: mayWrite = false
        }
    }

    /// Notes that everything there was has been read, except for an end that was reported along with it.
    func drained() {
        mayRead = isEnding
    }

    /// Takes in a waiter, or tells it at once why it need not wait.
    func add(_ waiter: Waiter, for direction: Direction) {
        guard isAttached else { return waiter.resume(.closed) }
        switch direction {
        case .reading:
            if mayRead { return waiter.resume(.ready) }
            precondition(reader == nil, "two tasks read one descriptor")
            reader = waiter
        case .writing:
            if mayWrite { return waiter.resume(.ready) }
            precondition(writer == nil, "two tasks write one descriptor")
            writer = waiter
        }
    }

    /// Wakes whom a report of epoll concerns.
    func report(_ readiness: Readiness) {
        let end: Readiness = [.ending, .failed]
        if !readiness.isDisjoint(with: end) { isEnding = true }
        if !readiness.isDisjoint(with: end.union(.reading)) {
            mayRead = true
            wake(&reader, .ready)
        }
        if !readiness.isDisjoint(with: [.writing, .failed]) {
            mayWrite = true
            wake(&writer, .ready)
        }
    }

    /// Ends one wait, if it still goes on.
    func cancel(ticket: UInt64) {
        if reader?.ticket == ticket { wake(&reader, .cancelled) }
        if writer?.ticket == ticket { wake(&writer, .cancelled) }
    }

    /// Ends the reader's wait, if there is one, as a cancellation would.
    func interruptReader() {
        wake(&reader, .cancelled)
    }

    /// Ends every wait, and every later one at once.
    func detach() {
        isAttached = false
        wake(&reader, .closed)
        wake(&writer, .closed)
    }

    override func fire(now: Deadline, on loop: EventLoop) {
        if let deadline = reader?.deadline, deadline <= now { wake(&reader, .timedOut) }
        if let deadline = writer?.deadline, deadline <= now { wake(&writer, .timedOut) }
        loop.arm(self, by: earliestDeadline)
    }

    private func wake(_ waiter: inout Waiter?, _ outcome: WaitOutcome) {
        guard let woken = waiter.take() else { return }
        woken.resume(outcome)
    }
}
