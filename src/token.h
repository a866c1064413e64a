/*
** token.h - the 'token' userdata: a reader that takes one compact JWS after the other.
** Lua tier.
*/
#ifndef MEETAUTH_TOKEN_H
#define MEETAUTH_TOKEN_H

#include <lua.h>

#define TOKEN_MT "meetauth.token"

/* Register the metatable and push the functions 'token' and 'sign'. */
void token_open(lua_State *L);

#endif
