/*
** sigcache.c - see sigcache.h.
** A signature has one slot, chosen by its last bytes: only a verified one gets in, so nobody but a
** signer can push another out.
*/
#include "sigcache.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <string.h>

struct sigcache {
	size_t slots, length, hash; /* of each slot: signature, digest, and a byte that says it is taken */
	unsigned char bytes[];
};

struct sigcache *sigcache_new(size_t slots, size_t length, size_t hash) {
	struct sigcache *cache = OPENSSL_zalloc(sizeof *cache + slots * (length + hash + 1));
	if (cache != NULL) {
		cache->slots = slots;
		cache->length = length;
		cache->hash = hash;
	}
	return cache;
}

void sigcache_free(struct sigcache *cache) {
	OPENSSL_free(cache);
}

static size_t slot_of(const struct sigcache *cache, const unsigned char *signature) {
	uint32_t mix;
	memcpy(&mix, signature + cache->length - sizeof mix, sizeof mix);
	return mix % cache->slots * (cache->length + cache->hash + 1);
}

const unsigned char *sigcache_find(const struct sigcache *cache, const unsigned char *signature) {
	const unsigned char *slot = cache->bytes + slot_of(cache, signature);
	if (slot[cache->length + cache->hash] == 0 || memcmp(slot, signature, cache->length) != 0)
		return NULL;
	return slot + cache->length;
}

void sigcache_put(struct sigcache *cache, const unsigned char *signature, const unsigned char *digest) {
	unsigned char *slot = cache->bytes + slot_of(cache, signature);
	memcpy(slot, signature, cache->length);
	memcpy(slot + cache->length, digest, cache->hash);
	slot[cache->length + cache->hash] = 1;
}
