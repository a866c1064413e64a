/*
** jsonwrite.h - a Lua value as JSON text (RFC 8259), the same text for the same value.
** Lua tier.
*/
#ifndef MEETAUTH_JSONWRITE_H
#define MEETAUTH_JSONWRITE_H

#include <lua.h>

/*
** encode(value) -> text
** The members of an object are in the order of their names' bytes. Numbers keep all their digits. A table is a list
** if its names are 1, 2, 3 and so on, or if it is empty and carries JSONTABLE_ARRAY. It is an object if its names are
** strings. Light userdata NULL is null. Strings must be UTF-8; this is not checked. Raises on values that JSON cannot
** say, on more than JSON_DEPTH_MAX tables inside each other, and where Lua is out of memory.
*/
int jsonwrite(lua_State *L);

#endif
