#ifndef GTOKEN_COPENSSL_SHIM_H
#define GTOKEN_COPENSSL_SHIM_H

#include <openssl/ssl.h>

#endif
