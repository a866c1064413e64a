/*
** ecdsader.c - see ecdsader.h.
*/
#include "ecdsader.h"

#include <string.h>

/* Write one coordinate as a DER INTEGER: no needless zero in front, never negative. */
static unsigned char *put_integer(unsigned char *o, const unsigned char *v, size_t n) {
	while (n > 1 && v[0] == 0) {
		v++;
		n--;
	}
	*o++ = 0x02;
	*o++ = (unsigned char)(n + (v[0] >> 7));
	if (v[0] & 0x80)
		*o++ = 0;
	memcpy(o, v, n);
	return o + n;
}

size_t ecdsader_of_raw(const unsigned char *raw, size_t coordinate, unsigned char *der) {
	unsigned char body[2 * (3 + ECDSADER_COORDINATE_MAX)];
	unsigned char *end = put_integer(put_integer(body, raw, coordinate), raw + coordinate, coordinate);
	size_t n = (size_t)(end - body), head = 0;
	der[head++] = 0x30;
	if (n >= 0x80)
		der[head++] = 0x81;
	der[head++] = (unsigned char)n;
	memcpy(der + head, body, n);
	return head + n;
}

/* Take the INTEGER at *p, right-aligned into 'out'; 0 if there is none that fits. */
static int take_integer(const unsigned char **p, const unsigned char *end, unsigned char *out, size_t coordinate) {
	const unsigned char *v = *p;
	size_t n;
	if (end - v < 3 || v[0] != 0x02 || v[1] == 0 || v[1] > end - v - 2)
		return 0;
	n = v[1];
	v += 2;
	*p = v + n;
	if ((v[0] & 0x80) || (v[0] == 0 && n > 1 && v[1] < 0x80)) /* negative, or a needless zero (X.690 8.3.2) */
		return 0;
	if (v[0] == 0 && n > 1) {
		v++;
		n--;
	}
	if (n > coordinate)
		return 0;
	memset(out, 0, coordinate - n);
	memcpy(out + coordinate - n, v, n);
	return 1;
}

int ecdsader_to_raw(const unsigned char *der, size_t n, size_t coordinate, unsigned char *raw) {
	const unsigned char *p = der, *end = der + n;
	if (n < 3 || *p++ != 0x30)
		return 0;
	if (*p >= 0x80 && (*p++ != 0x81 || *p < 0x80)) /* one byte below 0x80, another behind 0x81 (X.690 10.1) */
		return 0;
	if (*p != end - p - 1)
		return 0;
	p++;
	return take_integer(&p, end, raw, coordinate) && take_integer(&p, end, raw + coordinate, coordinate) && p == end;
}
