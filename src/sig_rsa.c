/*
** sig_rsa.c - the schemes RSASSA-PKCS1-v1_5 and RSASSA-PSS. The input is hashed in a kept context, and the hash
** handed to a kept key context.
*/
#include "digest.h"
#include "engine.h"
#include "scheme.h"
#include "sig.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

struct rsa {
	struct digest digest;
	EVP_PKEY_CTX *verify, *sign; /* sign is NULL for a public key */
	size_t hash, length;         /* bytes */
};

static void rsa_free(void *prepared) {
	struct rsa *rsa = prepared;
	if (rsa == NULL)
		return;
	digest_free(&rsa->digest);
	EVP_PKEY_CTX_free(rsa->verify);
	EVP_PKEY_CTX_free(rsa->sign);
	OPENSSL_free(rsa);
}

/* A context for the hash's signature; 'begin' says what is done with it. A PSS salt is as long as the hash. */
static EVP_PKEY_CTX *context(
	const struct rsa *rsa, const struct material *material, int (*begin)(EVP_PKEY_CTX *), int padding) {
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, material->pkey, NULL);
	if (ctx != NULL && begin(ctx) > 0 && EVP_PKEY_CTX_set_signature_md(ctx, rsa->digest.md) > 0 &&
		EVP_PKEY_CTX_set_rsa_padding(ctx, padding) > 0 &&
		(padding != RSA_PKCS1_PSS_PADDING ||
			(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, rsa->digest.md) > 0 &&
				EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0)))
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static void *prepare(const struct alg *alg, const struct material *material, size_t *length, int padding) {
	struct rsa *rsa = OPENSSL_zalloc(sizeof *rsa);
	int is_pss = padding == RSA_PKCS1_PSS_PADDING, bytes = EVP_PKEY_get_size(material->pkey);
	if (rsa == NULL)
		return NULL;
	rsa->hash = alg->hash;
	rsa->length = *length = (size_t)bytes;
	if (bytes > 0 && bytes <= SIG_BYTES_MAX && digest_make(&rsa->digest, alg->digest)) /* 0 where memory was short */
		rsa->verify = context(rsa, material, is_pss ? EVP_PKEY_verify_init : EVP_PKEY_verify_recover_init, padding);
	if (rsa->verify != NULL && material->is_private)
		rsa->sign = context(rsa, material, EVP_PKEY_sign_init, padding);
	if (rsa->verify == NULL || (material->is_private && rsa->sign == NULL)) {
		rsa_free(rsa);
		return NULL;
	}
	return rsa;
}

static void *pkcs1_prepare(const struct alg *alg, const struct material *material, size_t *length) {
	return prepare(alg, material, length, RSA_PKCS1_PADDING);
}

static void *pss_prepare(const struct alg *alg, const struct material *material, size_t *length) {
	return prepare(alg, material, length, RSA_PKCS1_PSS_PADDING);
}

/* OpenSSL says no, and by its errors whether it means the signature. */
static enum status refused(void) {
	return engine_end(engine_blames_input(ERR_LIB_RSA) ? ST_SIGNATURE_MISMATCH : ST_ENGINE);
}

/*
** PKCS#1 v1.5 says which hash it was made for, so a forged signature is told without hashing the input.
** OpenSSL checks the whole encoding (RFC 8017 8.2.2) before it hands the hash out.
*/
static enum status pkcs1_verify(void *prepared, struct slice input, const unsigned char *signature) {
	const struct rsa *rsa = prepared;
	unsigned char is_signed[EVP_MAX_MD_SIZE], digest[DIGEST_BYTES_MAX];
	size_t n = sizeof is_signed;
	engine_begin();
	if (EVP_PKEY_verify_recover(rsa->verify, is_signed, &n, signature, rsa->length) != 1)
		return refused();
	if (!digest_of(&rsa->digest, input, digest))
		return engine_end(ST_ENGINE);
	return n == rsa->hash && CRYPTO_memcmp(is_signed, digest, n) == 0 ? ST_OK : ST_SIGNATURE_MISMATCH;
}

static enum status pss_verify(void *prepared, struct slice input, const unsigned char *signature) {
	const struct rsa *rsa = prepared;
	unsigned char digest[DIGEST_BYTES_MAX];
	engine_begin();
	if (!digest_of(&rsa->digest, input, digest))
		return engine_end(ST_ENGINE);
	return EVP_PKEY_verify(rsa->verify, signature, rsa->length, digest, rsa->hash) == 1 ? ST_OK : refused();
}

static enum status rsa_sign(void *prepared, struct slice input, unsigned char *out) {
	const struct rsa *rsa = prepared;
	unsigned char digest[DIGEST_BYTES_MAX];
	size_t n = rsa->length;
	engine_begin();
	return engine_end(digest_of(&rsa->digest, input, digest) &&
				EVP_PKEY_sign(rsa->sign, out, &n, digest, rsa->hash) == 1 && n == rsa->length
			? ST_OK
			: ST_ENGINE);
}

const struct scheme sig_rsa = { pkcs1_prepare, pkcs1_verify, rsa_sign, rsa_free };
const struct scheme sig_rsapss = { pss_prepare, pss_verify, rsa_sign, rsa_free };
