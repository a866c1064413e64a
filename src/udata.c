/*
** udata.c - see udata.h.
*/
#include "udata.h"

#include <lauxlib.h>

void *udata_check(lua_State *L, int arg, int upvalue, const char *name) {
	void *p = lua_touserdata(L, arg);
	if (p != NULL && lua_getmetatable(L, arg)) {
		int same = lua_rawequal(L, -1, lua_upvalueindex(upvalue));
		lua_pop(L, 1);
		if (same)
			return p;
	}
	return luaL_checkudata(L, arg, name);
}
