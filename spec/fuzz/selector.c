/*
** selector.c - fuzz target of src/selector.c: what the scan tells of a payload is what is read of it later.
*/
#include "fuzz.h"

#include "jsontable.h"
#include "selector.h"

#include <lauxlib.h>

static const char *const rows[][3] = { { "iss", "joe", "" }, { "d", "one", "two" }, { "room", NULL, NULL } };
#define ROWS (sizeof rows / sizeof *rows)

static const struct selector *selector_for(lua_State *L) {
	size_t i, k;
	jsontable_open(L);
	selector_open(L);
	lua_newtable(L);
	for (i = 0; i < ROWS; i++) {
		lua_newtable(L);
		for (k = 0; k < 3 && rows[i][k] != NULL; k++) {
			lua_pushstring(L, rows[i][k]);
			lua_rawseti(L, -2, (lua_Integer)k + 1);
		}
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_call(L, 1, 1);
	return lua_touserdata(L, -1);
}

/* What row 'i' should find in the table on top. */
static int expected(lua_State *L, size_t i) {
	int type = lua_getfield(L, -1, rows[i][0]), found = SELECTOR_OTHER, k;
	if (type == LUA_TNIL)
		found = SELECTOR_ABSENT;
	else if (type == LUA_TSTRING)
		for (k = 2; k > 0; k--)
			if (rows[i][k] != NULL) {
				lua_pushstring(L, rows[i][k]);
				if (lua_rawequal(L, -1, -2))
					found = k;
				lua_pop(L, 1);
			}
	lua_pop(L, 1);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static lua_State *L;
	static const struct selector *selector;
	struct slice text = { (const char *)data, size };
	char *scratch = exactly(size);
	int found[ROWS];
	enum status refused, unread;
	size_t i;
	if (L == NULL) {
		L = luaL_newstate();
		selector = selector_for(L);
	}
	refused = selector_scan(selector, text, scratch, found);
	unread = jsontable_push_object(L, text, scratch);
	if (refused != ST_OK)
		MUST(unread != ST_OK);
	if (unread == ST_OK) {
		for (i = 0; i < ROWS; i++)
			MUST(found[i] == expected(L, i));
		lua_pop(L, 1);
	}
	MUST(lua_gettop(L) == 1);
	free(scratch);
	return 0;
}
