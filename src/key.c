/*
** key.c - see key.h. Checks arguments, owns the box, turns statuses into results.
*/
#include "key.h"

#include "pkey.h"
#include "result.h"
#include "udata.h"

#include <lauxlib.h>

struct sig_key *key_check(lua_State *L, int arg, int upvalue) {
	struct sig_key **box = udata_check(L, arg, upvalue, KEY_MT);
	luaL_argcheck(L, *box != NULL, arg, "closed key");
	return *box;
}

enum kind { SECRET, PUBLIC, PRIVATE };

static enum status load(
	struct sig_key **box, const struct alg *alg, enum kind kind, struct slice material, int weak_allowed) {
	EVP_PKEY *pkey = NULL;
	enum status st;
	if ((alg->family == ALG_HMAC) != (kind == SECRET))
		return kind == SECRET ? ST_KEY_TYPE_MISMATCH : ST_NOT_SECRET;
	if (kind == SECRET)
		return sig_of_secret(box, alg, material, weak_allowed);
	st = kind == PRIVATE ? pkey_read_private(&pkey, material) : pkey_read_public(&pkey, material);
	return st == ST_OK ? sig_of_pkey(box, alg, pkey, kind == PRIVATE) : st;
}

/*
** key(alg, kind, material [, kid [, weak]]) -> key | fail, reason
** alg: a JWS name such as "RS256" (RFC 7518 3.1).
** kind: "secret" (material is the HMAC secret's raw bytes), "public" or "private" (PEM or DER).
** kid: kept for key:kid(). weak: a secret shorter than its hash is accepted.
** reason: "unknown-algorithm" or a word of status.h.
*/
static int key_new(lua_State *L) {
	static const char *const kinds[] = { "secret", "public", "private", NULL };
	size_t nalg, n;
	const char *name = luaL_checklstring(L, 1, &nalg);
	const struct alg *alg = alg_find(name, nalg);
	enum kind kind = (enum kind)luaL_checkoption(L, 2, NULL, kinds);
	const char *material = luaL_checklstring(L, 3, &n);
	int weak = lua_toboolean(L, 5);
	struct sig_key **box;
	enum status st;
	luaL_optstring(L, 4, NULL);
	lua_settop(L, 5);
	if (alg == NULL)
		return result_fail(L, "unknown-algorithm");
	box = lua_newuserdatauv(L, sizeof *box, 1);
	*box = NULL; /* fit for __gc before it owns anything */
	luaL_setmetatable(L, KEY_MT);
	lua_pushvalue(L, 4);
	lua_setiuservalue(L, -2, 1);
	st = load(box, alg, kind, (struct slice){ material, n }, weak);
	return st == ST_OK ? 1 : result_fail(L, status_reason(st));
}

/* key:alg() -> string */
static int key_alg(lua_State *L) {
	lua_pushstring(L, sig_alg(key_check(L, 1, 1))->name);
	return 1;
}

/* key:kid() -> string | nil */
static int key_kid(lua_State *L) {
	key_check(L, 1, 1);
	lua_getiuservalue(L, 1, 1);
	return 1;
}

/* key:can_sign() -> boolean */
static int key_can_sign(lua_State *L) {
	lua_pushboolean(L, sig_can_sign(key_check(L, 1, 1)));
	return 1;
}

static int key_release(lua_State *L) { /* __gc and __close: safe to run twice */
	struct sig_key **box = luaL_checkudata(L, 1, KEY_MT);
	sig_free(*box);
	*box = NULL;
	return 0;
}

/* Names the algorithm, never the material. */
static int key_tostring(lua_State *L) {
	lua_pushfstring(L, KEY_MT " (%s)", sig_alg(key_check(L, 1, 1))->name);
	return 1;
}

static const luaL_Reg methods[] = {
	{ "alg", key_alg },
	{ "kid", key_kid },
	{ "can_sign", key_can_sign },
	{ NULL, NULL },
};

static const luaL_Reg metamethods[] = {
	{ "__gc", key_release },
	{ "__close", key_release },
	{ "__tostring", key_tostring },
	{ NULL, NULL },
};

void key_open(lua_State *L) {
	luaL_newmetatable(L, KEY_MT);
	lua_pushvalue(L, -1);
	luaL_setfuncs(L, metamethods, 1);
	luaL_newlibtable(L, methods);
	lua_pushvalue(L, -2);
	luaL_setfuncs(L, methods, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	lua_pushcfunction(L, key_new);
}
