/*
** status.h - everything that the core answers, and the reason word that says it outside.
** The words are a part of lua/meetauth/reasons.lua, which explains each of them.
*/
#ifndef MEETAUTH_STATUS_H
#define MEETAUTH_STATUS_H

enum status {
	ST_OK,
	/* a token's form */
	ST_TOO_LARGE,
	ST_MALFORMED,   /* not three parts, or no base64url */
	ST_UNSUPPORTED, /* five parts: encrypted */
	ST_BAD_JSON,
	ST_DUPLICATE_MEMBER,
	ST_BAD_CLAIM, /* a registered claim of another type than RFC 7519 4.1 gives it */
	/* a signature */
	ST_SIGNATURE_MISMATCH,
	/* a key */
	ST_UNKNOWN_ALGORITHM,
	ST_BAD_KEY,           /* not a key in any form that is read here */
	ST_ENCRYPTED_KEY,     /* a pass phrase would be needed */
	ST_NOT_PUBLIC,        /* private material, or a secret, in the place of a public key */
	ST_NOT_PRIVATE,       /* no private key where one is needed to sign */
	ST_NOT_SECRET,        /* a public key, PEM, SSH key or JWK in the place of a secret */
	ST_KEY_TYPE_MISMATCH, /* the key's type is not the algorithm's */
	ST_CURVE_MISMATCH,
	ST_NOT_ON_CURVE, /* or of small order */
	ST_WEAK_KEY,     /* RSA under 2048 bits */
	ST_OVERSIZED_KEY,
	ST_BAD_EXPONENT,
	ST_WEAK_SECRET, /* shorter than the hash; empty ones always */
	/* neither right nor wrong */
	ST_ENGINE /* OpenSSL itself failed: out of memory, no such algorithm */
};

/* The reason word of 'st', kebab-case; a static string. */
const char *status_reason(enum status st);

#endif
