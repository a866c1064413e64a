/*
** pkey.c - see pkey.h.
*/
#include "pkey.h"

#include "sig.h"

#include <openssl/evp.h>
#include <stdint.h>

/* Why a key of that type, NULL for none of the table, does not serve 'alg', NULL for any. */
static enum status mismatch(const EVP_PKEY *key, const struct keytype *type, const struct alg *alg) {
	const struct keytype *wanted;
	size_t i;
	for (i = 0; (wanted = keytype_at(i)) != NULL; i++) {
		int is_asked = alg == NULL || (alg->keytypes & keytype_bit(wanted)) != 0;
		int is_kin = EVP_PKEY_is_a(key, wanted->type) || (type != NULL && strcmp(type->kty, wanted->kty) == 0);
		if (is_asked && is_kin && wanted->crv != NULL)
			return ST_CURVE_MISMATCH;
	}
	return ST_KEY_TYPE_MISMATCH;
}

/* The halves of a pair: what the one signs, the other verifies. Digest and padding are the key's. */
static enum status check_halves(EVP_PKEY *key) {
	static const unsigned char text[] = "one key in two halves";
	unsigned char signature[SIG_BYTES_MAX];
	size_t n = sizeof signature;
	EVP_MD_CTX *sign = EVP_MD_CTX_new(), *verify = EVP_MD_CTX_new();
	enum status st = ST_ENGINE;
	if (sign != NULL && verify != NULL && EVP_DigestSignInit_ex(sign, NULL, NULL, NULL, NULL, key, NULL) &&
		EVP_DigestVerifyInit_ex(verify, NULL, NULL, NULL, NULL, key, NULL))
		st = EVP_DigestSign(sign, signature, &n, text, sizeof text) == 1 &&
				EVP_DigestVerify(verify, signature, n, text, sizeof text) == 1
			? ST_OK
			: ST_BAD_KEY;
	EVP_MD_CTX_free(sign);
	EVP_MD_CTX_free(verify);
	return st;
}

enum status pkey_check(const EVP_PKEY *key, const struct keytype *type, const struct alg *alg, int is_private) {
	enum status st;
	if (type == NULL || (alg != NULL && (alg->keytypes & keytype_bit(type)) == 0))
		return mismatch(key, type, alg);
	st = type->check(key, alg);
	if (st == ST_OK && is_private && type->check_private != NULL)
		st = type->check_private(key);
	return st == ST_OK && is_private ? check_halves((EVP_PKEY *)(uintptr_t)key) : st;
}
