/*
** alg.h - the JWS algorithms (RFC 7518 3.1, RFC 8037 3.1, RFC 8812 3.2) as a table.
** 'none' is not one of them. Knows no key and no lua_State.
*/
#ifndef MEETAUTH_ALG_H
#define MEETAUTH_ALG_H

#include <stddef.h>

enum alg_family { ALG_HMAC, ALG_RSA, ALG_PSS, ALG_ECDSA, ALG_EDDSA };

struct alg {
	const char *name; /* the 'alg' header parameter, compared byte for byte */
	enum alg_family family;
	const char *digest; /* OpenSSL's name; NULL for EdDSA, which hashes for itself */
	size_t hash;        /* bytes of the digest: the shortest secret, the PSS salt */
	const char *group;  /* ECDSA: OpenSSL's name of the only curve; else NULL */
	const char *crv;    /* ECDSA: the curve's name in a JWK (RFC 7518 6.2.1.1) */
	size_t coordinate;  /* ECDSA: bytes of r, of s, and of a point's x and y */
};

/* The algorithm of that name, or NULL. */
const struct alg *alg_find(const char *name, size_t n);

/* The i-th algorithm, or NULL after the last. */
const struct alg *alg_at(size_t i);

#endif
