/*
** digest.c - see digest.h.
*/
#include "digest.h"

#include "engine.h"

#include <openssl/evp.h>

int digest_make(struct digest *digest, const char *name) {
	digest->md = EVP_MD_fetch(NULL, name, NULL);
	digest->ctx = EVP_MD_CTX_new();
	return digest->md != NULL && digest->ctx != NULL;
}

void digest_free(struct digest *digest) {
	EVP_MD_CTX_free(digest->ctx);
	EVP_MD_free(digest->md);
}

int digest_of(const struct digest *digest, struct slice bytes, unsigned char *out) {
	return EVP_DigestInit_ex2(digest->ctx, digest->md, NULL) && EVP_DigestUpdate(digest->ctx, bytes.p, bytes.n) &&
		EVP_DigestFinal_ex(digest->ctx, out, NULL);
}

enum status digest_sha256(struct slice bytes, unsigned char out[DIGEST_SHA256_BYTES]) {
	int done;
	engine_begin();
	done = EVP_Digest(bytes.p, bytes.n, out, NULL, EVP_sha256(), NULL);
	return engine_end(done ? ST_OK : ST_ENGINE);
}
