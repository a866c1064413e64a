/*
** floor.c - the floor that a verification is measured against, as the Lua module 'floor': one bare
** prepared OpenSSL operation, base64url, cjson.decode, four claim checks; nothing else. It is no
** verifier: one known header, no hardening, no check of what it is given. Benchmarks only.
*/
#include "../../src/b64url.h"
#include "../../src/ecdsader.h"

#include <dlfcn.h>
#include <lauxlib.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>
#include <time.h>

#define TOKEN_MAX 4096
#define SIGNATURE_MAX 512

enum kind { HMAC, HASHED, EDDSA };

struct floor {
	enum kind kind;
	int ecdsa;
	EVP_MAC_CTX *mac;
	EVP_MD *md;
	EVP_MD_CTX *hash, *ed;
	EVP_PKEY *key;
	EVP_PKEY_CTX *op;
};

static void must(lua_State *L, int ok) {
	if (!ok)
		luaL_error(L, "floor: OpenSSL failed");
}

static EVP_PKEY *read_pem(const char *pem, size_t n, int sign) {
	BIO *bio = BIO_new_mem_buf(pem, (int)n);
	EVP_PKEY *key = sign ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	return key;
}

/* Push a floor for 'alg' under the secret, the public key (to verify) or the private key (to sign). Never freed. */
static struct floor *prepare(lua_State *L, const char *alg, const char *material, size_t n, int sign) {
	struct floor *f = lua_newuserdatauv(L, sizeof *f, 0);
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0), OSSL_PARAM_END };
	memset(f, 0, sizeof *f);
	f->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	f->hash = EVP_MD_CTX_new();
	if (alg[0] == 'H') {
		f->kind = HMAC;
		f->mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
		must(L, EVP_MAC_init(f->mac, (const unsigned char *)material, n, params));
		return f;
	}
	f->key = read_pem(material, n, sign);
	must(L, f->key != NULL);
	if (alg[1] == 'd') {
		f->kind = EDDSA;
		f->ed = EVP_MD_CTX_new();
		must(L, (sign ? EVP_DigestSignInit : EVP_DigestVerifyInit)(f->ed, NULL, NULL, NULL, f->key));
		return f;
	}
	f->kind = HASHED;
	f->ecdsa = alg[0] == 'E';
	f->op = EVP_PKEY_CTX_new(f->key, NULL);
	must(L, (sign ? EVP_PKEY_sign_init : EVP_PKEY_verify_init)(f->op) > 0 && EVP_PKEY_CTX_set_signature_md(f->op, f->md) > 0);
	if (!f->ecdsa)
		must(L, EVP_PKEY_CTX_set_rsa_padding(f->op, alg[0] == 'P' ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) > 0);
	if (alg[0] == 'P')
		must(L, EVP_PKEY_CTX_set_rsa_pss_saltlen(f->op, RSA_PSS_SALTLEN_DIGEST) > 0);
	return f;
}

static int digest(struct floor *f, const char *p, size_t n, unsigned char *out) {
	return EVP_DigestInit_ex2(f->hash, f->md, NULL) && EVP_DigestUpdate(f->hash, p, n) &&
		EVP_DigestFinal_ex(f->hash, out, NULL);
}

static int tag(struct floor *f, const char *p, size_t n, unsigned char *out) {
	size_t len;
	return EVP_MAC_init(f->mac, NULL, 0, NULL) && EVP_MAC_update(f->mac, (const unsigned char *)p, n) &&
		EVP_MAC_final(f->mac, out, &len, 32);
}

static int is_good(struct floor *f, const char *input, size_t n, const unsigned char *sig, size_t nsig) {
	unsigned char h[64], der[ECDSADER_MAX];
	switch (f->kind) {
	case HMAC: return tag(f, input, n, h) && nsig == 32 && CRYPTO_memcmp(h, sig, 32) == 0;
	case EDDSA: return EVP_DigestVerify(f->ed, sig, nsig, (const unsigned char *)input, n) == 1;
	default:
		if (f->ecdsa) {
			nsig = ecdsader_of_raw(sig, 32, der);
			sig = der;
		}
		return digest(f, input, n, h) && EVP_PKEY_verify(f->op, sig, nsig, h, 32) == 1;
	}
}

/* exp, nbf, iss and aud of the table on top; iss and aud only where the upvalues 4 and 5 are strings. */
static int claims_fit(lua_State *L) {
	lua_Number now = (lua_Number)time(NULL);
	int fit = 1;
	lua_getfield(L, -1, "exp");
	fit = fit && now < lua_tonumber(L, -1);
	lua_getfield(L, -2, "nbf");
	fit = fit && now >= lua_tonumber(L, -1);
	lua_getfield(L, -3, "iss");
	fit = fit && (lua_isnil(L, lua_upvalueindex(4)) || lua_rawequal(L, -1, lua_upvalueindex(4)));
	lua_getfield(L, -4, "aud");
	fit = fit && (lua_isnil(L, lua_upvalueindex(5)) || lua_rawequal(L, -1, lua_upvalueindex(5)));
	lua_pop(L, 4);
	return fit;
}

/* upvalues: the floor, cjson.decode, the header's text, iss, aud */
static int verify(lua_State *L) {
	struct floor *f = lua_touserdata(L, lua_upvalueindex(1));
	unsigned char sig[SIGNATURE_MAX + 2], payload[TOKEN_MAX];
	size_t n, nhead, nsig, npayload;
	const char *t = luaL_checklstring(L, 1, &n), *head = lua_tolstring(L, lua_upvalueindex(3), &nhead);
	const char *d1 = memchr(t, '.', n), *d2 = d1 != NULL ? memchr(d1 + 1, '.', (size_t)(t + n - d1 - 1)) : NULL;
	if (n > TOKEN_MAX || d2 == NULL || memchr(d2 + 1, '.', (size_t)(t + n - d2 - 1)) != NULL)
		return 0;
	if ((size_t)(d1 - t) != nhead || memcmp(t, head, nhead) != 0)
		return 0;
	if (b64url_decoded_max((size_t)(t + n - d2 - 1)) > SIGNATURE_MAX + 2)
		return 0;
	nsig = b64url_decode((struct slice){ d2 + 1, (size_t)(t + n - d2 - 1) }, sig);
	if (nsig == B64URL_BAD || !is_good(f, t, (size_t)(d2 - t), sig, nsig))
		return 0;
	npayload = b64url_decode((struct slice){ d1 + 1, (size_t)(d2 - d1 - 1) }, payload);
	if (npayload == B64URL_BAD)
		return 0;
	lua_pushvalue(L, lua_upvalueindex(2));
	lua_pushlstring(L, (const char *)payload, npayload);
	lua_call(L, 1, 1);
	return claims_fit(L);
}

/* verifier(alg, material, decode, header_text [, iss, aud]) -> function (token) -> claims | nothing */
static int new_verifier(lua_State *L) {
	size_t n;
	const char *alg = luaL_checkstring(L, 1), *material = luaL_checklstring(L, 2, &n);
	lua_settop(L, 6);
	prepare(L, alg, material, n, 0);
	lua_pushvalue(L, 3);
	lua_pushvalue(L, 4);
	lua_pushvalue(L, 5);
	lua_pushvalue(L, 6);
	lua_pushcclosure(L, verify, 5);
	return 1;
}

static size_t sign_bytes(struct floor *f, const char *input, size_t n, unsigned char *sig) {
	unsigned char h[64], der[ECDSADER_MAX];
	size_t len = SIGNATURE_MAX;
	switch (f->kind) {
	case HMAC: return tag(f, input, n, sig) ? 32 : 0;
	case EDDSA: return EVP_DigestSign(f->ed, sig, &len, (const unsigned char *)input, n) == 1 ? len : 0;
	default:
		if (!f->ecdsa)
			return digest(f, input, n, h) && EVP_PKEY_sign(f->op, sig, &len, h, 32) == 1 ? len : 0;
		len = sizeof der;
		if (!digest(f, input, n, h) || EVP_PKEY_sign(f->op, der, &len, h, 32) != 1)
			return 0;
		return ecdsader_to_raw(der, len, 32, sig) ? 64 : 0;
	}
}

/* upvalues: the floor, cjson.encode, the header's text */
static int sign(lua_State *L) {
	struct floor *f = lua_touserdata(L, lua_upvalueindex(1));
	unsigned char sig[SIGNATURE_MAX];
	char out[TOKEN_MAX];
	size_t nhead, npayload, n, nsig;
	const char *head = lua_tolstring(L, lua_upvalueindex(3), &nhead), *payload;
	lua_pushvalue(L, lua_upvalueindex(2));
	lua_pushvalue(L, 1);
	lua_call(L, 1, 1);
	payload = lua_tolstring(L, -1, &npayload);
	n = nhead + 1 + b64url_encoded_len(npayload);
	if (n + 1 + b64url_encoded_len(SIGNATURE_MAX) > TOKEN_MAX)
		return luaL_error(L, "floor: too long");
	memcpy(out, head, nhead);
	out[nhead] = '.';
	b64url_encode((const unsigned char *)payload, npayload, out + nhead + 1);
	nsig = sign_bytes(f, out, n, sig);
	must(L, nsig != 0);
	out[n] = '.';
	b64url_encode(sig, nsig, out + n + 1);
	lua_pushlstring(L, out, n + 1 + b64url_encoded_len(nsig));
	return 1;
}

/* signer(alg, material, encode, header_text) -> function (claims) -> token */
static int new_signer(lua_State *L) {
	size_t n;
	const char *alg = luaL_checkstring(L, 1), *material = luaL_checklstring(L, 2, &n);
	lua_settop(L, 4);
	prepare(L, alg, material, n, 1);
	lua_pushvalue(L, 3);
	lua_pushvalue(L, 4);
	lua_pushcclosure(L, sign, 3);
	return 1;
}

/* cpu() -> seconds of CPU time of this process */
static int cpu(lua_State *L) {
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	lua_pushnumber(L, (lua_Number)ts.tv_sec + (lua_Number)ts.tv_nsec / 1e9);
	return 1;
}

/* heap() -> calls of malloc, calloc and realloc so far, bytes in use; nothing unless heapcount.so is preloaded */
static int heap(lua_State *L) {
	void (*count)(size_t *, size_t *);
	size_t calls, bytes;
	*(void **)&count = dlsym(RTLD_DEFAULT, "heapcount");
	if (count == NULL)
		return 0;
	count(&calls, &bytes);
	lua_pushinteger(L, (lua_Integer)calls);
	lua_pushinteger(L, (lua_Integer)bytes);
	return 2;
}

int luaopen_floor(lua_State *L);

int luaopen_floor(lua_State *L) {
	static const luaL_Reg functions[] = {
		{ "verifier", new_verifier },
		{ "signer", new_signer },
		{ "cpu", cpu },
		{ "heap", heap },
		{ NULL, NULL },
	};
	luaL_newlib(L, functions);
	return 1;
}
