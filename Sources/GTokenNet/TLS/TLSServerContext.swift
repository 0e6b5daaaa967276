private import COpenSSL

/// The certificate, key and rules with which a server makes its sessions.
///
/// No session is resumed and no ticket issued: the API server makes a full handshake for each connection anyway.
package struct TLSServerContext: Sendable {
    /// What the leaf says about itself.
    package let leaf: CertificateFacts
    /// The certificates that are presented, the leaf first.
    let chain: [Certificate]
    let context: TLSContext

    /// Reads the chain (leaf first, then intermediates) and the leaf's key, ECDSA or RSA, unencrypted.
    ///
    /// `alpn` lists the protocols to choose from, the preferred first; a client that offers none of them is served
    /// without ALPN.
    ///
    /// With `clientRootsPEM` clients are asked for a certificate. One that does not chain to these roots ends the
    /// handshake; a client without one is served, and ``TLSSession/hasVerifiedPeer`` tells which it was.
    ///
    /// - Throws: ``TLSError`` when either is missing, unreadable or too weak, or they do not belong together.
    package init(
        certificateChainPEM: [UInt8],
        privateKeyPEM: [UInt8],
        clientRootsPEM: [UInt8]? = nil,
        minimumVersion: TLSVersion = .v1_2,
        alpn: [String] = ["http/1.1"]
    ) throws(TLSError) {
        let chain = try TLSMaterial.certificateChain.certificates(in: certificateChainPEM)
        let key = try TLSMaterial.privateKey.read { () throws(PEMError) in
            try PEM.privateKey(in: privateKeyPEM)
        }
        guard let leaf = chain.first.flatMap({ CertificateFacts($0) }) else {
            throw TLSError.malformed(.certificateChain, reason: "unreadable validity")
        }
        self.leaf = leaf
        self.chain = chain
        context = try TLSContext(isServer: true, minimumVersion: minimumVersion, alpn: alpn)
        try context.use(chain: chain, key: key)
        if let clientRootsPEM { try context.trust(TLSMaterial.trustedRoots.certificates(in: clientRootsPEM)) }
    }
}

extension TLSContext {
    /// Sets the certificate to present, its intermediates and its key.
    func use(chain: [Certificate], key: AsymmetricKey) throws(TLSError) {
        guard let leaf = chain.first else { throw TLSError.missing(.certificateChain) }
        OpenSSLFailure.clear()
        guard leaf.isCertificate(of: key) else { throw TLSError.keyMismatch }
        guard unsafe SSL_CTX_use_certificate(pointer, leaf.pointer) == 1 else {
            throw TLSError.rejected(.certificateChain, reason: OpenSSLFailure.drainText())
        }
        guard unsafe SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else {
            throw TLSError.rejected(.privateKey, reason: OpenSSLFailure.drainText())
        }
        for intermediate in chain.dropFirst() {
            guard unsafe cossl_SSL_CTX_add1_chain_cert(pointer, intermediate.pointer) == 1 else {
                throw TLSError.rejected(.certificateChain, reason: OpenSSLFailure.drainText())
            }
        }
    }
}

extension TLSMaterial {
    /// Reads certificates, naming this material in the error.
    func certificates(in pem: [UInt8]) throws(TLSError) -> [Certificate] {
        try read { () throws(PEMError) in try PEM.certificates(in: pem) }
    }

    /// Reads PEM, naming this material in the error.
    func read<Value>(_ body: () throws(PEMError) -> Value) throws(TLSError) -> Value {
        do {
            return try body()
        } catch {
            switch error {
            case .missing: throw TLSError.missing(self)
            case .malformed(let reason): throw TLSError.malformed(self, reason: reason)
            }
        }
    }
}
