private import COpenSSL
package import GTokenCore

/// The certificates that a client trusts and the rules with which it makes its sessions.
///
/// Chain and name are always verified; there is no switch for it.
package struct TLSClientContext: Sendable {
    let context: TLSContext
    /// What lives of certificates are compared with; the machine's wall clock where it is nil.
    let now: (@Sendable () -> UnixTime)?

    /// Reads the trusted certificates from one PEM text, a bundle or a single CA.
    ///
    /// Each is a trust anchor, an intermediate as much as a self-signed root, as in Kubernetes' own clients: an
    /// API server's `ca.crt` may hold either. Lives of certificates are compared with what `now` says
    /// when a session is made, with the machine's wall clock at the handshake where that is nil.
    ///
    /// - Throws: ``TLSError`` when there is none, or one cannot be read.
    package init(
        trustedRootsPEM: [UInt8],
        minimumVersion: TLSVersion = .v1_2,
        alpn: [String] = ["http/1.1"],
        now: (@Sendable () -> UnixTime)? = nil
    ) throws(TLSError) {
        let roots = try TLSMaterial.trustedRoots.certificates(in: trustedRootsPEM)
        context = try TLSContext(isServer: false, minimumVersion: minimumVersion, alpn: alpn)
        try context.trust(roots)
        self.now = now
    }
}

extension TLSContext {
    /// Verifies peers against these certificates, each a trust anchor.
    func trust(_ roots: [Certificate]) throws(TLSError) {
        OpenSSLFailure.clear()
        guard let store = unsafe SSL_CTX_get_cert_store(pointer),
            let parameters = unsafe SSL_CTX_get0_param(pointer)
        else { throw TLSError.library("SSL_CTX_get_cert_store") }
        for root in roots {
            guard unsafe X509_STORE_add_cert(store, root.pointer) == 1 else {
                throw TLSError.rejected(.trustedRoots, reason: OpenSSLFailure.drainText())
            }
        }
        unsafe SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // RFC 9525: the subject's common name is never a host name; a wildcard is a whole label.
        unsafe X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        )
    }
}
