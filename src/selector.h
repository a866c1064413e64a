/*
** selector.h - the 'selector' userdata: names of top-level members, and the values known for each. Lua tier. With it
** a token's payload can be asked which issuer entry it means, before anything is verified. No stranger's bytes become
** a Lua value.
*/
#ifndef MEETAUTH_SELECTOR_H
#define MEETAUTH_SELECTOR_H

#include "slice.h"
#include "status.h"

#include <lua.h>

#define SELECTOR_MT "meetauth.selector"
#define SELECTOR_MAX 32 /* rows of one selector */

/* The findings of a row. A number above these is the index of a known value, counted from 1. */
enum { SELECTOR_ABSENT = -1, SELECTOR_OTHER = 0 };

struct selector;

/* The selector at 'arg', or it raises. 'upvalue': the running closure's upvalue that is the metatable SELECTOR_MT. */
const struct selector *selector_check(lua_State *L, int arg, int upvalue);

size_t selector_rows(const struct selector *selector);

/*
** Read the JSON object 'text' to its end and fill found[0 .. rows-1]. Returns ST_OK, ST_BAD_JSON, or
** ST_DUPLICATE_MEMBER where a member that is asked for comes twice.
** No allocation; 'scratch' has room for text.n bytes.
*/
enum status selector_scan(const struct selector *selector, struct slice text, char *scratch, int *found);

/* Register the metatable and push the function 'selector'. */
void selector_open(lua_State *L);

#endif
