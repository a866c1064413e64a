/*
** slice.h - a run of bytes in memory that somebody else owns.
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_SLICE_H
#define MEETAUTH_SLICE_H

#include <stddef.h>

struct slice {
	const char *p; /* borrowed: valid while its owner is */
	size_t n;      /* bytes; NUL ends nothing */
};

/* 1 where 's' holds exactly the bytes of the literal 'lit'. */
#define slice_is(s, lit) ((s).n == sizeof(lit) - 1 && memcmp((s).p, (lit), (s).n) == 0)

#endif
