/*
** jsonplain.c - see jsonplain.h.
*/
#include "jsonplain.h"

#include "json.h"
#include "jsontable.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXACT 100000000000000 /* 10^14 */

/* Whether 14 digits of 'v' are all of it. */
static int is_plain_float(lua_Number v) {
	char digits[32];
	if (v > -EXACT && v < EXACT && v == (lua_Number)(lua_Integer)v)
		return 1;
	snprintf(digits, sizeof digits, "%.14g", v);
	return !isfinite(v) || strtod(digits, NULL) == v; /* what is not finite, lua-cjson refuses */
}

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
			return is_plain_float(lua_tonumber(L, -1));
		v = lua_tointeger(L, -1);
		return v < EXACT && v > -EXACT;
	default: return 1;
	}
}

int jsonplain(lua_State *L) {
	lua_Integer depth = luaL_optinteger(L, 2, 0);
	luaL_checkany(L, 1);
	luaL_argcheck(L, depth >= 0 && depth <= JSON_DEPTH_MAX, 2, "out of range");
	lua_settop(L, 1);
	lua_pushboolean(L, is_plain(L, (int)depth));
	return 1;
}
