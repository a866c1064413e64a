/*
** jsontable.c - fuzz target of src/jsontable.c: the stack stays balanced, the three ways to read agree, and
** registered claims have the types of RFC 7519 4.1.
*/
#include "fuzz.h"

#include "jsontable.h"

#include <lauxlib.h>

typedef enum status reader(lua_State *L, struct slice text, char *scratch);

/* Read in exact memory; the value stays on the stack where the status is ST_OK. */
static enum status with(reader *read, lua_State *L, struct slice text) {
	char *scratch = exactly(text.n);
	int top = lua_gettop(L);
	enum status st = read(L, text, scratch);
	MUST(lua_gettop(L) == top + (st == ST_OK));
	MUST(st == ST_OK || st == ST_BAD_JSON || st == ST_DUPLICATE_MEMBER || st == ST_BAD_CLAIM);
	free(scratch);
	return st;
}

static int begins_object(struct slice text) {
	size_t i = 0;
	while (i < text.n && strchr(" \t\r\n", text.p[i]) != NULL && text.p[i] != '\0')
		i++;
	return i < text.n && text.p[i] == '{';
}

static void check_claim(lua_State *L, const char *name, int allowed, int also) {
	int type = lua_getfield(L, -1, name);
	MUST(type == LUA_TNIL || type == allowed || type == also);
	lua_pop(L, 1);
}

static void check_claims(lua_State *L) {
	lua_Integer i;
	check_claim(L, "exp", LUA_TNUMBER, LUA_TNUMBER);
	check_claim(L, "nbf", LUA_TNUMBER, LUA_TNUMBER);
	check_claim(L, "iat", LUA_TNUMBER, LUA_TNUMBER);
	check_claim(L, "iss", LUA_TSTRING, LUA_TSTRING);
	check_claim(L, "sub", LUA_TSTRING, LUA_TSTRING);
	check_claim(L, "jti", LUA_TSTRING, LUA_TSTRING);
	check_claim(L, "aud", LUA_TSTRING, LUA_TTABLE);
	if (lua_getfield(L, -1, "aud") == LUA_TTABLE) {
		MUST(lua_getmetatable(L, -1)); /* an array, no object */
		lua_pop(L, 1);
		for (i = (lua_Integer)lua_rawlen(L, -1); i > 0; i--) {
			MUST(lua_rawgeti(L, -1, i) == LUA_TSTRING);
			lua_pop(L, 1);
		}
	}
	lua_pop(L, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static lua_State *L;
	struct slice text = { (const char *)data, size };
	enum status any, object, claims;
	if (L == NULL) {
		L = luaL_newstate();
		jsontable_open(L);
	}
	any = with(jsontable_push, L, text);
	MUST(any != ST_BAD_CLAIM);
	object = with(jsontable_push_object, L, text);
	MUST((object == ST_OK) == (any == ST_OK && begins_object(text)));
	claims = with(jsontable_push_claims, L, text);
	if (claims == ST_OK) {
		MUST(object == ST_OK);
		check_claims(L);
	} else if (object == ST_OK) {
		MUST(claims == ST_BAD_CLAIM);
	}
	lua_settop(L, 0);
	return 0;
}
