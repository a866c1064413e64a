/*
** alg.c - see alg.h.
*/
#include "alg.h"

#include <string.h>

static const struct alg table[] = {
	{ "HS256", ALG_HMAC, "SHA256", 32, NULL, NULL, 0 },
	{ "HS384", ALG_HMAC, "SHA384", 48, NULL, NULL, 0 },
	{ "HS512", ALG_HMAC, "SHA512", 64, NULL, NULL, 0 },
	{ "RS256", ALG_RSA, "SHA256", 32, NULL, NULL, 0 },
	{ "RS384", ALG_RSA, "SHA384", 48, NULL, NULL, 0 },
	{ "RS512", ALG_RSA, "SHA512", 64, NULL, NULL, 0 },
	{ "PS256", ALG_PSS, "SHA256", 32, NULL, NULL, 0 },
	{ "PS384", ALG_PSS, "SHA384", 48, NULL, NULL, 0 },
	{ "PS512", ALG_PSS, "SHA512", 64, NULL, NULL, 0 },
	{ "ES256", ALG_ECDSA, "SHA256", 32, "prime256v1", "P-256", 32 },
	{ "ES384", ALG_ECDSA, "SHA384", 48, "secp384r1", "P-384", 48 },
	{ "ES512", ALG_ECDSA, "SHA512", 64, "secp521r1", "P-521", 66 },
	{ "ES256K", ALG_ECDSA, "SHA256", 32, "secp256k1", "secp256k1", 32 },
	{ "EdDSA", ALG_EDDSA, NULL, 0, NULL, NULL, 0 },
};

const struct alg *alg_find(const char *name, size_t n) {
	size_t i;
	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (strlen(table[i].name) == n && memcmp(table[i].name, name, n) == 0)
			return &table[i];
	return NULL;
}

const struct alg *alg_at(size_t i) {
	return i < sizeof table / sizeof *table ? &table[i] : NULL;
}
