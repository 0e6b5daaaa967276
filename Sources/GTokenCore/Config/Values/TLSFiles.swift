/// The files of a server's certificate.
public struct TLSFiles: Sendable, Hashable {
    /// The path of the certificate and its chain, in PEM.
    public let certificate: String
    /// The path of its private key, in PEM.
    public let privateKey: String

    /// The two paths.
    public init(certificate: String, privateKey: String) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

/// The oldest version of TLS that a server speaks.
public enum MinimumTLSVersion: String, Sendable, CaseIterable {
    /// TLS 1.2 (RFC 5246) or newer.
    case v1_2 = "1.2"
    /// TLS 1.3 (RFC 8446) or newer.
    case v1_3 = "1.3"
}
