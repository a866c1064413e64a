/*
** jsontable.c - see jsontable.h.
** A container's members wait on the Lua stack until its end is reached, so that its table can be
** made with the right size. The recursion is as deep as JSON_DEPTH_MAX.
*/
#include "jsontable.h"

#include "claimtype.h"
#include "json.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

/*
** 1 if there is room for 'n' more values on the Lua stack; 0 if the text has more values than a stack ever holds.
** Raises where it is only memory that is short.
*/
static int has_stack(lua_State *L, int n) {
	if (lua_checkstack(L, n))
		return 1;
	if (lua_gettop(L) < LUAI_MAXSTACK / 2)
		luaL_error(L, "not enough memory");
	return 0;
}

/*
** Room is asked for once in 16 members: two values each, a table on top of them, and two for a look-up.
*/
static int has_room(lua_State *L, int members) {
	return members % 16 != 0 || has_stack(L, 2 * 16 + 3);
}

static enum status push_value(lua_State *L, struct json *r, enum json_event event);

/* One bit of 64 for a name: two names with different bits differ. */
static uint64_t name_bit(struct slice name) {
	unsigned mix = (unsigned)name.n;
	if (name.n > 0)
		mix = mix * 31 + (unsigned char)name.p[0] * 7 + (unsigned char)name.p[name.n - 1] * 13 +
			(unsigned char)name.p[name.n / 2];
	return UINT64_C(1) << (mix & 63);
}

/* Whether the items of the list on top, which has no metamethods, are strings. */
static int has_strings(lua_State *L) {
	lua_Integer i = (lua_Integer)lua_rawlen(L, -1);
	int type = LUA_TSTRING;
	for (; i > 0 && type == LUA_TSTRING; i--) {
		type = lua_rawgeti(L, -1, i);
		lua_pop(L, 1);
	}
	return type == LUA_TSTRING;
}

/*
** Push name and value of each member up to the object's end; *n says how many, *suspect whether two names may be one.
** 'claims': it is the object whose members are claims.
*/
static enum status push_members(lua_State *L, struct json *r, int claims, int *n, int *suspect) {
	unsigned allowed = CLAIMTYPE_ANY;
	uint64_t seen = 0, bit;
	int count = 0, twice = 0;
	enum json_event event;
	enum status st;
	for (; (event = json_next(r)) == JSON_NAME; count++) {
		if (!has_room(L, count))
			return ST_BAD_JSON;
		bit = name_bit(r->text);
		twice |= (seen & bit) != 0;
		seen |= bit;
		lua_pushlstring(L, r->text.p, r->text.n);
		if (claims)
			allowed = claimtype_allowed(r->text);
		event = json_next(r);
		if (event != JSON_INVALID && (allowed & CLAIMTYPE_BIT(event)) == 0)
			return ST_BAD_CLAIM;
		st = push_value(L, r, event);
		if (st != ST_OK)
			return st;
		if (event == JSON_ARRAY && allowed != CLAIMTYPE_ANY && !has_strings(L))
			return ST_BAD_CLAIM;
	}
	*n = count;
	*suspect = twice;
	return event == JSON_OBJECT_END ? ST_OK : ST_BAD_JSON;
}

static enum status push_object(lua_State *L, struct json *r, int claims) {
	int n, suspect, at;
	enum status st;
	if (!has_stack(L, 4))
		return ST_BAD_JSON;
	lua_pushnil(L); /* the table's place */
	at = lua_gettop(L);
	st = push_members(L, r, claims, &n, &suspect);
	if (st != ST_OK)
		return st;
	lua_createtable(L, 0, n);
	lua_replace(L, at);
	for (; n > 0; n--) {
		if (suspect) {
			lua_pushvalue(L, -2);
			if (lua_rawget(L, at) != LUA_TNIL)
				return ST_DUPLICATE_MEMBER;
			lua_pop(L, 1);
		}
		lua_rawset(L, at);
	}
	return ST_OK;
}

static enum status push_array(lua_State *L, struct json *r) {
	int n = 0, at;
	enum json_event event;
	enum status st;
	if (!has_stack(L, 4))
		return ST_BAD_JSON;
	lua_pushnil(L); /* the table's place */
	at = lua_gettop(L);
	while ((event = json_next(r)) != JSON_ARRAY_END) {
		if (!has_room(L, n))
			return ST_BAD_JSON;
		st = push_value(L, r, event);
		if (st != ST_OK)
			return st;
		n++;
	}
	lua_createtable(L, n, 0);
	lua_replace(L, at);
	for (; n > 0; n--)
		lua_rawseti(L, at, n);
	luaL_setmetatable(L, JSONTABLE_ARRAY);
	return ST_OK;
}

/* Floats are read by Lua itself, which minds the locale's decimal point. */
static enum status push_float(lua_State *L, struct slice text) {
	char digits[JSON_NUMBER_MAX + 3];
	lua_Number v;
	memcpy(digits, text.p, text.n);
	memcpy(digits + text.n, "e0", 3); /* an integer too long for 64 bits is a float, too */
	if (memchr(text.p, 'e', text.n) != NULL || memchr(text.p, 'E', text.n) != NULL)
		digits[text.n] = '\0';
	if (lua_stringtonumber(L, digits) == 0)
		return ST_BAD_JSON;
	v = lua_tonumber(L, -1);
	return isfinite(v) ? ST_OK : ST_BAD_JSON;
}

static enum status push_value(lua_State *L, struct json *r, enum json_event event) {
	switch (event) {
	case JSON_OBJECT: return push_object(L, r, 0);
	case JSON_ARRAY: return push_array(L, r);
	case JSON_STRING: lua_pushlstring(L, r->text.p, r->text.n); return ST_OK;
	case JSON_INTEGER: lua_pushinteger(L, (lua_Integer)r->integer); return ST_OK;
	case JSON_FLOAT: return push_float(L, r->text);
	case JSON_TRUE: lua_pushboolean(L, 1); return ST_OK;
	case JSON_FALSE: lua_pushboolean(L, 0); return ST_OK;
	case JSON_NULL: lua_pushlightuserdata(L, NULL); return ST_OK;
	default: return ST_BAD_JSON;
	}
}

enum what { ANY_VALUE, OBJECT, CLAIMS };

static enum status push_text(lua_State *L, struct slice text, char *scratch, enum what what) {
	struct json r;
	enum json_event first;
	enum status st = ST_BAD_JSON;
	int top = lua_gettop(L);
	json_open(&r, text, scratch);
	first = json_next(&r);
	if (has_stack(L, 4) && (what == ANY_VALUE || first == JSON_OBJECT))
		st = what == CLAIMS ? push_object(L, &r, 1) : push_value(L, &r, first);
	if (st == ST_OK && json_next(&r) != JSON_END)
		st = ST_BAD_JSON;
	if (st != ST_OK)
		lua_settop(L, top);
	return st;
}

enum status jsontable_push(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, ANY_VALUE);
}

enum status jsontable_push_object(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, OBJECT);
}

enum status jsontable_push_claims(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, CLAIMS);
}

void jsontable_open(lua_State *L) {
	luaL_newmetatable(L, JSONTABLE_ARRAY); /* mt */
	lua_pop(L, 1);                         /* */
}
