#ifndef GTOKEN_COPENSSL_SHIM_H
#define GTOKEN_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* Swift imports no function-like macro, no variadic function and no macro with a cast in it. Each
   function here is the OpenSSL macro of the same name, or the one call of it that we make. */

/* SSL_CTX */

static inline int cossl_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}

static inline void cossl_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_mode(ctx, mode);
}

static inline void cossl_SSL_CTX_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_session_cache_mode(ctx, mode);
}

static inline int cossl_SSL_CTX_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

/* The SSL_OP_ constants are macros with a cast. */
static inline uint64_t cossl_SSL_OP_server(void) {
    return SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE
        | SSL_OP_PRIORITIZE_CHACHA;
}

static inline uint64_t cossl_SSL_OP_client(void) {
    return SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET;
}

/* SSL */

static inline int cossl_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

/* BIO */

static inline void cossl_BIO_clear_retry_flags(BIO *bio) {
    BIO_clear_retry_flags(bio);
}

static inline void cossl_BIO_set_retry_read(BIO *bio) {
    BIO_set_retry_read(bio);
}

/* ERR */

static inline int cossl_ERR_GET_LIB(unsigned long code) {
    return ERR_GET_LIB(code);
}

static inline int cossl_ERR_GET_REASON(unsigned long code) {
    return ERR_GET_REASON(code);
}

/* EVP */

/* EVP_PKEY_PUBLIC_KEY is an expression over other macros. */
static inline int cossl_EVP_PKEY_fromdata_public(EVP_PKEY_CTX *ctx, EVP_PKEY **key, OSSL_PARAM *parameters) {
    return EVP_PKEY_fromdata(ctx, key, EVP_PKEY_PUBLIC_KEY, parameters);
}

/* The builder keeps the pointers to the names, and a Swift string's lives for one call only. */
static inline int cossl_OSSL_PARAM_BLD_push_RSA(OSSL_PARAM_BLD *builder, const BIGNUM *modulus, const BIGNUM *exponent) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
}

/* The two generators are variadic. */

static inline EVP_PKEY *cossl_EVP_EC_gen(const char *curve) {
    return EVP_EC_gen(curve);
}

static inline EVP_PKEY *cossl_EVP_RSA_gen(unsigned int bits) {
    return EVP_RSA_gen(bits);
}

/* X509: STACK_OF is made of macros, GENERAL_NAME of a union of pointers. */

static inline GENERAL_NAMES *cossl_sk_GENERAL_NAME_new_null(void) {
    return sk_GENERAL_NAME_new_null();
}

static inline int cossl_sk_GENERAL_NAME_num(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

/* The bytes of a DNS name, still the stack's; NULL for a name of another kind. */
static inline const unsigned char *cossl_GENERAL_NAMES_get0_dns(const GENERAL_NAMES *names, int index, int *length) {
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), &type);
    if (type != GEN_DNS) {
        return NULL;
    }
    *length = ASN1_STRING_length(value);
    return ASN1_STRING_get0_data(value);
}

/* STACK_OF(X509): a chain's intermediates, each with a reference of the stack's own. */

static inline STACK_OF(X509) *cossl_sk_X509_new_null(void) {
    return sk_X509_new_null();
}

/* Appends a certificate; 0 when memory runs out. */
static inline int cossl_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
    if (!X509_up_ref(certificate)) {
        return 0;
    }
    if (sk_X509_push(stack, certificate) <= 0) {
        X509_free(certificate);
        return 0;
    }
    return 1;
}

static inline void cossl_sk_X509_free(STACK_OF(X509) *stack) {
    sk_X509_pop_free(stack, X509_free);
}

/* Appends a DNS name or an address; 0 when memory runs out. */
static inline int cossl_GENERAL_NAMES_add(GENERAL_NAMES *names, int type, const unsigned char *bytes, int length) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value = ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
    if (name == NULL || value == NULL || !ASN1_STRING_set(value, bytes, length)) {
        ASN1_STRING_free(value);
        GENERAL_NAME_free(name);
        return 0;
    }
    GENERAL_NAME_set0_value(name, type, value);
    if (sk_GENERAL_NAME_push(names, name) <= 0) {
        GENERAL_NAME_free(name);
        return 0;
    }
    return 1;
}

#endif
