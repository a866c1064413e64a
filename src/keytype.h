/*
** keytype.h - the types of asymmetric keys as a table: their names in a JWK and in OpenSSL, their sizes, and when one
** is fit for use. A further type is a row here. OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_KEYTYPE_H
#define MEETAUTH_KEYTYPE_H

#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define KEYTYPE_RSA_BITS_MIN 2048 /* RFC 7518 3.3 */
#define KEYTYPE_RSA_BITS_MAX 16384

/* The rows, in the order of the table. */
enum keytype_id {
	KEYTYPE_RSA,
	KEYTYPE_RSA_PSS, /* id-RSASSA-PSS (RFC 4055 1.2); in a JWK it is like any RSA key */
	KEYTYPE_P256,
	KEYTYPE_P384,
	KEYTYPE_P521,
	KEYTYPE_SECP256K1,
	KEYTYPE_ED25519,
	KEYTYPE_ED448
};

#define KEYTYPE_BIT(id) (1u << (id))

struct alg;

struct keytype {
	const char *kty, *crv; /* in a JWK (RFC 7518 6, RFC 8037 2, RFC 8812 3.1); crv is NULL for RSA */
	const char *type;      /* OpenSSL's name of the type, */
	const char *group;     /* and of EC's curve; else NULL */
	size_t bytes;          /* of x, of y and of d, always so many; 0 for RSA */
	/*
	** Whether a public key of this type is fit, for 'alg' unless that is NULL. Checked are its size (RFC 7518 3.3),
	** an odd exponent of 3 to 2^64, a point on the curve without small order, its parameters.
	*/
	enum status (*check)(const EVP_PKEY *key, const struct alg *alg);
	/* Whether the numbers of a private key belong together, beyond what signing shows; NULL where nothing is. */
	enum status (*check_private)(const EVP_PKEY *key);
};

/* The i-th row, or NULL after the last. */
const struct keytype *keytype_at(size_t i);

/* The row of 'key'; NULL for any other type or curve. */
const struct keytype *keytype_of(const EVP_PKEY *key);

/* The first row with that kty and, unless it is RSA, that crv; NULL for any other. */
const struct keytype *keytype_named(struct slice kty, struct slice crv);

/* The first of some rows, given by their bits; NULL for none. */
const struct keytype *keytype_first(unsigned bits);

/* KEYTYPE_BIT of the row; 0 for NULL. */
unsigned keytype_bit(const struct keytype *type);

#endif
