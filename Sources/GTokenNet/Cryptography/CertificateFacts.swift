package import GTokenCore

/// What a certificate says about itself, for metrics and warnings; nothing in it is verified.
package struct CertificateFacts: Sendable, Equatable {
    /// The first second of its life.
    package let notBefore: UnixTime
    /// The last second of its life.
    package let notAfter: UnixTime
    /// The bytes of its serial number, the most significant one first; no two certificates of an authority share it
    /// (RFC 5280 section 4.1.2.2).
    package let serialNumber: [UInt8]
    /// The DNS names among its subject alternative names, as they are written there.
    package let dnsNames: [String]

    /// Whether a time lies in its life, as OpenSSL's verification sees it: the last second is already too late.
    package func isValid(at time: UnixTime) -> Bool { notBefore <= time && time < notAfter }

    /// Nil when the certificate's life is not written as a time.
    init?(_ certificate: Certificate) {
        guard let notBefore = certificate.notBefore, let notAfter = certificate.notAfter else { return nil }
        self.notBefore = notBefore
        self.notAfter = notAfter
        serialNumber = certificate.serialNumber
        dnsNames = certificate.dnsNames
    }
}
