/*
** digest.h - a digest that is fetched once and used again and again.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_DIGEST_H
#define MEETAUTH_DIGEST_H

#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define DIGEST_SHA256_BYTES 32
#define DIGEST_BYTES_MAX 64 /* SHA-512 */

struct digest { /* all zeros: not made yet, which digest_free takes, too */
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

/* Make it OpenSSL's digest of that name; 1, or 0 where OpenSSL fails: free it also then. */
int digest_make(struct digest *digest, const char *name);

void digest_free(struct digest *digest);

/* Hash 'bytes' to 'out', which has DIGEST_BYTES_MAX bytes; 1, or 0 where OpenSSL fails. */
int digest_of(const struct digest *digest, struct slice bytes, unsigned char *out);

/* SHA-256 of some bytes, for thumbprints (RFC 7638) and names of keys. ST_OK, ST_ENGINE. */
enum status digest_sha256(struct slice bytes, unsigned char out[DIGEST_SHA256_BYTES]);

#endif
