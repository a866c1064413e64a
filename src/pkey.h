/*
** pkey.h - whether an asymmetric key is fit for use: the one gate that every form of key passes.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_PKEY_H
#define MEETAUTH_PKEY_H

#include "alg.h"
#include "status.h"

#include <openssl/types.h>

/*
** 'type' is the key's (keytype_of), asked once for all that follows. ST_OK if 'key' fits 'alg', or any algorithm if
** that is NULL. Checked are its type and curve (RFC 7518 3.3, 3.4; RFC 8037 3.1; RFC 9864 2.2), and the rules of its
** type (keytype.h). The halves of a private key must belong together: its public half verifies what it signs.
** ST_ENGINE where OpenSSL fails.
*/
enum status pkey_check(const EVP_PKEY *key, const struct keytype *type, const struct alg *alg, int is_private);

#endif
