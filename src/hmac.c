/*
** hmac.c - see hmac.h.
*/
#include "hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define BLOCK_MAX 128 /* bytes: SHA-512 */

struct hmac {
	EVP_MD_CTX *inner, *outer; /* have hashed the secret's two blocks; never used themselves */
	EVP_MD_CTX *work;          /* a copy of one of the two */
};

void hmac_free(struct hmac *mac) {
	if (mac == NULL)
		return;
	EVP_MD_CTX_free(mac->inner);
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

struct hmac *hmac_new(const char *digest, struct slice secret) {
	unsigned char key[BLOCK_MAX] = { 0 };
	EVP_MD *md = EVP_MD_fetch(NULL, digest, NULL);
	struct hmac *mac = OPENSSL_zalloc(sizeof *mac);
	size_t block = md != NULL ? (size_t)EVP_MD_get_block_size(md) : 0;
	int ok = mac != NULL && block > 0 && block <= BLOCK_MAX;
	if (ok && secret.n > block)
		ok = EVP_Digest(secret.p, secret.n, key, NULL, md, NULL);
	else if (ok)
		memcpy(key, secret.p, secret.n);
	if (ok) {
		mac->inner = begin(md, key, block, 0x36);
		mac->outer = begin(md, key, block, 0x5C);
		mac->work = EVP_MD_CTX_new();
		ok = mac->inner != NULL && mac->outer != NULL && mac->work != NULL;
	}
	if (!ok) {
		hmac_free(mac);
		mac = NULL;
	}
	OPENSSL_cleanse(key, sizeof key);
	EVP_MD_free(md); /* the contexts hold references of their own */
	return mac;
}

int hmac_tag(struct hmac *mac, struct slice input, unsigned char *tag) {
	unsigned n = 0;
	return EVP_MD_CTX_copy_ex(mac->work, mac->inner) && EVP_DigestUpdate(mac->work, input.p, input.n) &&
		EVP_DigestFinal_ex(mac->work, tag, &n) && EVP_MD_CTX_copy_ex(mac->work, mac->outer) &&
		EVP_DigestUpdate(mac->work, tag, n) && EVP_DigestFinal_ex(mac->work, tag, NULL);
}
