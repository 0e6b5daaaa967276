private import COpenSSL

extension AsymmetricKey {
    /// Whether this is a plain RSA key, not one restricted to PSS.
    var isRSA: Bool { unsafe EVP_PKEY_get_id(pointer) == EVP_PKEY_RSA }

    /// An RSA public key from its two numbers, big-endian.
    static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(CryptographyError) -> AsymmetricKey {
        OpenSSLFailure.clear()
        let n = unsafe BN_bin2bn(modulus, Int32(clamping: modulus.count), nil)
        let e = unsafe BN_bin2bn(exponent, Int32(clamping: exponent.count), nil)
        let builder = unsafe OSSL_PARAM_BLD_new()
        defer {
            unsafe BN_free(n)
            unsafe BN_free(e)
            unsafe OSSL_PARAM_BLD_free(builder)
        }
        guard unsafe cossl_OSSL_PARAM_BLD_push_RSA(builder, n, e) == 1,
            let parameters = unsafe OSSL_PARAM_BLD_to_param(builder)
        else { throw .library("OSSL_PARAM_BLD_to_param") }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw .library("EVP_PKEY_CTX_new_from_name")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe cossl_EVP_PKEY_fromdata_public(context, &key, parameters) == 1,
            let key = unsafe key
        else { throw .library("EVP_PKEY_fromdata") }
        return unsafe AsymmetricKey(owning: key)
    }

    /// One of the key's numbers, big-endian; empty when the key has none of that name.
    func number(_ name: String) -> [UInt8] {
        OpenSSLFailure.clear()
        defer { OpenSSLFailure.clear() }
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1 else { return [] }
        defer { unsafe BN_free(number) }
        let count = (unsafe Int(BN_num_bits(number)) + 7) / 8
        return [UInt8](capacity: count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
                initialized = max(0, unsafe Int(BN_bn2bin(number, buffer.baseAddress)))
            }
        }
    }
}
