/*
** result.c - see result.h.
*/
#include "result.h"

#include <lauxlib.h>

int result_fail(lua_State *L, const char *reason) {
	luaL_pushfail(L);
	lua_pushstring(L, reason);
	return 2;
}
