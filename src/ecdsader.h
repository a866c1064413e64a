/*
** ecdsader.h - an ECDSA signature between JWS's form, r || s (RFC 7518 3.4), and OpenSSL's,
** the DER of SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 2.2.3).
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_ECDSADER_H
#define MEETAUTH_ECDSADER_H

#include <stddef.h>

#define ECDSADER_COORDINATE_MAX 66 /* bytes: P-521 */
#define ECDSADER_MAX (3 + 2 * (3 + ECDSADER_COORDINATE_MAX))

/* Write r || s, 'coordinate' bytes each, as DER to 'der' (ECDSADER_MAX bytes); its length. */
size_t ecdsader_of_raw(const unsigned char *raw, size_t coordinate, unsigned char *der);

/* Write 'der' as r || s to 'raw' (2 * coordinate bytes); 1, or 0 if it is no such DER. */
int ecdsader_to_raw(const unsigned char *der, size_t n, size_t coordinate, unsigned char *raw);

#endif
