/*
** pkey.c - fuzz target of src/pkeyread.c, src/pkey.c and src/nosecret.c: PEM and DER. The first byte chooses a form: the rest as it is, or as
** the DER of a PEM block with one of the labels, so that DER is reached below PEM's base64.
*/
#include "fuzz.h"

#include "alg.h"
#include "nosecret.h"
#include "pkey.h"
#include "pkeymake.h"
#include "pkeyread.h"
#include "scheme.h"
#include "sig.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static const char *const labels[] = { NULL, "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "PRIVATE KEY",
	"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY" };

/* The material in a block of exactly its size; freed by the caller. */
static char *material_of(const uint8_t *data, size_t size, size_t *n) {
	const char *label = labels[data[0] % (sizeof labels / sizeof *labels)];
	char *text, *block;
	BIO *bio;
	if (label == NULL) {
		*n = size - 1;
		return copy_of(data + 1, size - 1);
	}
	bio = BIO_new(BIO_s_mem());
	MUST(PEM_write_bio(bio, label, "", data + 1, (long)size - 1) >= 0);
	*n = (size_t)BIO_get_mem_data(bio, &text);
	block = copy_of(text, *n);
	BIO_free(bio);
	ERR_clear_error();
	return block;
}

static int has_private_part(const EVP_PKEY *key) {
	unsigned char bytes[256];
	size_t n = sizeof bytes;
	BIGNUM *d = NULL;
	int has = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &d) ||
		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) || EVP_PKEY_get_raw_private_key(key, bytes, &n);
	BN_clear_free(d);
	ERR_clear_error();
	return has;
}

/* A fit key is written as PEM and read again as the same key. */
static void check_again(const EVP_PKEY *key) {
	char pem[PKEYMAKE_PEM_MAX];
	size_t n;
	EVP_PKEY *again = NULL;
	MUST(pkeymake_public_pem(key, pem, &n) == ST_OK);
	MUST(pkeyread_public(&again, (struct slice){ pem, n }, NULL) == ST_OK);
	MUST(EVP_PKEY_eq(key, again) == 1);
	EVP_PKEY_free(again);
}

/* A fit key verifies, and does not take bytes from nowhere for a signature. */
static void check_use(EVP_PKEY *key, const struct alg *alg) {
	static const unsigned char zeros[SIG_BYTES_MAX];
	struct sig_key *bound = NULL;
	struct slice input = { "a.b", 3 };
	EVP_PKEY_up_ref(key);
	MUST(sig_of_pkey(&bound, alg, key, 0) == ST_OK);
	MUST(sig_alg(bound) == alg && !sig_can_sign(bound) && sig_length(bound) <= sizeof zeros);
	MUST(sig_verify(bound, input, zeros, sig_length(bound)) == ST_SIGNATURE_MISMATCH);
	sig_free(bound);
}

static void check_algorithms(EVP_PKEY *key, int is_private) {
	const struct alg *alg, *own = alg_of_keytype(keytype_of(key));
	int i, fits = 0;
	for (i = 0; (alg = alg_at((size_t)i)) != NULL; i++) {
		if (pkey_check(key, keytype_of(key), alg, is_private) != ST_OK)
			continue;
		fits = 1;
		MUST(!alg_is_mac(alg));
		MUST(own == NULL || own->scheme == alg->scheme); /* EdDSA has its curves' names, too */
		MUST((alg->keytypes & KEYTYPE_BIT(KEYTYPE_RSA)) == 0 ||
			(EVP_PKEY_get_bits(key) >= KEYTYPE_RSA_BITS_MIN && EVP_PKEY_get_bits(key) <= KEYTYPE_RSA_BITS_MAX));
		if (!is_private)
			check_use(key, alg);
	}
	if (fits)
		check_again(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	EVP_PKEY *public_key = NULL, *private_key = NULL;
	struct slice material;
	char *block;
	if (size < 2)
		return 0;
	block = material_of(data, size, &material.n);
	material.p = block;
	if (pkeyread_public(&public_key, material, NULL) == ST_OK) {
		MUST(!has_private_part(public_key));
		MUST(nosecret_is(material) || material.p[0] != 0x30);
		check_algorithms(public_key, 0);
	} else {
		MUST(public_key == NULL);
	}
	if (pkeyread_private(&private_key, material, NULL) == ST_OK) {
		MUST(public_key == NULL);
		MUST(nosecret_is(material) || material.p[0] != 0x30);
		check_algorithms(private_key, 1);
	} else {
		MUST(private_key == NULL);
	}
	MUST(ERR_peek_error() == 0);
	(void)nosecret_is(material);
	EVP_PKEY_free(public_key);
	EVP_PKEY_free(private_key);
	free(block);
	return 0;
}
