/*
** sign.h - the function 'sign': header and payload into a compact JWS (RFC 7515 7.1).
** Lua tier.
*/
#ifndef MEETAUTH_SIGN_H
#define MEETAUTH_SIGN_H

#include <lua.h>

/* Push the function 'sign'. The metatable of keys is there already. */
void sign_open(lua_State *L);

#endif
