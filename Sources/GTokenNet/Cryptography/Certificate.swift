private import COpenSSL
private import Glibc

/// Owner of an `X509`, one certificate.
///
/// `@unchecked Sendable`: the certificate is not changed once it is shared; what OpenSSL caches in it is
/// guarded by its own lock.
@safe final class Certificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the caller's reference.
    @unsafe init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// The certificate as a `CERTIFICATE` block.
    var pem: [UInt8] {
        unsafe PEM.text { bio in
            unsafe PEM_write_bio_X509(bio, pointer)
        }
    }
}
