/*
** jsontable.h - JSON events into Lua values.
** Lua tier. Tables are built with their final size, duplicate names are refused while building,
** null is light userdata NULL (cjson.null), arrays carry the metatable JSONTABLE_ARRAY.
*/
#ifndef MEETAUTH_JSONTABLE_H
#define MEETAUTH_JSONTABLE_H

#include "slice.h"
#include "status.h"

#include <lua.h>

#define JSONTABLE_ARRAY "meetauth.array" /* metatable in the registry: tells [] from {} */

/*
** Push the Lua value of the JSON 'text' and return ST_OK, or push nothing and return ST_BAD_JSON or
** ST_DUPLICATE_MEMBER. 'scratch' has room for text.n bytes. Integers that fit 64 bits
** are Lua integers, other numbers floats; a number that is not finite is none.
** Raises only where Lua is out of memory.
*/
enum status jsontable_push(lua_State *L, struct slice text, char *scratch);

/* Read an object; anything else is ST_BAD_JSON. */
enum status jsontable_push_object(lua_State *L, struct slice text, char *scratch);

/*
** Read a set of claims: ST_BAD_CLAIM if a registered one has another type than in RFC 7519 4.1. Callers therefore
** do not check these types again.
*/
enum status jsontable_push_claims(lua_State *L, struct slice text, char *scratch);

/* Put the array metatable into the registry; for luaopen. */
void jsontable_open(lua_State *L);

#endif
