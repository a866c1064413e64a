/*
** keygen.c - see keygen.h.
*/
#include "keygen.h"

#include "alg.h"
#include "pkeymake.h"
#include "result.h"

#include <lauxlib.h>

struct made {
	char material[PKEYMAKE_PEM_MAX];
	size_t n;
};

/* One call into the OpenSSL tier, so that no key is alive while Lua may raise. */
static enum status generate(const struct alg *alg, lua_Integer rsa_bits, const char *crv, struct made *made) {
	const struct keytype *type;
	if (alg == NULL)
		return ST_UNKNOWN_ALGORITHM;
	made->n = alg->hash;
	if (alg_is_mac(alg))
		return pkeymake_secret((unsigned char *)made->material, alg->hash);
	type = pkeymake_type(alg, crv);
	return type != NULL ? pkeymake_private_pem(type, rsa_bits, made->material, &made->n) : ST_CURVE_MISMATCH;
}

static int push(lua_State *L) {
	const struct made *made = lua_touserdata(L, 1);
	lua_pushlstring(L, made->material, made->n);
	return 1;
}

int keygen(lua_State *L) {
	struct made made;
	struct slice name;
	const char *crv = luaL_optstring(L, 3, NULL);
	lua_Integer bits = luaL_checkinteger(L, 2);
	enum status st;
	int pushed;
	name.p = luaL_checklstring(L, 1, &name.n);
	st = generate(alg_find(name), bits, crv, &made);
	if (st != ST_OK)
		return result_fail(L, st);
	lua_pushcfunction(L, push); /* no allocation, so no error before the call that keeps them all */
	lua_pushlightuserdata(L, &made);
	pushed = lua_pcall(L, 1, 1, 0); /* -> the material, or what was raised */
	pkeymake_wipe(made.material, made.n);
	return pushed == LUA_OK ? 1 : lua_error(L);
}
