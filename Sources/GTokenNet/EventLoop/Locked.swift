private import Glibc

/// A value that threads share, behind a POSIX mutex.
///
/// Not `Synchronization.Mutex`: its code on Linux is a futex in a library that is not instrumented, so that the
/// thread sanitizer sees no order between those who lock it, and reports everything that a loop is handed by
/// another thread. It knows `pthread_mutex_lock`.
@safe final class Locked<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Calls `body` while no other thread does.
    func withLock<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
