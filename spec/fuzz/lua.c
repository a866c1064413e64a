/*
** lua.c - fuzz target of the Lua API: hands each input to the function that spec/fuzz/TARGET.lua returns,
** which raises where something does not hold. Run from the repository's root.
** The lines of Lua that an input reaches count for libFuzzer as C's branches do.
*/
#include "fuzz.h"

#include <lauxlib.h>
#include <lualib.h>

#define COUNTERS 8192

int luaopen_meetauth_core(lua_State *L);

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

static void count_line(lua_State *L, lua_Debug *at) {
	uintptr_t mix;
	lua_getinfo(L, "S", at);
	mix = (uintptr_t)at->source[at->srclen / 2] * 31 + at->srclen * 131 + (uintptr_t)at->currentline * 7;
	counters[mix % COUNTERS]++;
}

static lua_State *begin(void) {
	lua_State *L = luaL_newstate();
	luaL_openlibs(L);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	lua_pushcfunction(L, luaopen_meetauth_core);
	lua_setfield(L, -2, "meetauth.core");
	lua_settop(L, 0);
	if (luaL_dostring(L, "package.path = 'lua/?.lua;lua/?/init.lua;./?.lua'") ||
		luaL_loadfile(L, "spec/fuzz/" TARGET ".lua") || lua_pcall(L, 0, 1, 0)) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		exit(2);
	}
	lua_sethook(L, count_line, LUA_MASKLINE, 0);
	return L;
}

static int with_traceback(lua_State *L) {
	luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static lua_State *L;
	if (L == NULL)
		L = begin();
	lua_pushcfunction(L, with_traceback);
	lua_pushvalue(L, 1);
	lua_pushlstring(L, (const char *)data, size);
	if (lua_pcall(L, 1, 0, 2) != LUA_OK) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		abort();
	}
	lua_settop(L, 1);
	return 0;
}
