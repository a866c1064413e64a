/*
** pkeyread.c - see pkeyread.h.
*/
#include "pkeyread.h"

#include "der.h"
#include "engine.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/x509.h>

/* Each reader of DER takes all of it or gives NULL. */

/* 'key' where all of the DER was read; else it is freed. */
static EVP_PKEY *whole(EVP_PKEY *key, const unsigned char *p, const unsigned char *end) {
	if (p == end)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

/* OpenSSL reads a negative modulus or exponent as a positive one: PKCS#1 is taken only where both are natural. */
static int is_canonical(struct slice pkcs1) {
	struct slice body, n, e;
	return der_take(&pkcs1, DER_SEQUENCE, &body) && pkcs1.n == 0 && der_take(&body, DER_INTEGER, &n) &&
		der_take(&body, DER_INTEGER, &e) && body.n == 0 && der_is_natural(n) && der_is_natural(e);
}

/* Told by its number, for which OpenSSL needs no memory; without one, it may be. */
static int may_be_rsa(const EVP_PKEY *key) {
	int id = EVP_PKEY_get_base_id(key);
	return id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS || id <= EVP_PKEY_NONE;
}

static EVP_PKEY *key_of_spki(const X509_PUBKEY *spki) {
	const unsigned char *bits = NULL;
	EVP_PKEY *key;
	int n = 0;
	if (spki == NULL || !X509_PUBKEY_get0_param(NULL, &bits, &n, NULL, spki))
		return NULL;
	key = X509_PUBKEY_get(spki);
	if (key == NULL || !may_be_rsa(key) || is_canonical((struct slice){ (const char *)bits, (size_t)n }))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *der_spki(const unsigned char *p, long n) {
	const unsigned char *end = p + n;
	X509_PUBKEY *spki = d2i_X509_PUBKEY(NULL, &p, n);
	EVP_PKEY *key = p == end ? key_of_spki(spki) : NULL;
	X509_PUBKEY_free(spki);
	return key;
}

static EVP_PKEY *der_pkcs1(const unsigned char *p, long n) {
	const unsigned char *end = p + n;
	EVP_PKEY *key = NULL;
	if (is_canonical((struct slice){ (const char *)p, (size_t)n }))
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, n);
	return whole(key, p, end);
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
	return whole(key, p, end);
}

static int is_encrypted_pkcs8(const unsigned char *p, long n) {
	X509_SIG *box = d2i_X509_SIG(NULL, &p, n);
	X509_SIG_free(box);
	return box != NULL;
}

/*
** ML-DSA (2.16.840.1.101.3.4.3.17 to 19): OpenSSL reads it from 3.5 on, and JWS has it (RFC 9964), but we do not.
** It is told before OpenSSL is asked, so that every version gives one reason.
*/
static enum status check_algorithm(struct slice der, int want_private) {
	static const char arc[] = "\x60\x86\x48\x01\x65\x03\x04\x03";
	struct slice oid;
	enum der_form form = der_form(der, &oid);
	if (form == DER_OTHER || oid.n != sizeof arc || memcmp(oid.p, arc, sizeof arc - 1) != 0 || oid.p[oid.n - 1] < 17 ||
		oid.p[oid.n - 1] > 19)
		return ST_OK;
	if ((form == DER_PRIVATE_KEY) == want_private)
		return ST_UNKNOWN_ALGORITHM;
	return want_private ? ST_NOT_PRIVATE : ST_NOT_PUBLIC;
}

struct block {
	const char *label; /* between "-----BEGIN " and "-----" */
	EVP_PKEY *(*read)(const unsigned char *der, long n);
	int is_private;
};

static const struct block blocks[] = {
	{ "PUBLIC KEY", der_spki, 0 },
	{ "RSA PUBLIC KEY", der_pkcs1, 0 },
	{ "CERTIFICATE", der_certificate, 0 },
	{ "PRIVATE KEY", der_private, 1 },
	{ "RSA PRIVATE KEY", der_private, 1 },
	{ "EC PRIVATE KEY", der_private, 1 },
	{ "ENCRYPTED PRIVATE KEY", NULL, 1 },
};

static const struct block *block_find(const char *label) {
	static const struct block other_private = { "", NULL, 1 };
	static const char suffix[] = "PRIVATE KEY";
	size_t i, n = strlen(label);
	for (i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (strcmp(blocks[i].label, label) == 0)
			return &blocks[i];
	if (n >= sizeof suffix - 1 && strcmp(label + n - (sizeof suffix - 1), suffix) == 0)
		return &other_private; /* OpenSSH's and DSA's: not read, but no part of a public key */
	return NULL;
}

/*
** Read one PEM block into *key if none was read before and it is of the kind asked for.
** Returns what reading it says of the whole text: ST_OK to go on.
*/
static enum status read_block(
	EVP_PKEY **key, const char *label, const char *header, const unsigned char *der, long n, int want_private) {
	const struct block *b = block_find(label);
	enum status st;
	if (b == NULL) /* parameters, requests, comments: not keys */
		return ST_OK;
	if (b->is_private && !want_private)
		return ST_NOT_PUBLIC;
	if (b->read == NULL && *b->label == '\0')
		return ST_BAD_KEY;
	if (b->read == NULL || *header != '\0') /* RFC 1421 headers: "Proc-Type: 4,ENCRYPTED" */
		return ST_ENCRYPTED_KEY;
	if (*key != NULL || b->is_private != want_private)
		return ST_OK;
	st = check_algorithm((struct slice){ (const char *)der, (size_t)n }, want_private);
	if (st != ST_OK)
		return st;
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

/* A public key in DER, of any form. */
static EVP_PKEY *der_public(const unsigned char *p, long n) {
	EVP_PKEY *key = der_spki(p, n);
	if (key == NULL)
		key = der_certificate(p, n);
	return key != NULL ? key : der_pkcs1(p, n);
}

static enum status read_der(EVP_PKEY **out, struct slice material, int want_private) {
	const unsigned char *p = (const unsigned char *)material.p;
	long n = (long)material.n;
	EVP_PKEY *key;
	enum status st = check_algorithm(material, want_private);
	if (st != ST_OK)
		return st;
	key = der_private(p, n);
	st = key == NULL ? ST_BAD_KEY : want_private ? ST_OK : ST_NOT_PUBLIC;
	if (st == ST_BAD_KEY && is_encrypted_pkcs8(p, n))
		st = want_private ? ST_ENCRYPTED_KEY : ST_NOT_PUBLIC;
	if (st == ST_BAD_KEY) {
		key = der_public(p, n);
		st = key == NULL ? ST_BAD_KEY : want_private ? ST_NOT_PRIVATE : ST_OK;
	}
	if (st == ST_OK)
		*out = key;
	else
		EVP_PKEY_free(key);
	return st;
}

static int contains(struct slice in, const char *what) {
	size_t n = strlen(what), i;
	for (i = 0; i + n <= in.n; i++)
		if (memcmp(in.p + i, what, n) == 0)
			return 1;
	return 0;
}

static enum status read_key(EVP_PKEY **out, struct slice material, const struct keytype *type, int want_private) {
	enum status st;
	if (material.n > PKEYREAD_MAX)
		return ST_OVERSIZED_KEY;
	if (!want_private && contains(material, "PRIVATE KEY-----")) /* wherever, and however damaged */
		return ST_NOT_PUBLIC;
	engine_begin();
	st = (contains(material, "-----BEGIN ") ? read_pem : read_der)(out, material, want_private);
	return engine_verdict(st, type);
}

enum status pkeyread_public(EVP_PKEY **out, struct slice material, const struct keytype *type) {
	return read_key(out, material, type, 0);
}

enum status pkeyread_private(EVP_PKEY **out, struct slice material, const struct keytype *type) {
	return read_key(out, material, type, 1);
}
