internal import Glibc

/// What a tool's exit status says; from 64 on the numbers are those of `sysexits.h`.
package enum ExitCode: Int32, Sendable {
    /// What was asked for is done.
    case done = 0
    /// The thing asked about is not well (`gtoken check`).
    case unwell = 1
    /// A plan found changes to make.
    case changes = 2
    /// The command line is wrong.
    case usage = 64
    /// A service cannot be reached or does not work.
    case unavailable = 69
    /// The tool itself is wrong.
    case bug = 70
    /// A service refused what was asked.
    case refused = 77
    /// The environment, a file or a setting is wrong.
    case configuration = 78
}

/// Ends the process at once with this status, after flushing what `print` has buffered.
///
/// Handlers of `atexit` are not run: OpenSSL's would free what other threads still use.
package func exitProcess(_ code: ExitCode) -> Never {
    fflush(nil)
    _exit(code.rawValue)
}
