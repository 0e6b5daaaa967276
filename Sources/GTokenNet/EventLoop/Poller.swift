private import CLinux
private import Glibc

/// What a descriptor is ready for, as epoll says it.
struct Readiness: OptionSet {
    let rawValue: UInt32

    static let reading = Readiness(rawValue: UInt32(EPOLLIN.rawValue))
    static let writing = Readiness(rawValue: UInt32(EPOLLOUT.rawValue))
    /// The peer has ended its side: the last report about reading.
    static let ending = Readiness(rawValue: UInt32(EPOLLRDHUP.rawValue))
    /// An error or a hang-up: whoever waits must look for itself.
    static let failed = Readiness(rawValue: UInt32(EPOLLERR.rawValue | EPOLLHUP.rawValue))
}

/// An epoll instance with an eventfd to interrupt it.
///
/// Registrations are edge-triggered: a descriptor is registered once, and operations try the system call before
/// they wait. So a busy connection costs no `epoll_ctl` at all, where level-triggering would need one around every
/// wait (or report a socket that nobody reads for ever). Writing is added when somebody first waits for it: nearly
/// every socket takes what it is given, and would be reported as writable once for nothing.
@safe struct Poller: ~Copyable {
    private let epoll: FileDescriptor
    private let wakeUp: FileDescriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// The token that `wake` is reported under.
    static let wakeToken = UInt64.max

    /// Opens both; `arm` must follow (a value with a `deinit` cannot throw once it is complete).
    init() throws(NetError) {
        let epollNumber = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epollNumber >= 0 else { throw NetError.system(call: "epoll_create1", errno: errno) }
        let epoll = FileDescriptor(owning: epollNumber)
        let wakeNumber = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeNumber >= 0 else { throw NetError.system(call: "eventfd", errno: errno) }
        let wakeUp = FileDescriptor(owning: wakeNumber)
        self.epoll = epoll
        self.wakeUp = wakeUp
        unsafe events = .allocate(capacity: 256)
        unsafe events.initialize(repeating: epoll_event())
    }

    deinit {
        unsafe events.deallocate()
    }

    /// Makes `wake` interrupt `wait`.
    ///
    /// Edge-triggered, every write to the eventfd is reported anew: it need never be read.
    func arm() throws(NetError) {
        try add(wakeUp.rawValue, token: Poller.wakeToken, readiness: .reading)
    }

    /// Interrupts `wait`, from any thread.
    func wake() {
        var one: UInt64 = 1
        // A full counter (EAGAIN) has the loop woken already.
        _ = unsafe write(wakeUp.rawValue, &one, 8)
    }

    /// Reports a descriptor's readiness under `token` from now on.
    func add(_ descriptor: Int32, token: UInt64, readiness: Readiness) throws(NetError) {
        try control(EPOLL_CTL_ADD, descriptor, token: token, readiness: readiness)
    }

    /// Changes what is reported, and reports anew what the descriptor is ready for.
    func change(_ descriptor: Int32, token: UInt64, readiness: Readiness) throws(NetError) {
        try control(EPOLL_CTL_MOD, descriptor, token: token, readiness: readiness)
    }

    private func control(
        _ operation: Int32,
        _ descriptor: Int32,
        token: UInt64,
        readiness: Readiness
    ) throws(NetError) {
        let flags = readiness.rawValue | EPOLLET.rawValue
        var event = unsafe epoll_event(events: flags, data: epoll_data_t(u64: token))
        guard unsafe epoll_ctl(epoll.rawValue, operation, descriptor, &event) == 0 else {
            throw NetError.system(call: "epoll_ctl", errno: errno)
        }
    }

    /// Ends the reports about a descriptor that stays open (closing one does that by itself).
    func remove(_ descriptor: Int32) {
        var ignored = unsafe epoll_event()
        _ = unsafe epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, descriptor, &ignored)
    }

    /// Blocks until something is ready or the time is over (-1: no limit); the number of events to look at.
    func wait(milliseconds: Int32) -> Int {
        let count = unsafe epoll_wait(epoll.rawValue, events.baseAddress, Int32(events.count), milliseconds)
        if count >= 0 { return Int(count) }
        let code = errno
        // Invariant: the descriptor and the buffer are ours and valid, so a signal is all that can come between.
        precondition(code == EINTR, "epoll_wait: \(code)")
        return 0
    }

    /// One of the events that `wait` counted.
    func event(at index: Int) -> (token: UInt64, readiness: Readiness) {
        let event = unsafe events[index]
        return unsafe (event.data.u64, Readiness(rawValue: event.events))
    }
}
