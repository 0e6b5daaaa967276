/// A sleeping task's timer.
///
/// Unchecked because it is touched on its loop's thread only; what crosses threads is the reference.
private final class SleepTimer: LoopTimer, @unchecked Sendable {
    private var resume: Resumption<Bool>?
    private var isCancelled = false

    func start(_ resume: Resumption<Bool>, until deadline: Deadline, on loop: EventLoop) {
        guard !isCancelled else { return resume(false) }
        self.resume = resume
        loop.arm(self, by: deadline)
    }

    func cancel(on loop: EventLoop) {
        isCancelled = true
        loop.disarm(self)
        resume.take()?(false)
    }

    override func fire(now: Deadline, on loop: EventLoop) {
        resume.take()?(true)
    }

    override func abandon() {
        isCancelled = true
        resume.take()?(false)
    }
}

extension EventLoop {
    /// Suspends the task until `deadline`; from any thread.
    ///
    /// Throws at once when the task is cancelled.
    package func sleep(until deadline: Deadline) async throws(CancellationError) {
        let timer = SleepTimer()
        let isOver = await withTaskCancellationHandler {
            await suspend { resume in
                execute { timer.start(resume, until: deadline, on: self) }
            }
        } onCancel: {
            execute { timer.cancel(on: self) }
        }
        guard isOver else { throw CancellationError() }
    }

    /// Suspends the task for `duration`, to the next millisecond; from any thread.
    ///
    /// Throws at once when the task is cancelled.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: .after(duration))
    }
}
