private import COpenSSL
private import GTokenCore
private import Glibc

/// Where a handshake stands.
package enum TLSProgress: Sendable, Equatable {
    /// The session can be read and written.
    case done
    /// More bytes of the peer are needed.
    case needsInput
}

/// What a read gave.
package enum TLSReadResult: Sendable, Equatable {
    /// This many bytes, at least one, were appended.
    case bytes(Int)
    /// More bytes of the peer are needed.
    case needsInput
    /// The peer ended the stream with `close_notify`: everything it sent has been read.
    case closed
}

/// One TLS connection without its socket: ciphertext and plaintext are bytes in memory.
///
/// The owner feeds what the network brings to ``receive(_:)`` and sends what ``takeOutput(into:)`` gives, after
/// **every** other call, a failed one too: the alert that tells the peer why is among it. After the first error each
/// further call throws the same one, except that ``TLSError/truncated`` ends reading alone. Not thread-safe; one connection owns it.
@safe package final class TLSSession {
    let pointer: OpaquePointer
    // Kept for the ALPN list, which the SSL_CTX points to and does not own.
    private let context: TLSContext
    // OpenSSL's BIO points to them and is freed first, in deinit.
    let buffers = CiphertextBuffers()
    private(set) var failure: TLSError?
    var endOfInput = false
    /// Whether the peer has said that nothing more follows.
    private(set) var peerHasEnded = false
    var sentCloseNotify = false

    /// A session that answers a client.
    package init(server: TLSServerContext) throws(TLSError) {
        context = server.context
        unsafe pointer = try unsafe Self.make(server.context, buffers)
        unsafe SSL_set_accept_state(pointer)
    }

    /// A session that calls a server and verifies that its certificate is for this host.
    ///
    /// The host is a DNS name, with or without the trailing dot, or an IP literal. A name is also sent as SNI
    /// (RFC 6066 section 3 allows no address there).
    ///
    /// - Throws: ``TLSError/invalidHost`` when it is neither.
    package init(client: TLSClientContext, host: String) throws(TLSError) {
        let host = try HostIdentity(host)
        context = client.context
        unsafe pointer = try unsafe Self.make(client.context, buffers)
        unsafe SSL_set_connect_state(pointer)
        if let now = client.now, let parameters = unsafe SSL_get0_param(pointer) {
            unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(now().seconds))
        }
        try expect(host)
    }

    deinit {
        unsafe SSL_free(pointer)
    }

    private static func make(
        _ context: TLSContext,
        _ buffers: CiphertextBuffers
    ) throws(TLSError) -> OpaquePointer {
        OpenSSLFailure.clear()
        guard let ssl = unsafe SSL_new(context.pointer) else { throw TLSError.library("SSL_new") }
        guard let bio = unsafe buffers.makeBIO() else {
            unsafe SSL_free(ssl)
            throw TLSError.library("BIO_new")
        }
        // One BIO for both directions; the session owns it from here.
        unsafe SSL_set_bio(ssl, bio, bio)
        return unsafe ssl
    }

    private func expect(_ host: HostIdentity) throws(TLSError) {
        OpenSSLFailure.clear()
        switch host {
        case .name(let name):
            guard unsafe SSL_set1_host(pointer, name) == 1,
                unsafe cossl_SSL_set_tlsext_host_name(pointer, name) == 1
            else { throw TLSError.library("SSL_set1_host") }
        case .address(let bytes):
            guard unsafe X509_VERIFY_PARAM_set1_ip(SSL_get0_param(pointer), bytes, bytes.count) == 1 else {
                throw TLSError.library("X509_VERIFY_PARAM_set1_ip")
            }
        }
    }
}

extension TLSSession {
    /// Throws the error that ended the session, if one did.
    func check() throws(TLSError) {
        if let failure { throw failure }
    }

    /// Ends the session with an error, which each later call throws again.
    func fail(_ error: TLSError) -> TLSError {
        failure = error
        return error
    }

    /// What a call that did not return 1 means; drains OpenSSL's error queue.
    func outcome(of result: Int32) throws(TLSError) -> TLSReadResult {
        switch unsafe SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ:
            // Our own direction still works: the session has not failed.
            guard !endOfInput else { throw TLSError.truncated }
            return .needsInput
        case SSL_ERROR_ZERO_RETURN:
            peerHasEnded = true
            return .closed
        default:
            throw fail(reason())
        }
    }

    private func reason() -> TLSError {
        guard let failure = OpenSSLFailure.drain() else {
            return .library(call: "SSL", reason: "no reason given")
        }
        guard failure.library == ERR_LIB_SSL else { return .protocolViolation(reason: failure.text) }
        let verification = unsafe SSL_get_verify_result(pointer)
        if failure.reason == SSL_R_CERTIFICATE_VERIFY_FAILED, verification != X509_V_OK {
            return unsafe .untrustedPeer(reason: String(cString: X509_verify_cert_error_string(verification)))
        }
        // SSL_AD_REASON_OFFSET: a received alert's reason is its code above 1000.
        if let code = UInt8(exactly: failure.reason - SSL_AD_REASON_OFFSET) {
            return .peerAlert(code: code)
        }
        return .protocolViolation(reason: failure.text)
    }
}
