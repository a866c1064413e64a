/*
** sig.c - see sig.h.
** Contexts are prepared once and kept: RSA and ECDSA hash into a kept digest context and hand the
** hash to a kept key context. EdDSA hashes for itself and has no
** context that may be used twice, so a prepared one is copied for each call.
*/
#include "sig.h"

#include "ecdsader.h"
#include "hmac.h"
#include "pkey.h"
#include "sigcache.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

struct sig_key {
	const struct alg *alg;                     /* NULL for an unbound key, which has nothing but pkey */
	size_t length;                             /* of a signature in JWS's form, bytes */
	EVP_PKEY *pkey;                            /* all but HMAC */
	int is_private;                            /* pkey is */
	struct hmac *mac;                          /* HMAC */
	EVP_MD *md;                                /* RSA, ECDSA: the digest, */
	EVP_MD_CTX *hash;                          /* its context, */
	EVP_PKEY_CTX *verify, *sign;               /* and what is done with the hash; sign is NULL for a public key */
	EVP_MD_CTX *ed_verify, *ed_sign, *ed_copy; /* EdDSA: two templates and the copy in use */
	struct sigcache *cache;                    /* NULL unless signatures are remembered */
};

void sig_free(struct sig_key *key) {
	if (key == NULL)
		return;
	hmac_free(key->mac);
	sigcache_free(key->cache);
	EVP_MD_CTX_free(key->hash);
	EVP_MD_free(key->md);
	EVP_PKEY_CTX_free(key->verify);
	EVP_PKEY_CTX_free(key->sign);
	EVP_MD_CTX_free(key->ed_verify);
	EVP_MD_CTX_free(key->ed_sign);
	EVP_MD_CTX_free(key->ed_copy);
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

const struct alg *sig_alg(const struct sig_key *key) {
	return key->alg;
}

int sig_can_sign(const struct sig_key *key) {
	return key->mac != NULL || key->sign != NULL || key->ed_sign != NULL;
}

size_t sig_length(const struct sig_key *key) {
	return key->length;
}

EVP_PKEY *sig_pkey(const struct sig_key *key) {
	return key->pkey;
}

enum status sig_of_secret(struct sig_key **out, const struct alg *alg, struct slice secret, int weak_allowed) {
	struct sig_key *key;
	if (secret.n == 0 || (secret.n < alg->hash && !weak_allowed))
		return ST_WEAK_SECRET;
	if (pkey_looks_like_key(secret))
		return ST_NOT_SECRET;
	ERR_set_mark();
	key = OPENSSL_zalloc(sizeof *key);
	if (key != NULL) {
		key->alg = alg;
		key->length = alg->hash;
		key->mac = hmac_new(alg->digest, secret);
		if (key->mac == NULL) {
			sig_free(key);
			key = NULL;
		}
	}
	ERR_pop_to_mark();
	*out = key;
	return key != NULL ? ST_OK : ST_ENGINE;
}

/* A PSS signature's salt is as long as its hash, in both directions (RFC 7518 3.5). */
static int set_up(EVP_PKEY_CTX *ctx, const struct sig_key *key) {
	if (EVP_PKEY_CTX_set_signature_md(ctx, key->md) <= 0)
		return 0;
	switch (key->alg->family) {
	case ALG_RSA: return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	case ALG_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	default: return 1;
	}
}

/* Prepare a key that signs the hash of its input. */
static int prepare_hashed(struct sig_key *key, EVP_PKEY *pkey, int is_private) {
	int (*begin_verify)(EVP_PKEY_CTX *) =
		key->alg->family == ALG_RSA ? EVP_PKEY_verify_recover_init : EVP_PKEY_verify_init;
	key->md = EVP_MD_fetch(NULL, key->alg->digest, NULL);
	key->hash = EVP_MD_CTX_new();
	key->verify = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (key->md == NULL || key->hash == NULL || key->verify == NULL || begin_verify(key->verify) <= 0 ||
		!set_up(key->verify, key))
		return 0;
	if (!is_private)
		return 1;
	key->sign = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	return key->sign != NULL && EVP_PKEY_sign_init(key->sign) > 0 && set_up(key->sign, key);
}

static int prepare_eddsa(struct sig_key *key, EVP_PKEY *pkey, int is_private) {
	key->ed_copy = EVP_MD_CTX_new();
	key->ed_verify = EVP_MD_CTX_new();
	if (key->ed_copy == NULL || key->ed_verify == NULL ||
		!EVP_DigestVerifyInit_ex(key->ed_verify, NULL, NULL, NULL, NULL, pkey, NULL))
		return 0;
	if (!is_private)
		return 1;
	key->ed_sign = EVP_MD_CTX_new();
	return key->ed_sign != NULL && EVP_DigestSignInit_ex(key->ed_sign, NULL, NULL, NULL, NULL, pkey, NULL);
}

/* The algorithm where the key leaves only one, and whether the key is fit for it, or for any. */
static enum status settle_alg(const struct alg **alg, const EVP_PKEY *pkey) {
	if (*alg == NULL)
		*alg = pkey_alg(pkey);
	if (*alg != NULL)
		return pkey_check(pkey, *alg);
	return pkey_check(pkey, alg_find("RS256", 5));
}

static size_t signature_length(const struct alg *alg, const EVP_PKEY *pkey) {
	return alg->family == ALG_ECDSA ? 2 * alg->coordinate : (size_t)EVP_PKEY_get_size(pkey);
}

static int prepare(struct sig_key *key, EVP_PKEY *pkey, int is_private) {
	if (key->alg == NULL)
		return 1;
	key->length = signature_length(key->alg, pkey);
	if (key->length == 0 || key->length > SIG_BYTES_MAX) /* 0 where memory was short while OpenSSL read the key */
		return 0;
	return (key->alg->family == ALG_EDDSA ? prepare_eddsa : prepare_hashed)(key, pkey, is_private);
}

enum status sig_of_pkey(struct sig_key **out, const struct alg *alg, EVP_PKEY *pkey, int is_private) {
	struct sig_key *key = NULL;
	enum status st;
	ERR_set_mark();
	st = settle_alg(&alg, pkey);
	if (st != ST_OK)
		goto out;
	st = ST_ENGINE;
	key = OPENSSL_zalloc(sizeof *key);
	if (key == NULL)
		goto out;
	key->alg = alg;
	key->is_private = is_private;
	if (!prepare(key, pkey, is_private))
		goto out;
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

enum status sig_of_jwk(struct sig_key **out, const struct alg *alg, const struct jwk *jwk, int weak_allowed) {
	unsigned char *secret = NULL;
	EVP_PKEY *pkey = NULL;
	size_t n = 0;
	enum status st;
	if (!slice_is(jwk->kty, "oct")) {
		if (alg != NULL && alg->family == ALG_HMAC)
			return ST_KEY_TYPE_MISMATCH;
		st = jwk_to_pkey(&pkey, jwk);
		return st == ST_OK ? sig_of_pkey(out, alg, pkey, jwk_is_private(jwk)) : st;
	}
	if (alg == NULL || alg->family != ALG_HMAC)
		return ST_KEY_TYPE_MISMATCH;
	st = jwk_to_secret(&secret, &n, jwk);
	if (st == ST_OK)
		st = sig_of_secret(out, alg, (struct slice){ (const char *)secret, n }, weak_allowed);
	OPENSSL_clear_free(secret, n);
	return st;
}

enum status sig_bind(struct sig_key **out, const struct sig_key *key, const struct alg *alg) {
	if (key->pkey == NULL || alg->family == ALG_HMAC)
		return ST_KEY_TYPE_MISMATCH;
	if (!EVP_PKEY_up_ref(key->pkey))
		return ST_ENGINE;
	return sig_of_pkey(out, alg, key->pkey, key->is_private);
}

/* EdDSA hashes inside; the cache's digest of its input is SHA-256, like that of the shortest others. */
enum status sig_remember(struct sig_key *key, size_t slots) {
	if (key->alg == NULL || key->mac != NULL || slots == 0)
		return ST_OK;
	if (key->md == NULL) {
		key->md = EVP_MD_fetch(NULL, "SHA256", NULL);
		key->hash = EVP_MD_CTX_new();
		if (key->md == NULL || key->hash == NULL)
			return ST_ENGINE;
	}
	sigcache_free(key->cache);
	key->cache = sigcache_new(slots, key->length, (size_t)EVP_MD_get_size(key->md));
	return key->cache != NULL ? ST_OK : ST_ENGINE;
}

/* The hash of 'input', alg->hash bytes; 1, or 0 where OpenSSL fails. */
static int hash(const struct sig_key *key, struct slice input, unsigned char *digest) {
	return EVP_DigestInit_ex2(key->hash, key->md, NULL) && EVP_DigestUpdate(key->hash, input.p, input.n) &&
		EVP_DigestFinal_ex(key->hash, digest, NULL);
}

static int verify_hmac(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	unsigned char tag[EVP_MAX_MD_SIZE];
	int same = hmac_tag(key->mac, input, tag) && CRYPTO_memcmp(tag, signature, key->length) == 0;
	OPENSSL_cleanse(tag, key->length);
	return same;
}

/*
** PKCS#1 v1.5 says which hash it was made for, so a forged signature is told without hashing the input.
** OpenSSL checks the whole encoding (RFC 8017 8.2.2) before it hands the hash out.
*/
static int verify_rsa(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	unsigned char signed_digest[EVP_MAX_MD_SIZE], digest[EVP_MAX_MD_SIZE];
	size_t n = sizeof signed_digest;
	return EVP_PKEY_verify_recover(key->verify, signed_digest, &n, signature, key->length) == 1 &&
		n == key->alg->hash && hash(key, input, digest) && CRYPTO_memcmp(signed_digest, digest, n) == 0;
}

static int verify_hashed(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	unsigned char digest[EVP_MAX_MD_SIZE], der[ECDSADER_MAX];
	size_t n = key->length;
	if (key->alg->family == ALG_ECDSA) {
		n = ecdsader_of_raw(signature, key->alg->coordinate, der);
		signature = der;
	}
	return hash(key, input, digest) && EVP_PKEY_verify(key->verify, signature, n, digest, key->alg->hash) == 1;
}

static int verify_eddsa(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	return EVP_MD_CTX_copy_ex(key->ed_copy, key->ed_verify) &&
		EVP_DigestVerify(key->ed_copy, signature, key->length, (const unsigned char *)input.p, input.n) == 1;
}

static int verify_asymmetric(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	switch (key->alg->family) {
	case ALG_RSA: return verify_rsa(key, input, signature);
	case ALG_EDDSA: return verify_eddsa(key, input, signature);
	default: return verify_hashed(key, input, signature);
	}
}

/* Whether the cache knows the signature as good for this very input. */
static int is_remembered(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	const unsigned char *known = sigcache_find(key->cache, signature);
	return known != NULL && hash(key, input, digest) && memcmp(known, digest, (size_t)EVP_MD_get_size(key->md)) == 0;
}

static void remember(const struct sig_key *key, struct slice input, const unsigned char *signature) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	if (hash(key, input, digest))
		sigcache_put(key->cache, signature, digest);
}

enum status sig_verify(struct sig_key *key, struct slice input, const unsigned char *signature, size_t n) {
	int verified;
	if (key->alg == NULL || n != key->length)
		return ST_SIGNATURE_MISMATCH;
	if (key->mac != NULL) /* leaves no errors behind, so there are none to clear */
		return verify_hmac(key, input, signature) ? ST_OK : ST_SIGNATURE_MISMATCH;
	if (key->cache != NULL && is_remembered(key, input, signature))
		return ST_OK;
	ERR_set_mark();
	verified = verify_asymmetric(key, input, signature);
	ERR_pop_to_mark();
	if (verified && key->cache != NULL)
		remember(key, input, signature);
	return verified ? ST_OK : ST_SIGNATURE_MISMATCH;
}

static int sign_hashed(const struct sig_key *key, struct slice input, unsigned char *out, size_t *n) {
	unsigned char digest[EVP_MAX_MD_SIZE], der[ECDSADER_MAX];
	int ecdsa = key->alg->family == ALG_ECDSA;
	*n = ecdsa ? sizeof der : SIG_BYTES_MAX;
	if (!hash(key, input, digest) || EVP_PKEY_sign(key->sign, ecdsa ? der : out, n, digest, key->alg->hash) != 1)
		return 0;
	return !ecdsa || ecdsader_to_raw(der, *n, key->alg->coordinate, out);
}

static int sign_eddsa(const struct sig_key *key, struct slice input, unsigned char *out, size_t *n) {
	*n = SIG_BYTES_MAX;
	return EVP_MD_CTX_copy_ex(key->ed_copy, key->ed_sign) &&
		EVP_DigestSign(key->ed_copy, out, n, (const unsigned char *)input.p, input.n) == 1;
}

enum status sig_sign(struct sig_key *key, struct slice input, unsigned char *out, size_t *n) {
	int done;
	if (!sig_can_sign(key))
		return ST_NOT_PRIVATE;
	ERR_set_mark();
	if (key->mac != NULL)
		done = hmac_tag(key->mac, input, out);
	else
		done = (key->sign != NULL ? sign_hashed : sign_eddsa)(key, input, out, n);
	ERR_pop_to_mark();
	*n = key->length;
	return done ? ST_OK : ST_ENGINE;
}
