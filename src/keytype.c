/*
** keytype.c - see keytype.h.
*/
#include "keytype.h"

#include "alg.h"
#include "edpoint.h"
#include "rsapair.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#define NAME_MAX_BYTES 32 /* of a curve or a digest, in OpenSSL's words */

static enum status check_rsa(const EVP_PKEY *key, const struct alg *alg) {
	BIGNUM *n = NULL, *e = NULL;
	enum status st = ST_OK;
	(void)alg;
	if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) ||
		!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e))
		st = ST_BAD_KEY;
	else if (BN_num_bits(n) < KEYTYPE_RSA_BITS_MIN)
		st = ST_WEAK_KEY;
	else if (BN_num_bits(n) > KEYTYPE_RSA_BITS_MAX)
		st = ST_OVERSIZED_KEY;
	else if (BN_is_negative(n) || !BN_is_odd(n))
		st = ST_BAD_KEY;
	else if (BN_is_negative(e) || !BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > 64)
		st = ST_BAD_EXPONENT;
	BN_free(n);
	BN_free(e);
	return st;
}

/* Whether the key's parameter is that digest; where it is not told it is SHA-1 (RFC 4055 3.1). */
static int has_digest(const EVP_PKEY *key, const char *param, const char *digest) {
	char name[NAME_MAX_BYTES] = "SHA1";
	EVP_MD *md;
	int same;
	EVP_PKEY_get_utf8_string_param(key, param, name, sizeof name, NULL);
	md = EVP_MD_fetch(NULL, name, NULL);
	same = md != NULL && EVP_MD_is_a(md, digest);
	EVP_MD_free(md);
	return same;
}

/*
** A key that has parameters keeps to them (RFC 4055 3.3): its digest for message and mask, and no salt that is
** shorter. JWS's salt is as long as the hash (RFC 7518 3.5). One that has none tells no salt and serves any.
*/
static enum status check_pss(const EVP_PKEY *key, const struct alg *alg) {
	enum status st = check_rsa(key, alg);
	int salt;
	if (st != ST_OK || alg == NULL || !EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt))
		return st;
	return salt <= (int)alg->hash && has_digest(key, OSSL_PKEY_PARAM_RSA_DIGEST, alg->digest) &&
			has_digest(key, OSSL_PKEY_PARAM_RSA_MGF1_DIGEST, alg->digest)
		? ST_OK
		: ST_KEY_TYPE_MISMATCH;
}

static enum status check_ec(const EVP_PKEY *key, const struct alg *alg) {
	char encoding[NAME_MAX_BYTES] = "";
	EVP_PKEY_CTX *ctx;
	int valid;
	(void)alg;
	if (!EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding, sizeof encoding, NULL) ||
		strcmp(encoding, OSSL_PKEY_EC_ENCODING_GROUP) != 0) /* explicit parameters */
		return ST_CURVE_MISMATCH;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, (EVP_PKEY *)(uintptr_t)key, NULL);
	if (ctx == NULL)
		return ST_ENGINE;
	valid = EVP_PKEY_public_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return valid ? ST_OK : ST_NOT_ON_CURVE;
}

static enum status check_ed(const EVP_PKEY *key, const struct alg *alg) {
	unsigned char point[EDPOINT_MAX];
	size_t n = sizeof point;
	(void)alg;
	if (!EVP_PKEY_get_raw_public_key(key, point, &n))
		return ST_BAD_KEY;
	return edpoint_check(point, n);
}

static const struct keytype table[] = {
	[KEYTYPE_RSA] = { "RSA", NULL, "RSA", NULL, 0, check_rsa, rsapair_check },
	[KEYTYPE_RSA_PSS] = { "RSA", NULL, "RSA-PSS", NULL, 0, check_pss, rsapair_check },
	[KEYTYPE_P256] = { "EC", "P-256", "EC", "prime256v1", 32, check_ec, NULL },
	[KEYTYPE_P384] = { "EC", "P-384", "EC", "secp384r1", 48, check_ec, NULL },
	[KEYTYPE_P521] = { "EC", "P-521", "EC", "secp521r1", 66, check_ec, NULL },
	[KEYTYPE_SECP256K1] = { "EC", "secp256k1", "EC", "secp256k1", 32, check_ec, NULL },
	[KEYTYPE_ED25519] = { "OKP", "Ed25519", "ED25519", NULL, 32, check_ed, NULL },
	[KEYTYPE_ED448] = { "OKP", "Ed448", "ED448", NULL, 57, check_ed, NULL },
};

#define COUNT (sizeof table / sizeof *table)

const struct keytype *keytype_at(size_t i) {
	return i < COUNT ? &table[i] : NULL;
}

const struct keytype *keytype_of(const EVP_PKEY *key) {
	char group[NAME_MAX_BYTES] = "";
	size_t i;
	if (EVP_PKEY_is_a(key, "EC"))
		EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL);
	for (i = 0; i < COUNT; i++)
		if (EVP_PKEY_is_a(key, table[i].type) && (table[i].group == NULL || strcmp(table[i].group, group) == 0))
			return &table[i];
	return NULL;
}

const struct keytype *keytype_named(struct slice kty, struct slice crv) {
	size_t i;
	for (i = 0; i < COUNT; i++)
		if (slice_equals(kty, table[i].kty) && (table[i].crv == NULL || slice_equals(crv, table[i].crv)))
			return &table[i];
	return NULL;
}

const struct keytype *keytype_first(unsigned bits) {
	size_t i = 0;
	while (i < COUNT && (bits & KEYTYPE_BIT(i)) == 0)
		i++;
	return keytype_at(i);
}

unsigned keytype_bit(const struct keytype *type) {
	return type != NULL ? KEYTYPE_BIT(type - table) : 0;
}
