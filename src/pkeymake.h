/*
** pkeymake.h - new asymmetric keys, and keys as PEM.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_PKEYMAKE_H
#define MEETAUTH_PKEYMAKE_H

#include "alg.h"
#include "status.h"

#include <openssl/types.h>

#define PKEYMAKE_PEM_MAX 16384 /* bytes: a private RSA key of 16384 bits */

/*
** Generate a key for 'alg' and write it as PKCS#8 PEM to 'out' (PKEYMAKE_PEM_MAX bytes); *n are written.
** rsa_bits: for the RSA families. ed448: for EdDSA, Ed448 instead of Ed25519.
** ST_WEAK_KEY, ST_OVERSIZED_KEY, ST_KEY_TYPE_MISMATCH for HMAC, ST_ENGINE.
*/
enum status pkeymake_private_pem(const struct alg *alg, int rsa_bits, int ed448, char *out, size_t *n);

/* Fill 'out' with 'n' random bytes; ST_OK or ST_ENGINE. */
enum status pkeymake_secret(unsigned char *out, size_t n);

/* Wipe what the functions here have written. */
void pkeymake_wipe(char *out, size_t n);

/* Write the public key as SPKI PEM to 'out' (PKEYMAKE_PEM_MAX bytes); *n are written. ST_OK or ST_ENGINE. */
enum status pkeymake_public_pem(const EVP_PKEY *key, char *out, size_t *n);

#endif
