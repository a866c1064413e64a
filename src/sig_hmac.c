/*
** sig_hmac.c - the scheme HMAC (RFC 2104) under one secret: the two padded blocks are hashed once.
** Over OpenSSL's digests, because its EVP_MAC costs a sixth more for each tag.
*/
#include "engine.h"
#include "scheme.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define BLOCK_MAX 128 /* bytes: SHA-512 */

struct hmac {
	EVP_MD_CTX *inner, *outer; /* have hashed the secret's two blocks; never used themselves */
	EVP_MD_CTX *work;          /* a copy of one of the two */
	size_t length;
};

static void hmac_free(void *prepared) {
	struct hmac *mac = prepared;
	if (mac == NULL)
		return;
	EVP_MD_CTX_free(mac->inner); /* OpenSSL wipes the digest states */
	EVP_MD_CTX_free(mac->outer);
	EVP_MD_CTX_free(mac->work);
	OPENSSL_free(mac);
}

/* Hash the block of 'key' (padded with zeros) XOR 'pad' into a new context; NULL where OpenSSL fails. */
static EVP_MD_CTX *begin(const EVP_MD *md, const unsigned char *key, size_t block, unsigned char pad) {
	unsigned char padded[BLOCK_MAX];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t i;
	for (i = 0; i < block; i++)
		padded[i] = key[i] ^ pad;
	if (ctx != NULL && !(EVP_DigestInit_ex2(ctx, md, NULL) && EVP_DigestUpdate(ctx, padded, block))) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	OPENSSL_cleanse(padded, sizeof padded);
	return ctx;
}

/* The secret as one block; longer ones are hashed (RFC 2104 2). */
static int to_block(const EVP_MD *md, struct slice secret, size_t block, unsigned char *key) {
	if (block == 0 || block > BLOCK_MAX)
		return 0;
	if (secret.n > block)
		return EVP_Digest(secret.p, secret.n, key, NULL, md, NULL);
	memcpy(key, secret.p, secret.n);
	return 1;
}

static void *hmac_prepare(const struct alg *alg, const struct material *material, size_t *length) {
	unsigned char key[BLOCK_MAX] = { 0 };
	EVP_MD *md = EVP_MD_fetch(NULL, alg->digest, NULL);
	struct hmac *mac = OPENSSL_zalloc(sizeof *mac);
	size_t block = md != NULL ? (size_t)EVP_MD_get_block_size(md) : 0;
	int ok = mac != NULL && to_block(md, material->secret, block, key);
	if (ok) {
		mac->inner = begin(md, key, block, 0x36);
		mac->outer = begin(md, key, block, 0x5C);
		mac->work = EVP_MD_CTX_new();
		mac->length = *length = alg->hash;
		ok = mac->inner != NULL && mac->outer != NULL && mac->work != NULL;
	}
	if (!ok) {
		hmac_free(mac);
		mac = NULL;
	}
	OPENSSL_cleanse(key, sizeof key);
	EVP_MD_free(md); /* the contexts hold their own references */
	return mac;
}

/* Leaves no errors behind where it succeeds, so that nobody need begin or end with the engine. */
static int tag_of(const struct hmac *mac, struct slice input, unsigned char *tag) {
	return EVP_MD_CTX_copy_ex(mac->work, mac->inner) && EVP_DigestUpdate(mac->work, input.p, input.n) &&
		EVP_DigestFinal_ex(mac->work, tag, NULL) && EVP_MD_CTX_copy_ex(mac->work, mac->outer) &&
		EVP_DigestUpdate(mac->work, tag, mac->length) && EVP_DigestFinal_ex(mac->work, tag, NULL);
}

static enum status hmac_verify(void *prepared, struct slice input, const unsigned char *signature) {
	const struct hmac *mac = prepared;
	unsigned char tag[EVP_MAX_MD_SIZE];
	int same;
	if (!tag_of(mac, input, tag))
		return engine_end(ST_ENGINE);
	same = CRYPTO_memcmp(tag, signature, mac->length) == 0;
	OPENSSL_cleanse(tag, mac->length);
	return same ? ST_OK : ST_SIGNATURE_MISMATCH;
}

static enum status hmac_sign(void *prepared, struct slice input, unsigned char *out) {
	return tag_of(prepared, input, out) ? ST_OK : engine_end(ST_ENGINE);
}

const struct scheme sig_hmac = { hmac_prepare, hmac_verify, hmac_sign, hmac_free };
