/*
** sig.c - see sig.h. Binds material to an algorithm and remembers signatures; the algorithm's scheme does the rest.
*/
#include "sig.h"

#include "engine.h"
#include "nosecret.h"
#include "pkey.h"
#include "pkeyread.h"
#include "scheme.h"
#include "sigcache.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct sig_key {
	const struct alg *alg; /* NULL for an unbound key, which has nothing but pkey */
	const struct scheme *scheme;
	void *prepared;         /* the scheme's */
	size_t length;          /* of a signature in JWS's form, bytes */
	EVP_PKEY *pkey;         /* NULL for HMAC */
	int is_private;         /* it can sign, once it is bound */
	struct sigcache *cache; /* NULL unless signatures are remembered */
};

void sig_free(struct sig_key *key) {
	if (key == NULL)
		return;
	if (key->scheme != NULL)
		key->scheme->free(key->prepared);
	sigcache_free(key->cache);
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

const struct alg *sig_alg(const struct sig_key *key) {
	return key->alg;
}

int sig_can_sign(const struct sig_key *key) {
	return key->alg != NULL && key->is_private;
}

size_t sig_length(const struct sig_key *key) {
	return key->length;
}

EVP_PKEY *sig_pkey(const struct sig_key *key) {
	return key->pkey;
}

/* The key of that material, which it takes over where it succeeds. */
static enum status bind(struct sig_key **out, const struct alg *alg, const struct material *material) {
	struct sig_key *key = OPENSSL_zalloc(sizeof *key);
	if (key == NULL)
		return ST_ENGINE;
	key->alg = alg;
	key->is_private = material->is_private;
	if (alg != NULL) {
		key->scheme = alg->scheme;
		key->prepared = alg->scheme->prepare(alg, material, &key->length);
		if (key->prepared == NULL) {
			sig_free(key);
			return ST_ENGINE;
		}
	}
	key->pkey = material->pkey;
	*out = key;
	return ST_OK;
}

enum status sig_of_secret(struct sig_key **out, const struct alg *alg, struct slice secret, int weak_allowed) {
	struct material material = { secret, NULL, NULL, 1 };
	if (secret.n == 0 || (secret.n < alg->hash && !weak_allowed))
		return ST_WEAK_SECRET;
	if (nosecret_is(secret))
		return ST_NOT_SECRET;
	engine_begin();
	return engine_end(bind(out, alg, &material));
}

/* Bind 'pkey', which is taken over. 'look_at_halves': it is private, and nobody has seen that its halves are one key.
 */
static enum status take(
	struct sig_key **out, const struct alg *alg, EVP_PKEY *pkey, int is_private, int look_at_halves) {
	struct material material = { { NULL, 0 }, pkey, NULL, is_private };
	enum status st;
	engine_begin();
	material.type = keytype_of(pkey);
	st = engine_verdict(pkey_check(pkey, material.type, alg, look_at_halves), material.type);
	if (st == ST_OK)
		st = engine_end(bind(out, alg != NULL ? alg : alg_of_keytype(material.type), &material));
	if (st != ST_OK)
		EVP_PKEY_free(pkey);
	return st;
}

enum status sig_of_pkey(struct sig_key **out, const struct alg *alg, EVP_PKEY *pkey, int is_private) {
	return take(out, alg, pkey, is_private, is_private);
}

/* The secret of an oct JWK. */
static enum status of_octets(struct sig_key **out, const struct alg *alg, const struct jwk *jwk, int weak_allowed) {
	unsigned char *secret = NULL;
	size_t n = 0;
	enum status st;
	if (alg == NULL || !alg_is_mac(alg))
		return ST_KEY_TYPE_MISMATCH;
	st = jwk_to_secret(&secret, &n, jwk);
	if (st == ST_OK)
		st = sig_of_secret(out, alg, (struct slice){ (const char *)secret, n }, weak_allowed);
	OPENSSL_clear_free(secret, n);
	return st;
}

/*
** OpenSSL refuses a good key if a single allocation failed, and does not always say why. A refusal is therefore
** believed when it came twice. 1 where it must be asked again.
*/
static int is_doubtful(enum status st) {
	return st != ST_OK && st != ST_ENGINE && st != ST_OVERSIZED_KEY;
}

static enum status of_text(struct sig_key **out, const struct alg *alg, struct slice text, int is_private) {
	const struct keytype *likely = alg != NULL ? keytype_first(alg->keytypes) : NULL;
	EVP_PKEY *pkey = NULL;
	enum status st = (is_private ? pkeyread_private : pkeyread_public)(&pkey, text, likely);
	return st == ST_OK ? sig_of_pkey(out, alg, pkey, is_private) : st;
}

enum status sig_of_text(struct sig_key **out, const struct alg *alg, struct slice text, int is_private) {
	enum status st;
	if (alg != NULL && alg_is_mac(alg))
		return ST_NOT_SECRET;
	st = of_text(out, alg, text, is_private);
	return is_doubtful(st) ? of_text(out, alg, text, is_private) : st;
}

static enum status of_pair(struct sig_key **out, const struct alg *alg, const struct jwk *jwk) {
	EVP_PKEY *pkey = NULL;
	enum status st = jwk_to_pkey(&pkey, jwk);
	return st == ST_OK ? sig_of_pkey(out, alg, pkey, jwk_is_private(jwk)) : st;
}

enum status sig_of_jwk(struct sig_key **out, const struct alg *alg, const struct jwk *jwk, int weak_allowed) {
	enum status st;
	if (slice_equals(jwk->member[JWK_KTY], "oct"))
		return of_octets(out, alg, jwk, weak_allowed);
	if (alg != NULL && alg_is_mac(alg))
		return ST_KEY_TYPE_MISMATCH;
	st = of_pair(out, alg, jwk);
	return is_doubtful(st) ? of_pair(out, alg, jwk) : st;
}

static enum status bind_again(struct sig_key **out, const struct sig_key *key, const struct alg *alg) {
	return EVP_PKEY_up_ref(key->pkey) ? take(out, alg, key->pkey, key->is_private, 0) : ST_ENGINE;
}

enum status sig_bind(struct sig_key **out, const struct sig_key *key, const struct alg *alg) {
	enum status st;
	if (key->pkey == NULL || alg_is_mac(alg))
		return ST_KEY_TYPE_MISMATCH;
	st = bind_again(out, key, alg);
	return is_doubtful(st) ? bind_again(out, key, alg) : st;
}

enum status sig_remember(struct sig_key *key, size_t slots) {
	struct sigcache *cache;
	if (key->alg == NULL || alg_is_mac(key->alg) || slots == 0)
		return ST_OK;
	engine_begin();
	cache = sigcache_new(slots, key->length);
	sigcache_free(key->cache);
	key->cache = cache;
	return engine_end(cache != NULL ? ST_OK : ST_ENGINE);
}

enum status sig_verify(struct sig_key *key, struct slice input, const unsigned char *signature, size_t n) {
	enum status st;
	if (key->alg == NULL || n != key->length)
		return ST_SIGNATURE_MISMATCH;
	if (key->cache != NULL && sigcache_has(key->cache, input, signature))
		return ST_OK;
	st = key->scheme->verify(key->prepared, input, signature);
	if (st == ST_OK && key->cache != NULL)
		sigcache_put(key->cache, input, signature);
	return st;
}

enum status sig_sign(struct sig_key *key, struct slice input, unsigned char *out) {
	return sig_can_sign(key) ? key->scheme->sign(key->prepared, input, out) : ST_NOT_PRIVATE;
}
