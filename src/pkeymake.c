/*
** pkeymake.c - see pkeymake.h.
*/
#include "pkeymake.h"

#include "engine.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

const struct keytype *pkeymake_type(const struct alg *alg, const char *crv) {
	const struct keytype *type;
	size_t i;
	for (i = 0; (type = keytype_at(i)) != NULL; i++)
		if ((alg->keytypes & keytype_bit(type)) && (crv == NULL || (type->crv != NULL && strcmp(type->crv, crv) == 0)))
			return type;
	return NULL;
}

static EVP_PKEY *generate(const struct keytype *type, int64_t rsa_bits) {
	if (type->crv == NULL)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)rsa_bits);
	return type->group != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", type->group)
							   : EVP_PKEY_Q_keygen(NULL, NULL, type->type);
}

/* Copy what was written to 'bio'; 0 where it is nothing or too much. */
static int take(BIO *bio, char *out, size_t *n) {
	char *text = NULL;
	long length = BIO_get_mem_data(bio, &text);
	if (length <= 0 || length > PKEYMAKE_PEM_MAX)
		return 0;
	memcpy(out, text, (size_t)length);
	*n = (size_t)length;
	return 1;
}

enum status pkeymake_private_pem(const struct keytype *type, int64_t rsa_bits, char *out, size_t *n) {
	EVP_PKEY *key;
	BIO *bio;
	int done;
	if (type->crv == NULL && rsa_bits < KEYTYPE_RSA_BITS_MIN)
		return ST_WEAK_KEY;
	if (type->crv == NULL && rsa_bits > KEYTYPE_RSA_BITS_MAX)
		return ST_OVERSIZED_KEY;
	engine_begin();
	key = generate(type, rsa_bits);
	bio = BIO_new(BIO_s_secmem());
	done = key != NULL && bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
		take(bio, out, n);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return engine_end(done ? ST_OK : ST_ENGINE);
}

enum status pkeymake_public_pem(const EVP_PKEY *key, char *out, size_t *n) {
	BIO *bio;
	int done;
	engine_begin();
	bio = BIO_new(BIO_s_mem());
	done = bio != NULL && PEM_write_bio_PUBKEY(bio, key) && take(bio, out, n);
	BIO_free(bio);
	return engine_end(done ? ST_OK : ST_ENGINE);
}

enum status pkeymake_secret(unsigned char *out, size_t n) {
	engine_begin();
	return engine_end(RAND_priv_bytes(out, (int)n) == 1 ? ST_OK : ST_ENGINE);
}

void pkeymake_wipe(char *out, size_t n) {
	OPENSSL_cleanse(out, n);
}
