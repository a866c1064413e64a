/*
** scheme.h - what a family of signatures has to offer: one file each, sig_*.c. Their rows in alg.c say with which
** digest and which keys. A scheme knows neither tokens nor bindings; the caller has checked lengths.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_SCHEME_H
#define MEETAUTH_SCHEME_H

#include "alg.h"
#include "slice.h"
#include "status.h"

#include <openssl/types.h>

/* A secret, or a key that is fit for the algorithm (pkey_check). All of it is the caller's. */
struct material {
	struct slice secret;
	EVP_PKEY *pkey;             /* NULL where there is a secret */
	const struct keytype *type; /* of pkey */
	int is_private;             /* pkey is */
};

struct scheme {
	/*
	** Everything that verifying and signing need, made once; owned by the caller, for 'free'. It holds its own
	** references.
	** 'length': bytes of each signature in JWS's form. NULL where OpenSSL fails.
	*/
	void *(*prepare)(const struct alg *alg, const struct material *material, size_t *length);
	/* ST_OK, ST_SIGNATURE_MISMATCH, ST_ENGINE: right, wrong, or broken. 'signature' has 'length' bytes. */
	enum status (*verify)(void *prepared, struct slice input, const unsigned char *signature);
	/* Write 'length' bytes to 'out', which has SIG_BYTES_MAX. ST_OK, ST_ENGINE; the key is known to be private. */
	enum status (*sign)(void *prepared, struct slice input, unsigned char *out);
	void (*free)(void *prepared); /* NULL-safe */
};

extern const struct scheme sig_hmac;    /* RFC 7518 3.2 */
extern const struct scheme sig_rsa;     /* RSASSA-PKCS1-v1_5, RFC 7518 3.3 */
extern const struct scheme sig_rsapss;  /* RFC 7518 3.5 */
extern const struct scheme sig_ecdsa;   /* RFC 7518 3.4 */
extern const struct scheme sig_oneshot; /* EdDSA, which hashes for itself, RFC 8037 3.1 */

#endif
