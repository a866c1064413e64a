/*
** core.c - the module 'meetauth.core': gathers what the Lua tier offers.
*/
#include "alg.h"
#include "b64url.h"
#include "digest.h"
#include "engine.h"
#include "jsonwrite.h"
#include "jsontable.h"
#include "key.h"
#include "keygen.h"
#include "result.h"
#include "selector.h"
#include "sign.h"
#include "token.h"
#include "version.h"

#include <lauxlib.h>
#include <openssl/crypto.h>

/*
** decode(text) -> value | fail, reason
** Strict JSON (json.h). reason: "bad-json", "duplicate-member".
*/
static int decode(lua_State *L) {
	struct slice text;
	enum status st;
	text.p = luaL_checklstring(L, 1, &text.n);
	st = jsontable_push(L, text, lua_newuserdatauv(L, text.n, 0));
	return st == ST_OK ? 1 : result_fail(L, st);
}

/* sha256(bytes) -> digest, 32 raw bytes | fail, "engine-failure" */
static int sha256(lua_State *L) {
	struct slice bytes;
	unsigned char digest[DIGEST_SHA256_BYTES];
	enum status st;
	bytes.p = luaL_checklstring(L, 1, &bytes.n);
	st = digest_sha256(bytes, digest);
	if (st != ST_OK)
		return result_fail(L, st);
	lua_pushlstring(L, (const char *)digest, sizeof digest);
	return 1;
}

/* base64url(bytes) -> text, without padding */
static int base64url(lua_State *L) {
	size_t n;
	const char *bytes = luaL_checklstring(L, 1, &n);
	luaL_Buffer b;
	b64url_encode((const unsigned char *)bytes, n, luaL_buffinitsize(L, &b, b64url_encoded_len(n)));
	luaL_pushresultsize(&b, b64url_encoded_len(n));
	return 1;
}

/* algorithms() -> list of names, in the order of RFC 7518 3.1 */
static int algorithms(lua_State *L) {
	size_t i;
	lua_newtable(L);
	for (i = 0; alg_at(i) != NULL; i++) {
		lua_pushstring(L, alg_at(i)->name);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* engine_words() -> text | nil: OpenSSL's words for the last "engine-failure", none where there was none */
static int words(lua_State *L) {
	const char *text = engine_words();
	lua_pushstring(L, *text != '\0' ? text : NULL);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "decode", decode },
	{ "encode", jsonwrite },
	{ "sha256", sha256 },
	{ "base64url", base64url },
	{ "keygen", keygen },
	{ "algorithms", algorithms },
	{ "engine_words", words },
	{ NULL, NULL },
};

LUAMOD_API int luaopen_meetauth_core(lua_State *L);

__attribute__((visibility("default"))) int luaopen_meetauth_core(lua_State *L) {
	luaL_checkversion(L);
	jsontable_open(L);
	luaL_newlib(L, functions);                                  /* core */
	key_open(L);                                                /* core, key */
	lua_setfield(L, -2, "key");                                 /* core */
	selector_open(L);                                           /* core, selector */
	lua_setfield(L, -2, "selector");                            /* core */
	token_open(L);                                              /* core, token */
	lua_setfield(L, -2, "token");                               /* core */
	sign_open(L);                                               /* core, sign */
	lua_setfield(L, -2, "sign");                                /* core */
	luaL_getmetatable(L, JSONTABLE_ARRAY);                      /* core, mt */
	lua_setfield(L, -2, "array_mt");                            /* core */
	lua_pushlightuserdata(L, NULL);                             /* core, null */
	lua_setfield(L, -2, "null");                                /* core */
	lua_pushstring(L, OpenSSL_version(OPENSSL_VERSION_STRING)); /* core, version of libcrypto */
	lua_setfield(L, -2, "openssl");                             /* core */
	lua_pushliteral(L, MEETAUTH_VERSION);                       /* core, version */
	lua_setfield(L, -2, "version");                             /* core */
	return 1;
}
