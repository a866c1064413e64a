/*
** compact.c - see compact.h.
*/
#include "compact.h"

#include <string.h>

enum compact_form compact_split(const char *token, size_t len, struct compact *out) {
	const char *end = token + len, *dot[4], *p = token;
	size_t dots = 0;
	while (p < end && (p = memchr(p, '.', (size_t)(end - p))) != NULL) {
		if (dots == 4)
			return COMPACT_BROKEN;
		dot[dots++] = p++;
	}
	if (dots == 4)
		return COMPACT_JWE;
	if (dots != 2)
		return COMPACT_BROKEN;
	out->header = (struct slice){ token, (size_t)(dot[0] - token) };
	out->payload = (struct slice){ dot[0] + 1, (size_t)(dot[1] - dot[0] - 1) };
	out->signature = (struct slice){ dot[1] + 1, (size_t)(end - dot[1] - 1) };
	out->input = (struct slice){ token, (size_t)(dot[1] - token) };
	return out->header.n && out->signature.n ? COMPACT_JWS : COMPACT_BROKEN;
}
