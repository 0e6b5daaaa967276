import GTokenNet
import GTokenRuntime

/// A serving certificate for the webhook, ECDSA P-256, and its authority.
enum Certificates {
    /// Writes ca.pem, cert.pem and key.pem into a folder.
    static func write(to folder: String) throws {
        let authority = try CertificateAuthority.create(commonName: "gtoken-bench-ca", validFor: life)
        let server = try authority.issueServerCertificate(dnsNames: [Target.name], validFor: life)
        for (name, contents) in [
            ("ca", authority.certificatePEM), ("cert", server.certificatePEM), ("key", server.privateKeyPEM),
        ] {
            try AtomicFile.replace(path: "\(folder)/\(name).pem", contents: contents, mode: 0o600)
        }
    }

    private static let life = Duration.seconds(24 * 60 * 60)
}
