/*
** pkeymake.h - new asymmetric keys and secrets, and keys as PEM.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_PKEYMAKE_H
#define MEETAUTH_PKEYMAKE_H

#include "alg.h"
#include "keytype.h"
#include "status.h"

#include <openssl/types.h>
#include <stdint.h>

#define PKEYMAKE_PEM_MAX 16384 /* bytes: a private RSA key of 16384 bits */

/*
** The type of a new key for 'alg', which is not a MAC. It is the first that fits, or the one with that curve unless
** 'crv' is NULL; NULL if the algorithm has no such curve.
*/
const struct keytype *pkeymake_type(const struct alg *alg, const char *crv);

/*
** Generate a key and write it as PKCS#8 PEM to 'out' (PKEYMAKE_PEM_MAX bytes); *n are written.
** rsa_bits: of an RSA key. ST_WEAK_KEY, ST_OVERSIZED_KEY, ST_ENGINE.
*/
enum status pkeymake_private_pem(const struct keytype *type, int64_t rsa_bits, char *out, size_t *n);

/* Fill 'out' with 'n' random bytes; ST_OK or ST_ENGINE. */
enum status pkeymake_secret(unsigned char *out, size_t n);

/* Wipe what the functions here have written. */
void pkeymake_wipe(char *out, size_t n);

/* Write the public key as SPKI PEM to 'out' (PKEYMAKE_PEM_MAX bytes); *n are written. ST_OK or ST_ENGINE. */
enum status pkeymake_public_pem(const EVP_PKEY *key, char *out, size_t *n);

#endif
