private import Glibc

/// A value that threads share, behind a POSIX mutex: the one lock of this project.
///
/// Not `Synchronization.Mutex`: its code on Linux is a futex in a library that is not instrumented, so that the
/// thread sanitizer sees no order between those who lock it, and reports all that they share. It knows
/// `pthread_mutex_lock`. Atomics of that module are compiled into the caller, and seen.
@safe package final class Locked<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    /// At an address of its own: the mutex excludes others already, a property would be checked for it each time.
    private let value: UnsafeMutablePointer<Value>

    /// Takes over a value that nobody else has.
    package init(_ value: sending Value) {
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
    }

    /// Calls `body` while no other thread does; not from within `body`, where it would wait for itself.
    ///
    /// - Throws: what `body` throws; what it changed until then stays.
    package func withLock<Result, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }
}
