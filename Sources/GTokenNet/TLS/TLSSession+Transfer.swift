private import COpenSSL

extension TLSSession {
    /// Takes bytes of the network in; ``handshake()`` and ``read(into:atMost:)`` work on them.
    package func receive(_ ciphertext: Span<UInt8>) throws(TLSError) {
        try check()
        buffers.append(ciphertext)
    }

    /// The same for the time of `body`, which works on them where they are; only what it leaves is copied.
    func receive<Success>(
        _ ciphertext: Span<UInt8>,
        _ body: () throws(TLSError) -> Success
    ) throws(TLSError) -> Success {
        try check()
        return try buffers.lending(ciphertext, body)
    }

    /// Tells that the network brings nothing more; a read that needs more then throws ``TLSError/truncated``.
    package func receiveEndOfStream() {
        endOfInput = true
    }

    /// Takes over storage for bytes that are to be sent to the peer, so that the next of them need none of their own.
    func reserveOutput(in storage: consuming [UInt8]) {
        buffers.reserveOutput(in: storage)
    }

    /// Appends the bytes that are to be sent to the peer; also after an error, for the alert.
    package func takeOutput(into bytes: inout [UInt8]) {
        buffers.takeOutput(into: &bytes)
    }

    /// Advances the handshake with the bytes received so far.
    ///
    /// - Throws: ``TLSError/untrustedPeer(reason:)`` when a client does not accept the server's certificate.
    package func handshake() throws(TLSError) -> TLSProgress {
        try check()
        OpenSSLFailure.clear()
        let result = unsafe SSL_do_handshake(pointer)
        guard result != 1 else { return .done }
        switch try outcome(of: result) {
        case .needsInput, .bytes: return .needsInput
        case .closed: throw fail(.truncated)
        }
    }

    /// Appends up to `atMost` bytes of the peer's plaintext, as much as the bytes received so far hold.
    ///
    /// Bytes before a failure are given first; the failure is thrown by the next call.
    package func read(into bytes: inout [UInt8], atMost: Int) throws(TLSError) -> TLSReadResult {
        try check()
        if unsafe SSL_is_init_finished(pointer) == 0 {
            guard try handshake() == .done else { return .needsInput }
        }
        var total = 0
        while total < atMost {
            // OpenSSL never reads beyond a record: without input there is nothing for it to open. And no record holds
            // more plaintext than ciphertext: an idle connection reserves no space, a busy one hardly more than it needs.
            let available = unsafe Int(SSL_pending(pointer)) + buffers.inputCount
            guard available > 0 else { break }
            let (result, taken) = take(min(available, atMost - total), into: &bytes)
            guard result == 1 else {
                guard total > 0 else { return try outcome(of: result) }
                // A failure is kept and thrown by the next call.
                _ = try? outcome(of: result)
                break
            }
            total += taken
        }
        guard total == 0 else { return .bytes(total) }
        if peerHasEnded { return .closed }
        guard !endOfInput else { throw TLSError.truncated }
        return .needsInput
    }

    /// Encrypts all of the plaintext into output.
    ///
    /// - Throws: ``TLSError/notWritable`` before the handshake is done and after ``closeNotify()``.
    package func write(_ plaintext: Span<UInt8>) throws(TLSError) {
        try check()
        guard unsafe SSL_is_init_finished(pointer) == 1, !sentCloseNotify else { throw TLSError.notWritable }
        guard !plaintext.isEmpty else { return }
        buffers.reserveOutput(forPlaintext: plaintext.count)
        OpenSSLFailure.clear()
        let result = unsafe plaintext.withUnsafeBytes { bytes in
            var written = 0
            return unsafe SSL_write_ex(pointer, bytes.baseAddress, bytes.count, &written)
        }
        guard result != 1 else { return }
        _ = try outcome(of: result)
        throw fail(.library("SSL_write_ex"))
    }

    /// Tells the peer that nothing more follows; idempotent, and does nothing where no handshake was done.
    package func closeNotify() {
        guard failure == nil, !sentCloseNotify, unsafe SSL_is_init_finished(pointer) == 1 else { return }
        sentCloseNotify = true
        OpenSSLFailure.clear()
        unsafe SSL_shutdown(pointer)
        OpenSSLFailure.clear()
    }

    private func take(_ count: Int, into bytes: inout [UInt8]) -> (result: Int32, taken: Int) {
        OpenSSLFailure.clear()
        var result: Int32 = 0
        var taken = 0
        bytes.append(addingCapacity: count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
                result = unsafe SSL_read_ex(pointer, buffer.baseAddress, count, &taken)
                initialized = taken
            }
        }
        return (result, taken)
    }
}
