/*
** alloc.c - runs spec/alloc/drive.lua on an allocator that fails when it is told to.
** alloc lua: Lua's allocator; alloc openssl: libcrypto's. The other one is the usual one.
** Every block is counted, moves whenever it changes its size, and comes from malloc, for the sanitizers.
*/
#include <lauxlib.h>
#include <lualib.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int luaopen_meetauth_core(lua_State *L);

static struct {
	long live;   /* blocks */
	long until;  /* allocations that are still good; negative: all are */
	int goes_on; /* the one that fails is not the only one */
	long failed;
} counted = { 0, -1, 0, 0 };

static int must_fail(void) {
	if (counted.until != 0) {
		counted.until -= counted.until > 0;
		return 0;
	}
	if (!counted.goes_on)
		counted.until = -1;
	counted.failed++;
	return 1;
}

static void *counted_malloc(size_t n) {
	void *block = n == 0 || must_fail() ? NULL : malloc(n);
	counted.live += block != NULL;
	return block;
}

static void counted_free(void *block) {
	counted.live -= block != NULL;
	free(block);
}

/* Lua takes it for granted that a block can be made smaller (manual 4.6, lua_Alloc). */
static void *for_lua(void *ud, void *block, size_t had, size_t n) {
	void *moved;
	(void)ud;
	if (n == 0) {
		counted_free(block);
		return NULL;
	}
	if (block == NULL)
		return counted_malloc(n);
	if (n > had && must_fail())
		return NULL;
	moved = malloc(n);
	if (moved != NULL) {
		memcpy(moved, block, n < had ? n : had);
		free(block);
	}
	return moved;
}

static void *crypto_malloc(size_t n, const char *file, int line) {
	(void)file;
	(void)line;
	return counted_malloc(n);
}

static void crypto_free(void *block, const char *file, int line) {
	(void)file;
	(void)line;
	counted_free(block);
}

static void *crypto_realloc(void *block, size_t n, const char *file, int line) {
	if (block == NULL)
		return crypto_malloc(n, file, line);
	if (n == 0) {
		counted_free(block);
		return NULL;
	}
	return must_fail() ? NULL : realloc(block, n);
}

/*
** attempt(run, n, goes_on) -> failed, ok, result, reason
** Call run() while the n-th allocation fails, and with goes_on every one after it. failed: how many did;
** ok: it did not raise; else result is what was raised.
*/
static int attempt(lua_State *L) {
	int ok;
	long until = (long)luaL_checkinteger(L, 2) - 1;
	int goes_on = lua_toboolean(L, 3);
	lua_settop(L, 1);
	counted.failed = 0;
	counted.goes_on = goes_on;
	counted.until = until;
	ok = lua_pcall(L, 0, 2, 0) == LUA_OK;
	counted.until = -1;
	lua_pushinteger(L, counted.failed);
	lua_pushboolean(L, ok);
	lua_rotate(L, 1, 2);
	lua_settop(L, 4);
	return 4;
}

/* live() -> blocks in use, after letting go of what libcrypto keeps for the thread: error queue, random numbers */
static int live(lua_State *L) {
	OPENSSL_thread_stop();
	lua_pushinteger(L, counted.live);
	return 1;
}

static int run(lua_State *L) {
	luaL_openlibs(L);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	lua_pushcfunction(L, luaopen_meetauth_core);
	lua_setfield(L, -2, "meetauth.core");
	lua_register(L, "attempt", attempt);
	lua_register(L, "live", live);
	if (luaL_dofile(L, "spec/alloc/drive.lua"))
		return lua_error(L);
	return 0;
}

int main(int argc, char **argv) {
	int of_lua = argc == 2 && strcmp(argv[1], "lua") == 0, broken;
	lua_State *L;
	if (!of_lua && (argc != 2 || strcmp(argv[1], "openssl") != 0)) {
		fputs("usage: alloc lua|openssl\n", stderr);
		return 2;
	}
	if (!of_lua && !CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free))
		return 2;
	L = of_lua ? lua_newstate(for_lua, NULL) : luaL_newstate();
	lua_pushcfunction(L, run);
	broken = lua_pcall(L, 0, 0, 0) != LUA_OK;
	if (broken)
		fprintf(stderr, "alloc %s: %s\n", argv[1], lua_tostring(L, -1));
	lua_close(L);
	OPENSSL_cleanup();
	printf("alloc %s: %ld blocks are left at the end\n", argv[1], counted.live);
	return broken || (of_lua && counted.live != 0);
}
