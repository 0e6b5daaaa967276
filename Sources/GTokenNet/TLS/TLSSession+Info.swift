private import COpenSSL

extension TLSSession {
    /// The version agreed on; nil before the handshake is done.
    package var version: TLSVersion? {
        guard unsafe SSL_is_init_finished(pointer) == 1 else { return nil }
        return unsafe TLSVersion(wireValue: SSL_version(pointer))
    }

    /// The protocol agreed on by ALPN, if one was.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(pointer, &name, &length)
        guard let name = unsafe name, length > 0 else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The name that the client asks for (SNI), if it does.
    package var serverName: String? {
        unsafe SSL_get_servername(pointer, TLSEXT_NAMETYPE_host_name).map { unsafe String(cString: $0) }
    }

    /// Whether the handshake is done and the peer has shown a certificate that chains to the trusted roots.
    package var hasVerifiedPeer: Bool {
        // Without a certificate the result is X509_V_OK too.
        unsafe SSL_is_init_finished(pointer) == 1 && SSL_get0_peer_certificate(pointer) != nil
            && SSL_get_verify_result(pointer) == X509_V_OK
    }

    /// What the peer's certificate says about itself; nil before it came and where the peer shows none.
    package var peerCertificate: CertificateFacts? {
        guard let certificate = unsafe SSL_get1_peer_certificate(pointer) else { return nil }
        return unsafe CertificateFacts(Certificate(owning: certificate))
    }
}
