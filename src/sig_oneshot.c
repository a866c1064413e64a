/*
** sig_oneshot.c - the scheme of signatures that hash for themselves: EdDSA. OpenSSL gives them no context that may be
** used twice, so a prepared one is copied for each call.
*/
#include "engine.h"
#include "scheme.h"
#include "sig.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct oneshot {
	EVP_MD_CTX *verify, *sign; /* templates; sign is NULL for a public key */
	EVP_MD_CTX *copy;          /* the one in use */
	size_t length;
};

static void oneshot_free(void *prepared) {
	struct oneshot *oneshot = prepared;
	if (oneshot == NULL)
		return;
	EVP_MD_CTX_free(oneshot->verify);
	EVP_MD_CTX_free(oneshot->sign);
	EVP_MD_CTX_free(oneshot->copy);
	OPENSSL_free(oneshot);
}

typedef int begin_fn(
	EVP_MD_CTX *, EVP_PKEY_CTX **, const char *, OSSL_LIB_CTX *, const char *, EVP_PKEY *, const OSSL_PARAM[]);

static EVP_MD_CTX *context(EVP_PKEY *pkey, begin_fn *begin) {
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (ctx != NULL && begin(ctx, NULL, NULL, NULL, NULL, pkey, NULL))
		return ctx;
	EVP_MD_CTX_free(ctx);
	return NULL;
}

static void *oneshot_prepare(const struct alg *alg, const struct material *material, size_t *length) {
	struct oneshot *oneshot = OPENSSL_zalloc(sizeof *oneshot);
	int bytes = EVP_PKEY_get_size(material->pkey);
	(void)alg;
	if (oneshot == NULL)
		return NULL;
	oneshot->length = *length = (size_t)bytes;
	oneshot->copy = EVP_MD_CTX_new();
	if (bytes > 0 && bytes <= SIG_BYTES_MAX)
		oneshot->verify = context(material->pkey, EVP_DigestVerifyInit_ex);
	if (oneshot->verify != NULL && material->is_private)
		oneshot->sign = context(material->pkey, EVP_DigestSignInit_ex);
	if (oneshot->copy == NULL || oneshot->verify == NULL || (material->is_private && oneshot->sign == NULL)) {
		oneshot_free(oneshot);
		return NULL;
	}
	return oneshot;
}

/* OpenSSL does not say whether it lacked memory, so it is asked whether it does. */
static enum status oneshot_verify(void *prepared, struct slice input, const unsigned char *signature) {
	const struct oneshot *oneshot = prepared;
	enum status st = ST_ENGINE;
	engine_begin();
	if (EVP_MD_CTX_copy_ex(oneshot->copy, oneshot->verify)) {
		if (EVP_DigestVerify(oneshot->copy, signature, oneshot->length, (const unsigned char *)input.p, input.n) == 1)
			st = ST_OK;
		else if (!engine_lacks_memory())
			st = ST_SIGNATURE_MISMATCH;
	}
	return engine_end(st);
}

static enum status oneshot_sign(void *prepared, struct slice input, unsigned char *out) {
	const struct oneshot *oneshot = prepared;
	size_t n = oneshot->length;
	engine_begin();
	return engine_end(EVP_MD_CTX_copy_ex(oneshot->copy, oneshot->sign) &&
				EVP_DigestSign(oneshot->copy, out, &n, (const unsigned char *)input.p, input.n) == 1 &&
				n == oneshot->length
			? ST_OK
			: ST_ENGINE);
}

const struct scheme sig_oneshot = { oneshot_prepare, oneshot_verify, oneshot_sign, oneshot_free };
