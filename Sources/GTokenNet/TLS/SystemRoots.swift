package import GTokenRuntime

/// The certificates of public authorities, as this machine has them.
package enum SystemRoots {
    /// Where they are, in the order in which they are looked for: our images and Debian, Red Hat, SUSE, Alpine and BSD.
    ///
    /// OpenSSL's own idea of it is that of the machine on which it was built.
    package static let paths = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]
    /// Debian's bundle has 220 KB.
    private static let maxBytes = 4 << 20

    /// What clients verify servers of the internet with: the file that `SSL_CERT_FILE` names, else the machine's.
    ///
    /// Reading it takes milliseconds and a megabyte; only who speaks TLS to the internet should.
    ///
    /// - Throws: ``SystemRootsError``.
    package static func context(environment: [String: String]) throws(SystemRootsError) -> TLSClientContext {
        let pem = try read(environment)
        do throws(TLSError) {
            return try TLSClientContext(trustedRootsPEM: pem)
        } catch {
            throw .unusable("\(error)")
        }
    }

    private static func read(_ environment: [String: String]) throws(SystemRootsError) -> [UInt8] {
        if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
            do throws(FileError) {
                return try FileReader.read(path: path, maxBytes: maxBytes)
            } catch {
                throw .file(error)
            }
        }
        for path in paths {
            if let pem = try? FileReader.read(path: path, maxBytes: maxBytes) { return pem }
        }
        throw .missing
    }
}

/// Why there are no trusted certificates.
package enum SystemRootsError: Error, Equatable, Sendable {
    /// `SSL_CERT_FILE` names a file that cannot be read.
    case file(FileError)
    /// What is in the file cannot be used.
    case unusable(String)
    /// The machine has none in the places where they are looked for.
    case missing
}

extension SystemRootsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "SSL_CERT_FILE: \(error)"
        case .unusable(let problem): "the trusted certificates cannot be used: \(problem)"
        case .missing:
            "there are no trusted certificates on this machine: install ca-certificates, or set SSL_CERT_FILE"
        }
    }
}
