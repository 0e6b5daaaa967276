private import COpenSSL

/// Owner of an `SSL_CTX`, what all sessions of one server or client share.
///
/// `@unchecked Sendable`: configured before it is shared and never changed after; OpenSSL allows sessions to be
/// made from one context by several threads.
@safe final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer
    private let alpn: ALPNList

    /// A context with what holds for server and client alike.
    init(isServer: Bool, minimumVersion: TLSVersion, alpn protocols: [String]) throws(TLSError) {
        OpenSSLFailure.clear()
        guard let pointer = unsafe SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError.library("SSL_CTX_new")
        }
        unsafe self.pointer = unsafe pointer
        alpn = ALPNList(protocols)

        // Our own rules rather than the machine's openssl.cnf: an image from scratch has none.
        unsafe SSL_CTX_set_security_level(pointer, 2)
        guard unsafe cossl_SSL_CTX_set_min_proto_version(pointer, minimumVersion.wireValue) == 1,
            unsafe SSL_CTX_set_ciphersuites(
                pointer,
                "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
            ) == 1,
            unsafe SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM+AES128:ECDHE+AESGCM:ECDHE+CHACHA20") == 1
        else { throw TLSError.library("SSL_CTX_set_cipher_list") }
        unsafe SSL_CTX_set_options(pointer, isServer ? cossl_SSL_OP_server() : cossl_SSL_OP_client())

        // The API server resumes no session, and ours as a client are long-lived: a cache would only hold memory.
        unsafe cossl_SSL_CTX_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        // An idle connection gives its record buffers back (34 KiB). No chain is built from the trust store at
        // each handshake: the one sent is the one configured.
        unsafe cossl_SSL_CTX_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN))
        if isServer {
            try serve()
        } else {
            try offer()
        }
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    private func serve() throws(TLSError) {
        guard unsafe SSL_CTX_set_num_tickets(pointer, 0) == 1 else {
            throw TLSError.library("SSL_CTX_set_num_tickets")
        }
        guard !alpn.isEmpty else { return }
        unsafe SSL_CTX_set_alpn_select_cb(pointer, selectProtocol, Unmanaged.passUnretained(alpn).toOpaque())
    }

    private func offer() throws(TLSError) {
        guard !alpn.isEmpty else { return }
        // Unlike its neighbours this one returns 0 for success.
        guard unsafe SSL_CTX_set_alpn_protos(pointer, alpn.wire.baseAddress, UInt32(alpn.wire.count)) == 0
        else {
            throw TLSError.library("SSL_CTX_set_alpn_protos")
        }
    }
}

/// The protocols of ALPN in the form of the wire (RFC 7301 section 3.1), at an address that stays.
@safe private final class ALPNList {
    let wire: UnsafeMutableBufferPointer<UInt8>

    var isEmpty: Bool { unsafe wire.isEmpty }

    /// A name is 1 to 255 bytes; others are left out.
    init(_ protocols: [String]) {
        var bytes: [UInt8] = []
        for name in protocols where (1...255).contains(name.utf8.count) {
            bytes.append(UInt8(name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        unsafe wire = .allocate(capacity: bytes.count)
        _ = unsafe wire.initialize(fromContentsOf: bytes)
    }

    deinit {
        unsafe wire.deallocate()
    }
}

/// Chooses our first protocol that the client offers; a client that offers none of ours goes on without ALPN.
///
/// RFC 7301 section 3.2 would end the connection there. A client that asks for `h2` alone gets to hear HTTP/1.1's
/// answer instead, which it can show to its user.
private func selectProtocol(
    _: OpaquePointer?,
    chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenLength: UnsafeMutablePointer<UInt8>?,
    offered: UnsafePointer<UInt8>?,
    offeredLength: UInt32,
    list: UnsafeMutableRawPointer?
) -> Int32 {
    guard let list = unsafe list, let chosen = unsafe chosen else { return SSL_TLSEXT_ERR_NOACK }
    let ours = unsafe Unmanaged<ALPNList>.fromOpaque(list).takeUnretainedValue().wire
    var name: UnsafeMutablePointer<UInt8>?
    let result = unsafe SSL_select_next_proto(
        &name,
        chosenLength,
        ours.baseAddress,
        UInt32(ours.count),
        offered,
        offeredLength
    )
    guard result == OPENSSL_NPN_NEGOTIATED, let name = unsafe name else { return SSL_TLSEXT_ERR_NOACK }
    unsafe chosen.pointee = unsafe UnsafePointer(name)
    return SSL_TLSEXT_ERR_OK
}
