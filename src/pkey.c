/*
** pkey.c - see pkey.h.
*/
#include "pkey.h"

#include "edpoint.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/x509.h>
#include <string.h>

/* Each of these takes all of the DER or gives NULL. */

/*
** OpenSSL reads a negative modulus or exponent as a positive one: an RSA key is taken only if it is
** written the way it would be written again. Frees 'key' where it is not.
*/
static EVP_PKEY *only_canonical(EVP_PKEY *key, const unsigned char *pkcs1, long n) {
	unsigned char *again = NULL;
	int m, same, id = key != NULL ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
	if (key == NULL || (id != EVP_PKEY_RSA && id > EVP_PKEY_NONE)) /* is_a says no where memory is short, too */
		return key;
	m = i2d_PublicKey(key, &again);
	same = m == n && memcmp(again, pkcs1, (size_t)n) == 0;
	OPENSSL_free(again);
	if (same)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *key_of_spki(const X509_PUBKEY *spki) {
	const unsigned char *bits = NULL;
	int n = 0;
	if (spki == NULL || !X509_PUBKEY_get0_param(NULL, &bits, &n, NULL, spki))
		return NULL;
	return only_canonical(X509_PUBKEY_get(spki), bits, n);
}

static EVP_PKEY *der_spki(const unsigned char *p, long n) {
	const unsigned char *end = p + n;
	X509_PUBKEY *spki = d2i_X509_PUBKEY(NULL, &p, n);
	EVP_PKEY *key = p == end ? key_of_spki(spki) : NULL;
	X509_PUBKEY_free(spki);
	return key;
}

static EVP_PKEY *der_pkcs1(const unsigned char *p, long n) {
	const unsigned char *from = p, *end = p + n;
	EVP_PKEY *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, n);
	if (key != NULL && p != end) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return only_canonical(key, from, n);
}

static EVP_PKEY *der_certificate(const unsigned char *p, long n) {
	const unsigned char *end = p + n;
	X509 *cert = d2i_X509(NULL, &p, n);
	EVP_PKEY *key = cert != NULL && p == end ? key_of_spki(X509_get_X509_PUBKEY(cert)) : NULL;
	X509_free(cert);
	return key;
}

/* PKCS#8, PKCS#1 or SEC1: the structure tells which. */
static EVP_PKEY *der_private(const unsigned char *p, long n) {
	const unsigned char *end = p + n;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, n);
	if (key != NULL && p != end) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

static int is_encrypted_pkcs8(const unsigned char *p, long n) {
	X509_SIG *box = d2i_X509_SIG(NULL, &p, n);
	X509_SIG_free(box);
	return box != NULL;
}

struct block {
	const char *label;                                   /* between "-----BEGIN " and "-----" */
	EVP_PKEY *(*read)(const unsigned char *der, long n); /* NULL: a private key that is not read */
	int is_private;
};

static const struct block blocks[] = {
	{ "PUBLIC KEY", der_spki, 0 },
	{ "RSA PUBLIC KEY", der_pkcs1, 0 },
	{ "CERTIFICATE", der_certificate, 0 },
	{ "PRIVATE KEY", der_private, 1 },
	{ "RSA PRIVATE KEY", der_private, 1 },
	{ "EC PRIVATE KEY", der_private, 1 },
	{ .label = "ENCRYPTED PRIVATE KEY" },
};

static const struct block *block_find(const char *label) {
	static const struct block other_private = { .label = "" };
	static const char suffix[] = "PRIVATE KEY";
	size_t i, n = strlen(label);
	for (i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (strcmp(blocks[i].label, label) == 0)
			return &blocks[i];
	if (n >= sizeof suffix - 1 && strcmp(label + n - (sizeof suffix - 1), suffix) == 0)
		return &other_private; /* OpenSSH's and DSA's */
	return NULL;
}

/*
** Read one PEM block into *key if none was read before and it is of the kind asked for.
** Returns what reading it says of the whole text: ST_OK to go on. A private block where a public key is asked for
** does not come here: read_key has seen its label.
*/
static enum status read_block(
	EVP_PKEY **key, const char *label, const char *header, const unsigned char *der, long n, int want_private) {
	const struct block *b = block_find(label);
	if (b == NULL) /* parameters, requests, comments: not keys */
		return ST_OK;
	if (b->read == NULL && *b->label == '\0')
		return ST_BAD_KEY;
	if (b->read == NULL || *header != '\0') /* RFC 1421 headers: "Proc-Type: 4,ENCRYPTED" */
		return ST_ENCRYPTED_KEY;
	if (*key != NULL || b->is_private != want_private)
		return ST_OK;
	*key = b->read(der, n);
	return *key != NULL ? ST_OK : ST_BAD_KEY;
}

static enum status read_pem(EVP_PKEY **out, struct slice text, int want_private) {
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	enum status st = bio != NULL ? ST_OK : ST_ENGINE;
	EVP_PKEY *key = NULL;
	char *label = NULL, *header = NULL;
	unsigned char *der = NULL;
	long n = 0;
	int blocks_seen = 0;
	while (st == ST_OK && PEM_read_bio(bio, &label, &header, &der, &n) == 1) {
		blocks_seen = 1;
		st = read_block(&key, label, header, der, n, want_private);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_clear_free(der, (size_t)n);
	}
	if (st == ST_OK && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		st = ST_BAD_KEY; /* a block that is damaged, not the end of the text */
	if (st == ST_OK && key == NULL)
		st = blocks_seen && want_private ? ST_NOT_PRIVATE : ST_BAD_KEY;
	if (st == ST_OK)
		*out = key;
	else
		EVP_PKEY_free(key);
	BIO_free(bio);
	return st;
}

static enum status read_der(EVP_PKEY **out, struct slice material, int want_private) {
	const unsigned char *p = (const unsigned char *)material.p;
	long n = (long)material.n;
	EVP_PKEY *private_key = der_private(p, n), *public_key = NULL;
	if (private_key != NULL && want_private) {
		*out = private_key;
		return ST_OK;
	}
	if (private_key != NULL) {
		EVP_PKEY_free(private_key);
		return ST_NOT_PUBLIC;
	}
	public_key = der_spki(p, n);
	if (public_key == NULL)
		public_key = der_certificate(p, n);
	if (public_key == NULL)
		public_key = der_pkcs1(p, n);
	if (public_key == NULL)
		return is_encrypted_pkcs8(p, n) ? want_private ? ST_ENCRYPTED_KEY : ST_NOT_PUBLIC : ST_BAD_KEY;
	if (want_private) {
		EVP_PKEY_free(public_key);
		return ST_NOT_PRIVATE;
	}
	*out = public_key;
	return ST_OK;
}

static const char *find(struct slice in, const char *what) {
	size_t n = strlen(what), i;
	for (i = 0; i + n <= in.n; i++)
		if (memcmp(in.p + i, what, n) == 0)
			return in.p + i;
	return NULL;
}

static enum status read_key(EVP_PKEY **out, struct slice material, int want_private) {
	enum status st;
	if (material.n > PKEY_MATERIAL_MAX)
		return ST_OVERSIZED_KEY;
	if (!want_private && find(material, "PRIVATE KEY-----") != NULL) /* wherever, and however damaged */
		return ST_NOT_PUBLIC;
	ERR_set_mark();
	st = find(material, "-----BEGIN ") ? read_pem(out, material, want_private) : read_der(out, material, want_private);
	ERR_pop_to_mark();
	return st;
}

enum status pkey_read_public(EVP_PKEY **out, struct slice material) {
	return read_key(out, material, 0);
}

enum status pkey_read_private(EVP_PKEY **out, struct slice material) {
	return read_key(out, material, 1);
}

/* The bytes of the DER value at 'in' with its tag and length, or 0 where it does not fit (X.690 8.1.3). */
static size_t der_length(struct slice in) {
	const unsigned char *p = (const unsigned char *)in.p;
	size_t n, head = 2;
	if (in.n < 2)
		return 0;
	n = p[1];
	if (n > 0x80 && n <= 0x83 && in.n >= 2 + (n & 3)) {
		head += n & 3;
		for (n = 0, p += 2; p < (const unsigned char *)in.p + head; p++)
			n = n << 8 | *p;
	} else if (n >= 0x80) {
		return 0;
	}
	return n <= in.n - head ? head + n : 0;
}

/*
** 1 where all of 'bytes' are a SEQUENCE that begins with a SEQUENCE or an INTEGER, as every key and
** certificate is. Needs no memory, so that a key is no secret where there is none.
*/
static int is_like_der_key(struct slice bytes) {
	size_t whole = der_length(bytes), head;
	struct slice first;
	if (whole == 0 || whole != bytes.n || bytes.p[0] != 0x30)
		return 0;
	head = 2 + (bytes.p[1] & 0x80 ? bytes.p[1] & 3 : 0);
	first = (struct slice){ bytes.p + head, bytes.n - head };
	return der_length(first) != 0 && (first.p[0] == 0x30 || first.p[0] == 0x02);
}

int pkey_looks_like_key(struct slice bytes) {
	static const char *const ssh[] = { "ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-" };
	EVP_PKEY *key = NULL;
	size_t i;
	int looks;
	while (bytes.n > 0 && strchr(" \t\r\n", bytes.p[0]) != NULL && bytes.p[0] != '\0') {
		bytes.p++;
		bytes.n--;
	}
	for (i = 0; i < sizeof ssh / sizeof *ssh; i++)
		if (bytes.n > strlen(ssh[i]) && memcmp(bytes.p, ssh[i], strlen(ssh[i])) == 0)
			return 1;
	if (find(bytes, "-----BEGIN ") != NULL || (bytes.n > 0 && bytes.p[0] == '{' && find(bytes, "\"kty\"") != NULL))
		return 1;
	if (is_like_der_key(bytes))
		return 1;
	if (bytes.n == 0 || bytes.p[0] != 0x30 || bytes.n > PKEY_MATERIAL_MAX)
		return 0;
	ERR_set_mark();
	looks = read_der(&key, bytes, 0) != ST_BAD_KEY;
	ERR_pop_to_mark();
	EVP_PKEY_free(key);
	return looks;
}

const struct alg *pkey_alg(const EVP_PKEY *key) {
	char group[32] = "";
	const struct alg *alg;
	size_t i;
	ERR_set_mark();
	EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL);
	ERR_pop_to_mark();
	for (i = 0; (alg = alg_at(i)) != NULL; i++) {
		if (alg->family == ALG_ECDSA && strcmp(alg->group, group) == 0)
			return alg;
		if (alg->family == ALG_EDDSA && (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448")))
			return alg;
	}
	return NULL;
}

static enum status check_rsa(const EVP_PKEY *key) {
	BIGNUM *n = NULL, *e = NULL;
	enum status st = ST_OK;
	if (!EVP_PKEY_is_a(key, "RSA"))
		return ST_KEY_TYPE_MISMATCH;
	if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) ||
		!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e))
		st = ST_BAD_KEY;
	else if (BN_num_bits(n) < PKEY_RSA_BITS_MIN)
		st = ST_WEAK_KEY;
	else if (BN_num_bits(n) > PKEY_RSA_BITS_MAX)
		st = ST_OVERSIZED_KEY;
	else if (BN_is_negative(n) || !BN_is_odd(n))
		st = ST_BAD_KEY;
	else if (BN_is_negative(e) || !BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > 64)
		st = ST_BAD_EXPONENT;
	BN_free(n);
	BN_free(e);
	return st;
}

static enum status check_ec(const EVP_PKEY *key, const struct alg *alg) {
	char name[32] = "", encoding[32] = "";
	EVP_PKEY_CTX *ctx;
	int valid;
	if (!EVP_PKEY_is_a(key, "EC"))
		return ST_KEY_TYPE_MISMATCH;
	if (!EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, NULL) ||
		strcmp(name, alg->group) != 0)
		return ST_CURVE_MISMATCH;
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

static enum status check_ed(const EVP_PKEY *key) {
	unsigned char point[EDPOINT_MAX];
	size_t n = sizeof point;
	if (!EVP_PKEY_is_a(key, "ED25519") && !EVP_PKEY_is_a(key, "ED448"))
		return ST_KEY_TYPE_MISMATCH;
	if (!EVP_PKEY_get_raw_public_key(key, point, &n))
		return ST_BAD_KEY;
	return edpoint_check(point, n);
}

enum status pkey_check(const EVP_PKEY *key, const struct alg *alg) {
	enum status st = ST_KEY_TYPE_MISMATCH;
	ERR_set_mark();
	switch (alg->family) {
	case ALG_RSA:
	case ALG_PSS: st = check_rsa(key); break;
	case ALG_ECDSA: st = check_ec(key, alg); break;
	case ALG_EDDSA: st = check_ed(key); break;
	case ALG_HMAC: break;
	}
	ERR_pop_to_mark();
	return st;
}
