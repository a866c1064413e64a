/*
** rsapair.h - whether the numbers of a private RSA key belong together (RFC 8017 3.2). OpenSSL signs by some of
** them and never reads the others; its own check searches for primes, which takes a second for a long key. OpenSSL
** tier; no lua_State.
*/
#ifndef MEETAUTH_RSAPAIR_H
#define MEETAUTH_RSAPAIR_H

#include "status.h"

#include <openssl/types.h>

/* ST_OK, also where the key has no two factors to check; ST_BAD_KEY; ST_ENGINE. */
enum status rsapair_check(const EVP_PKEY *key);

#endif
