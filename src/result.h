/*
** result.h - how the Lua tier says no.
*/
#ifndef MEETAUTH_RESULT_H
#define MEETAUTH_RESULT_H

#include <lua.h>

/* Push fail and a reason word of the closed list; returns 2, the number of results. */
int result_fail(lua_State *L, const char *reason);

#endif
