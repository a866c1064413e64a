/*
** jsonwrite.c - see jsonwrite.h.
*/
#include "jsonwrite.h"

#include "json.h"
#include "jsontable.h"

#include <lauxlib.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE 1       /* stack: what is written */
#define BUFFER 2      /* the text so far, once it is longer than 'first' */
#define FIRST 1024    /* bytes */
#define NUMBER_MAX 32 /* bytes of a number's text */
#define NAMES_MAX 16  /* names of a small object, which need no separate memory */
#define ESCAPED_MAX 6 /* bytes of an escaped byte: \u0000 */

struct writer {
	lua_State *L;
	char *p; /* 'first', or the userdata at BUFFER: a raise leaves nothing behind */
	size_t n, room;
	char first[FIRST];
};

struct name {
	const char *p; /* of a string that the table holds */
	size_t n;
};

static void write_value(struct writer *w, int depth);

/* More room: for 'more' bytes behind the present ones. */
static void grow(struct writer *w, size_t more) {
	size_t room = (w->room + more) * 2;
	char *p = lua_newuserdatauv(w->L, room, 0);
	memcpy(p, w->p, w->n);
	lua_replace(w->L, BUFFER);
	w->p = p;
	w->room = room;
}

static void put(struct writer *w, const char *p, size_t n) {
	if (w->room - w->n < n)
		grow(w, n);
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void put_char(struct writer *w, char c) {
	if (w->room == w->n)
		grow(w, 1);
	w->p[w->n++] = c;
}

/* The letter after the backslash; 'u' if the byte has no letter, 0 if it stays unchanged. */
static char escape_of(unsigned char c) {
	static const char controls[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu"; /* 0x00 to 0x1F */
	if (c < 0x20)
		return controls[c];
	if (c == '"' || c == '\\' || c == '/') /* a slash, for callers that put the text into HTML */
		return (char)c;
	return c == 0x7F ? 'u' : 0;
}

static void put_escaped(struct writer *w, unsigned char c, char letter) {
	char text[ESCAPED_MAX + 1];
	if (letter == 'u')
		snprintf(text, sizeof text, "\\u%04x", (unsigned)c);
	else
		snprintf(text, sizeof text, "\\%c", letter);
	put(w, text, strlen(text));
}

static void put_string(struct writer *w, const char *p, size_t n) {
	size_t i, done = 0;
	put_char(w, '"');
	for (i = 0; i < n; i++) {
		char letter = escape_of((unsigned char)p[i]);
		if (letter == 0)
			continue;
		put(w, p + done, i - done);
		put_escaped(w, (unsigned char)p[i], letter);
		done = i + 1;
	}
	put(w, p + done, n - done);
	put_char(w, '"');
}

/* As many digits as it takes to read the same number again; a locale has no say in the decimal point. */
static void put_float(struct writer *w, lua_Number v) {
	char text[NUMBER_MAX];
	size_t i, n;
	if (!isfinite(v))
		luaL_error(w->L, "JSON cannot have a number that is not finite");
	snprintf(text, sizeof text, "%.14g", v);
	if (strtod(text, NULL) != v)
		snprintf(text, sizeof text, "%.17g", v);
	n = strlen(text);
	for (i = 0; i < n; i++) {
		if (strchr("0123456789+-e", text[i]) == NULL)
			text[i] = '.';
	}
	put(w, text, n);
}

static void put_integer(struct writer *w, lua_Integer v) {
	char text[NUMBER_MAX];
	size_t at = sizeof text;
	lua_Unsigned rest = v < 0 ? 0 - (lua_Unsigned)v : (lua_Unsigned)v;
	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		text[--at] = '-';
	put(w, text + at, sizeof text - at);
}

/* Whether the table on top is marked as a list. */
static int is_marked(lua_State *L) {
	int marked;
	if (!lua_getmetatable(L, -1))
		return 0;
	luaL_getmetatable(L, JSONTABLE_ARRAY);
	marked = lua_rawequal(L, -1, -2);
	lua_pop(L, 2);
	return marked;
}

/* How many names the table on top has; in 'strings', how many of them are strings. */
static size_t count_names(lua_State *L, size_t *strings) {
	size_t n = 0;
	*strings = 0;
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		n++;
		*strings += lua_type(L, -2) == LUA_TSTRING;
		lua_pop(L, 1);
	}
	return n;
}

static void put_list(struct writer *w, size_t n, int depth) {
	size_t i;
	put_char(w, '[');
	for (i = 1; i <= n; i++) {
		if (lua_rawgeti(w->L, -1, (lua_Integer)i) == LUA_TNIL)
			luaL_error(w->L, "JSON cannot have a list with holes or names");
		if (i > 1)
			put_char(w, ',');
		write_value(w, depth + 1);
		lua_pop(w->L, 1);
	}
	put_char(w, ']');
}

static int by_bytes(const void *a, const void *b) {
	const struct name *one = a, *other = b;
	size_t n = one->n < other->n ? one->n : other->n;
	int order = memcmp(one->p, other->p, n);
	if (order != 0)
		return order;
	return one->n < other->n ? -1 : one->n > other->n;
}

/* The names are strings on the stack, or in a table of our own: a finaliser may change the table that is written. */
static void put_members(struct writer *w, int table, const struct name *names, size_t n, int depth) {
	lua_State *L = w->L;
	size_t i;
	put_char(w, '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			put_char(w, ',');
		put_string(w, names[i].p, names[i].n);
		put_char(w, ':');
		lua_pushlstring(L, names[i].p, names[i].n);
		lua_rawget(L, table);
		write_value(w, depth + 1);
		lua_pop(L, 1);
	}
	put_char(w, '}');
	lua_settop(L, table);
}

/* Of few names: each is pushed and stays there. Nothing is allocated, so they are as many as were counted. */
static void put_small_object(struct writer *w, int depth) {
	struct name names[NAMES_MAX];
	int table = lua_gettop(w->L);
	size_t i = 0, j;
	lua_pushnil(w->L);
	while (lua_next(w->L, table) != 0) {
		struct name name;
		lua_pop(w->L, 1);
		name.p = lua_tolstring(w->L, -1, &name.n);
		for (j = i++; j > 0 && by_bytes(&names[j - 1], &name) > 0; j--)
			names[j] = names[j - 1];
		names[j] = name;
		lua_pushvalue(w->L, -1); /* one stays, the other finds the next */
	}
	put_members(w, table, names, i, depth);
}

static void put_large_object(struct writer *w, size_t n, int depth) {
	lua_State *L = w->L;
	int table = lua_gettop(L);
	struct name *names = lua_newuserdatauv(L, n * sizeof *names, 0);
	size_t i = 0;
	lua_createtable(L, n < INT_MAX ? (int)n : INT_MAX, 0); /* holds the names */
	lua_pushnil(L);
	while (lua_next(L, table) != 0) {
		lua_pop(L, 1);
		if (i == n || lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "a table changed while it was written");
		names[i].p = lua_tolstring(L, -1, &names[i].n);
		lua_pushvalue(L, -1);
		lua_rawseti(L, table + 2, (lua_Integer)++i);
	}
	qsort(names, i, sizeof *names, by_bytes);
	put_members(w, table, names, i, depth);
}

static void put_table(struct writer *w, int depth) {
	size_t n, strings;
	if (depth == JSON_DEPTH_MAX)
		luaL_error(w->L, "JSON cannot have tables more than %d deep", JSON_DEPTH_MAX);
	luaL_checkstack(w->L, NAMES_MAX + 4, NULL);
	n = count_names(w->L, &strings);
	if (n == 0 ? is_marked(w->L) : strings == 0)
		put_list(w, n, depth);
	else if (strings == n && n <= NAMES_MAX)
		put_small_object(w, depth);
	else if (strings == n)
		put_large_object(w, n, depth);
	else
		luaL_error(w->L, "JSON cannot have a list with holes or names");
}

/* The value on top, which is left there. */
static void write_value(struct writer *w, int depth) {
	lua_State *L = w->L;
	const char *p;
	size_t n;
	int type = lua_type(L, -1);
	if (type == LUA_TTABLE)
		put_table(w, depth);
	else if (type == LUA_TNUMBER && lua_isinteger(L, -1))
		put_integer(w, lua_tointeger(L, -1));
	else if (type == LUA_TNUMBER)
		put_float(w, lua_tonumber(L, -1));
	else if (type == LUA_TSTRING) {
		p = lua_tolstring(L, -1, &n);
		put_string(w, p, n);
	} else if (type == LUA_TBOOLEAN)
		lua_toboolean(L, -1) ? put(w, "true", 4) : put(w, "false", 5);
	else if (type == LUA_TNIL || (type == LUA_TLIGHTUSERDATA && lua_touserdata(L, -1) == NULL))
		put(w, "null", 4);
	else
		luaL_error(L, "JSON cannot have a %s", lua_typename(L, type));
}

int jsonwrite(lua_State *L) {
	struct writer w;
	luaL_checkany(L, VALUE);
	lua_settop(L, VALUE);
	lua_pushnil(L); /* BUFFER */
	lua_pushvalue(L, VALUE);
	w.L = L;
	w.p = w.first;
	w.n = 0;
	w.room = sizeof w.first;
	write_value(&w, 0);
	lua_pushlstring(L, w.p, w.n);
	return 1;
}
