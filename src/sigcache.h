/*
** sigcache.h - signatures that a key has verified before, so that a reconnecting client costs a hash
** instead of a signature check. Belongs to one key, is bounded, and goes with it.
** OpenSSL tier (its memory is OpenSSL's); no lua_State.
*/
#ifndef MEETAUTH_SIGCACHE_H
#define MEETAUTH_SIGCACHE_H

#include "slice.h"

#include <stddef.h>

struct sigcache; /* opaque: owned by its maker, until sigcache_free */

#define SIGCACHE_SLOTS_MAX 4096

/* A cache of 'slots' signatures of 'length' bytes each; NULL where OpenSSL fails. */
struct sigcache *sigcache_new(size_t slots, size_t length);

void sigcache_free(struct sigcache *cache); /* NULL-safe */

/* 1 where 'signature' was put there as good for this very input. Whole signatures are compared. */
int sigcache_has(const struct sigcache *cache, struct slice input, const unsigned char *signature);

/* Remember that 'signature' is good for 'input', in the place of another one if need be. */
void sigcache_put(struct sigcache *cache, struct slice input, const unsigned char *signature);

#endif
