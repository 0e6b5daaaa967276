internal import Glibc

/// A signal that a tool reacts to.
package enum Signal: Sendable, CaseIterable {
    /// SIGTERM: the kubelet, `systemctl stop`.
    case terminate
    /// SIGINT: a person's Ctrl-C.
    case interrupt

    var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        }
    }

    init?(number: Int32) {
        guard let signal = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = signal
    }
}

/// What a whole process does about signals.
///
/// To be called first thing in `main`, before there are threads.
package enum Signals {
    /// Makes a write to a closed pipe or connection an error (`EPIPE`) instead of the end of the process.
    package static func ignoreBrokenPipe() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Ends the process with status 0 at the instant of SIGTERM or SIGINT, whatever is in flight.
    ///
    /// For a process that has nothing to finish. It works while the main thread is stuck in a system call or a
    /// name lookup, and as process 1 of a container, where a signal without a handler is discarded.
    package static func exitOnTermination() {
        for one in Signal.allCases {
            // _exit is one of the few calls that a signal handler may make (signal-safety(7)).
            _ = signal(one.number) { _ in _exit(0) }
        }
        var mask = SignalSet(Signal.allCases)
        mask.apply(SIG_UNBLOCK)
    }
}

/// Signals as something to read: they no longer interrupt, and arrive on a descriptor (`signalfd(2)`).
///
/// For a process that has work to finish. Made before there are threads, which inherit the blocked signals.
package final class SignalDescriptor: Sendable {
    /// Readable when a signal has arrived; does not block, and belongs to this object.
    package let descriptor: Int32

    /// Blocks these signals in this thread and those it will start, and opens the descriptor.
    package init(_ signals: [Signal] = Signal.allCases) throws(SignalError) {
        var mask = SignalSet(signals)
        mask.apply(SIG_BLOCK)
        descriptor = mask.openDescriptor()
        let error = errno
        guard descriptor >= 0 else { throw .system(call: "signalfd", errno: error) }
    }

    deinit { close(descriptor) }

    /// Takes the next signal that has arrived; `nil` when there is none.
    package func next() -> Signal? {
        SignalSet.readNumber(from: descriptor).flatMap(Signal.init(number:))
    }
}

/// Why signals cannot be read.
package enum SignalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A system call failed.
    case system(call: String, errno: Int32)

    package var description: String {
        switch self {
        case .system(let call, let errno): "\(call): \(systemErrorText(errno))"
        }
    }
}
