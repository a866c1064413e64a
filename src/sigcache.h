/*
** sigcache.h - signatures that a key has verified before, so that a reconnecting client costs a hash
** instead of a signature check. Belongs to one key, is bounded, and goes with it.
** OpenSSL tier (its memory is OpenSSL's); no lua_State.
*/
#ifndef MEETAUTH_SIGCACHE_H
#define MEETAUTH_SIGCACHE_H

#include <stddef.h>

struct sigcache; /* opaque: owned by whoever made it, until sigcache_free */

#define SIGCACHE_SLOTS_MAX 4096

/* A cache of 'slots' signatures of 'length' bytes over digests of 'hash' bytes; NULL where memory is short. */
struct sigcache *sigcache_new(size_t slots, size_t length, size_t hash);

void sigcache_free(struct sigcache *cache); /* NULL-safe */

/* The digest that 'signature' was found good for, or NULL. Whole signatures are compared. */
const unsigned char *sigcache_find(const struct sigcache *cache, const unsigned char *signature);

/* Remember that 'signature' is good for 'digest', in the place of another one if need be. */
void sigcache_put(struct sigcache *cache, const unsigned char *signature, const unsigned char *digest);

#endif
