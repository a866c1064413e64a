/*
** pkeymake.c - see pkeymake.h.
*/
#include "pkeymake.h"

#include "pkey.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <string.h>

static EVP_PKEY *generate(const struct alg *alg, int rsa_bits, int ed448) {
	switch (alg->family) {
	case ALG_RSA:
	case ALG_PSS: return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)rsa_bits);
	case ALG_ECDSA: return EVP_PKEY_Q_keygen(NULL, NULL, "EC", alg->group);
	case ALG_EDDSA: return EVP_PKEY_Q_keygen(NULL, NULL, ed448 ? "ED448" : "ED25519");
	default: return NULL;
	}
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

enum status pkeymake_private_pem(const struct alg *alg, int rsa_bits, int ed448, char *out, size_t *n) {
	int is_rsa = alg->family == ALG_RSA || alg->family == ALG_PSS, done;
	EVP_PKEY *key;
	BIO *bio;
	if (alg->family == ALG_HMAC)
		return ST_KEY_TYPE_MISMATCH;
	if (is_rsa && rsa_bits < PKEY_RSA_BITS_MIN)
		return ST_WEAK_KEY;
	if (is_rsa && rsa_bits > PKEY_RSA_BITS_MAX)
		return ST_OVERSIZED_KEY;
	ERR_set_mark();
	key = generate(alg, rsa_bits, ed448);
	bio = BIO_new(BIO_s_secmem());
	done = key != NULL && bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
		take(bio, out, n);
	BIO_free(bio);
	EVP_PKEY_free(key);
	ERR_pop_to_mark();
	return done ? ST_OK : ST_ENGINE;
}

enum status pkeymake_public_pem(const EVP_PKEY *key, char *out, size_t *n) {
	BIO *bio;
	int done;
	ERR_set_mark();
	bio = BIO_new(BIO_s_mem());
	done = bio != NULL && PEM_write_bio_PUBKEY(bio, key) && take(bio, out, n);
	BIO_free(bio);
	ERR_pop_to_mark();
	return done ? ST_OK : ST_ENGINE;
}

enum status pkeymake_secret(unsigned char *out, size_t n) {
	return RAND_priv_bytes(out, (int)n) == 1 ? ST_OK : ST_ENGINE;
}

void pkeymake_wipe(char *out, size_t n) {
	OPENSSL_cleanse(out, n);
}
