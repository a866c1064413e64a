/*
** sig_ecdsa.c - the scheme ECDSA. The input is hashed in a kept context, and the hash handed to a kept key context.
** The pair r, s becomes DER, which is what OpenSSL takes, and back.
*/
#include "digest.h"
#include "ecdsader.h"
#include "engine.h"
#include "scheme.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct ecdsa {
	struct digest digest;
	EVP_PKEY_CTX *verify, *sign; /* sign is NULL for a public key */
	size_t hash, coordinate;     /* bytes; of r and of s */
};

static void ecdsa_free(void *prepared) {
	struct ecdsa *ecdsa = prepared;
	if (ecdsa == NULL)
		return;
	digest_free(&ecdsa->digest);
	EVP_PKEY_CTX_free(ecdsa->verify);
	EVP_PKEY_CTX_free(ecdsa->sign);
	OPENSSL_free(ecdsa);
}

static EVP_PKEY_CTX *context(const struct ecdsa *ecdsa, EVP_PKEY *pkey, int (*begin)(EVP_PKEY_CTX *)) {
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (ctx != NULL && begin(ctx) > 0 && EVP_PKEY_CTX_set_signature_md(ctx, ecdsa->digest.md) > 0)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static void *ecdsa_prepare(const struct alg *alg, const struct material *material, size_t *length) {
	struct ecdsa *ecdsa = OPENSSL_zalloc(sizeof *ecdsa);
	if (ecdsa == NULL)
		return NULL;
	ecdsa->hash = alg->hash;
	ecdsa->coordinate = material->type->bytes;
	*length = 2 * ecdsa->coordinate;
	if (digest_make(&ecdsa->digest, alg->digest))
		ecdsa->verify = context(ecdsa, material->pkey, EVP_PKEY_verify_init);
	if (ecdsa->verify != NULL && material->is_private)
		ecdsa->sign = context(ecdsa, material->pkey, EVP_PKEY_sign_init);
	if (ecdsa->verify == NULL || (material->is_private && ecdsa->sign == NULL)) {
		ecdsa_free(ecdsa);
		return NULL;
	}
	return ecdsa;
}

static enum status ecdsa_verify(void *prepared, struct slice input, const unsigned char *signature) {
	const struct ecdsa *ecdsa = prepared;
	unsigned char digest[DIGEST_BYTES_MAX], der[ECDSADER_MAX];
	size_t n = ecdsader_of_raw(signature, ecdsa->coordinate, der);
	int verified = -1; /* 0 is wrong, less is broken (ECDSA_do_verify) */
	engine_begin();
	if (digest_of(&ecdsa->digest, input, digest))
		verified = EVP_PKEY_verify(ecdsa->verify, der, n, digest, ecdsa->hash);
	return engine_end(verified == 1 ? ST_OK : verified == 0 ? ST_SIGNATURE_MISMATCH : ST_ENGINE);
}

static enum status ecdsa_sign(void *prepared, struct slice input, unsigned char *out) {
	const struct ecdsa *ecdsa = prepared;
	unsigned char digest[DIGEST_BYTES_MAX], der[ECDSADER_MAX];
	size_t n = sizeof der;
	engine_begin();
	return engine_end(digest_of(&ecdsa->digest, input, digest) &&
				EVP_PKEY_sign(ecdsa->sign, der, &n, digest, ecdsa->hash) == 1 &&
				ecdsader_to_raw(der, n, ecdsa->coordinate, out)
			? ST_OK
			: ST_ENGINE);
}

const struct scheme sig_ecdsa = { ecdsa_prepare, ecdsa_verify, ecdsa_sign, ecdsa_free };
