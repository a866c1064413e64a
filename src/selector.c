/*
** selector.c - see selector.h.
*/
#include "selector.h"

#include "json.h"

#include "udata.h"

#include <lauxlib.h>
#include <stdint.h>

struct slot {
	struct slice value;
	uint32_t hash, place; /* of the value; place is its index in its row, counted from 1: 0 in a free slot */
};

struct row {
	struct slice name;
	size_t first, mask; /* its slots: 'mask' + 1 of them, a power of two, from 'first' on */
};

struct selector { /* the strings are kept by the user value */
	size_t rows;
	struct row row[SELECTOR_MAX];
	struct slot slots[];
};

const struct selector *selector_check(lua_State *L, int arg, int upvalue) {
	return udata_check(L, arg, upvalue, SELECTOR_MT);
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

/* Any mix will do: what is looked for only ever meets the values that the caller put there, not each other. */
static uint32_t hash_of(struct slice s) {
	uint64_t h = s.n, word;
	while (s.n > 0) {
		size_t n = s.n < sizeof word ? s.n : sizeof word;
		word = 0;
		memcpy(&word, s.p, n);
		h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		h ^= h >> 32;
		s = (struct slice){ s.p + n, s.n - n };
	}
	return (uint32_t)h;
}

/* Where 'value' is among the row's slots, or the free slot where it would be. At least every second one is free. */
static const struct slot *find_slot(
	const struct selector *s, const struct row *row, struct slice value, uint32_t hash) {
	size_t i = hash & row->mask;
	const struct slot *slot = &s->slots[row->first + i];
	while (slot->place != 0 && !(slot->hash == hash && same(slot->value, value))) {
		i = (i + 1) & row->mask;
		slot = &s->slots[row->first + i];
	}
	return slot;
}

static int find_value(const struct selector *s, const struct row *row, struct slice value) {
	return (int)find_slot(s, row, value, hash_of(value))->place;
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

/*
** Append the strings of the row on top to the table 'kept', which has 'count' of them, and pop the row. Gives how
** many they are. The state of the row meanwhile and later is its owner's matter.
*/
static size_t keep_row(lua_State *L, int kept, size_t count) {
	size_t n = (size_t)lua_rawlen(L, -1), k;
	luaL_argcheck(L, n >= 1, 1, "a row must begin with a name");
	for (k = 1; k <= n; k++) {
		if (lua_rawgeti(L, -1, (lua_Integer)k) != LUA_TSTRING)
			luaL_error(L, "selector: a row must be a list of strings");
		lua_rawseti(L, kept, (lua_Integer)(count + k));
	}
	lua_pop(L, 1);
	return n;
}

/* A power of two that leaves every second slot free, at least. */
static size_t slots_for(size_t values) {
	size_t slots = 2;
	while (slots < 2 * values)
		slots *= 2;
	return slots;
}

/* The i-th string of the table 'kept', which keeps it. */
static struct slice kept_string(lua_State *L, int kept, size_t i) {
	struct slice s;
	lua_rawgeti(L, kept, (lua_Integer)i);
	s.p = lua_tolstring(L, -1, &s.n);
	lua_pop(L, 1);
	return s;
}

/* Fill in a row whose slots exist, from its 'n' strings behind the first 'count' of 'kept'. Allocates nothing. */
static void fill_row(lua_State *L, struct selector *s, struct row *row, int kept, size_t count, size_t n) {
	size_t k;
	row->name = kept_string(L, kept, count + 1);
	for (k = 2; k <= n; k++) {
		struct slice value = kept_string(L, kept, count + k);
		uint32_t hash = hash_of(value);
		size_t at = (size_t)(find_slot(s, row, value, hash) - s->slots);
		if (s->slots[at].place == 0)
			s->slots[at] = (struct slot){ value, hash, (uint32_t)k - 1 };
	}
}

/*
** selector(rows) -> selector
** rows: a list of lists of strings: { name, value, value, ... }. Raises on anything else. The strings are taken into a
** table of our own before anything is counted: a finaliser may run at any allocation and change the caller's.
*/
static int selector_new(lua_State *L) {
	enum { ROWS = 1, KEPT = 2 };
	size_t lengths[SELECTOR_MAX], rows, count = 0, slots = 0, i;
	struct selector *s;
	luaL_checktype(L, ROWS, LUA_TTABLE);
	rows = (size_t)lua_rawlen(L, ROWS);
	luaL_argcheck(L, rows <= SELECTOR_MAX, ROWS, "too many rows");
	lua_settop(L, 1);
	lua_newtable(L);
	for (i = 0; i < rows; i++) {
		luaL_argcheck(L, lua_rawgeti(L, ROWS, (lua_Integer)i + 1) == LUA_TTABLE, ROWS, "expected a list of lists");
		lengths[i] = keep_row(L, KEPT, count);
		count += lengths[i];
		slots += slots_for(lengths[i] - 1);
	}
	luaL_argcheck(L, count < UINT32_MAX / 4, ROWS, "too many values");
	s = lua_newuserdatauv(L, sizeof *s + slots * sizeof *s->slots, 1);
	memset(s, 0, sizeof *s + slots * sizeof *s->slots);
	s->rows = rows;
	for (count = slots = i = 0; i < rows; count += lengths[i], i++) {
		s->row[i].first = slots;
		s->row[i].mask = slots_for(lengths[i] - 1) - 1;
		slots += s->row[i].mask + 1;
		fill_row(L, s, &s->row[i], KEPT, count, lengths[i]);
	}
	lua_pushvalue(L, KEPT);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, SELECTOR_MT);
	return 1;
}

void selector_open(lua_State *L) {
	luaL_newmetatable(L, SELECTOR_MT);  /* mt */
	lua_pop(L, 1);                      /* */
	lua_pushcfunction(L, selector_new); /* selector */
}
