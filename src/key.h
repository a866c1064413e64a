/*
** key.h - the 'key' userdata: one algorithm bound to one piece of key material.
** Lua tier.
*/
#ifndef MEETAUTH_KEY_H
#define MEETAUTH_KEY_H

#include "sig.h"

#include <lua.h>

#define KEY_MT "meetauth.key" /* the type name that error messages show */

/*
** The live key at 'arg'; anything else is the caller's bug, so it raises.
** 'upvalue': the running closure's upvalue that is the metatable KEY_MT.
*/
struct sig_key *key_check(lua_State *L, int arg, int upvalue);

/* Register the metatable; push the table 'key', whose functions are the methods, too. */
void key_open(lua_State *L);

#endif
