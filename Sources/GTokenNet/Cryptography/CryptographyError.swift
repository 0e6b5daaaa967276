/// What a key, certificate or signature call found wrong; facts only, and never key material.
package enum CryptographyError: Error, Equatable {
    /// The PEM text holds no key of the kind asked for.
    case missingKey
    /// The PEM text holds no certificate.
    case missingCertificate
    /// A key that cannot be read, in OpenSSL's words.
    case malformedKey(reason: String)
    /// A certificate that cannot be read, in OpenSSL's words.
    case malformedCertificate(reason: String)
    /// The key is of another algorithm, or its size or parameters are outside what is accepted.
    case unsupportedKey
    /// The private key is not that of the certificate.
    case keyMismatch
    /// The certificate may not sign others (its basic constraints or key usage say so).
    case notAuthority
    /// The authority's certificate ends before the one to issue would begin.
    case authorityExpired
    /// A name that may not stand in a certificate.
    case invalidName(String)
    /// A life that is not positive.
    case invalidLifetime
    /// A call of OpenSSL failed that only a lack of memory makes fail.
    case library(call: String, reason: String)
}

extension CryptographyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingKey: "no such key in the PEM text"
        case .missingCertificate: "no certificate in the PEM text"
        case .malformedKey(let reason): "unreadable key: \(reason)"
        case .malformedCertificate(let reason): "unreadable certificate: \(reason)"
        case .unsupportedKey: "key algorithm or size not supported"
        case .keyMismatch: "private key does not belong to the certificate"
        case .notAuthority: "certificate is not a certificate authority's"
        case .authorityExpired: "certificate authority has expired"
        case .invalidName(let name): "'\(name)' may not stand in a certificate"
        case .invalidLifetime: "certificate lifetime is not positive"
        case .library(let call, let reason): "\(call) failed: \(reason)"
        }
    }
}

extension CryptographyError {
    /// The error of a call that fails only when memory does; empties OpenSSL's error queue.
    static func library(_ call: StaticString) -> CryptographyError {
        .library(call: "\(call)", reason: OpenSSLFailure.drainText())
    }

    /// What `body` reads of a key.
    static func readingKey<Value>(
        _ body: () throws(PEMError) -> Value
    ) throws(CryptographyError) -> Value {
        try reading(missing: .missingKey, malformed: { .malformedKey(reason: $0) }, body)
    }

    /// What `body` reads of a certificate.
    static func readingCertificate<Value>(
        _ body: () throws(PEMError) -> Value
    ) throws(CryptographyError) -> Value {
        try reading(missing: .missingCertificate, malformed: { .malformedCertificate(reason: $0) }, body)
    }

    private static func reading<Value>(
        missing: CryptographyError,
        malformed: (String) -> CryptographyError,
        _ body: () throws(PEMError) -> Value
    ) throws(CryptographyError) -> Value {
        do {
            return try body()
        } catch {
            switch error {
            case .missing: throw missing
            case .malformed(let reason): throw malformed(reason)
            }
        }
    }
}
