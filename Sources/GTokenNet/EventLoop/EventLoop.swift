private import Glibc
private import Synchronization

/// One thread's event loop: runs the tasks that prefer it, wakes them when their sockets and timers are ready,
/// and blocks without a timeout when there is nothing to do.
///
///     let loop = try EventLoop()
///     exit(loop.run { await serve(on: loop) })
///
/// A task is started on a loop with `Task(executorPreference: loop)`; it and its child tasks stay there, except
/// in code of a global actor. `Task.sleep` and `Task.yield` go through the global executor, which starts
/// threads: `sleep(for:)` and `yield()` are their counterparts here.
///
/// Unchecked because everything but `remote`, `thread` and the poller's `wake` belongs to the thread that runs
/// the loop, which no annotation can say; each entry point checks or moves there.
@safe package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Bytes that one read takes at most: four full TLS records.
    static let scratchSize = 64 * 1024
    /// Jobs to run before the sockets get another look, so that tasks which wake each other starve nobody.
    private static let jobsPerTurn = 256
    /// Tasks that are gathered at most before they go on: the first of them must not wait for many.
    private static let maxGathered = 8
    /// Turns for what the end of a loop wakes: to see that it is cancelled, and to let go of what it holds.
    private static let turnsAtEnd = 16

    private let poller: Poller
    private let remote = RemoteQueue()
    private let thread = Atomic<UInt>(0)

    private var jobs: [UnownedJob] = []
    /// The jobs being run; empty between turns, and kept for its storage.
    private var batch: [UnownedJob] = []
    private var yielded: [Resumption<Void>] = []
    /// Who waits for the others of the batch.
    private var gathered: [Resumption<Void>] = []
    private var timers = TimerHeap()
    private var watches: [Watch?] = []
    private var nextGeneration: UInt32 = 0
    private var nextTicket: UInt64 = 0
    private var exitCode: Int32?
    /// How many turns a loop that is to end still gives to the tasks that its end has woken.
    private var turnsLeft = 0
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    /// Storage for bytes on their way out, for a connection to borrow while it has some.
    private var spareBuffer: [UInt8] = []

    /// A loop that does nothing until a thread runs it.
    package init() throws(NetError) {
        poller = try Poller()
        unsafe scratch = .allocate(capacity: EventLoop.scratchSize)
        try poller.arm()
    }

    deinit {
        unsafe scratch.deallocate()
    }

    /// Whether the caller is on this loop's thread, while it runs.
    package var isCurrent: Bool {
        thread.load(ordering: .relaxed) == EventLoop.callingThread
    }

    private static var callingThread: UInt { UInt(pthread_self()) }

    // MARK: Running

    /// Runs `body`, and every other task of this loop, on the calling thread until `body` returns.
    ///
    /// The one thread of a tool: `exit(loop.run { … })`. Tasks that are still there afterwards do not go on.
    package func run(_ body: @escaping @Sendable () async -> Int32) -> Int32 {
        exitCode = nil
        Task(executorPreference: self) { self.exitCode = await body() }
        return turnUntilStopped()
    }

    /// Runs tasks on the calling thread until `stop` is called.
    func runUntilStopped() {
        _ = turnUntilStopped()
        remote.endActions()
    }

    /// Ends `runUntilStopped`, and before it every sleep, as if the sleeper were cancelled, and every wait for a
    /// descriptor, as if it were closed; from any thread.
    ///
    /// Who waits would hold the loop, and the loop them, for ever.
    func stop() {
        execute {
            for watch in self.watches { if let watch { self.detach(watch) } }
            for timer in self.timers.removeAll() { timer.abandon() }
            self.turnsLeft = EventLoop.turnsAtEnd
            self.exitCode = 0
        }
    }

    private func turnUntilStopped() -> Int32 {
        let (claimed, _) = thread.compareExchange(
            expected: 0,
            desired: EventLoop.callingThread,
            ordering: .acquiringAndReleasing
        )
        precondition(claimed, "a loop runs on one thread at a time")
        defer { thread.store(0, ordering: .releasing) }
        while true {
            if let exitCode, turnsLeft == 0 || (jobs.isEmpty && yielded.isEmpty) { return exitCode }
            turnsLeft = max(0, turnsLeft - 1)
            turn()
        }
    }

    /// Waits once, and runs what has become ready.
    private func turn() {
        var isWoken = false
        for index in 0..<poller.wait(milliseconds: patience) {
            let (token, readiness) = poller.event(at: index)
            if token == Poller.wakeToken {
                isWoken = true
            } else {
                watch(of: token)?.report(readiness)
            }
        }
        if isWoken { takeRemoteWork() }
        fireTimers()
        for resume in exchange(&yielded, with: []) { resume(()) }
        runJobs()
    }

    /// How long the poller may block: not at all with work at hand, without limit when nothing is due.
    private var patience: Int32 {
        guard jobs.isEmpty, yielded.isEmpty else { return 0 }
        guard let earliest = timers.earliest else { return -1 }
        let nanoseconds = max(0, earliest.nanoseconds - Deadline.now.nanoseconds)
        // Rounded up: a timer must not be found a fraction of a millisecond early, over and over.
        return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
    }

    private func takeRemoteWork() {
        let work = remote.take()
        jobs.append(contentsOf: work.jobs)
        for action in work.actions { action() }
    }

    private func fireTimers() {
        guard !timers.isEmpty else { return }
        let now = Deadline.now
        while let timer = timers.popExpired(now: now) { timer.fire(now: now, on: self) }
    }

    private func runJobs() {
        var budget = EventLoop.jobsPerTurn
        while budget > 0, !jobs.isEmpty {
            swap(&jobs, &batch)
            for index in batch.indices {
                run(batch[index])
                if gathered.count == EventLoop.maxGathered { runGathered() }
            }
            budget -= batch.count
            batch.removeAll(keepingCapacity: true)
            runGathered()
        }
    }

    private func run(_ job: UnownedJob) { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }

    /// Runs those who wait for others, before everything that is ready besides.
    private func runGathered() {
        guard !gathered.isEmpty else { return }
        let end = jobs.count
        for resume in gathered { resume(()) }
        gathered.removeAll(keepingCapacity: true)
        let resumed = Array(jobs[end...])
        jobs.removeSubrange(end...)
        for job in resumed { run(job) }
    }

    // MARK: Work

    /// Takes a job of a task that prefers this loop; called by the Swift runtime from any thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
        } else if remote.add(job) {
            poller.wake()
        }
    }

    /// Runs `action` on the loop's thread: at once when the caller is there, else as soon as the loop gets to it.
    package func execute(_ action: @escaping @Sendable () -> Void) {
        if isCurrent {
            action()
        } else if remote.add(action) {
            poller.wake()
        }
    }

    /// Lets the loop's other tasks and sockets have their turn.
    nonisolated(nonsending) package func yield() async {
        preconditionCurrent()
        await suspend { yielded.append($0) }
    }

    /// Lets the tasks that are ready go first, eight at most, so that what all of them do next stands together.
    ///
    /// For what wakes another process: who is woken by the first of many messages finds the others when it looks
    /// again, while between two of them it would fall asleep, and waking costs more than sending.
    nonisolated(nonsending) package func gather() async {
        preconditionCurrent()
        guard batch.count > 1 || !jobs.isEmpty else { return }
        await suspend { gathered.append($0) }
    }

    /// Invariant: sockets and timers are touched by tasks that were started on their loop, never by others.
    func preconditionCurrent() {
        precondition(
            isCurrent,
            "not on the loop's thread: start the task with Task(executorPreference: loop)"
        )
    }

    // MARK: Timers

    /// Sets a timer, unless it is set for that moment or an earlier one.
    func arm(_ timer: LoopTimer, by deadline: Deadline) {
        guard deadline != .never, !timer.isArmed || deadline < timer.deadline else { return }
        timers.arm(timer, at: deadline)
    }

    func disarm(_ timer: LoopTimer) {
        timers.disarm(timer)
    }

    // MARK: Descriptors

    /// Watches a descriptor until `detach`.
    func attach(_ descriptor: Int32, for direction: Direction = .reading) throws(NetError) -> Watch {
        preconditionCurrent()
        nextGeneration &+= 1
        let watch = Watch(descriptor: descriptor, generation: nextGeneration)
        let slot = Int(descriptor)
        watch.readiness = direction.readiness
        try poller.add(descriptor, token: watch.token, readiness: watch.readiness)
        while watches.count <= slot { watches.append(nil) }
        watches[slot] = watch
        return watch
    }

    /// Watches for writing, too, from now on.
    func watch(_ watch: Watch, for direction: Direction) throws(NetError) {
        guard !watch.readiness.isSuperset(of: direction.readiness) else { return }
        watch.readiness.formUnion(direction.readiness)
        try poller.change(watch.descriptor, token: watch.token, readiness: watch.readiness)
    }

    /// Ends a watch and its waits; the descriptor's owner closes it next, unless `staysOpen`.
    func detach(_ watch: Watch, staysOpen: Bool = false) {
        guard watch.isAttached else { return }
        let slot = Int(watch.descriptor)
        if watches[slot] === watch {
            watches[slot] = nil
            if staysOpen { poller.remove(watch.descriptor) }
        }
        timers.disarm(watch)
        watch.detach()
    }

    /// Ends the watch that reports carry `token` for, if it still goes on.
    func detach(token: UInt64) {
        if let watch = watch(of: token) { detach(watch) }
    }

    /// The watch that a report or a cancellation under way is about; nil when its descriptor was closed, and
    /// perhaps opened anew, since.
    private func watch(of token: UInt64) -> Watch? {
        let slot = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
        guard slot < watches.count, let watch = watches[slot], watch.token == token else { return nil }
        return watch
    }

    /// Suspends the task until the watched descriptor may be ready, the deadline, the watch's end or cancellation.
    nonisolated(nonsending) func wait(
        for direction: Direction,
        of watch: Watch,
        until deadline: Deadline
    ) async -> WaitOutcome {
        nextTicket &+= 1
        let ticket = nextTicket
        let token = watch.token
        return await withTaskCancellationHandler {
            await suspend {
                add(Watch.Waiter(resume: $0, deadline: deadline, ticket: ticket), for: direction, to: watch)
            }
        } onCancel: {
            execute { self.watch(of: token)?.cancel(ticket: ticket) }
        }
    }

    /// The same for a task of which somebody else hears that it is cancelled, and ends its waits.
    nonisolated(nonsending) func waitInterruptibly(
        for direction: Direction,
        of watch: Watch,
        until deadline: Deadline
    ) async -> WaitOutcome {
        nextTicket &+= 1
        let ticket = nextTicket
        return await suspend {
            add(Watch.Waiter(resume: $0, deadline: deadline, ticket: ticket), for: direction, to: watch)
        }
    }

    private func add(_ waiter: Watch.Waiter, for direction: Direction, to watch: Watch) {
        // Who hears of cancellation has done so before this when the task was cancelled earlier, and found no waiter.
        guard !Task.isCancelled else { return waiter.resume(.cancelled) }
        watch.add(waiter, for: direction)
        arm(watch, by: watch.earliestDeadline)
    }

    /// Storage of earlier bytes on their way out, or none.
    func takeSpareBuffer() -> [UInt8] {
        exchange(&spareBuffer, with: [])
    }

    /// Gives such storage back, emptied.
    func giveSpareBuffer(_ storage: [UInt8]) {
        spareBuffer = storage
    }

    /// The loop's buffer for one read, valid until the next `await`.
    func withScratch<Result>(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Result) -> Result {
        unsafe body(scratch)
    }
}
