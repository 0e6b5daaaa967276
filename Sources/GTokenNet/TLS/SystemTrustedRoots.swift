package import GTokenRuntime

/// The certificate authorities that this machine trusts.
package enum SystemTrustedRoots {
    /// Where systems keep them, in the order in which Go's crypto/x509 looks: Debian, Fedora, openSUSE, RHEL, Alpine.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// A bundle of every authority there is has about 250 KB; companies add some.
    private static let maxBytes = 8 << 20

    /// The bundle as PEM: the file that `SSL_CERT_FILE` names, as OpenSSL has it, or else the system's.
    ///
    /// OpenSSL's own place depends on how it was built, and is another one in a static binary.
    ///
    /// - Throws: ``FileError`` for a named file that cannot be read, or where the system has none of them.
    package static func pem(environment: [String: String]) throws(FileError) -> [UInt8] {
        if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
            return try FileReader.read(path: path, maxBytes: maxBytes)
        }
        for path in bundles.dropLast() {
            do throws(FileError) {
                return try FileReader.read(path: path, maxBytes: maxBytes)
            } catch  where error.isNotFound {
                continue
            }
        }
        return try FileReader.read(path: bundles[bundles.count - 1], maxBytes: maxBytes)
    }
}
