/*
** jwk.c - see jwk.h.
*/
#include "jwk.h"

#include "b64url.h"
#include "edpoint.h"
#include "engine.h"
#include "keytype.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

const char *const jwk_names[JWK_MEMBERS] = {
	[JWK_KTY] = "kty",
	[JWK_CRV] = "crv",
	[JWK_K] = "k",
	[JWK_X] = "x",
	[JWK_Y] = "y",
	[JWK_N] = "n",
	[JWK_E] = "e",
	[JWK_D] = "d",
	[JWK_P] = "p",
	[JWK_Q] = "q",
	[JWK_DP] = "dp",
	[JWK_DQ] = "dq",
	[JWK_QI] = "qi",
};

int jwk_is_private(const struct jwk *jwk) {
	return jwk->member[JWK_D].p != NULL || slice_equals(jwk->member[JWK_KTY], "oct");
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

/*
** Add a member as an unsigned number of 'length' bytes (0: any) to 'build', which has *number, the caller's to free.
** It is a secure one, so that every copy of it is wiped.
*/
static enum status add_number(
	OSSL_PARAM_BLD *build, const char *param, BIGNUM **number, struct slice member, size_t length) {
	unsigned char bytes[JWK_MEMBER_MAX + 2];
	size_t n;
	enum status st = decode(member, length, bytes, &n);
	if (st == ST_OK) {
		*number = BN_secure_new();
		if (*number == NULL || BN_bin2bn(bytes, (int)n, *number) == NULL ||
			!OSSL_PARAM_BLD_push_BN(build, param, *number))
			st = ST_ENGINE;
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return st;
}

/* Make the key of 'type' from the parameters gathered in 'build'; what is wrong with them is 'wrong'. */
static enum status from_data(
	EVP_PKEY **out, const struct keytype *type, OSSL_PARAM_BLD *build, int is_private, enum status wrong) {
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type->type, NULL);
	enum status st = ST_ENGINE;
	if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) > 0)
		st = EVP_PKEY_fromdata(ctx, out, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) > 0 ? ST_OK
																										  : wrong;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return st;
}

/* RFC 7518 6.3.1.1: no zero in front, as programs that wrap ASN.1 leave it. */
static int has_zero_in_front(struct slice member) {
	return member.n > 1 && member.p[0] == 'A' && member.p[1] >= 'A' && member.p[1] <= 'P';
}

static enum status read_rsa(EVP_PKEY **out, const struct keytype *type, const struct jwk *jwk) {
	static const struct {
		enum jwk_member member;
		const char *param;
	} rows[] = {
		{ JWK_N, OSSL_PKEY_PARAM_RSA_N },
		{ JWK_E, OSSL_PKEY_PARAM_RSA_E },
		{ JWK_D, OSSL_PKEY_PARAM_RSA_D },
		{ JWK_P, OSSL_PKEY_PARAM_RSA_FACTOR1 },
		{ JWK_Q, OSSL_PKEY_PARAM_RSA_FACTOR2 },
		{ JWK_DP, OSSL_PKEY_PARAM_RSA_EXPONENT1 },
		{ JWK_DQ, OSSL_PKEY_PARAM_RSA_EXPONENT2 },
		{ JWK_QI, OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
	};
	/* public: n and e; private: all of them (RFC 7518 6.3.2) */
	size_t count = jwk_is_private(jwk) ? sizeof rows / sizeof *rows : 2, i;
	BIGNUM *numbers[sizeof rows / sizeof *rows] = { NULL };
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	enum status st = build == NULL ? ST_ENGINE : has_zero_in_front(jwk->member[JWK_N]) ? ST_BAD_KEY : ST_OK;
	for (i = 0; i < count && st == ST_OK; i++)
		st = add_number(build, rows[i].param, &numbers[i], jwk->member[rows[i].member], 0);
	if (st == ST_OK)
		st = from_data(out, type, build, jwk_is_private(jwk), ST_BAD_KEY);
	for (i = 0; i < count; i++)
		BN_clear_free(numbers[i]);
	OSSL_PARAM_BLD_free(build);
	return st;
}

static enum status read_ec(EVP_PKEY **out, const struct keytype *type, const struct jwk *jwk) {
	unsigned char point[1 + 2 * (JWK_MEMBER_MAX + 2)];
	size_t c = type->bytes, n;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *d = NULL;
	enum status st = ST_ENGINE;
	point[0] = 4; /* uncompressed (SEC 1 2.3.3) */
	if (build != NULL)
		st = decode(jwk->member[JWK_X], c, point + 1, &n);
	if (st == ST_OK)
		st = decode(jwk->member[JWK_Y], c, point + 1 + c, &n);
	if (st == ST_OK &&
		(!OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, type->group, 0) ||
			!OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * c)))
		st = ST_ENGINE;
	if (st == ST_OK && jwk_is_private(jwk))
		st = add_number(build, OSSL_PKEY_PARAM_PRIV_KEY, &d, jwk->member[JWK_D], c);
	if (st == ST_OK)
		st = from_data(out, type, build, d != NULL, d != NULL ? ST_BAD_KEY : ST_NOT_ON_CURVE);
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(build);
	return st;
}

/* The private half gives the public one: the x beside it must be equal to that. */
static enum status read_okp(EVP_PKEY **out, const struct keytype *type, const struct jwk *jwk) {
	unsigned char x[JWK_MEMBER_MAX + 2], d[JWK_MEMBER_MAX + 2], derived[EDPOINT_MAX];
	size_t n, nd, nderived = sizeof derived;
	enum status st = decode(jwk->member[JWK_X], type->bytes, x, &n);
	if (st == ST_OK && !jwk_is_private(jwk)) {
		*out = EVP_PKEY_new_raw_public_key_ex(NULL, type->type, NULL, x, n);
		return *out != NULL ? ST_OK : ST_BAD_KEY;
	}
	if (st == ST_OK)
		st = decode(jwk->member[JWK_D], type->bytes, d, &nd);
	if (st == ST_OK) {
		*out = EVP_PKEY_new_raw_private_key_ex(NULL, type->type, NULL, d, nd);
		if (*out == NULL || !EVP_PKEY_get_raw_public_key(*out, derived, &nderived) || nderived != n ||
			memcmp(derived, x, n) != 0) {
			EVP_PKEY_free(*out);
			*out = NULL;
			st = ST_BAD_KEY;
		}
	}
	OPENSSL_cleanse(d, sizeof d);
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

static int write_rsa(const EVP_PKEY *key, const struct keytype *type, struct jwk_public *out) {
	(void)type;
	out->nfirst = get_number(key, OSSL_PKEY_PARAM_RSA_N, 0, out->first, sizeof out->first);
	out->nsecond = get_number(key, OSSL_PKEY_PARAM_RSA_E, 0, out->second, sizeof out->second);
	return out->nfirst != 0 && out->nsecond != 0;
}

static int write_ec(const EVP_PKEY *key, const struct keytype *type, struct jwk_public *out) {
	out->nfirst = get_number(key, OSSL_PKEY_PARAM_EC_PUB_X, type->bytes, out->first, sizeof out->first);
	out->nsecond = get_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, type->bytes, out->second, sizeof out->second);
	return out->nfirst != 0 && out->nsecond != 0;
}

static int write_okp(const EVP_PKEY *key, const struct keytype *type, struct jwk_public *out) {
	(void)type;
	out->nfirst = sizeof out->first;
	out->nsecond = 0;
	return EVP_PKEY_get_raw_public_key(key, out->first, &out->nfirst);
}

/* Each kty's members. */
static const struct form {
	const char *kty;
	enum status (*read)(EVP_PKEY **out, const struct keytype *type, const struct jwk *jwk);
	int (*write)(const EVP_PKEY *key, const struct keytype *type, struct jwk_public *out);
} forms[] = { { "RSA", read_rsa, write_rsa }, { "EC", read_ec, write_ec }, { "OKP", read_okp, write_okp } };

static const struct form *form_of(struct slice kty) {
	size_t i;
	for (i = 0; i < sizeof forms / sizeof *forms; i++)
		if (slice_equals(kty, forms[i].kty))
			return &forms[i];
	return NULL;
}

enum status jwk_to_pkey(EVP_PKEY **out, const struct jwk *jwk) {
	const struct form *form = form_of(jwk->member[JWK_KTY]);
	const struct keytype *type = keytype_named(jwk->member[JWK_KTY], jwk->member[JWK_CRV]);
	if (form == NULL)
		return ST_KEY_TYPE_MISMATCH;
	if (type == NULL)
		return ST_CURVE_MISMATCH;
	engine_begin();
	return engine_verdict(form->read(out, type, jwk), type);
}

enum status jwk_to_secret(unsigned char **out, size_t *n, const struct jwk *jwk) {
	unsigned char bytes[JWK_MEMBER_MAX + 2];
	enum status st = decode(jwk->member[JWK_K], 0, bytes, n);
	if (st == ST_OK) {
		*out = OPENSSL_memdup(bytes, *n);
		if (*out == NULL)
			st = ST_ENGINE;
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return st;
}

enum status jwk_of_pkey(const EVP_PKEY *key, struct jwk_public *out) {
	const struct keytype *type;
	const struct form *form = NULL;
	int done = 0;
	engine_begin();
	type = keytype_of(key);
	if (type != NULL)
		form = form_of((struct slice){ type->kty, strlen(type->kty) });
	if (form != NULL) {
		out->kty = type->kty;
		out->crv = type->crv;
		done = form->write(key, type, out);
	}
	return engine_end(done ? ST_OK : ST_ENGINE);
}
