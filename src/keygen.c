/*
** keygen.c - see keygen.h.
*/
#include "keygen.h"

#include "alg.h"
#include "pkeymake.h"
#include "result.h"

#include <lauxlib.h>

/* One call into the OpenSSL tier, so that no key is alive while Lua may raise. */
static enum status generate(const struct alg *alg, int rsa_bits, int ed448, char *out, size_t *n) {
	if (alg->family == ALG_HMAC) {
		*n = alg->hash;
		return pkeymake_secret((unsigned char *)out, alg->hash);
	}
	return pkeymake_private_pem(alg, rsa_bits, ed448, out, n);
}

int keygen(lua_State *L) {
	char material[PKEYMAKE_PEM_MAX];
	size_t n, nalg;
	const char *name = luaL_checklstring(L, 1, &nalg);
	const struct alg *alg = alg_find(name, nalg);
	int bits = (int)luaL_checkinteger(L, 2);
	enum status st;
	if (alg == NULL)
		return result_fail(L, "unknown-algorithm");
	st = generate(alg, bits, lua_toboolean(L, 3), material, &n);
	if (st != ST_OK)
		return result_fail(L, status_reason(st));
	lua_pushlstring(L, material, n);
	pkeymake_wipe(material, n);
	return 1;
}
