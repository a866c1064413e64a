/*
** result.h - how the Lua tier says no.
*/
#ifndef MEETAUTH_RESULT_H
#define MEETAUTH_RESULT_H

#include "status.h"

#include <lua.h>

/* Push fail and the reason word of 'st', which is not ST_OK; returns 2, the number of results. */
int result_fail(lua_State *L, enum status st);

#endif
