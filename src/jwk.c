/*
** jwk.c - see jwk.h.
*/
#include "jwk.h"

#include "alg.h"
#include "b64url.h"
#include "edpoint.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#define COORDINATE_MAX 66

static const struct {
	const char *crv, *type;
	size_t length; /* bytes of x and of d */
} edwards[] = { { "Ed25519", "ED25519", 32 }, { "Ed448", "ED448", 57 } };

static int slice_equals(struct slice s, const char *text) {
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

/* The ECDSA algorithm of that curve, or NULL. */
static const struct alg *find_curve(struct slice crv) {
	const struct alg *alg;
	size_t i;
	for (i = 0; (alg = alg_at(i)) != NULL; i++)
		if (alg->family == ALG_ECDSA && slice_equals(crv, alg->crv))
			return alg;
	return NULL;
}

int jwk_is_private(const struct jwk *jwk) {
	return jwk->d.p != NULL || slice_equals(jwk->kty, "oct");
}

/* Decode a member that must have 'length' bytes (0: any number but none) into 'out', JWK_MEMBER_MAX + 2 bytes. */
static enum status decode(struct slice member, size_t length, unsigned char *out, size_t *n) {
	if (member.p == NULL || member.n == 0)
		return ST_BAD_KEY;
	if (b64url_decoded_max(member.n) > JWK_MEMBER_MAX + 2)
		return ST_OVERSIZED_KEY;
	*n = b64url_decode(member, out);
	return *n == B64URL_BAD || (length != 0 && *n != length) ? ST_BAD_KEY : ST_OK;
}

/* Decode a member as an unsigned number of 'length' bytes (0: any); caller frees. NULL where it is none. */
static BIGNUM *number(struct slice member, size_t length, enum status *st) {
	unsigned char bytes[JWK_MEMBER_MAX + 2];
	BIGNUM *v = NULL;
	size_t n;
	*st = decode(member, length, bytes, &n);
	if (*st == ST_OK) {
		v = BN_bin2bn(bytes, (int)n, NULL);
		if (v == NULL)
			*st = ST_ENGINE;
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return v;
}

/* Make the key of 'type' from the parameters gathered in 'build'; what is wrong with them is 'wrong'. */
static enum status from_data(
	EVP_PKEY **out, const char *type, OSSL_PARAM_BLD *build, int is_private, enum status wrong) {
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL), *check = NULL;
	enum status st = ST_ENGINE;
	EVP_PKEY *key = NULL;
	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) <= 0)
		goto out;
	st = wrong;
	if (EVP_PKEY_fromdata(ctx, &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <= 0)
		goto out;
	check = is_private ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
	if (is_private && (check == NULL || EVP_PKEY_pairwise_check(check) != 1))
		goto out;
	*out = key;
	key = NULL;
	st = ST_OK;
out:
	EVP_PKEY_CTX_free(check);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(params);
	return st;
}

static enum status read_rsa(EVP_PKEY **out, const struct jwk *jwk) {
	const struct {
		struct slice member;
		const char *param;
	} rows[] = {
		{ jwk->n, OSSL_PKEY_PARAM_RSA_N },
		{ jwk->e, OSSL_PKEY_PARAM_RSA_E },
		{ jwk->d, OSSL_PKEY_PARAM_RSA_D },
		{ jwk->p, OSSL_PKEY_PARAM_RSA_FACTOR1 },
		{ jwk->q, OSSL_PKEY_PARAM_RSA_FACTOR2 },
		{ jwk->dp, OSSL_PKEY_PARAM_RSA_EXPONENT1 },
		{ jwk->dq, OSSL_PKEY_PARAM_RSA_EXPONENT2 },
		{ jwk->qi, OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
	};
	/* public: n and e; private: all of them (RFC 7518 6.3.2) */
	size_t count = jwk->d.p != NULL ? sizeof rows / sizeof *rows : 2, i;
	BIGNUM *numbers[sizeof rows / sizeof *rows] = { NULL };
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	enum status st = build != NULL ? ST_OK : ST_ENGINE;
	for (i = 0; i < count && st == ST_OK; i++) {
		numbers[i] = number(rows[i].member, 0, &st);
		if (st == ST_OK && !OSSL_PARAM_BLD_push_BN(build, rows[i].param, numbers[i]))
			st = ST_ENGINE;
	}
	if (st == ST_OK)
		st = from_data(out, "RSA", build, count > 2, ST_BAD_KEY);
	for (i = 0; i < count; i++)
		BN_clear_free(numbers[i]);
	OSSL_PARAM_BLD_free(build);
	return st;
}

static enum status read_ec(EVP_PKEY **out, const struct jwk *jwk) {
	const struct alg *alg = find_curve(jwk->crv);
	unsigned char point[1 + 2 * (JWK_MEMBER_MAX + 2)];
	size_t c, n;
	OSSL_PARAM_BLD *build = NULL;
	BIGNUM *d = NULL;
	enum status st;
	if (alg == NULL)
		return ST_CURVE_MISMATCH;
	c = alg->coordinate;
	point[0] = 4; /* uncompressed (SEC 1 2.3.3) */
	st = decode(jwk->x, c, point + 1, &n);
	if (st == ST_OK)
		st = decode(jwk->y, c, point + 1 + c, &n);
	if (st == ST_OK && jwk->d.p != NULL)
		d = number(jwk->d, c, &st);
	if (st == ST_OK) {
		build = OSSL_PARAM_BLD_new();
		if (build == NULL || !OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, alg->group, 0) ||
			!OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * c) ||
			(d != NULL && !OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d)))
			st = ST_ENGINE;
	}
	if (st == ST_OK)
		st = from_data(out, "EC", build, d != NULL, d != NULL ? ST_BAD_KEY : ST_NOT_ON_CURVE);
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(build);
	return st;
}

static enum status read_okp(EVP_PKEY **out, const struct jwk *jwk) {
	unsigned char x[JWK_MEMBER_MAX + 2], d[JWK_MEMBER_MAX + 2], derived[EDPOINT_MAX];
	size_t i = 0, n, nd, nderived = sizeof derived;
	enum status st;
	while (i < sizeof edwards / sizeof *edwards && !slice_equals(jwk->crv, edwards[i].crv))
		i++;
	if (i == sizeof edwards / sizeof *edwards)
		return ST_CURVE_MISMATCH;
	st = decode(jwk->x, edwards[i].length, x, &n);
	if (st != ST_OK)
		return st;
	if (jwk->d.p == NULL) {
		*out = EVP_PKEY_new_raw_public_key_ex(NULL, edwards[i].type, NULL, x, n);
		return *out != NULL ? ST_OK : ST_BAD_KEY;
	}
	st = decode(jwk->d, edwards[i].length, d, &nd);
	if (st == ST_OK) {
		*out = EVP_PKEY_new_raw_private_key_ex(NULL, edwards[i].type, NULL, d, nd);
		if (*out == NULL || !EVP_PKEY_get_raw_public_key(*out, derived, &nderived) || nderived != n ||
			memcmp(derived, x, n) != 0) {
			EVP_PKEY_free(*out);
			st = ST_BAD_KEY;
		}
	}
	OPENSSL_cleanse(d, sizeof d);
	return st;
}

enum status jwk_to_pkey(EVP_PKEY **out, const struct jwk *jwk) {
	enum status st = ST_KEY_TYPE_MISMATCH;
	ERR_set_mark();
	if (slice_equals(jwk->kty, "RSA"))
		st = read_rsa(out, jwk);
	else if (slice_equals(jwk->kty, "EC"))
		st = read_ec(out, jwk);
	else if (slice_equals(jwk->kty, "OKP"))
		st = read_okp(out, jwk);
	ERR_pop_to_mark();
	return st;
}

enum status jwk_to_secret(unsigned char **out, size_t *n, const struct jwk *jwk) {
	unsigned char bytes[JWK_MEMBER_MAX + 2];
	enum status st = decode(jwk->k, 0, bytes, n);
	if (st == ST_OK) {
		*out = OPENSSL_memdup(bytes, *n);
		if (*out == NULL)
			st = ST_ENGINE;
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return st;
}

/* A number of the key, big-endian, in 'length' bytes or as many as it has (0); how many, or 0 on failure. */
static size_t get_number(const EVP_PKEY *key, const char *param, size_t length, unsigned char *out, size_t size) {
	BIGNUM *v = NULL;
	size_t n = 0;
	if (EVP_PKEY_get_bn_param(key, param, &v)) {
		n = length != 0 ? length : (size_t)BN_num_bytes(v);
		if (n > size || BN_bn2binpad(v, out, (int)n) < 0)
			n = 0;
	}
	BN_free(v);
	return n;
}

static int export_ec(const EVP_PKEY *key, struct jwk_public *out) {
	char group[32];
	const struct alg *alg;
	size_t i;
	if (!EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL))
		return 0;
	for (i = 0; (alg = alg_at(i)) != NULL; i++)
		if (alg->family == ALG_ECDSA && strcmp(alg->group, group) == 0)
			break;
	if (alg == NULL)
		return 0;
	out->kty = "EC";
	out->crv = alg->crv;
	out->nfirst = get_number(key, OSSL_PKEY_PARAM_EC_PUB_X, alg->coordinate, out->first, sizeof out->first);
	out->nsecond = get_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, alg->coordinate, out->second, sizeof out->second);
	return out->nfirst != 0 && out->nsecond != 0;
}

static int export_okp(const EVP_PKEY *key, struct jwk_public *out) {
	size_t i = EVP_PKEY_is_a(key, "ED448") ? 1 : 0;
	out->kty = "OKP";
	out->crv = edwards[i].crv;
	out->nfirst = sizeof out->first;
	out->nsecond = 0;
	return EVP_PKEY_get_raw_public_key(key, out->first, &out->nfirst);
}

static int export_rsa(const EVP_PKEY *key, struct jwk_public *out) {
	out->kty = "RSA";
	out->crv = NULL;
	out->nfirst = get_number(key, OSSL_PKEY_PARAM_RSA_N, 0, out->first, sizeof out->first);
	out->nsecond = get_number(key, OSSL_PKEY_PARAM_RSA_E, 0, out->second, sizeof out->second);
	return out->nfirst != 0 && out->nsecond != 0;
}

enum status jwk_of_pkey(const EVP_PKEY *key, struct jwk_public *out) {
	int done;
	ERR_set_mark();
	done = EVP_PKEY_is_a(key, "RSA") ? export_rsa(key, out)
		: EVP_PKEY_is_a(key, "EC")   ? export_ec(key, out)
									 : export_okp(key, out);
	ERR_pop_to_mark();
	return done ? ST_OK : ST_ENGINE;
}
