/*
** json.c - fuzz target of src/json.c and src/claimtype.c: events are well nested, texts lie in the input
** or in scratch and are UTF-8, numbers are what they say, and skipping a container is reading it.
*/
#include "fuzz.h"

#include "claimtype.h"
#include "json.h"

#include <inttypes.h>

static int is_within(struct slice s, const void *from, size_t n) {
	uintptr_t at = (uintptr_t)s.p, first = (uintptr_t)from;
	return at >= first && at - first <= n && s.n <= n - (at - first);
}

/* UTF-8 by way of code points (RFC 3629 3), unlike the reader's own table of bytes. */
static int is_utf8(struct slice s) {
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	size_t i = 0;
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i++];
		size_t more = c < 0x80 ? 0 : c >> 5 == 6 ? 1 : c >> 4 == 14 ? 2 : c >> 3 == 30 ? 3 : 4, k;
		uint32_t code = more == 0 ? c : c & (0x3Fu >> more);
		if (more == 4 || more > s.n - i)
			return 0;
		for (k = 0; k < more; k++, i++) {
			if (((unsigned char)s.p[i] & 0xC0) != 0x80)
				return 0;
			code = code << 6 | ((unsigned char)s.p[i] & 0x3F);
		}
		if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
			return 0;
	}
	return 1;
}

static void check_integer(const struct json *r) {
	char again[32];
	int n = snprintf(again, sizeof again, "%" PRId64, r->integer);
	if (r->integer == 0 && r->text.n == 2) /* -0 */
		MUST(memcmp(r->text.p, "-0", 2) == 0);
	else
		MUST((size_t)n == r->text.n && memcmp(again, r->text.p, r->text.n) == 0);
}

static void check_float(const struct json *r) {
	char digits[JSON_NUMBER_MAX + 1], *end;
	MUST(r->text.n > 0 && r->text.n <= JSON_NUMBER_MAX);
	memcpy(digits, r->text.p, r->text.n);
	digits[r->text.n] = '\0';
	(void)strtod(digits, &end);
	MUST(end == digits + r->text.n);
}

/* A name's verdict must come from its own bytes alone. */
static void check_name(struct slice name) {
	char *own = copy_of(name.p, name.n);
	MUST(claimtype_allowed(name) == claimtype_allowed((struct slice){ own, name.n }));
	free(own);
}

struct walk {
	char open[JSON_DEPTH_MAX];
	unsigned depth;
	int named; /* a name came, its value is due */
};

static void check_nesting(struct walk *w, enum json_event event) {
	int in_object = w->depth > 0 && w->open[w->depth - 1] == '{';
	if (event == JSON_NAME) {
		MUST(in_object && !w->named);
		w->named = 1;
		return;
	}
	if (event == JSON_OBJECT_END || event == JSON_ARRAY_END) {
		MUST(w->depth > 0 && in_object == (event == JSON_OBJECT_END) && !w->named);
		w->depth--;
		return;
	}
	MUST(in_object == w->named);
	w->named = 0;
	if (event == JSON_OBJECT || event == JSON_ARRAY) {
		MUST(w->depth < JSON_DEPTH_MAX);
		w->open[w->depth++] = event == JSON_OBJECT ? '{' : '[';
	}
}

static void check_text(const struct json *r, enum json_event event, struct slice text, const char *scratch) {
	switch (event) {
	case JSON_NAME: check_name(r->text); /* fall through */
	case JSON_STRING:
		MUST(is_within(r->text, text.p, text.n) || is_within(r->text, scratch, text.n));
		MUST(is_utf8(r->text));
		break;
	case JSON_INTEGER: check_integer(r); break;
	case JSON_FLOAT: check_float(r); break;
	default: break;
	}
}

/* The last event of reading all of 'text'. */
static enum json_event read_all(struct slice text, char *scratch) {
	struct json r;
	struct walk w = { { 0 }, 0, 0 };
	enum json_event event;
	json_open(&r, text, scratch);
	while ((event = json_next(&r)) != JSON_INVALID && event != JSON_END) {
		check_text(&r, event, text, scratch);
		check_nesting(&w, event);
	}
	MUST(event == JSON_INVALID || (w.depth == 0 && !w.named));
	MUST(json_next(&r) == event && json_next(&r) == event);
	return event;
}

/* The same where every container that opens at 'depth' is skipped. */
static enum json_event read_skipping(struct slice text, char *scratch, unsigned depth) {
	struct json r;
	enum json_event event;
	unsigned at = 0;
	json_open(&r, text, scratch);
	while ((event = json_next(&r)) != JSON_INVALID && event != JSON_END) {
		if (event == JSON_OBJECT || event == JSON_ARRAY) {
			if (at == depth && !json_skip(&r))
				return JSON_INVALID;
			at += at != depth;
		}
		at -= event == JSON_OBJECT_END || event == JSON_ARRAY_END;
	}
	return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct slice text = { (const char *)data, size };
	char *scratch = exactly(size);
	enum json_event end = read_all(text, scratch);
	unsigned depth;
	for (depth = 0; depth < 3; depth++)
		MUST(read_skipping(text, scratch, depth) == end);
	free(scratch);
	return 0;
}
