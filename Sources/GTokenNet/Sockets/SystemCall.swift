private import Glibc

/// What a system call on a non-blocking descriptor came to.
enum CallResult {
    case done(Int)
    case wouldBlock
    case failed(Int32)
}

/// Makes a call that answers -1 with `errno`, again when a signal interrupts it.
func retryingCall(_ call: () -> Int) -> CallResult {
    while true {
        let result = call()
        if result >= 0 { return .done(result) }
        let code = errno
        if code == EAGAIN { return .wouldBlock }
        guard code == EINTR else { return .failed(code) }
    }
}
