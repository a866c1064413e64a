/*
** b64url.h - base64url without padding (RFC 7515 2; RFC 4648 5), one spelling only.
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_B64URL_H
#define MEETAUTH_B64URL_H

#include "slice.h"

#define B64URL_BAD ((size_t)-1)

/* Bytes that 'n' characters decode to at most, and characters that 'n' bytes encode to. */
#define b64url_decoded_max(n) ((n) / 4 * 3 + 2)
#define b64url_encoded_len(n) ((n) / 3 * 4 + ((n) % 3 * 4 + 2) / 3)

/*
** Decode all of 'text' into 'out', which has b64url_decoded_max(text.n) bytes; any of them may be written. Returns
** the number of bytes, or B64URL_BAD. Bad are another alphabet, padding, white space, a length of 4n + 1, and spare
** bits that are not zero (RFC 4648 3.3, 3.5).
*/
size_t b64url_decode(struct slice text, unsigned char *out);

/* Encode; 'out' has b64url_encoded_len(n) bytes, all of which are written. */
void b64url_encode(const unsigned char *bytes, size_t n, char *out);

#endif
