/*
** jwk.c - fuzz target of src/jwk.c: members to key and back. The input is a byte that names kty and crv, then
** the other members in the order of enum jwk_member, each a length byte (0: absent), a second one where the first
** is 255, and bytes; the form byte says whether these are the member's text or are encoded first.
*/
#include "fuzz.h"

#include "alg.h"
#include "b64url.h"
#include "jwk.h"
#include "pkey.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

static const struct {
	const char *kty, *crv;
} kinds[] = { { "RSA", NULL }, { "EC", "P-256" }, { "EC", "P-384" }, { "EC", "P-521" }, { "EC", "secp256k1" },
	{ "OKP", "Ed25519" }, { "OKP", "Ed448" }, { "oct", NULL }, { "OKP", "X25519" }, { "EC", "Ed25519" }, { "", "" } };

enum { TEXT = 0x80 };

struct input {
	const uint8_t *p, *end;
	int is_text;
};

static struct slice literal(const char *s) {
	return (struct slice){ s, s != NULL ? strlen(s) : 0 };
}

/* The next member in a block of exactly its size; freed by the caller. */
static struct slice next_member(struct input *in) {
	size_t n = in->p < in->end ? *in->p++ : 0, left;
	char *block;
	if (n == 255 && in->p < in->end)
		n += *in->p++ * (size_t)16;
	left = (size_t)(in->end - in->p);
	n = n < left ? n : left;
	if (n == 0)
		return (struct slice){ NULL, 0 };
	if (in->is_text) {
		block = copy_of(in->p, n);
		in->p += n;
		return (struct slice){ block, n };
	}
	block = exactly(b64url_encoded_len(n));
	b64url_encode(in->p, n, block);
	in->p += n;
	return (struct slice){ block, b64url_encoded_len(n) };
}

static void must_be(struct slice member, const unsigned char *bytes, size_t n) {
	unsigned char *decoded = exactly(b64url_decoded_max(member.n));
	size_t m = b64url_decode(member, decoded), skip = 0;
	MUST(m != B64URL_BAD && m >= n);
	while (skip < m - n && decoded[skip] == 0) /* an exponent may have zeros in front, a modulus not */
		skip++;
	MUST(m - skip == n && memcmp(decoded + skip, bytes, n) == 0);
	free(decoded);
}

/* What is written of a key that was read is what stood there. */
static void check_round_trip(const struct jwk *jwk, const EVP_PKEY *key) {
	static struct jwk_public pub;
	int is_rsa = strcmp(jwk->member[JWK_KTY].p, "RSA") == 0;
	MUST(jwk_of_pkey(key, &pub) == ST_OK);
	MUST(strcmp(pub.kty, jwk->member[JWK_KTY].p) == 0);
	MUST(!is_rsa || pub.nfirst == b64url_decoded_max(jwk->member[JWK_N].n) - 2 + jwk->member[JWK_N].n % 4 * 3 / 4);
	MUST(is_rsa || strcmp(pub.crv, jwk->member[JWK_CRV].p) == 0);
	must_be(jwk->member[is_rsa ? JWK_N : JWK_X], pub.first, pub.nfirst);
	if (pub.nsecond != 0)
		must_be(jwk->member[is_rsa ? JWK_E : JWK_Y], pub.second, pub.nsecond);
}

static void check_key(const struct jwk *jwk, const EVP_PKEY *key) {
	const struct alg *alg;
	size_t i;
	int fits = 0;
	for (i = 0; (alg = alg_at(i)) != NULL; i++)
		fits |= pkey_check(key, keytype_of(key), alg, 0) == ST_OK;
	if (fits)
		check_round_trip(jwk, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct input in = { data + 1, data + size, size > 0 && (data[0] & TEXT) != 0 };
	size_t kind = size > 0 ? (data[0] & 0x7Fu) % (sizeof kinds / sizeof *kinds) : 0, i, n = 0;
	struct jwk jwk;
	EVP_PKEY *key = NULL;
	unsigned char *secret = NULL;
	if (size == 0)
		return 0;
	jwk.member[JWK_KTY] = literal(kinds[kind].kty);
	jwk.member[JWK_CRV] = literal(kinds[kind].crv);
	for (i = JWK_K; i < JWK_MEMBERS; i++)
		jwk.member[i] = next_member(&in);
	if (jwk_to_pkey(&key, &jwk) == ST_OK) {
		check_key(&jwk, key);
		EVP_PKEY_free(key);
	}
	if (jwk_to_secret(&secret, &n, &jwk) == ST_OK) {
		MUST(n > 0 && n <= JWK_MEMBER_MAX + 2);
		OPENSSL_clear_free(secret, n);
	}
	MUST(ERR_peek_error() == 0);
	for (i = JWK_K; i < JWK_MEMBERS; i++)
		free((char *)(uintptr_t)jwk.member[i].p);
	return 0;
}
