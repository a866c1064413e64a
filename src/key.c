/*
** key.c - see key.h. Checks arguments, owns the box, turns statuses into results.
** Every allocation can run a finaliser, which may close any key: boxes are made first, keys checked last.
*/
#include "key.h"

#include "b64url.h"
#include "pkeymake.h"
#include "result.h"
#include "sigcache.h"
#include "udata.h"

#include <lauxlib.h>

enum { KID = 1 }; /* user value of a key */

struct sig_key *key_check(lua_State *L, int arg, int upvalue) {
	struct sig_key **box = udata_check(L, arg, upvalue, KEY_MT);
	luaL_argcheck(L, *box != NULL, arg, "closed key");
	return *box;
}

enum kind { SECRET, PUBLIC, PRIVATE, JWK };

/*
** The string members of the table at 'arg', absent where there are none. They stay on the stack, all of them: a
** table can make them again each time that it is asked.
*/
static void check_jwk(lua_State *L, int arg, struct jwk *jwk) {
	int i;
	luaL_checktype(L, arg, LUA_TTABLE);
	luaL_checkstack(L, JWK_MEMBERS, NULL);
	for (i = 0; i < JWK_MEMBERS; i++) {
		jwk->member[i] = (struct slice){ NULL, 0 };
		if (lua_getfield(L, arg, jwk_names[i]) == LUA_TSTRING)
			jwk->member[i].p = lua_tolstring(L, -1, &jwk->member[i].n);
	}
}

/* Push a key with an empty box and its kid (the value at 'kid'); the box is fit for __gc. */
static struct sig_key **push_box(lua_State *L, int kid) {
	struct sig_key **box = lua_newuserdatauv(L, sizeof *box, 1);
	*box = NULL;
	luaL_setmetatable(L, KEY_MT);
	lua_pushvalue(L, kid);
	lua_setiuservalue(L, -2, KID);
	return box;
}

static size_t check_slots(lua_State *L, int arg) {
	lua_Integer slots = luaL_optinteger(L, arg, 0);
	luaL_argcheck(L, slots >= 0 && slots <= SIGCACHE_SLOTS_MAX, arg, "out of range");
	return (size_t)slots;
}

static enum status load_secret(struct sig_key **box, const struct alg *alg, struct slice material, int weak) {
	if (alg == NULL || !alg_is_mac(alg))
		return ST_KEY_TYPE_MISMATCH;
	return sig_of_secret(box, alg, material, weak);
}

/*
** key.new(alg, kind, material, kid, weak, remember) -> key | fail, reason
** alg: a JWS name such as "RS256" (RFC 7518 3.1), or nil where the material names it (a curve does).
** kind: "secret" (material is the HMAC secret's raw bytes), "public" or "private" (PEM or DER), "jwk"
** (a table of the members that RFC 7518 6 and RFC 8037 2 give; others are not read).
** kid: string or nil, kept for key:kid(). weak: a secret shorter than its hash is accepted.
** remember: how many verified signatures to remember, 0 (nil) to 4096; not for HMAC.
** An RSA key without alg is unbound: key:alg() is nil, key:bind(alg) makes a bound one.
** reason: a word of status.h about keys.
*/
static int key_new(lua_State *L) {
	static const char *const kinds[] = { "secret", "public", "private", "jwk", NULL };
	struct slice name = { NULL, 0 }, material = { NULL, 0 };
	enum kind kind;
	struct jwk jwk;
	int weak = lua_toboolean(L, 5);
	size_t slots = check_slots(L, 6);
	const struct alg *alg;
	struct sig_key **box;
	enum status st = ST_UNKNOWN_ALGORITHM;
	name.p = luaL_optlstring(L, 1, NULL, &name.n);
	kind = (enum kind)luaL_checkoption(L, 2, NULL, kinds);
	luaL_optstring(L, 4, NULL);
	lua_settop(L, 6);
	if (kind == JWK)
		check_jwk(L, 3, &jwk);
	else
		material.p = luaL_checklstring(L, 3, &material.n);
	alg = name.p != NULL ? alg_find(name) : NULL;
	if (name.p != NULL && alg == NULL)
		return result_fail(L, st);
	box = push_box(L, 4);
	switch (kind) {
	case SECRET: st = load_secret(box, alg, material, weak); break;
	case PUBLIC:
	case PRIVATE: st = sig_of_text(box, alg, material, kind == PRIVATE); break;
	case JWK: st = sig_of_jwk(box, alg, &jwk, weak); break;
	}
	if (st == ST_OK)
		st = sig_remember(*box, slots);
	return st == ST_OK ? 1 : result_fail(L, st);
}

/*
** key:bind(alg [, remember]) -> key | fail, reason
** The same asymmetric material under that algorithm, with the same kid. remember: as in key.new().
** reason: "unknown-algorithm", "key-type-mismatch", "curve-mismatch", "engine-failure".
*/
static int key_bind(lua_State *L) {
	struct slice name;
	size_t slots = check_slots(L, 3);
	const struct alg *alg;
	const struct sig_key *key;
	struct sig_key **box;
	enum status st;
	key_check(L, 1, 1);
	name.p = luaL_checklstring(L, 2, &name.n);
	alg = alg_find(name);
	if (alg == NULL)
		return result_fail(L, ST_UNKNOWN_ALGORITHM);
	lua_getiuservalue(L, 1, KID);
	box = push_box(L, lua_gettop(L));
	key = key_check(L, 1, 1); /* again: making the box may have closed it */
	st = sig_bind(box, key, alg);
	if (st == ST_OK)
		st = sig_remember(*box, slots);
	return st == ST_OK ? 1 : result_fail(L, st);
}

static void set_base64url(lua_State *L, const char *name, const unsigned char *bytes, size_t n) {
	luaL_Buffer b;
	b64url_encode(bytes, n, luaL_buffinitsize(L, &b, b64url_encoded_len(n)));
	luaL_pushresultsize(&b, b64url_encoded_len(n));
	lua_setfield(L, -2, name);
}

/*
** key:members() -> table | fail, reason
** The public key-type members of its JWK (RFC 7518 6.2.1, 6.3.1; RFC 8037 2). reason: "not-public" for a secret,
** "engine-failure".
*/
static int key_members(lua_State *L) {
	const struct sig_key *key = key_check(L, 1, 1);
	struct jwk_public pub;
	enum status st = sig_pkey(key) != NULL ? jwk_of_pkey(sig_pkey(key), &pub) : ST_NOT_PUBLIC;
	if (st != ST_OK)
		return result_fail(L, st);
	lua_createtable(L, 0, 8);
	lua_pushstring(L, pub.kty);
	lua_setfield(L, -2, "kty");
	if (pub.crv != NULL) {
		lua_pushstring(L, pub.crv);
		lua_setfield(L, -2, "crv");
	}
	set_base64url(L, pub.crv != NULL ? "x" : "n", pub.first, pub.nfirst);
	if (pub.nsecond != 0)
		set_base64url(L, pub.crv != NULL ? "y" : "e", pub.second, pub.nsecond);
	return 1;
}

/* key:pem() -> text | fail, reason: the public key as SPKI PEM. "not-public" for a secret, "engine-failure". */
static int key_pem(lua_State *L) {
	const struct sig_key *key = key_check(L, 1, 1);
	char pem[PKEYMAKE_PEM_MAX];
	size_t n;
	enum status st = sig_pkey(key) != NULL ? pkeymake_public_pem(sig_pkey(key), pem, &n) : ST_NOT_PUBLIC;
	if (st != ST_OK)
		return result_fail(L, st);
	lua_pushlstring(L, pem, n);
	return 1;
}

/* key:alg() -> string | nil for an unbound key */
static int key_alg(lua_State *L) {
	const struct alg *alg = sig_alg(key_check(L, 1, 1));
	lua_pushstring(L, alg != NULL ? alg->name : NULL);
	return 1;
}

/* key:kid() -> string | nil */
static int key_kid(lua_State *L) {
	key_check(L, 1, 1);
	lua_getiuservalue(L, 1, KID);
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
	struct sig_key *const *box = udata_check(L, 1, 1, KEY_MT);
	const struct alg *alg = *box != NULL ? sig_alg(*box) : NULL;
	lua_pushfstring(L, KEY_MT " (%s)", *box == NULL ? "closed" : alg != NULL ? alg->name : "unbound");
	return 1;
}

static const luaL_Reg functions[] = {
	{ "new", key_new },
	{ "alg", key_alg },
	{ "bind", key_bind },
	{ "members", key_members },
	{ "pem", key_pem },
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
	luaL_newmetatable(L, KEY_MT);     /* mt */
	lua_pushvalue(L, -1);             /* mt, mt */
	luaL_setfuncs(L, metamethods, 1); /* mt */
	luaL_newlibtable(L, functions);   /* mt, key */
	lua_pushvalue(L, -2);             /* mt, key, mt */
	luaL_setfuncs(L, functions, 1);   /* mt, key */
	lua_pushvalue(L, -1);             /* mt, key, key */
	lua_setfield(L, -3, "__index");   /* mt, key */
	lua_remove(L, -2);                /* key */
}
