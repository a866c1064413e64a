/*
** fuzz.h - what the fuzz targets share: claims that must hold, and memory whose edges the sanitizer sees.
** libFuzzer hands each input out as a heap block of exactly its size, so reading past it is seen, too.
*/
#ifndef MEETAUTH_FUZZ_H
#define MEETAUTH_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the process, which libFuzzer takes for a finding, unless 'claim' holds. */
#define MUST(claim)                                                                                                    \
	do {                                                                                                               \
		if (!(claim)) {                                                                                                \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #claim);                                     \
			abort();                                                                                                   \
		}                                                                                                              \
	} while (0)

/* A block of exactly 'n' bytes, to be freed; for 0 bytes one that may not be touched at all. */
static inline void *exactly(size_t n) {
	void *block = malloc(n);
	MUST(block != NULL);
	return block;
}

static inline void *copy_of(const void *bytes, size_t n) {
	void *block = exactly(n);
	if (n > 0)
		memcpy(block, bytes, n);
	return block;
}

#endif
