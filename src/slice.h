/*
** slice.h - a run of bytes in memory that somebody else owns.
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_SLICE_H
#define MEETAUTH_SLICE_H

#include <stddef.h>
#include <string.h>

struct slice {
	const char *p; /* borrowed: valid while its owner is */
	size_t n;      /* bytes; NUL ends nothing */
};

/* 1 where 's' holds exactly the characters of 'text'. */
static inline int slice_equals(struct slice s, const char *text) {
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

#endif
