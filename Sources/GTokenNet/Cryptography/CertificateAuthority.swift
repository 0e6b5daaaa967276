private import COpenSSL
package import GTokenCore
private import Glibc

/// A certificate and the key that it certifies, as PEM.
package struct ServerCertificate: Sendable {
    /// The leaf alone; its issuer is the trust anchor and is not sent.
    package let certificatePEM: [UInt8]
    /// The leaf's key as unencrypted PKCS#8: a secret.
    package let privateKeyPEM: [UInt8]
}

extension ServerCertificate: CustomStringConvertible, CustomReflectable {
    package var description: String { "ServerCertificate" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A self-signed certificate authority over ECDSA P-256 that issues servers' certificates.
///
/// Equal when the certificates are: a certificate has one key.
///
/// ECDSA because the API server makes a full handshake for each connection: signing costs a twentieth of RSA's.
package struct CertificateAuthority: Sendable {
    /// The authority's certificate, which clients are to trust.
    package let anchor: TrustAnchor
    private let key: AsymmetricKey
    private var certificate: Certificate { anchor.certificate }

    /// A new authority, which may issue no further authority below it.
    ///
    /// Its life begins five minutes before now, for clocks that are behind; now is the system's where none is given.
    ///
    /// - Throws: ``CryptographyError/invalidName(_:)`` when the common name is not of 1 to 64 characters,
    ///   ``CryptographyError/invalidLifetime`` when the life is not positive.
    package static func create(
        commonName: String,
        validFor life: Duration,
        at now: UnixTime? = nil
    ) throws(CryptographyError) -> CertificateAuthority {
        let key = try AsymmetricKey.generateP256()
        let draft = try CertificateDraft(publicKeyOf: key)
        try draft.setSubject(commonName: commonName)
        try draft.setValidity(validity(of: life, at: now ?? currentTime(), notAfter: .latest))
        try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        // The authority's own comes first: the second is computed from it.
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always")
        return CertificateAuthority(anchor: try TrustAnchor(draft.signed(by: key)), key: key)
    }

    private init(anchor: TrustAnchor, key: AsymmetricKey) {
        self.anchor = anchor
        self.key = key
    }

    /// An authority that was stored: the first certificate and the first private key of each text.
    ///
    /// - Throws: ``CryptographyError/notAuthority`` when the certificate may not sign others,
    ///   ``CryptographyError/keyMismatch`` when the key is another's.
    package init(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws(CryptographyError) {
        guard let anchor = try TrustAnchor.read(certificatePEM).first else { throw .missingCertificate }
        let key = try CryptographyError.readingKey { () throws(PEMError) in
            try PEM.privateKey(in: privateKeyPEM)
        }
        guard anchor.isAuthority else { throw .notAuthority }
        guard anchor.certificate.isCertificate(of: key) else { throw .keyMismatch }
        self.init(anchor: anchor, key: key)
    }

    /// The authority's certificate, as PEM.
    package var certificatePEM: [UInt8] { anchor.pem }

    /// The authority's key as unencrypted PKCS#8: a secret.
    package var privateKeyPEM: [UInt8] { key.privatePEM }

    /// Issues a certificate for a server under these names and addresses, with a new ECDSA P-256 key.
    ///
    /// A DNS name may begin with a `*.` label. The life begins five minutes before now and ends no later than the
    /// authority's own.
    ///
    /// - Throws: ``CryptographyError/invalidName(_:)`` for what is no name or address, and when there is none at all;
    ///   ``CryptographyError/authorityExpired``.
    package func issueServerCertificate(
        dnsNames: [String],
        ipAddresses: [String] = [],
        validFor life: Duration,
        at now: UnixTime? = nil
    ) throws(CryptographyError) -> ServerCertificate {
        let now = now ?? Self.currentTime()
        guard let end = certificate.notAfter, end > now else { throw .authorityExpired }
        let hosts = try Self.hosts(dnsNames: dnsNames, ipAddresses: ipAddresses)
        let leafKey = try AsymmetricKey.generateP256()
        let draft = try CertificateDraft(publicKeyOf: leafKey)
        try draft.setValidity(Self.validity(of: life, at: now, notAfter: end))
        // RFC 5280 section 4.2.1.6: an empty subject makes the alternative names critical. The common name is for
        // people who look at it, and longer names do not fit there.
        let commonName = dnsNames.first { $0.utf8.count <= 64 }
        if let commonName {
            try draft.setSubject(commonName: commonName)
        }
        try draft.addAlternativeNames(hosts, isCritical: commonName == nil)
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_key_usage, "critical,digitalSignature")
        try draft.add(NID_ext_key_usage, "serverAuth")
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
        let leaf = try draft.signed(by: key, issuer: certificate)
        return ServerCertificate(certificatePEM: leaf.pem, privateKeyPEM: leafKey.privatePEM)
    }

    private static func hosts(
        dnsNames: [String],
        ipAddresses: [String]
    ) throws(CryptographyError) -> [HostIdentity] {
        var hosts: [HostIdentity] = []
        for name in dnsNames {
            let isWildcard = name.hasPrefix("*.")
            guard case .name(let rest)? = try? HostIdentity(isWildcard ? String(name.dropFirst(2)) : name)
            else {
                throw .invalidName(name)
            }
            hosts.append(.name(isWildcard ? "*." + rest : rest))
        }
        for text in ipAddresses {
            guard case .address(let bytes)? = try? HostIdentity(text) else { throw .invalidName(text) }
            hosts.append(.address(bytes))
        }
        guard !hosts.isEmpty else { throw .invalidName("") }
        return hosts
    }

    private static func validity(
        of life: Duration,
        at now: UnixTime,
        notAfter latest: UnixTime
    ) throws(CryptographyError) -> ClosedRange<UnixTime> {
        guard life > .zero else { throw .invalidLifetime }
        return (now - .seconds(300))...min(now + life, latest)
    }

    private static func currentTime() -> UnixTime {
        UnixTime(seconds: Int64(time(nil)))
    }
}

extension CertificateAuthority: Equatable {
    package static func == (left: CertificateAuthority, right: CertificateAuthority) -> Bool {
        left.anchor == right.anchor
    }
}

extension CertificateAuthority: CustomStringConvertible, CustomReflectable {
    package var description: String { "CertificateAuthority" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension AsymmetricKey {
    /// A new key on the NIST curve P-256.
    static func generateP256() throws(CryptographyError) -> AsymmetricKey {
        OpenSSLFailure.clear()
        guard let key = unsafe cossl_EVP_EC_gen("P-256") else { throw .library("EVP_EC_gen") }
        return unsafe AsymmetricKey(owning: key)
    }
}
