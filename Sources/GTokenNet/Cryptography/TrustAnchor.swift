private import COpenSSL

/// A certificate that others are verified by: one of a bundle.
///
/// Two are equal when they are the same certificate, however their PEM text was written.
package struct TrustAnchor: Sendable {
    /// The certificate as one `CERTIFICATE` block, in OpenSSL's form.
    package let pem: [UInt8]
    /// What it says about itself.
    package let facts: CertificateFacts
    let certificate: Certificate

    init(_ certificate: Certificate) throws(CryptographyError) {
        guard let facts = CertificateFacts(certificate) else {
            throw .malformedCertificate(reason: "unreadable validity")
        }
        self.certificate = certificate
        self.facts = facts
        pem = certificate.pem
    }

    /// The certificates of a bundle, in order, each once.
    ///
    /// - Throws: ``CryptographyError/missingCertificate`` where there is none,
    ///   ``CryptographyError/malformedCertificate(reason:)`` for the first that cannot be read.
    package static func read(_ bundlePEM: [UInt8]) throws(CryptographyError) -> [TrustAnchor] {
        let certificates = try CryptographyError.readingCertificate { () throws(PEMError) in
            try PEM.certificates(in: bundlePEM)
        }
        var anchors: [TrustAnchor] = []
        for certificate in certificates {
            let anchor = try TrustAnchor(certificate)
            if !anchors.contains(anchor) { anchors.append(anchor) }
        }
        return anchors
    }

    /// Whether the certificate may sign others.
    package var isAuthority: Bool {
        unsafe X509_check_ca(certificate.pointer) == 1
            && X509_get_key_usage(certificate.pointer) & UInt32(KU_KEY_CERT_SIGN) != 0
    }
}

extension TrustAnchor: Hashable {
    package static func == (left: TrustAnchor, right: TrustAnchor) -> Bool { left.pem == right.pem }

    package func hash(into hasher: inout Hasher) { hasher.combine(pem) }
}
