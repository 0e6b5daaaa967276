private import COpenSSL

/// An RSA public key that verifies RS256 signatures (RFC 7518 section 3.3).
package struct RSAPublicKey: Sendable {
    /// The modulus, big-endian without leading zeros: a JWK's `n` after base64url (RFC 7518 section 6.3.1).
    package let modulus: [UInt8]
    /// The public exponent, big-endian without leading zeros: a JWK's `e`.
    package let exponent: [UInt8]
    private let key: AsymmetricKey

    /// A key from a JWK's numbers; leading zeros are dropped.
    ///
    /// - Throws: ``CryptographyError/unsupportedKey`` when the modulus is not an odd number of 2,048 to 8,192 bits or
    ///   the exponent not an odd number from 3 to 2⁶⁴ − 1. RFC 7518 section 3.3 wants 2,048 bits; the upper bounds
    ///   keep a hostile key from making each verification expensive.
    package init(modulus: [UInt8], exponent: [UInt8]) throws(CryptographyError) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard (2048...8192).contains(bits), modulus.last.map({ $0 & 1 }) == 1,
            (1...8).contains(exponent.count), exponent.last.map({ $0 & 1 }) == 1, exponent != [1]
        else { throw .unsupportedKey }
        self.modulus = modulus
        self.exponent = exponent
        key = try AsymmetricKey.rsa(modulus: modulus, exponent: exponent)
    }

    /// Reads the first `PUBLIC KEY` block (SubjectPublicKeyInfo) of a PEM text.
    package init(pem: [UInt8]) throws(CryptographyError) {
        let key = try CryptographyError.readingKey { () throws(PEMError) in try PEM.publicKey(in: pem) }
        try self.init(key)
    }

    init(_ key: AsymmetricKey) throws(CryptographyError) {
        guard key.isRSA else { throw .unsupportedKey }
        try self.init(
            modulus: key.number(OSSL_PKEY_PARAM_RSA_N),
            exponent: key.number(OSSL_PKEY_PARAM_RSA_E)
        )
    }

    /// The key as a `PUBLIC KEY` block.
    package var pem: [UInt8] { key.publicPEM }

    /// Whether this is the signature of the message with RSASSA-PKCS1-v1_5 and SHA-256.
    package func isValidSHA256Signature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        OpenSSLFailure.clear()
        defer { OpenSSLFailure.clear() }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key.pointer) == 1 else {
            return false
        }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

extension RSAPublicKey: Equatable, Hashable {
    package static func == (left: RSAPublicKey, right: RSAPublicKey) -> Bool {
        left.modulus == right.modulus && left.exponent == right.exponent
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(modulus)
        hasher.combine(exponent)
    }
}
