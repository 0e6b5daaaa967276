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

/* ERR */

static inline int cossl_ERR_GET_LIB(unsigned long code) {
    return ERR_GET_LIB(code);
}

static inline int cossl_ERR_GET_REASON(unsigned long code) {
    return ERR_GET_REASON(code);
}

/* EVP: variadic in C. */

static inline EVP_PKEY *cossl_EVP_EC_gen(const char *curve) {
    return EVP_EC_gen(curve);
}

static inline EVP_PKEY *cossl_EVP_RSA_gen(unsigned int bits) {
    return EVP_RSA_gen(bits);
}

#endif
