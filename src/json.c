/*
** json.c - see json.h.
*/
#include "json.h"

#include "bytetable.h"

#include <stdint.h>
#include <string.h>

enum state {
	WANT_VALUE,     /* at the start, after a colon, after a comma in an array */
	WANT_FIRST,     /* just inside an array: a value or its end */
	WANT_FIRSTNAME, /* just inside an object: a name or its end */
	WANT_NAME,      /* after a comma in an object */
	AFTER_VALUE,    /* a comma or the container's end; the text's end outside of all */
	BROKEN
};

void json_open(struct json *r, struct slice text, char *scratch) {
	r->text = (struct slice){ NULL, 0 };
	r->integer = 0;
	r->p = (const unsigned char *)text.p;
	r->end = r->p + text.n;
	r->scratch = scratch;
	r->objects = 0;
	r->depth = 0;
	r->state = WANT_VALUE;
}

static enum json_event broken(struct json *r) {
	r->state = BROKEN;
	return JSON_INVALID;
}

static int is_space(unsigned char c) {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline void skip_space(struct json *r) {
	while (r->p < r->end && *r->p <= ' ' && is_space(*r->p))
		r->p++;
}

/* 1 for bytes that a string can have unchanged, and that are whole characters. */
#define IS_PLAIN(c, unused) ((c) >= 0x20 && (c) < 0x80 && (c) != '"' && (c) != '\\')
static const unsigned char plain[256] = { BYTETABLE(IS_PLAIN, 0) };

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* How many of the eight bytes at 'p' are plain before the first that is not. */
static size_t plain_bytes(const unsigned char *p) {
	uint64_t w, odd;
	memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	/*
	** The highest bit of a byte is set if it is 0x80 or more. A subtraction also sets it for a byte below 0x20, and
	** for a quote or a backslash, which was made 0. A borrow changes only bytes behind the first such byte.
	*/
	odd = (w | (w - EACH(0x20)) | ((w ^ EACH('"')) - EACH(1)) | ((w ^ EACH('\\')) - EACH(1))) & EACH(0x80);
	return odd == 0 ? 8 : (size_t)__builtin_ctzll(odd) / 8;
}

/* The first byte from 'p' on that is not plain, or the end. */
static const unsigned char *skip_plain(const unsigned char *p, const unsigned char *end) {
	size_t n;
	while (end - p >= 8) {
		n = plain_bytes(p);
		p += n;
		if (n < 8)
			return p;
	}
	while (p < end && plain[*p])
		p++;
	return p;
}

/* Bytes of the UTF-8 character at 'p' (a lead byte of 0x80 or more), or 0 if it is none (RFC 3629 4). */
static size_t utf8_length(const unsigned char *p, const unsigned char *end) {
	unsigned char lo = 0x80, hi = 0xBF;
	size_t n, i;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if ((size_t)(end - p) < n)
		return 0;
	switch (p[0]) { /* no overlong forms, no surrogates, nothing above U+10FFFF */
	case 0xE0: lo = 0xA0; break;
	case 0xED: hi = 0x9F; break;
	case 0xF0: lo = 0x90; break;
	case 0xF4: hi = 0x8F; break;
	default: break;
	}
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (i = 2; i < n; i++)
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
	return n;
}

/* Move on to the next quote or backslash; 0 where the text ends or breaks before it. */
static int skip_characters(struct json *r) {
	const unsigned char *p = r->p, *end = r->end;
	size_t n;
	for (;;) {
		p = r->p = skip_plain(p, end);
		if (p == end || *p < 0x20)
			return 0;
		if (*p < 0x80)
			return 1;
		n = utf8_length(p, end);
		if (n == 0)
			return 0;
		p += n;
	}
}

/* The four hexadecimal digits at 'p', or -1. */
static int32_t hex4(const unsigned char *p, const unsigned char *end) {
	int32_t v = 0;
	int i;
	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		int c = p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static char *put_utf8(char *o, uint32_t c) {
	if (c < 0x80) {
		*o++ = (char)c;
	} else if (c < 0x800) {
		*o++ = (char)(0xC0 | c >> 6);
		*o++ = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*o++ = (char)(0xE0 | c >> 12);
		*o++ = (char)(0x80 | (c >> 6 & 0x3F));
		*o++ = (char)(0x80 | (c & 0x3F));
	} else {
		*o++ = (char)(0xF0 | c >> 18);
		*o++ = (char)(0x80 | (c >> 12 & 0x3F));
		*o++ = (char)(0x80 | (c >> 6 & 0x3F));
		*o++ = (char)(0x80 | (c & 0x3F));
	}
	return o;
}

/* Unescape what follows the backslash at r->p[-1] to 'o'; its new end, or NULL if it is no escape. */
static char *unescape(struct json *r, char *o) {
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	int32_t high, low;
	if (r->p == r->end)
		return NULL;
	if (*r->p != 'u') {
		at = memchr(from, *r->p, sizeof from - 1);
		if (at == NULL)
			return NULL;
		*o++ = to[at - from];
		r->p++;
		return o;
	}
	high = hex4(r->p + 1, r->end);
	if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF))
		return NULL;
	r->p += 5;
	if (high < 0xD800 || high > 0xDBFF)
		return put_utf8(o, (uint32_t)high);
	if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
		return NULL;
	low = hex4(r->p + 2, r->end);
	if (low < 0xDC00 || low > 0xDFFF)
		return NULL;
	r->p += 6;
	return put_utf8(o, 0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
}

/*
** Read a string from its first escape on, at r->p; 'from' is its first character. 'text' becomes it,
** unescaped, in scratch.
*/
static int read_escaped(struct json *r, const unsigned char *from) {
	char *o = r->scratch;
	size_t n;
	for (;;) {
		n = (size_t)(r->p - from);
		memcpy(o, from, n);
		o += n;
		if (*r->p++ == '"') {
			r->text = (struct slice){ r->scratch, (size_t)(o - r->scratch) };
			return 1;
		}
		o = unescape(r, o);
		if (o == NULL)
			return 0;
		from = r->p;
		if (!skip_characters(r))
			return 0;
	}
}

/* Read a string whose opening quote was taken; 'text' is it, without quotes and escapes. */
static int read_string(struct json *r) {
	const unsigned char *from = r->p;
	if (!skip_characters(r))
		return 0;
	if (*r->p != '"')
		return read_escaped(r, from);
	r->text = (struct slice){ (const char *)from, (size_t)(r->p - from) };
	r->p++;
	return 1;
}

/* The end of the digits at 'p'; 'p' itself where there are none. */
static const unsigned char *digits(const unsigned char *p, const unsigned char *end) {
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* The end of the fraction and the exponent at 'p', either of which may be missing; NULL if one is broken. */
static const unsigned char *fraction(const unsigned char *p, const unsigned char *end) {
	const unsigned char *from;
	if (p < end && *p == '.') {
		from = p + 1;
		p = digits(from, end);
		if (p == from)
			return NULL;
	}
	if (p < end && (*p | 32) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = digits(from, end);
		if (p == from)
			return NULL;
	}
	return p;
}

#define DIGITS_MAX 19 /* of every integer below 2^64 */

static enum json_event read_number(struct json *r) {
	const unsigned char *from = r->p, *first = from + (*from == '-'), *whole, *end;
	uint64_t limit = (uint64_t)INT64_MAX + (first > from ? 1 : 0), v = 0;
	for (whole = first; whole < r->end && *whole >= '0' && *whole <= '9'; whole++)
		v = v * 10 + (uint64_t)(*whole - '0');
	if (whole == first || (*first == '0' && whole > first + 1))
		return broken(r);
	end = fraction(whole, r->end);
	if (end == NULL || end - from > JSON_NUMBER_MAX)
		return broken(r);
	r->p = end;
	r->text = (struct slice){ (const char *)from, (size_t)(end - from) };
	if (end > whole || whole - first > DIGITS_MAX || v > limit)
		return JSON_FLOAT;
	r->integer = first > from ? (int64_t)(0 - v) : (int64_t)v;
	return JSON_INTEGER;
}

static enum json_event read_word(struct json *r, const char *word, size_t n, enum json_event event) {
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return broken(r);
	r->p += n;
	return event;
}

static enum json_event open_container(struct json *r, int object) {
	if (r->depth == JSON_DEPTH_MAX)
		return broken(r);
	r->p++;
	r->objects = object ? r->objects | UINT32_C(1) << r->depth : r->objects & ~(UINT32_C(1) << r->depth);
	r->depth++;
	r->state = object ? WANT_FIRSTNAME : WANT_FIRST;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static int in_object(const struct json *r) {
	return (r->objects >> (r->depth - 1) & 1) != 0;
}

static enum json_event close_container(struct json *r) {
	int object = in_object(r);
	r->p++;
	r->depth--;
	r->state = AFTER_VALUE;
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static enum json_event read_value(struct json *r) {
	r->state = AFTER_VALUE; /* unless a container opens or the text breaks */
	switch (*r->p) {
	case '{': return open_container(r, 1);
	case '[': return open_container(r, 0);
	case '"': r->p++; return read_string(r) ? JSON_STRING : broken(r);
	case 't': return read_word(r, "true", 4, JSON_TRUE);
	case 'f': return read_word(r, "false", 5, JSON_FALSE);
	case 'n': return read_word(r, "null", 4, JSON_NULL);
	default: return read_number(r);
	}
}

static enum json_event read_name(struct json *r) {
	if (*r->p++ != '"' || !read_string(r))
		return broken(r);
	skip_space(r);
	if (r->p == r->end || *r->p++ != ':')
		return broken(r);
	r->state = WANT_VALUE;
	return JSON_NAME;
}

enum json_event json_next(struct json *r) {
	skip_space(r);
	if (r->state == AFTER_VALUE) {
		if (r->depth == 0)
			return r->p == r->end ? JSON_END : broken(r);
		if (r->p == r->end)
			return broken(r);
		if (*r->p == (in_object(r) ? '}' : ']'))
			return close_container(r);
		if (*r->p++ != ',')
			return broken(r);
		r->state = in_object(r) ? WANT_NAME : WANT_VALUE;
		skip_space(r);
	}
	if (r->state == BROKEN || r->p == r->end)
		return broken(r);
	switch (r->state) {
	case WANT_FIRST: return *r->p == ']' ? close_container(r) : read_value(r);
	case WANT_FIRSTNAME: return *r->p == '}' ? close_container(r) : read_name(r);
	case WANT_NAME: return read_name(r);
	default: return read_value(r);
	}
}

int json_skip(struct json *r) {
	unsigned outside = r->depth - 1;
	while (r->depth > outside)
		if (json_next(r) == JSON_INVALID)
			return 0;
	return 1;
}
