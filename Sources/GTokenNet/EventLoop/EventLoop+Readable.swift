private import Glibc

extension EventLoop {
    /// Suspends the task until `descriptor` can be read without blocking, for descriptors that are no sockets of
    /// ours: a signalfd, an inotify, a pipe.
    ///
    /// The descriptor stays the caller's and must stay open meanwhile. One task at a time may wait for it. What
    /// epoll does not take (a regular file) is always readable.
    package func waitReadable(
        _ descriptor: Int32,
        deadline: Deadline = .never
    ) async throws(NetError) {
        let watch: Watch
        do {
            watch = try attach(descriptor)
        } catch NetError.system("epoll_ctl", EPERM) {
            return
        }
        // Registering reports a descriptor that is readable already: no readiness is missed before the wait.
        let outcome = await wait(for: .reading, of: watch, until: deadline)
        detach(watch, staysOpen: true)
        try outcome.check()
    }
}
