/*
** result.c - see result.h.
*/
#include "result.h"

#include <lauxlib.h>

int result_fail(lua_State *L, enum status st) {
	luaL_pushfail(L);
	lua_pushstring(L, status_reason(st));
	return 2;
}
