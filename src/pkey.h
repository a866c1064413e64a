/*
** pkey.h - an asymmetric key out of PEM, DER or JWK members, and whether it is fit for use.
** OpenSSL tier: EVP objects are born and freed here; no lua_State.
*/
#ifndef MEETAUTH_PKEY_H
#define MEETAUTH_PKEY_H

#include "alg.h"
#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define PKEY_RSA_BITS_MIN 2048 /* RFC 7518 3.3 */
#define PKEY_RSA_BITS_MAX 16384
#define PKEY_MATERIAL_MAX 65536 /* bytes of PEM or DER that are looked at */

/*
** Read a public key from PEM (SPKI, PKCS#1, X.509 certificate; text in front and CRLF allowed)
** or DER of the same. On ST_OK *out is owned by the caller. Otherwise ST_BAD_KEY, ST_NOT_PUBLIC
** where private material stands anywhere in the text, ST_ENCRYPTED_KEY, ST_OVERSIZED_KEY.
*/
enum status pkey_read_public(EVP_PKEY **out, struct slice material);

/*
** Read a private key from PEM (PKCS#8, PKCS#1, SEC1) or DER of the same. ST_NOT_PRIVATE where
** there is only a public one, ST_ENCRYPTED_KEY where a pass phrase would be needed; nobody is asked.
*/
enum status pkey_read_private(EVP_PKEY **out, struct slice material);

/* 1 where 'bytes' look like a public key, PEM, SSH key or JWK, so are no secret (RFC 8725 3.1; rule 3). */
int pkey_looks_like_key(struct slice bytes);

/* The one algorithm that the key's type and curve leave; NULL for RSA, which leaves six, and for other keys. */
const struct alg *pkey_alg(const EVP_PKEY *key);

/*
** Whether 'key' may serve 'alg': its type, its curve, its size (RFC 7518 3.3, 3.4; RFC 8725 3.5),
** an odd exponent of 3 to 2^64, a point on the curve and not of small order.
*/
enum status pkey_check(const EVP_PKEY *key, const struct alg *alg);

#endif
