/*
** ecdsader.c - fuzz target of src/ecdsader.c: r || s has one DER, and a DER has one r || s.
*/
#include "fuzz.h"

#include "ecdsader.h"

static const size_t coordinates[] = { 32, 48, ECDSADER_COORDINATE_MAX };

static void as_raw(const uint8_t *data, size_t coordinate) {
	unsigned char *raw = copy_of(data, 2 * coordinate), *again = exactly(2 * coordinate);
	unsigned char *der = exactly(ECDSADER_MAX);
	size_t n = ecdsader_of_raw(raw, coordinate, der);
	MUST(n <= ECDSADER_MAX);
	MUST(ecdsader_to_raw(der, n, coordinate, again));
	MUST(memcmp(raw, again, 2 * coordinate) == 0);
	free(raw);
	free(again);
	free(der);
}

static void as_der(const uint8_t *data, size_t size, size_t coordinate) {
	unsigned char *raw = exactly(2 * coordinate), *again = exactly(ECDSADER_MAX);
	if (ecdsader_to_raw(data, size, coordinate, raw)) {
		MUST(ecdsader_of_raw(raw, coordinate, again) == size);
		MUST(memcmp(again, data, size) == 0);
	}
	free(raw);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	size_t i;
	for (i = 0; i < sizeof coordinates / sizeof *coordinates; i++) {
		as_der(data, size, coordinates[i]);
		if (size >= 2 * coordinates[i])
			as_raw(data, coordinates[i]);
	}
	return 0;
}
