/*
** hmac.h - HMAC (RFC 2104) under one secret, prepared: the two padded blocks are hashed once.
** OpenSSL tier; no lua_State. Over OpenSSL's digests, because its EVP_MAC costs a sixth more for each tag.
*/
#ifndef MEETAUTH_HMAC_H
#define MEETAUTH_HMAC_H

#include "slice.h"

struct hmac; /* opaque: owned by whoever made it, until hmac_free; for one thread at a time */

/* Prepare the secret under OpenSSL's digest of that name; NULL where OpenSSL fails. The secret is not kept. */
struct hmac *hmac_new(const char *digest, struct slice secret);

void hmac_free(struct hmac *mac); /* NULL-safe; OpenSSL wipes the digest states */

/* The tag of 'input' to 'tag', which has EVP_MAX_MD_SIZE bytes; 1, or 0 where OpenSSL fails. */
int hmac_tag(struct hmac *mac, struct slice input, unsigned char *tag);

#endif
