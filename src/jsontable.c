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

static const char bad_json[] = "bad-json";

/*
** Room on the Lua stack is asked for once in 16 members: two values each, a table on top of them, and
** two for a look-up.
*/
static int has_room(lua_State *L, int members) {
	return members % 16 != 0 || lua_checkstack(L, 2 * 16 + 3);
}

static const char *push_value(lua_State *L, struct json *r, enum json_event event);

/* One bit of 64 for a name: two names with different bits differ. */
static uint64_t name_bit(struct slice name) {
	unsigned mix = (unsigned)name.n;
	if (name.n > 0)
		mix = mix * 31 + (unsigned char)name.p[0] * 7 + (unsigned char)name.p[name.n - 1] * 13 +
			(unsigned char)name.p[name.n / 2];
	return UINT64_C(1) << (mix & 63);
}

/* 'claims': it is the object whose members are claims. */
static const char *push_object(lua_State *L, struct json *r, int claims) {
	unsigned allowed = ~0u;
	uint64_t seen = 0, bit;
	int n = 0, suspect = 0, at;
	enum json_event event;
	const char *reason;
	if (!lua_checkstack(L, 4))
		return bad_json;
	lua_pushnil(L); /* the table's place */
	at = lua_gettop(L);
	while ((event = json_next(r)) == JSON_NAME) {
		if (!has_room(L, n))
			return bad_json;
		bit = name_bit(r->text);
		suspect |= (seen & bit) != 0;
		seen |= bit;
		lua_pushlstring(L, r->text.p, r->text.n);
		if (claims)
			allowed = claimtype_allowed(r->text);
		event = json_next(r);
		if (event != JSON_INVALID && (allowed & CLAIMTYPE_BIT(event)) == 0)
			return "bad-claim";
		reason = push_value(L, r, event);
		if (reason != NULL)
			return reason;
		n++;
	}
	if (event != JSON_OBJECT_END)
		return bad_json;
	lua_createtable(L, 0, n);
	lua_replace(L, at);
	for (; n > 0; n--) {
		if (suspect) {
			lua_pushvalue(L, -2);
			if (lua_rawget(L, at) != LUA_TNIL)
				return "duplicate-member";
			lua_pop(L, 1);
		}
		lua_rawset(L, at);
	}
	return NULL;
}

static const char *push_array(lua_State *L, struct json *r) {
	int n = 0, at;
	enum json_event event;
	const char *reason;
	if (!lua_checkstack(L, 4))
		return bad_json;
	lua_pushnil(L); /* the table's place */
	at = lua_gettop(L);
	while ((event = json_next(r)) != JSON_ARRAY_END) {
		if (!has_room(L, n))
			return bad_json;
		reason = push_value(L, r, event);
		if (reason != NULL)
			return reason;
		n++;
	}
	lua_createtable(L, n, 0);
	lua_replace(L, at);
	for (; n > 0; n--)
		lua_rawseti(L, at, n);
	luaL_setmetatable(L, JSONTABLE_ARRAY);
	return NULL;
}

/* Floats are read by Lua itself, which minds the locale's decimal point. */
static const char *push_float(lua_State *L, struct slice text) {
	char digits[JSON_NUMBER_MAX + 3];
	lua_Number v;
	memcpy(digits, text.p, text.n);
	memcpy(digits + text.n, "e0", 3); /* an integer too long for 64 bits is a float, too */
	if (memchr(text.p, 'e', text.n) != NULL || memchr(text.p, 'E', text.n) != NULL)
		digits[text.n] = '\0';
	if (lua_stringtonumber(L, digits) == 0)
		return bad_json;
	v = lua_tonumber(L, -1);
	return isfinite(v) ? NULL : bad_json;
}

static const char *push_value(lua_State *L, struct json *r, enum json_event event) {
	switch (event) {
	case JSON_OBJECT: return push_object(L, r, 0);
	case JSON_ARRAY: return push_array(L, r);
	case JSON_STRING: lua_pushlstring(L, r->text.p, r->text.n); return NULL;
	case JSON_INTEGER: lua_pushinteger(L, (lua_Integer)r->integer); return NULL;
	case JSON_FLOAT: return push_float(L, r->text);
	case JSON_TRUE: lua_pushboolean(L, 1); return NULL;
	case JSON_FALSE: lua_pushboolean(L, 0); return NULL;
	case JSON_NULL: lua_pushlightuserdata(L, NULL); return NULL;
	default: return bad_json;
	}
}

enum what { ANY_VALUE, OBJECT, CLAIMS };

static const char *push_text(lua_State *L, struct slice text, char *scratch, enum what what) {
	struct json r;
	enum json_event first;
	const char *reason = bad_json;
	int top = lua_gettop(L);
	json_open(&r, text, scratch);
	first = json_next(&r);
	if (lua_checkstack(L, 4) && (what == ANY_VALUE || first == JSON_OBJECT))
		reason = what == CLAIMS ? push_object(L, &r, 1) : push_value(L, &r, first);
	if (reason == NULL && json_next(&r) != JSON_END)
		reason = bad_json;
	if (reason != NULL)
		lua_settop(L, top);
	return reason;
}

const char *jsontable_push(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, ANY_VALUE);
}

const char *jsontable_push_object(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, OBJECT);
}

const char *jsontable_push_claims(lua_State *L, struct slice text, char *scratch) {
	return push_text(L, text, scratch, CLAIMS);
}

void jsontable_open(lua_State *L) {
	luaL_newmetatable(L, JSONTABLE_ARRAY);
	lua_pop(L, 1);
}
