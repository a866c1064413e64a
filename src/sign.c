/*
** sign.c - see sign.h.
*/
#include "sign.h"

#include "b64url.h"
#include "key.h"
#include "result.h"

#include <lauxlib.h>

/*
** sign(key, header, payload) -> token | fail, reason
** header: the JOSE header's JSON text; payload: any bytes. reason: "not-private", "engine-failure".
*/
static int sign(lua_State *L) {
	struct slice header, payload;
	unsigned char signature[SIG_BYTES_MAX];
	size_t nhead, ninput, nsignature = sig_length(key_check(L, 1, 1));
	char *out;
	enum status st;
	luaL_Buffer b;
	header.p = luaL_checklstring(L, 2, &header.n);
	payload.p = luaL_checklstring(L, 3, &payload.n);
	nhead = b64url_encoded_len(header.n);
	ninput = nhead + 1 + b64url_encoded_len(payload.n);
	out = luaL_buffinitsize(L, &b, ninput + 1 + b64url_encoded_len(nsignature));
	b64url_encode((const unsigned char *)header.p, header.n, out);
	out[nhead] = '.';
	b64url_encode((const unsigned char *)payload.p, payload.n, out + nhead + 1);
	st =
		sig_sign(key_check(L, 1, 1), (struct slice){ out, ninput }, signature); /* the buffer's making may close keys */
	if (st != ST_OK)
		return result_fail(L, st);
	out[ninput] = '.';
	b64url_encode(signature, nsignature, out + ninput + 1);
	luaL_pushresultsize(&b, ninput + 1 + b64url_encoded_len(nsignature));
	return 1;
}

void sign_open(lua_State *L) {
	luaL_getmetatable(L, KEY_MT); /* key's mt */
	lua_pushcclosure(L, sign, 1); /* sign */
}
