/*
** b64url.c - fuzz target of src/b64url.c: one spelling for each run of bytes, and every run has it.
*/
#include "fuzz.h"

#include "b64url.h"

/* What is accepted is what would be written. */
static void as_text(const uint8_t *data, size_t size) {
	unsigned char *bytes = exactly(b64url_decoded_max(size));
	size_t n = b64url_decode((struct slice){ (const char *)data, size }, bytes);
	if (n != B64URL_BAD) {
		char *again;
		MUST(n <= b64url_decoded_max(size));
		MUST(b64url_encoded_len(n) == size);
		again = exactly(size);
		b64url_encode(bytes, n, again);
		MUST(memcmp(again, data, size) == 0);
		free(again);
	}
	free(bytes);
}

/* What is written is accepted. */
static void as_bytes(const uint8_t *data, size_t size) {
	size_t n = b64url_encoded_len(size);
	char *text = exactly(n);
	unsigned char *again = exactly(b64url_decoded_max(n));
	b64url_encode(data, size, text);
	MUST(b64url_decode((struct slice){ text, n }, again) == size);
	MUST(memcmp(again, data, size) == 0);
	free(text);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	as_text(data, size);
	as_bytes(data, size);
	return 0;
}
