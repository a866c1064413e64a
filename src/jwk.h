/*
** jwk.h - the key-type members of a JWK (RFC 7517 4, RFC 7518 6, RFC 8037 2) to and from a key.
** OpenSSL tier; no lua_State. The caller reads use, key_ops, alg and kid.
*/
#ifndef MEETAUTH_JWK_H
#define MEETAUTH_JWK_H

#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define JWK_MEMBER_MAX 2048 /* bytes of the longest decoded member: an RSA modulus of 16384 bits */

/* The members that make a key: k is oct's; x, y, d are EC's and, without y, OKP's; d is RSA's private part, too. */
enum jwk_member {
	JWK_KTY,
	JWK_CRV,
	JWK_K,
	JWK_X,
	JWK_Y,
	JWK_N,
	JWK_E,
	JWK_D,
	JWK_P,
	JWK_Q,
	JWK_DP,
	JWK_DQ,
	JWK_QI,
	JWK_MEMBERS
};

extern const char *const jwk_names[JWK_MEMBERS]; /* unchanged from JSON */

/* Members unchanged from the JWK, base64url except kty and crv; p is NULL where one is absent. */
struct jwk {
	struct slice member[JWK_MEMBERS];
};

/* 1 where the JWK holds private material, or is a secret. */
int jwk_is_private(const struct jwk *jwk);

/*
** Read an RSA, EC or OKP key; on ST_OK *out is owned by the caller. A JWK with a private part gives
** the private key; whether its halves belong together is pkey_check's to say. ST_KEY_TYPE_MISMATCH for another kty,
** ST_CURVE_MISMATCH for an unknown crv, ST_NOT_ON_CURVE, ST_OVERSIZED_KEY, ST_BAD_KEY for members
** that are missing, of a wrong length or no base64url, ST_ENGINE.
*/
enum status jwk_to_pkey(EVP_PKEY **out, const struct jwk *jwk);

/* Decode the secret of an oct JWK; *out has *n bytes, freed by OPENSSL_clear_free. ST_BAD_KEY, ST_OVERSIZED_KEY. */
enum status jwk_to_secret(unsigned char **out, size_t *n, const struct jwk *jwk);

/* The public members of a key: 'first' is n or x, 'second' is e, y or empty. */
struct jwk_public {
	const char *kty, *crv; /* static; crv is NULL for RSA */
	size_t nfirst, nsecond;
	unsigned char first[JWK_MEMBER_MAX], second[128];
};

/* ST_OK or ST_ENGINE. */
enum status jwk_of_pkey(const EVP_PKEY *key, struct jwk_public *out);

#endif
