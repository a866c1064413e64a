/*
** sigcache.c - see sigcache.h.
** A signature has one slot, chosen by its last bytes: only a verified one gets in, so nobody but a
** signer can push another out. Of the input there is its SHA-256.
*/
#include "sigcache.h"

#include "digest.h"
#include "engine.h"

#include <openssl/crypto.h>
#include <stdint.h>

struct sigcache {
	struct digest digest;
	size_t slots, length; /* bytes of each slot: signature, digest, and one that says it is taken */
	unsigned char bytes[];
};

#define SLOT_BYTES(cache) ((cache)->length + DIGEST_SHA256_BYTES + 1)
#define IS_TAKEN(cache) ((cache)->length + DIGEST_SHA256_BYTES)

struct sigcache *sigcache_new(size_t slots, size_t length) {
	struct sigcache *cache = OPENSSL_zalloc(sizeof *cache + slots * (length + DIGEST_SHA256_BYTES + 1));
	if (cache == NULL)
		return NULL;
	cache->slots = slots;
	cache->length = length;
	if (digest_make(&cache->digest, "SHA256"))
		return cache;
	sigcache_free(cache);
	return NULL;
}

void sigcache_free(struct sigcache *cache) {
	if (cache == NULL)
		return;
	digest_free(&cache->digest);
	OPENSSL_free(cache);
}

static size_t slot_of(const struct sigcache *cache, const unsigned char *signature) {
	uint32_t mix;
	memcpy(&mix, signature + cache->length - sizeof mix, sizeof mix);
	return mix % cache->slots * SLOT_BYTES(cache);
}

int sigcache_has(const struct sigcache *cache, struct slice input, const unsigned char *signature) {
	const unsigned char *slot = cache->bytes + slot_of(cache, signature);
	unsigned char digest[DIGEST_BYTES_MAX];
	if (slot[IS_TAKEN(cache)] == 0 || memcmp(slot, signature, cache->length) != 0)
		return 0;
	if (digest_of(&cache->digest, input, digest))
		return memcmp(slot + cache->length, digest, DIGEST_SHA256_BYTES) == 0;
	engine_end(ST_OK);
	return 0;
}

void sigcache_put(struct sigcache *cache, struct slice input, const unsigned char *signature) {
	unsigned char *slot = cache->bytes + slot_of(cache, signature), digest[DIGEST_BYTES_MAX];
	if (!digest_of(&cache->digest, input, digest)) {
		engine_end(ST_OK);
		return;
	}
	memcpy(slot, signature, cache->length);
	memcpy(slot + cache->length, digest, DIGEST_SHA256_BYTES);
	slot[IS_TAKEN(cache)] = 1;
}
