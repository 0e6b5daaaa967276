private import COpenSSL

/// Owner of an `EVP_PKEY`, a private or public key.
///
/// `@unchecked Sendable`: the key is never changed after `init`, and OpenSSL allows one key to be used by
/// several threads at once, each with a context of its own.
@safe final class AsymmetricKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the caller's reference.
    @unsafe init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// The unencrypted private key as PKCS#8 PEM; empty when there is none.
    var privatePEM: [UInt8] {
        unsafe PEM.text { bio in
            unsafe PEM_write_bio_PKCS8PrivateKey(bio, pointer, nil, nil, 0, nil, nil)
        }
    }

    /// The public key as SubjectPublicKeyInfo PEM.
    var publicPEM: [UInt8] {
        unsafe PEM.text { bio in
            unsafe PEM_write_bio_PUBKEY(bio, pointer)
        }
    }
}

extension AsymmetricKey: CustomStringConvertible, CustomReflectable {
    var description: String { "AsymmetricKey" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
