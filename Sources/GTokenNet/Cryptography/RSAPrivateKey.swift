private import COpenSSL

/// An RSA private key that signs RS256 (RFC 7518 section 3.3).
package struct RSAPrivateKey: Sendable {
    /// The public half.
    package let publicKey: RSAPublicKey
    private let key: AsymmetricKey

    /// A new key; 2,048 bits take about a tenth of a second.
    ///
    /// - Throws: ``CryptographyError/unsupportedKey`` outside 2,048 to 8,192 bits.
    package static func generate(bits: Int = 2048) throws(CryptographyError) -> RSAPrivateKey {
        guard (2048...8192).contains(bits) else { throw .unsupportedKey }
        OpenSSLFailure.clear()
        guard let key = unsafe cossl_EVP_RSA_gen(UInt32(bits)) else { throw .library("EVP_RSA_gen") }
        return try unsafe RSAPrivateKey(AsymmetricKey(owning: key))
    }

    /// Reads the first private key of a PEM text, PKCS#8 or PKCS#1, unencrypted.
    ///
    /// - Throws: ``CryptographyError/unsupportedKey`` when it is no RSA key or outside 2,048 to 8,192 bits.
    package init(pem: [UInt8]) throws(CryptographyError) {
        try self.init(CryptographyError.readingKey { () throws(PEMError) in try PEM.privateKey(in: pem) })
    }

    private init(_ key: AsymmetricKey) throws(CryptographyError) {
        publicKey = try RSAPublicKey(key)
        self.key = key
    }

    /// The unencrypted key as PKCS#8 PEM: a secret.
    package var pem: [UInt8] { key.privatePEM }

    /// The RSASSA-PKCS1-v1_5 signature of the message with SHA-256, as long as the modulus.
    package func signSHA256(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        OpenSSLFailure.clear()
        guard let context = unsafe EVP_MD_CTX_new() else { throw .library("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key.pointer) == 1 else {
            throw .library("EVP_DigestSignInit")
        }
        var isSigned = false
        let signature = [UInt8](capacity: publicKey.modulus.count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
                var length = buffer.count
                isSigned =
                    unsafe EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1
                initialized = isSigned ? length : 0
            }
        }
        guard isSigned else { throw .library("EVP_DigestSign") }
        return signature
    }
}

extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "RSAPrivateKey(\(publicKey.modulus.count * 8) bits)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
