/*
** token.c - see token.h. A reader is made once and opened with one token after the other. Its buffers are part of it,
** so that reading a token allocates nothing but the Lua values that are asked for. Claims and payload are handed out
** against a key, and only if it signed them.
*/
#include "token.h"

#include "b64url.h"
#include "compact.h"
#include "jsontable.h"
#include "key.h"
#include "result.h"
#include "selector.h"
#include "udata.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

#define KNOWN_HEADERS 16
#define KNOWN_LENGTH 256  /* characters of the longest header that is remembered */
#define LARGEST (1 << 20) /* bytes: what a caller may ask for at most */

enum { TEXT = 1, RECORDS = 2 }; /* user values: the token being read; records of known headers, then their keys */
enum { TOKEN_UPVALUE = 1, KEY_UPVALUE = 2, SELECTOR_UPVALUE = 3 }; /* of the methods: metatables */

struct known {
	size_t n;
	struct sig_key **key; /* the box of the only one that signs such tokens, which RECORDS keeps; NULL: not told */
	char text[KNOWN_LENGTH];
};

struct token {
	struct compact parts; /* of the string in user value TEXT */
	int is_open;
	lua_State *busy;      /* makes a table of the buffers, or did when memory ran out; else NULL */
	uint64_t turn;        /* counts the uses of the buffers */
	size_t max;           /* bytes of the longest token */
	struct slice payload; /* decoded; p is NULL until it was needed */
	size_t oldest;        /* the known header to be replaced next */
	struct known known[KNOWN_HEADERS];
	char *scratch; /* the second half of 'bytes' */
	char bytes[];  /* decoded payload, then scratch for the JSON reader */
};

/* The methods that make tables, so that a finaliser may run while they read the buffers. */
static int token_verify(lua_State *L);
static int token_header(lua_State *L);
static int token_claims(lua_State *L);
static int token_unverified(lua_State *L);

static int makes_tables(lua_CFunction f) {
	return f == token_verify || f == token_header || f == token_claims || f == token_unverified;
}

/*
** Raise if one of the callers still works with the reader: a finaliser, which ran in between, cannot have it. A
** call that ended by an error of memory has left the mark behind, but is no caller. Callers in another coroutine are
** not seen here, but will see that the reader was used (push_table).
*/
static void check_idle(lua_State *L, struct token *t) {
	lua_Debug at;
	int level, is_ours;
	for (level = 1; lua_getstack(L, level, &at); level++) {
		lua_getinfo(L, "f", &at);
		is_ours = makes_tables(lua_tocfunction(L, -1));
		lua_pop(L, 1);
		if (is_ours && lua_getlocal(L, &at, 1) != NULL) {
			is_ours = lua_touserdata(L, -1) == t;
			lua_pop(L, 1);
			if (is_ours)
				luaL_error(L, "the reader is in use, so a finaliser cannot use it");
		}
	}
	t->busy = NULL;
}

static struct token *check_token(lua_State *L) {
	struct token *t = udata_check(L, 1, TOKEN_UPVALUE, TOKEN_MT);
	if (t->busy != NULL)
		check_idle(L, t);
	return t;
}

static struct token *check_open(lua_State *L) {
	struct token *t = check_token(L);
	luaL_argcheck(L, t->is_open, 1, "no token was opened");
	return t;
}

typedef enum status push_fn(lua_State *L, struct slice text, char *scratch);

/* Make a table of what is in the buffers. Each value of it is an allocation, at which a finaliser may run. */
static enum status push_table(lua_State *L, struct token *t, push_fn *push, struct slice text) {
	uint64_t turn = ++t->turn;
	enum status st;
	t->busy = L;
	st = push(L, text, t->scratch);
	if (t->turn != turn)
		luaL_error(L, "the reader was used in another coroutine while it was in use");
	t->busy = NULL;
	return st;
}

/* token.new(max) -> reader; max: bytes of the longest token it takes, 1 to 1048576. */
static int token_new(lua_State *L) {
	lua_Integer max = luaL_checkinteger(L, 1);
	size_t half;
	struct token *t;
	luaL_argcheck(L, max >= 1 && max <= LARGEST, 1, "out of range");
	half = b64url_decoded_max((size_t)max);
	t = lua_newuserdatauv(L, sizeof *t + 2 * half, 2);
	memset(t, 0, sizeof *t);
	t->max = (size_t)max;
	t->scratch = t->bytes + half;
	luaL_setmetatable(L, TOKEN_MT);
	lua_createtable(L, 2 * KNOWN_HEADERS, 0);
	lua_setiuservalue(L, -2, RECORDS);
	return 1;
}

/* The known data of the present header; NULL: none. */
static struct known *find_known(struct token *t) {
	struct slice h = t->parts.header;
	size_t i;
	for (i = 0; i < KNOWN_HEADERS; i++)
		if (t->known[i].n == h.n && memcmp(t->known[i].text, h.p, h.n) == 0)
			return &t->known[i];
	return NULL;
}

/* Take the text at 2 apart, and keep it. Nothing is decoded yet. */
static enum status begin(lua_State *L, struct token *t) {
	size_t n;
	const char *text;
	t->turn++;
	t->is_open = 0;
	t->payload.p = NULL;
	if (lua_type(L, 2) != LUA_TSTRING)
		return ST_MALFORMED;
	text = lua_tolstring(L, 2, &n);
	if (n > t->max)
		return ST_TOO_LARGE;
	switch (compact_split(text, n, &t->parts)) {
	case COMPACT_JWS: break;
	case COMPACT_JWE: return ST_UNSUPPORTED;
	case COMPACT_BROKEN: return ST_MALFORMED;
	}
	lua_settop(L, 2);
	lua_setiuservalue(L, 1, TEXT);
	t->is_open = 1;
	return ST_OK;
}

/* Push what was remembered for a known header, or true. */
static void push_record(lua_State *L, const struct token *t, const struct known *known) {
	if (known == NULL) {
		lua_pushboolean(L, 1);
		return;
	}
	lua_getiuservalue(L, 1, RECORDS);
	lua_rawgeti(L, -1, (lua_Integer)(known - t->known) + 1);
}

/*
** token:open(text) -> record | true | fail, reason
** Begin to read another token. record: what token:remember was given for this very header; true
** where nothing was. reason: "too-large", "unsupported" for a JWE (five parts, RFC 7516),
** "malformed" for what is no string of three parts. Nothing is decoded yet.
*/
static int token_begin(lua_State *L) {
	struct token *t = check_token(L);
	enum status st = begin(L, t);
	if (st != ST_OK)
		return result_fail(L, st);
	push_record(L, t, find_known(t));
	return 1;
}

/*
** token:remember(record): keep 'record' for the next tokens with this very header, in the place of
** the one that was remembered longest ago. Long headers are not kept.
*/
static int token_remember(lua_State *L) {
	struct token *t = check_open(L);
	struct slice h = t->parts.header;
	struct known *known = &t->known[t->oldest];
	luaL_checkany(L, 2);
	lua_settop(L, 2);
	if (h.n > KNOWN_LENGTH)
		return 0;
	lua_getiuservalue(L, 1, RECORDS);
	lua_insert(L, 2);
	lua_rawseti(L, 2, (lua_Integer)t->oldest + 1);
	known->n = h.n;
	known->key = NULL;
	memcpy(known->text, h.p, h.n);
	t->oldest = (t->oldest + 1) % KNOWN_HEADERS;
	return 0;
}

/*
** token:expect(key): tokens with this very header, where it is remembered, are signed by that key and no other, as
** token:verify sees. The algorithm is the key's; that the header agrees is for the caller to see.
*/
static int token_expect(lua_State *L) {
	struct token *t = check_open(L);
	struct known *known = find_known(t);
	key_check(L, 2, KEY_UPVALUE);
	lua_settop(L, 2);
	if (known == NULL)
		return 0;
	lua_getiuservalue(L, 1, RECORDS);
	lua_insert(L, 2);
	known->key = lua_touserdata(L, 3);
	lua_rawseti(L, 2, (lua_Integer)(KNOWN_HEADERS + (known - t->known)) + 1);
	return 0;
}

/*
** token:header() -> table | fail, reason
** The header, not verified. reason: "malformed" (base64url), "bad-json", "duplicate-member".
*/
static int token_header(lua_State *L) {
	struct token *t = check_open(L);
	enum status st;
	size_t n;
	t->payload.p = NULL; /* its place is used */
	t->turn++;
	n = b64url_decode(t->parts.header, (unsigned char *)t->bytes);
	if (n == B64URL_BAD)
		return result_fail(L, ST_MALFORMED);
	st = push_table(L, t, jsontable_push_object, (struct slice){ t->bytes, n });
	return st == ST_OK ? 1 : result_fail(L, st);
}

/* Decode the payload unless that was done; 1, or 0 where it is no base64url. */
static int decode_payload(struct token *t) {
	size_t n;
	if (t->payload.p != NULL)
		return 1;
	t->turn++;
	n = b64url_decode(t->parts.payload, (unsigned char *)t->bytes);
	if (n == B64URL_BAD)
		return 0;
	t->payload = (struct slice){ t->bytes, n };
	return 1;
}

/*
** token:scan(selector) -> index ... | fail, reason
** One result for each row of the selector: nil if the payload has no such member, 0 if its value is not known.
** Otherwise it is the value's index. Not verified: good only to choose keys.
** reason: "malformed" (base64url), "bad-json", "duplicate-member".
*/
static int token_scan(lua_State *L) {
	struct token *t = check_open(L);
	const struct selector *selector = selector_check(L, 2, SELECTOR_UPVALUE);
	int found[SELECTOR_MAX];
	size_t i, rows = selector_rows(selector);
	enum status st;
	if (!decode_payload(t))
		return result_fail(L, ST_MALFORMED);
	t->turn++;
	st = selector_scan(selector, t->payload, t->scratch, found);
	if (st != ST_OK)
		return result_fail(L, st);
	luaL_checkstack(L, SELECTOR_MAX, NULL);
	for (i = 0; i < rows; i++) {
		if (found[i] == SELECTOR_ABSENT)
			lua_pushnil(L);
		else
			lua_pushinteger(L, found[i]);
	}
	return (int)rows;
}

/*
** ST_OK where 'key' signed the bytes received (RFC 7515 5.2), else why not. The algorithm is the
** key's; that the header agrees is for the caller to see.
*/
static enum status verify(const struct token *t, struct sig_key *key) {
	unsigned char signature[SIG_BYTES_MAX + 2];
	size_t n;
	if (b64url_decoded_max(t->parts.signature.n) > sizeof signature)
		return ST_SIGNATURE_MISMATCH;
	n = b64url_decode(t->parts.signature, signature);
	return n != B64URL_BAD ? sig_verify(key, t->parts.input, signature, n) : ST_MALFORMED;
}

/*
** token:claims(key) -> table | fail, reason
** The payload as a set of claims, if the key signed it; registered claims have RFC 7519's types.
** reason: "signature-mismatch", "engine-failure", "malformed" (base64url), "bad-json", "duplicate-member", "bad-claim".
*/
static int token_claims(lua_State *L) {
	struct token *t = check_open(L);
	enum status st = verify(t, key_check(L, 2, KEY_UPVALUE));
	if (st == ST_OK)
		st = decode_payload(t) ? push_table(L, t, jsontable_push_claims, t->payload) : ST_MALFORMED;
	return st == ST_OK ? 1 : result_fail(L, st);
}

/*
** token:verify(text) -> claims, record | false, record | false, true | fail, reason
** token:open and, where a key is expected to have signed tokens with that header, token:claims; false where none is.
*/
static int token_verify(lua_State *L) {
	struct token *t = check_token(L);
	enum status st = begin(L, t);
	const struct known *known = st == ST_OK ? find_known(t) : NULL;
	int expects = known != NULL && known->key != NULL && *known->key != NULL; /* a closed one is the caller's to see */
	if (expects)
		st = verify(t, *known->key);
	if (st != ST_OK)
		return result_fail(L, st);
	push_record(L, t, known);
	if (expects)
		st = decode_payload(t) ? push_table(L, t, jsontable_push_claims, t->payload) : ST_MALFORMED;
	else
		lua_pushboolean(L, 0);
	if (st != ST_OK)
		return result_fail(L, st);
	lua_insert(L, -2);
	return 2;
}

/* token:unverified() -> table | fail, reason: the payload of a token that nobody vouches for. */
static int token_unverified(lua_State *L) {
	struct token *t = check_open(L);
	enum status st = decode_payload(t) ? push_table(L, t, jsontable_push_object, t->payload) : ST_MALFORMED;
	return st == ST_OK ? 1 : result_fail(L, st);
}

/*
** token:payload(key) -> bytes | fail, reason
** The payload as it is. reason: "signature-mismatch", "engine-failure", "malformed".
*/
static int token_payload(lua_State *L) {
	struct token *t = check_open(L);
	enum status st = verify(t, key_check(L, 2, KEY_UPVALUE));
	if (st == ST_OK && !decode_payload(t))
		st = ST_MALFORMED;
	if (st != ST_OK)
		return result_fail(L, st);
	lua_pushlstring(L, t->payload.p, t->payload.n);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "new", token_new },
	{ "open", token_begin },
	{ "verify", token_verify },
	{ "remember", token_remember },
	{ "expect", token_expect },
	{ "header", token_header },
	{ "scan", token_scan },
	{ "claims", token_claims },
	{ "unverified", token_unverified },
	{ "payload", token_payload },
	{ NULL, NULL },
};

void token_open(lua_State *L) {
	luaL_newmetatable(L, TOKEN_MT);    /* mt */
	luaL_newlibtable(L, functions);    /* mt, token */
	lua_pushvalue(L, -2);              /* mt, token, mt */
	luaL_getmetatable(L, KEY_MT);      /* mt, token, mt, key's mt */
	luaL_getmetatable(L, SELECTOR_MT); /* mt, token, mt, key's mt, selector's mt */
	luaL_setfuncs(L, functions, 3);    /* mt, token */
	lua_pushvalue(L, -1);              /* mt, token, token */
	lua_setfield(L, -3, "__index");    /* mt, token */
	lua_remove(L, -2);                 /* token */
}
