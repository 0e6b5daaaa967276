private import COpenSSL
import GTokenCore
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

    /// Whether this private key belongs to the certificate.
    func isCertificate(of key: AsymmetricKey) -> Bool {
        OpenSSLFailure.clear()
        defer { OpenSSLFailure.clear() }
        return unsafe X509_check_private_key(pointer, key.pointer) == 1
    }

    /// The last second of its life; nil when the certificate's own text of it is no time.
    var notAfter: UnixTime? { unsafe Self.unixTime(X509_get0_notAfter(pointer)) }

    /// The first second of its life; nil when the certificate's own text of it is no time.
    var notBefore: UnixTime? { unsafe Self.unixTime(X509_get0_notBefore(pointer)) }

    private static func unixTime(_ time: UnsafePointer<ASN1_TIME>?) -> UnixTime? {
        var fields = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
        return unsafe UnixTime(seconds: Int64(timegm(&fields)))
    }

    /// The bytes of its serial number, the most significant one first.
    var serialNumber: [UInt8] {
        let number = unsafe X509_get0_serialNumber(pointer)
        guard let bytes = unsafe ASN1_STRING_get0_data(number) else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(ASN1_STRING_length(number))))
    }

    /// The DNS names among the subject alternative names, as they are written there.
    var dnsNames: [String] {
        let extensionValue = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil)
        guard let names = OpaquePointer(extensionValue) else { return [] }
        defer { unsafe GENERAL_NAMES_free(names) }
        return unsafe (0..<cossl_sk_GENERAL_NAME_num(names)).compactMap { index in
            var length: Int32 = 0
            guard let bytes = unsafe cossl_GENERAL_NAMES_get0_dns(names, index, &length) else { return nil }
            return unsafe String(
                decoding: UnsafeBufferPointer(start: bytes, count: Int(length)),
                as: UTF8.self
            )
        }
    }
}
