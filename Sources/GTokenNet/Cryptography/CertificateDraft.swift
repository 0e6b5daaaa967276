private import COpenSSL
import GTokenCore

/// An `X509` while it is put together, until it is signed.
@safe struct CertificateDraft: ~Copyable {
    private let pointer: OpaquePointer

    /// An empty version 3 certificate for this key, with a random serial number of 128 bits.
    init(publicKeyOf key: AsymmetricKey) throws(CryptographyError) {
        OpenSSLFailure.clear()
        guard let pointer = unsafe X509_new() else { throw .library("X509_new") }
        guard unsafe X509_set_version(pointer, Int(X509_VERSION_3)) == 1,
            unsafe X509_set_pubkey(pointer, key.pointer) == 1,
            unsafe Self.setSerialNumber(of: pointer)
        else {
            unsafe X509_free(pointer)
            throw .library("X509_set_pubkey")
        }
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// Sets the life, both ends included.
    func setValidity(_ life: ClosedRange<UnixTime>) throws(CryptographyError) {
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), Int(life.lowerBound.seconds)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), Int(life.upperBound.seconds)) != nil
        else { throw .library("ASN1_TIME_set") }
    }

    /// Sets the subject to this common name alone; X.520 allows 1 to 64 characters.
    func setSubject(commonName: String) throws(CryptographyError) {
        guard (1...64).contains(commonName.unicodeScalars.count), !commonName.utf8.contains(0) else {
            throw .invalidName(commonName)
        }
        let added = unsafe X509_NAME_add_entry_by_NID(
            X509_get_subject_name(pointer),
            NID_commonName,
            MBSTRING_UTF8,
            Array(commonName.utf8),
            Int32(commonName.utf8.count),
            -1,
            0
        )
        guard added == 1 else { throw .library("X509_NAME_add_entry_by_NID") }
    }

    /// Adds an extension in the notation of OpenSSL's `x509v3_config`, which takes no outside text.
    ///
    /// Key identifiers are computed from this draft and its issuer, itself when nil.
    func add(_ nid: Int32, _ value: StaticString, issuer: Certificate? = nil) throws(CryptographyError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer?.pointer ?? pointer, pointer, nil, nil, 0)
        guard let entry = unsafe X509V3_EXT_conf_nid(nil, &context, nid, "\(value)") else {
            throw .library("X509V3_EXT_conf_nid")
        }
        defer { unsafe X509_EXTENSION_free(entry) }
        guard unsafe X509_add_ext(pointer, entry, -1) == 1 else { throw .library("X509_add_ext") }
    }

    /// Adds the hosts as subject alternative names.
    ///
    /// Built as a structure, not through the textual notation: a comma in it would start a second name.
    func addAlternativeNames(_ hosts: [HostIdentity], isCritical: Bool) throws(CryptographyError) {
        guard let names = unsafe cossl_sk_GENERAL_NAME_new_null() else {
            throw .library("sk_GENERAL_NAME_new_null")
        }
        defer { unsafe GENERAL_NAMES_free(names) }
        for host in hosts {
            let added =
                switch host {
                case .name(let name):
                    unsafe cossl_GENERAL_NAMES_add(names, GEN_DNS, Array(name.utf8), Int32(name.utf8.count))
                case .address(let bytes):
                    unsafe cossl_GENERAL_NAMES_add(names, GEN_IPADD, bytes, Int32(bytes.count))
                }
            guard added == 1 else { throw .library("sk_GENERAL_NAME_push") }
        }
        guard
            unsafe X509_add1_ext_i2d(
                pointer,
                NID_subject_alt_name,
                UnsafeMutableRawPointer(names),
                isCritical ? 1 : 0,
                0
            ) == 1
        else {
            throw .library("X509_add1_ext_i2d")
        }
    }

    /// Signs with SHA-256 in the issuer's name, its own when nil, and gives up the draft.
    consuming func signed(
        by key: AsymmetricKey,
        issuer: Certificate? = nil
    ) throws(CryptographyError) -> Certificate {
        let name = unsafe X509_get_subject_name(issuer?.pointer ?? pointer)
        guard unsafe X509_set_issuer_name(pointer, name) == 1,
            unsafe X509_sign(pointer, key.pointer, EVP_sha256()) > 0
        else { throw .library("X509_sign") }
        unsafe X509_up_ref(pointer)
        return unsafe Certificate(owning: pointer)
    }

    /// RFC 5280 section 4.1.2.2: positive, at most 20 bytes; random, so that two replicas never issue the same.
    private static func setSerialNumber(of pointer: OpaquePointer) -> Bool {
        guard let number = unsafe BN_new() else { return false }
        defer { unsafe BN_free(number) }
        return unsafe BN_rand(number, 128, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
    }
}
