/*
** alg.c - see alg.h.
*/
#include "alg.h"

#include "scheme.h"

#define BIT(type) KEYTYPE_BIT(KEYTYPE_##type)

static const struct alg table[] = {
	{ "HS256", &sig_hmac, "SHA256", 32, 0 },
	{ "HS384", &sig_hmac, "SHA384", 48, 0 },
	{ "HS512", &sig_hmac, "SHA512", 64, 0 },
	{ "RS256", &sig_rsa, "SHA256", 32, BIT(RSA) },
	{ "RS384", &sig_rsa, "SHA384", 48, BIT(RSA) },
	{ "RS512", &sig_rsa, "SHA512", 64, BIT(RSA) },
	{ "PS256", &sig_rsapss, "SHA256", 32, BIT(RSA) | BIT(RSA_PSS) },
	{ "PS384", &sig_rsapss, "SHA384", 48, BIT(RSA) | BIT(RSA_PSS) },
	{ "PS512", &sig_rsapss, "SHA512", 64, BIT(RSA) | BIT(RSA_PSS) },
	{ "ES256", &sig_ecdsa, "SHA256", 32, BIT(P256) },
	{ "ES384", &sig_ecdsa, "SHA384", 48, BIT(P384) },
	{ "ES512", &sig_ecdsa, "SHA512", 64, BIT(P521) },
	{ "ES256K", &sig_ecdsa, "SHA256", 32, BIT(SECP256K1) },
	{ "EdDSA", &sig_oneshot, NULL, 0, BIT(ED25519) | BIT(ED448) },
	{ "Ed25519", &sig_oneshot, NULL, 0, BIT(ED25519) },
	{ "Ed448", &sig_oneshot, NULL, 0, BIT(ED448) },
};

#define COUNT (sizeof table / sizeof *table)

const struct alg *alg_find(struct slice name) {
	size_t i;
	for (i = 0; i < COUNT; i++)
		if (slice_equals(name, table[i].name))
			return &table[i];
	return NULL;
}

const struct alg *alg_at(size_t i) {
	return i < COUNT ? &table[i] : NULL;
}

const struct alg *alg_of_keytype(const struct keytype *type) {
	size_t i;
	if (type != NULL && type->crv != NULL)
		for (i = 0; i < COUNT; i++)
			if (table[i].keytypes & keytype_bit(type))
				return &table[i];
	return NULL;
}
