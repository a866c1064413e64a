/*
** jsonplain.h - whether lua-cjson writes a Lua value without loss.
** Lua tier.
*/
#ifndef MEETAUTH_JSONPLAIN_H
#define MEETAUTH_JSONPLAIN_H

#include <lua.h>

/*
** is_plain(value [, depth]) -> boolean
** depth: in how many tables the value is itself, 0 unless given.
** False where the value holds a number of more than 14 digits, of which lua-cjson would drop some,
** an empty list (JSONTABLE_ARRAY), which it would write as {}, a table with names that are neither all
** strings nor all integers, or more than JSON_DEPTH_MAX tables inside each other.
*/
int jsonplain(lua_State *L);

#endif
