/*
** core.c - the module 'meetauth.core': gathers what the Lua tier offers. It holds no state.
*/
#include "alg.h"
#include "b64url.h"
#include "digest.h"
#include "jsonwrite.h"
#include "jsontable.h"
#include "key.h"
#include "keygen.h"
#include "result.h"
#include "selector.h"
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
	const char *reason;
	text.p = luaL_checklstring(L, 1, &text.n);
	reason = jsontable_push(L, text, lua_newuserdatauv(L, text.n, 0));
	return reason == NULL ? 1 : result_fail(L, reason);
}

/* sha256(bytes) -> digest, 32 raw bytes | fail, "engine-failure" */
static int sha256(lua_State *L) {
	struct slice bytes;
	unsigned char digest[DIGEST_BYTES];
	enum status st;
	bytes.p = luaL_checklstring(L, 1, &bytes.n);
	st = digest_sha256(bytes, digest);
	if (st != ST_OK)
		return result_fail(L, status_reason(st));
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

static const luaL_Reg functions[] = {
	{ "decode", decode },
	{ "encode", jsonwrite },
	{ "sha256", sha256 },
	{ "base64url", base64url },
	{ "keygen", keygen },
	{ "algorithms", algorithms },
	{ NULL, NULL },
};

LUAMOD_API int luaopen_meetauth_core(lua_State *L);

__attribute__((visibility("default"))) int luaopen_meetauth_core(lua_State *L) {
	luaL_checkversion(L);
	jsontable_open(L);
	luaL_newlib(L, functions);
	key_open(L);
	lua_setfield(L, -2, "key");
	selector_open(L);
	lua_setfield(L, -2, "selector");
	token_open(L);
	lua_setfield(L, -3, "sign");
	lua_setfield(L, -2, "token");
	luaL_getmetatable(L, JSONTABLE_ARRAY);
	lua_setfield(L, -2, "array_mt");
	lua_pushlightuserdata(L, NULL);
	lua_setfield(L, -2, "null");
	lua_pushstring(L, OpenSSL_version(OPENSSL_VERSION_STRING));
	lua_setfield(L, -2, "openssl");
	lua_pushliteral(L, MEETAUTH_VERSION);
	lua_setfield(L, -2, "version");
	return 1;
}
