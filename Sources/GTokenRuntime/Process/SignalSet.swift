internal import CLinux
internal import Glibc

/// A set of signals as the system calls take it.
struct SignalSet {
    private var mask = sigset_t()

    init(_ signals: [Signal]) {
        unsafe sigemptyset(&mask)
        for signal in signals { unsafe sigaddset(&mask, signal.number) }
    }

    /// Changes what this thread has blocked: `SIG_BLOCK` or `SIG_UNBLOCK`.
    mutating func apply(_ how: Int32) {
        unsafe pthread_sigmask(how, &mask, nil)
    }

    /// A new signal descriptor for the set, or -1 with `errno`.
    mutating func openDescriptor() -> Int32 {
        unsafe signalfd(-1, &mask, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    }

    /// Reads the number of the next signal from a signal descriptor; `nil` when there is none.
    static func readNumber(from descriptor: Int32) -> Int32? {
        var information = signalfd_siginfo()
        let count = unsafe withUnsafeMutableBytes(of: &information) {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count == MemoryLayout<signalfd_siginfo>.size else { return nil }
        return Int32(bitPattern: information.ssi_signo)
    }
}
