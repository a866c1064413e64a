/*
** selector.c - see selector.h.
*/
#include "selector.h"

#include "json.h"

#include <lauxlib.h>
#include <string.h>

struct row {
	struct slice name;
	size_t first, count; /* its known values in 'values' */
};

struct selector { /* the strings are kept by the user value */
	size_t rows;
	struct row row[SELECTOR_MAX];
	struct slice values[];
};

const struct selector *selector_check(lua_State *L, int arg) {
	return luaL_checkudata(L, arg, SELECTOR_MT);
}

size_t selector_rows(const struct selector *s) {
	return s->rows;
}

static int same(struct slice a, struct slice b) {
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static size_t find_row(const struct selector *s, struct slice name) {
	size_t i = 0;
	while (i < s->rows && !same(s->row[i].name, name))
		i++;
	return i;
}

static int find_value(const struct selector *s, const struct row *row, struct slice value) {
	size_t i;
	for (i = 0; i < row->count; i++)
		if (same(s->values[row->first + i], value))
			return (int)i + 1;
	return SELECTOR_OTHER;
}

enum status selector_scan(const struct selector *s, struct slice text, char *scratch, int *found) {
	struct json r;
	enum json_event event;
	size_t i;
	for (i = 0; i < s->rows; i++)
		found[i] = SELECTOR_ABSENT;
	json_open(&r, text, scratch);
	if (json_next(&r) != JSON_OBJECT)
		return ST_BAD_JSON;
	while ((event = json_next(&r)) == JSON_NAME) {
		i = find_row(s, r.text);
		if (i < s->rows && found[i] != SELECTOR_ABSENT)
			return ST_DUPLICATE_MEMBER;
		event = json_next(&r);
		if (i < s->rows)
			found[i] = event == JSON_STRING ? find_value(s, &s->row[i], r.text) : SELECTOR_OTHER;
		if ((event == JSON_OBJECT || event == JSON_ARRAY) && !json_skip(&r))
			return ST_BAD_JSON;
		if (event == JSON_INVALID)
			return ST_BAD_JSON;
	}
	return event == JSON_OBJECT_END && json_next(&r) == JSON_END ? ST_OK : ST_BAD_JSON;
}

/* The string at 'index' of the table on top, borrowed from the table; raises if it is none. */
static struct slice string_at(lua_State *L, size_t index) {
	struct slice s;
	if (lua_rawgeti(L, -1, (lua_Integer)index) != LUA_TSTRING)
		luaL_error(L, "selector: a row is a list of strings");
	s.p = lua_tolstring(L, -1, &s.n);
	lua_pop(L, 1);
	return s;
}

/*
** selector(rows) -> selector
** rows: a list of lists of strings: { name, value, value, ... }. Raises on anything else.
*/
static int selector_new(lua_State *L) {
	struct selector *s;
	size_t rows, values = 0, i, k;
	luaL_checktype(L, 1, LUA_TTABLE);
	rows = (size_t)lua_rawlen(L, 1);
	luaL_argcheck(L, rows <= SELECTOR_MAX, 1, "too many rows");
	for (i = 1; i <= rows; i++) {
		luaL_argcheck(L, lua_rawgeti(L, 1, (lua_Integer)i) == LUA_TTABLE, 1, "a list of lists");
		values += (size_t)lua_rawlen(L, -1);
		lua_pop(L, 1);
	}
	s = lua_newuserdatauv(L, sizeof *s + values * sizeof *s->values, 1);
	s->rows = rows;
	values = 0;
	for (i = 1; i <= rows; i++) {
		struct row *row = &s->row[i - 1];
		size_t n;
		lua_rawgeti(L, 1, (lua_Integer)i);
		n = (size_t)lua_rawlen(L, -1);
		luaL_argcheck(L, n >= 1, 1, "a row begins with a name");
		row->name = string_at(L, 1);
		row->first = values;
		row->count = n - 1;
		for (k = 2; k <= n; k++)
			s->values[values++] = string_at(L, k);
		lua_pop(L, 1);
	}
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, SELECTOR_MT);
	return 1;
}

void selector_open(lua_State *L) {
	luaL_newmetatable(L, SELECTOR_MT);  /* mt */
	lua_pop(L, 1);                      /* */
	lua_pushcfunction(L, selector_new); /* selector */
}
