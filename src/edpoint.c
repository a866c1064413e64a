/*
** edpoint.c - see edpoint.h.
** Both curves are a x^2 + y^2 = 1 + d x^2 y^2, so x^2 = (y^2 - 1) / (d y^2 - a); x exists where
** that quotient is a square. Small order means x = 0 or y = 0 or, doubled, y = 0: twice a point has
** y = (y^2 - a x^2) / (1 - d x^2 y^2).
*/
#include "edpoint.h"

#include <openssl/bn.h>
#include <string.h>

struct curve {
	size_t bytes;
	const char *p, *d; /* hexadecimal; d modulo p */
	int minus_a;       /* -a: 1 for Ed25519, -1 for Ed448 */
};

static const struct curve curves[] = {
	{ 32, "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFED",
		"52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3", 1 },
	{ 57,
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6756",
		-1 },
};

static enum status check(const struct curve *c, const BIGNUM *y, BN_CTX *ctx) {
	BIGNUM *p = BN_CTX_get(ctx), *d = BN_CTX_get(ctx), *yy = BN_CTX_get(ctx);
	BIGNUM *u = BN_CTX_get(ctx), *v = BN_CTX_get(ctx), *w = BN_CTX_get(ctx);
	int square;
	if (w == NULL || !BN_hex2bn(&p, c->p) || !BN_hex2bn(&d, c->d))
		return ST_ENGINE;
	if (BN_cmp(y, p) >= 0 || BN_is_zero(y))
		return ST_NOT_ON_CURVE;
	if (!BN_mod_sqr(yy, y, p, ctx) || !BN_copy(u, yy) || !BN_sub_word(u, 1) || !BN_mod_mul(v, d, yy, p, ctx) ||
		!(c->minus_a > 0 ? BN_add_word(v, 1) : BN_sub_word(v, 1)))
		return ST_ENGINE;
	if (BN_is_zero(u)) /* x = 0 */
		return ST_NOT_ON_CURVE;
	if (!BN_mod_mul(w, yy, v, p, ctx) || !(c->minus_a > 0 ? BN_mod_add(w, w, u, p, ctx) : BN_mod_sub(w, w, u, p, ctx)))
		return ST_ENGINE;
	if (BN_is_zero(w)) /* y = 0 when doubled */
		return ST_NOT_ON_CURVE;
	/* u / v is a square exactly where u v is; d is no square, so v is never zero */
	if (!BN_mod_mul(w, u, v, p, ctx))
		return ST_ENGINE;
	square = BN_kronecker(w, p, ctx);
	return square == 1 ? ST_OK : square == -2 ? ST_ENGINE : ST_NOT_ON_CURVE;
}

enum status edpoint_check(const unsigned char *point, size_t n) {
	const struct curve *c = n == curves[0].bytes ? &curves[0] : n == curves[1].bytes ? &curves[1] : NULL;
	unsigned char le[EDPOINT_MAX];
	BIGNUM *y;
	BN_CTX *ctx;
	enum status st = ST_ENGINE;
	if (c == NULL)
		return ST_BAD_KEY;
	memcpy(le, point, n);
	le[n - 1] &= 0x7F; /* the sign of x */
	y = BN_lebin2bn(le, (int)n, NULL);
	ctx = BN_CTX_new();
	if (y != NULL && ctx != NULL) {
		BN_CTX_start(ctx);
		st = check(c, y, ctx);
		BN_CTX_end(ctx);
	}
	BN_free(y);
	BN_CTX_free(ctx);
	return st;
}
