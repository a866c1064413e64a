/*
** udata.h - argument checks for userdata without a look-up by name.
** Lua tier. The functions of a module are closures whose upvalue is the metatable they work on.
*/
#ifndef MEETAUTH_UDATA_H
#define MEETAUTH_UDATA_H

#include <lua.h>

/*
** The userdata at 'arg' whose metatable is the running closure's upvalue 'upvalue'; as
** luaL_checkudata(L, arg, name) otherwise, which raises.
*/
void *udata_check(lua_State *L, int arg, int upvalue, const char *name);

#endif
