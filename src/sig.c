/*
** sig.c - see sig.h.
** HMAC keeps one keyed context and restarts it. The others keep a prepared context as a template
** and copy it for each call: that is within a few per cent of the fastest way, for all of them.
*/
#include "sig.h"

#include "ecdsader.h"
#include "pkey.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <string.h>

struct sig_key {
	const struct alg *alg;
	EVP_MAC_CTX *mac;      /* HMAC only */
	EVP_PKEY *pkey;        /* the others */
	EVP_MD_CTX *to_verify; /* prepared with pkey; never used itself */
	EVP_MD_CTX *to_sign;   /* likewise; NULL where pkey is public */
	EVP_MD_CTX *work;      /* a copy of one of the two, renewed for each call */
	size_t length;         /* of a signature in JWS's form, bytes */
};

void sig_free(struct sig_key *key) {
	if (key == NULL)
		return;
	EVP_MAC_CTX_free(key->mac);
	EVP_MD_CTX_free(key->to_verify);
	EVP_MD_CTX_free(key->to_sign);
	EVP_MD_CTX_free(key->work);
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

const struct alg *sig_alg(const struct sig_key *key) {
	return key->alg;
}

int sig_can_sign(const struct sig_key *key) {
	return key->mac != NULL || key->to_sign != NULL;
}

size_t sig_length(const struct sig_key *key) {
	return key->length;
}

EVP_PKEY *sig_pkey(const struct sig_key *key) {
	return key->pkey;
}

enum status sig_of_secret(struct sig_key **out, const struct alg *alg, struct slice secret, int weak_allowed) {
	OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };
	char digest[16];
	struct sig_key *key;
	EVP_MAC *mac;
	enum status st = ST_ENGINE;
	if (secret.n == 0 || (secret.n < alg->hash && !weak_allowed))
		return ST_WEAK_SECRET;
	if (pkey_looks_like_key(secret))
		return ST_NOT_SECRET;
	strcpy(digest, alg->digest);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
	ERR_set_mark();
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	key = OPENSSL_zalloc(sizeof *key);
	if (mac == NULL || key == NULL)
		goto out;
	key->alg = alg;
	key->length = alg->hash;
	key->mac = EVP_MAC_CTX_new(mac);
	if (key->mac != NULL && EVP_MAC_init(key->mac, (const unsigned char *)secret.p, secret.n, params))
		st = ST_OK;
out:
	EVP_MAC_free(mac); /* the context holds its own reference */
	if (st == ST_OK)
		*out = key;
	else
		sig_free(key);
	ERR_pop_to_mark();
	return st;
}

/* A PSS signature's salt is as long as its hash, in both directions (RFC 7518 3.5). */
static int set_padding(EVP_PKEY_CTX *ctx, const struct alg *alg) {
	switch (alg->family) {
	case ALG_RSA: return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	case ALG_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	default: return 1;
	}
}

static size_t signature_length(const struct alg *alg, const EVP_PKEY *pkey) {
	return alg->family == ALG_ECDSA ? 2 * alg->coordinate : (size_t)EVP_PKEY_get_size(pkey);
}

enum status sig_of_pkey(struct sig_key **out, const struct alg *alg, EVP_PKEY *pkey, int is_private) {
	struct sig_key *key = NULL;
	EVP_PKEY_CTX *ctx = NULL; /* belongs to the EVP_MD_CTX */
	enum status st = pkey_check(pkey, alg);
	ERR_set_mark();
	if (st != ST_OK)
		goto out;
	st = ST_ENGINE;
	key = OPENSSL_zalloc(sizeof *key);
	if (key == NULL)
		goto out;
	key->alg = alg;
	key->length = signature_length(alg, pkey);
	key->to_verify = EVP_MD_CTX_new();
	key->work = EVP_MD_CTX_new();
	if (key->to_verify == NULL || key->work == NULL ||
		!EVP_DigestVerifyInit_ex(key->to_verify, &ctx, alg->digest, NULL, NULL, pkey, NULL) || !set_padding(ctx, alg))
		goto out;
	if (is_private) {
		key->to_sign = EVP_MD_CTX_new();
		if (key->to_sign == NULL || !EVP_DigestSignInit_ex(key->to_sign, &ctx, alg->digest, NULL, NULL, pkey, NULL) ||
			!set_padding(ctx, alg))
			goto out;
	}
	key->pkey = pkey;
	st = ST_OK;
out:
	if (st == ST_OK) {
		*out = key;
	} else {
		sig_free(key);
		EVP_PKEY_free(pkey);
	}
	ERR_pop_to_mark();
	return st;
}

/* The tag of 'input' to 'tag', which has EVP_MAX_MD_SIZE bytes; 1, or 0 if OpenSSL failed. */
static int hmac(const struct sig_key *key, struct slice input, unsigned char *tag) {
	size_t n = 0;
	return EVP_MAC_init(key->mac, NULL, 0, NULL) && EVP_MAC_update(key->mac, (const unsigned char *)input.p, input.n) &&
		EVP_MAC_final(key->mac, tag, &n, EVP_MAX_MD_SIZE) && n == key->length;
}

enum status sig_verify(struct sig_key *key, struct slice input, const unsigned char *signature, size_t n) {
	unsigned char buffer[EVP_MAX_MD_SIZE > ECDSADER_MAX ? EVP_MAX_MD_SIZE : ECDSADER_MAX];
	int verified;
	if (n != key->length)
		return ST_SIGNATURE_MISMATCH;
	ERR_set_mark();
	if (key->mac != NULL) {
		verified = hmac(key, input, buffer) && CRYPTO_memcmp(buffer, signature, n) == 0;
		OPENSSL_cleanse(buffer, n);
	} else {
		if (key->alg->family == ALG_ECDSA) {
			n = ecdsader_of_raw(signature, key->alg->coordinate, buffer);
			signature = buffer;
		}
		verified = EVP_MD_CTX_copy_ex(key->work, key->to_verify) &&
			EVP_DigestVerify(key->work, signature, n, (const unsigned char *)input.p, input.n) == 1;
	}
	ERR_pop_to_mark();
	return verified ? ST_OK : ST_SIGNATURE_MISMATCH;
}

enum status sig_sign(struct sig_key *key, struct slice input, unsigned char *out, size_t *n) {
	unsigned char der[ECDSADER_MAX];
	int ecdsa = key->alg->family == ALG_ECDSA, signed_;
	if (!sig_can_sign(key))
		return ST_NOT_PRIVATE;
	ERR_set_mark();
	if (key->mac != NULL) {
		signed_ = hmac(key, input, out);
		*n = key->length;
	} else {
		*n = ecdsa ? sizeof der : SIG_BYTES_MAX;
		signed_ = EVP_MD_CTX_copy_ex(key->work, key->to_sign) &&
			EVP_DigestSign(key->work, ecdsa ? der : out, n, (const unsigned char *)input.p, input.n) == 1;
		if (signed_ && ecdsa) {
			signed_ = ecdsader_to_raw(der, *n, key->alg->coordinate, out);
			*n = key->length;
		}
	}
	ERR_pop_to_mark();
	return signed_ ? ST_OK : ST_ENGINE;
}
