/*
** b64url.c - see b64url.h. Four characters become three bytes by four table look-ups and one OR. Each table holds the
** digit shifted to its place, so the tables are laid out by the compiler.
*/
#include "b64url.h"

#include "bytetable.h"

#include <stdint.h>
#include <string.h>

#define BAD UINT32_C(0x80000000) /* no digit reaches this bit */

#define DIGIT(c)                                                                                                       \
	((c) >= 'A' && (c) <= 'Z'          ? (c) - 'A'                                                                     \
			: (c) >= 'a' && (c) <= 'z' ? (c) - 'a' + 26                                                                \
			: (c) >= '0' && (c) <= '9' ? (c) - '0' + 52                                                                \
			: (c) == '-'               ? 62                                                                            \
			: (c) == '_'               ? 63                                                                            \
									   : -1)
#define CELL(c, shift) (DIGIT(c) < 0 ? BAD : (uint32_t)DIGIT(c) << (shift))
static const uint32_t place[4][256] = { { BYTETABLE(CELL, 18) }, { BYTETABLE(CELL, 12) }, { BYTETABLE(CELL, 6) },
	{ BYTETABLE(CELL, 0) } };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Decode the four characters at 'p' to the three bytes at 'o'; one more is written behind. Gives all their bits. */
static inline uint32_t decode_four(const unsigned char *p, unsigned char *o) {
	uint32_t w = place[0][p[0]] | place[1][p[1]] | place[2][p[2]] | place[3][p[3]];
	uint32_t bytes = w << 8;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	bytes = __builtin_bswap32(bytes);
#endif
	memcpy(o, &bytes, sizeof bytes);
	return w;
}

size_t b64url_decode(struct slice text, unsigned char *out) {
	const unsigned char *p = (const unsigned char *)text.p;
	const unsigned char *whole = p + text.n / 4 * 4;
	unsigned char *o = out;
	uint32_t seen = 0, w;
	for (; whole - p >= 8; p += 8, o += 6)
		seen |= decode_four(p, o) | decode_four(p + 4, o + 3);
	for (; p < whole; p += 4, o += 3)
		seen |= decode_four(p, o);
	switch (text.n % 4) {
	case 1: return B64URL_BAD;
	case 2: /* 12 bits, of which 4 are spare */
		w = place[0][p[0]] | place[1][p[1]];
		seen |= w | (w & 0xFFFF ? BAD : 0);
		*o++ = (unsigned char)(w >> 16);
		break;
	case 3: /* 18 bits, of which 2 are spare */
		w = place[0][p[0]] | place[1][p[1]] | place[2][p[2]];
		seen |= w | (w & 0xFF ? BAD : 0);
		*o++ = (unsigned char)(w >> 16);
		*o++ = (unsigned char)(w >> 8);
		break;
	default: break;
	}
	return seen & BAD ? B64URL_BAD : (size_t)(o - out);
}

void b64url_encode(const unsigned char *bytes, size_t n, char *out) {
	const unsigned char *whole = bytes + n / 3 * 3;
	for (; bytes < whole; bytes += 3, out += 4) {
		uint32_t w = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
		out[0] = alphabet[w >> 18];
		out[1] = alphabet[w >> 12 & 63];
		out[2] = alphabet[w >> 6 & 63];
		out[3] = alphabet[w & 63];
	}
	if (n % 3 == 1) {
		out[0] = alphabet[bytes[0] >> 2];
		out[1] = alphabet[(bytes[0] & 3) << 4];
	} else if (n % 3 == 2) {
		out[0] = alphabet[bytes[0] >> 2];
		out[1] = alphabet[(bytes[0] & 3) << 4 | bytes[1] >> 4];
		out[2] = alphabet[(bytes[1] & 15) << 2];
	}
}
