/*
** token.h - the 'token' userdata: a reader that takes one compact JWS after the other.
** Lua tier.
*/
#ifndef MEETAUTH_TOKEN_H
#define MEETAUTH_TOKEN_H

#include <lua.h>

#define TOKEN_MT "meetauth.token"

/*
** Register the metatable; push the table 'token', whose functions are the methods, too. The types of keys and
** selectors exist already.
*/
void token_open(lua_State *L);

#endif
