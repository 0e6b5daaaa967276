private import COpenSSL

/// One entry of OpenSSL's error queue, which each thread has of its own.
///
/// The queue is cleared before a call whose error is read and drained after it, with nothing that suspends
/// between: a stale entry would make `SSL_get_error` report a failure that is not there.
struct OpenSSLFailure: Equatable {
    /// The library that failed, as `ERR_LIB_…`.
    let library: Int32
    /// The reason within that library.
    let reason: Int32
    /// The reason in OpenSSL's own words, a constant of the library ("wrong tag", "bad signature").
    let text: String

    /// Empties the queue of this thread.
    ///
    /// It is nearly always empty already, which is a quarter of the work to see: clearing goes over all its places.
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes the oldest entry, which is the root of the failure, and empties the queue.
    ///
    /// Nil when the call failed without an entry, as an allocation or a callback can.
    static func drain() -> OpenSSLFailure? {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return nil }
        let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
        let reason = cossl_ERR_GET_REASON(code)
        return OpenSSLFailure(
            library: cossl_ERR_GET_LIB(code),
            reason: reason,
            text: text ?? "reason \(reason)"
        )
    }

    /// The words of the oldest entry; empties the queue.
    static func drainText() -> String {
        drain()?.text ?? "no reason given"
    }
}
