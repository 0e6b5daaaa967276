private import COpenSSL
package import GTokenCore
private import Glibc

extension TLSServerContext {
    /// Why a client that trusts these certificates would refuse our chain at this time; `nil` where it would not.
    ///
    /// In X.509's words, such as "certificate has expired". Names are not looked at.
    package func objection(
        byTrusting anchors: [TrustAnchor],
        at time: UnixTime
    ) throws(CryptographyError) -> String? {
        guard let leaf = chain.first else { throw .missingCertificate }
        return try leaf.objection(
            intermediates: Array(chain.dropFirst()),
            byTrusting: anchors.map(\.certificate),
            at: time
        )
    }
}

extension Certificate {
    /// Why a chain from this certificate to one of the roots does not verify at this time (RFC 5280 section 6).
    func objection(
        intermediates: [Certificate],
        byTrusting roots: [Certificate],
        at time: UnixTime
    ) throws(CryptographyError) -> String? {
        OpenSSLFailure.clear()
        defer { OpenSSLFailure.clear() }
        guard let store = unsafe X509_STORE_new() else { throw .library("X509_STORE_new") }
        defer { unsafe X509_STORE_free(store) }
        guard let untrusted = unsafe cossl_sk_X509_new_null() else { throw .library("sk_X509_new_null") }
        defer { unsafe cossl_sk_X509_free(untrusted) }
        guard let context = unsafe X509_STORE_CTX_new() else { throw .library("X509_STORE_CTX_new") }
        defer { unsafe X509_STORE_CTX_free(context) }
        for root in roots {
            guard unsafe X509_STORE_add_cert(store, root.pointer) == 1 else {
                throw .library("X509_STORE_add_cert")
            }
        }
        for certificate in intermediates {
            guard unsafe cossl_sk_X509_push(untrusted, certificate.pointer) == 1 else {
                throw .library("sk_X509_push")
            }
        }
        guard unsafe X509_STORE_CTX_init(context, store, pointer, untrusted) == 1,
            let parameters = unsafe X509_STORE_CTX_get0_param(context)
        else { throw .library("X509_STORE_CTX_init") }
        // As our TLS clients, and Kubernetes' own, do: each root is an anchor, an intermediate too.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        unsafe X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER)
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time.seconds))
        if unsafe X509_verify_cert(context) == 1 { return nil }
        return unsafe String(
            cString: X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context)))
        )
    }
}
