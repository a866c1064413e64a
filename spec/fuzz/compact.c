/*
** compact.c - fuzz target of src/compact.c: what was cut can be put together again.
*/
#include "fuzz.h"

#include "compact.h"

static size_t dots_in(const uint8_t *data, size_t size) {
	size_t dots = 0, i;
	for (i = 0; i < size; i++)
		dots += data[i] == '.';
	return dots;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const char *text = (const char *)data;
	struct compact parts;
	size_t dots = dots_in(data, size);
	switch (compact_split(text, size, &parts)) {
	case COMPACT_JWE: MUST(dots == 4); break;
	case COMPACT_BROKEN:
		MUST(dots != 4);
		MUST(dots != 2 || text[0] == '.' || text[size - 1] == '.');
		break;
	case COMPACT_JWS:
		MUST(dots == 2);
		MUST(parts.header.n > 0 && parts.signature.n > 0);
		MUST(parts.header.p == text && parts.input.p == text);
		MUST(parts.payload.p == text + parts.header.n + 1);
		MUST(parts.input.n == parts.header.n + 1 + parts.payload.n);
		MUST(parts.signature.p == text + parts.input.n + 1);
		MUST(parts.input.n + 1 + parts.signature.n == size);
		break;
	}
	return 0;
}
