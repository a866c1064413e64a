/*
** jsonplain.c - see jsonplain.h.
*/
#include "jsonplain.h"

#include "json.h"
#include "jsontable.h"

#include <lauxlib.h>

#define EXACT 100000000000000 /* 10^14 */

static int is_plain(lua_State *L, int depth);

/* Whether the name under the value on top is a string or an integer, and of the kind of the others. */
static int is_name(lua_State *L, int kind) {
	return lua_type(L, -2) == kind && (kind == LUA_TSTRING || lua_isinteger(L, -2));
}

/* The same for the table on top, which is left there. */
static int is_plain_table(lua_State *L, int depth) {
	int table = lua_gettop(L), plain = 1, is_list, kind;
	if (depth == JSON_DEPTH_MAX || !lua_checkstack(L, 4))
		return 0;
	lua_pushnil(L);
	if (lua_next(L, table) == 0) {
		if (!lua_getmetatable(L, table))
			return 1;
		luaL_getmetatable(L, JSONTABLE_ARRAY);
		is_list = lua_rawequal(L, -1, -2);
		lua_pop(L, 2);
		return !is_list;
	}
	kind = lua_type(L, -2);
	do {
		plain = is_name(L, kind) && is_plain(L, depth + 1);
		lua_pop(L, 1);
	} while (plain && lua_next(L, table) != 0);
	lua_settop(L, table);
	return plain;
}

static int is_plain(lua_State *L, int depth) {
	lua_Integer v;
	switch (lua_type(L, -1)) {
	case LUA_TTABLE: return is_plain_table(L, depth);
	case LUA_TNUMBER:
		if (!lua_isinteger(L, -1))
			return 1;
		v = lua_tointeger(L, -1);
		return v < EXACT && v > -EXACT;
	default: return 1;
	}
}

int jsonplain(lua_State *L) {
	luaL_checkany(L, 1);
	lua_settop(L, 1);
	lua_pushboolean(L, is_plain(L, 0));
	return 1;
}
