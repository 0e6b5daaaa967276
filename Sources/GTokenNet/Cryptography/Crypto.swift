private import COpenSSL

/// The primitives that need no key object: digests, message authentication, randomness.
package enum Crypto {
    /// The SHA-256 digest, 32 bytes (FIPS 180-4).
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        unsafe digest { buffer in
            unsafe EVP_Digest(message, message.count, buffer, nil, EVP_sha256(), nil) == 1
        }
    }

    /// The HMAC-SHA-256 code, 32 bytes (RFC 2104), under a key of any length.
    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe digest { buffer in
            unsafe HMAC(EVP_sha256(), key, Int32(clamping: key.count), message, message.count, buffer, nil)
                != nil
        }
    }

    /// Bytes that nobody can predict, from OpenSSL's generator, which the kernel seeds.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](capacity: count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
                // Invariant: fails only where getrandom(2) does. Predictable bytes would be worse than the end.
                precondition(
                    unsafe RAND_bytes_ex(nil, buffer.baseAddress, buffer.count, 0) == 1,
                    "no randomness"
                )
                initialized = buffer.count
            }
        }
    }

    /// Compares in a time that depends on the lengths alone.
    package static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        unsafe left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    private static func digest(_ compute: (UnsafeMutablePointer<UInt8>?) -> Bool) -> [UInt8] {
        [UInt8](capacity: 32) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
                // Invariant: SHA-256 is in OpenSSL's default provider, and only a lack of memory makes it fail.
                precondition(unsafe compute(buffer.baseAddress), "no SHA-256")
                initialized = 32
            }
        }
    }
}
