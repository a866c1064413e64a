/*
** alg.h - the JWS algorithms (RFC 7518 3.1, RFC 8037 3.1, RFC 8812 3.2, RFC 9864 2.2) as a table. Each is a scheme
** with a digest and the types of keys that may serve it. A further algorithm is a row here. 'none' is not one of
** them. Knows no key and no lua_State.
*/
#ifndef MEETAUTH_ALG_H
#define MEETAUTH_ALG_H

#include "keytype.h"
#include "slice.h"

struct scheme;

struct alg {
	const char *name; /* the 'alg' header parameter, compared byte for byte */
	const struct scheme *scheme;
	const char *digest; /* OpenSSL's name; NULL where the scheme hashes for itself */
	size_t hash;        /* bytes of the digest: the shortest secret, the PSS salt */
	unsigned keytypes;  /* KEYTYPE_BIT of each type that may serve it; 0 where a secret does */
};

/* The algorithm of that name, or NULL. */
const struct alg *alg_find(struct slice name);

/* The i-th algorithm, or NULL after the last. */
const struct alg *alg_at(size_t i);

/*
** The algorithm of a key of that type if nobody names one: the first that its curve allows; NULL for RSA, which
** allows six.
*/
const struct alg *alg_of_keytype(const struct keytype *type);

/* 1 where a secret serves it, not a key pair. */
static inline int alg_is_mac(const struct alg *alg) {
	return alg->keytypes == 0;
}

#endif
