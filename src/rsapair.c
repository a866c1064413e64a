/*
** rsapair.c - see rsapair.h.
*/
#include "rsapair.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stddef.h>

enum { N, E, D, P, Q, DP, DQ, QI, NUMBERS };

static const char *const params[NUMBERS] = {
	[N] = OSSL_PKEY_PARAM_RSA_N,
	[E] = OSSL_PKEY_PARAM_RSA_E,
	[D] = OSSL_PKEY_PARAM_RSA_D,
	[P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
	[Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
	[DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
	[DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
	[QI] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

/* 1 where a b = 1 modulo m, 0 where not, -1 where OpenSSL fails. */
static int are_inverse(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_CTX *ctx) {
	BIGNUM *product = BN_CTX_get(ctx);
	if (product == NULL || !BN_mod_mul(product, a, b, m, ctx))
		return -1;
	return BN_is_one(product);
}

/* The test of one factor: e and d, and d's remainder, by which OpenSSL signs, undo each other modulo factor - 1. */
static int fits_factor(BIGNUM *const number[], const BIGNUM *factor, const BIGNUM *remainder, BN_CTX *ctx) {
	BIGNUM *order = BN_CTX_get(ctx);
	int of_d, of_remainder;
	if (order == NULL || !BN_copy(order, factor) || !BN_sub_word(order, 1))
		return -1;
	if (BN_cmp(factor, BN_value_one()) <= 0 || BN_cmp(remainder, order) >= 0)
		return 0;
	of_d = are_inverse(number[E], number[D], order, ctx);
	of_remainder = are_inverse(number[E], remainder, order, ctx);
	return of_d < 0 || of_remainder < 0 ? -1 : of_d && of_remainder;
}

static enum status check(BIGNUM *const number[], BN_CTX *ctx) {
	BIGNUM *product = BN_CTX_get(ctx);
	int fits[3], i;
	if (product == NULL || !BN_mul(product, number[P], number[Q], ctx))
		return ST_ENGINE;
	if (BN_cmp(product, number[N]) != 0)
		return ST_BAD_KEY;
	fits[0] = fits_factor(number, number[P], number[DP], ctx);
	fits[1] = fits_factor(number, number[Q], number[DQ], ctx);
	fits[2] = are_inverse(number[Q], number[QI], number[P], ctx);
	for (i = 0; i < 3; i++)
		if (fits[i] != 1)
			return fits[i] < 0 ? ST_ENGINE : ST_BAD_KEY;
	return ST_OK;
}

/* Whether the key has that number; needs no memory. */
static int has(const EVP_PKEY *key, const char *param) {
	OSSL_PARAM query[2] = { OSSL_PARAM_construct_BN(param, NULL, 0), OSSL_PARAM_construct_end() };
	return EVP_PKEY_get_params(key, query) && OSSL_PARAM_modified(query);
}

enum status rsapair_check(const EVP_PKEY *key) {
	BIGNUM *number[NUMBERS] = { NULL };
	BN_CTX *ctx;
	enum status st = ST_ENGINE;
	size_t i, got = 0;
	if (!has(key, OSSL_PKEY_PARAM_RSA_FACTOR1) || has(key, OSSL_PKEY_PARAM_RSA_FACTOR3))
		return ST_OK;
	for (i = 0; i < NUMBERS; i++)
		got += EVP_PKEY_get_bn_param(key, params[i], &number[i]) == 1;
	ctx = BN_CTX_secure_new();
	if (got == NUMBERS && ctx != NULL) {
		BN_CTX_start(ctx);
		st = check(number, ctx);
		BN_CTX_end(ctx);
	}
	BN_CTX_free(ctx);
	for (i = 0; i < NUMBERS; i++)
		BN_clear_free(number[i]);
	return st;
}
