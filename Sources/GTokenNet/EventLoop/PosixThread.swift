private import Glibc

/// A thread of the operating system, for what must not share one: an event loop, a call that blocks.
@safe struct PosixThread: Sendable {
    private let handle: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a thread that runs `body` with every signal blocked: signals are the main thread's to take.
    init(_ body: @escaping @Sendable () -> Void) throws(NetError) {
        let context = unsafe Unmanaged.passRetained(Body(body))
        var all = sigset_t()
        var previous = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        guard code == 0 else {
            unsafe context.release()
            throw .system(call: "pthread_create", errno: code)
        }
        self.handle = handle
    }

    /// Waits until the thread has ended.
    ///
    /// Once, and not with `detach`.
    func join() {
        _ = pthread_join(handle, nil)
    }

    /// Lets the thread end on its own.
    func detach() {
        pthread_detach(handle)
    }
}
