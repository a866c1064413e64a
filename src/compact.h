/*
** compact.h - cut a compact JWS (RFC 7515 7.1) into slices of the caller's bytes.
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_COMPACT_H
#define MEETAUTH_COMPACT_H

#include "slice.h"

struct compact {
	struct slice header, payload, signature; /* base64url text; only the payload may be empty */
	struct slice input;                      /* header "." payload as received: what was signed */
};

enum compact_form {
	COMPACT_JWS,   /* three parts: 'out' is filled */
	COMPACT_JWE,   /* five parts: encrypted (RFC 7516 9), not ours to read */
	COMPACT_BROKEN /* anything else, an empty header or signature included */
};

/* Tell what 'token' is and cut it. Nothing is trimmed, nothing is decoded. Linear in 'len'. */
enum compact_form compact_split(const char *token, size_t len, struct compact *out);

#endif
