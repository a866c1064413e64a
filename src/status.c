/*
** status.c - see status.h.
*/
#include "status.h"

const char *status_reason(enum status st) {
	static const char *const words[] = {
		[ST_OK] = "ok",
		[ST_TOO_LARGE] = "too-large",
		[ST_MALFORMED] = "malformed",
		[ST_UNSUPPORTED] = "unsupported",
		[ST_BAD_JSON] = "bad-json",
		[ST_DUPLICATE_MEMBER] = "duplicate-member",
		[ST_BAD_CLAIM] = "bad-claim",
		[ST_SIGNATURE_MISMATCH] = "signature-mismatch",
		[ST_UNKNOWN_ALGORITHM] = "unknown-algorithm",
		[ST_BAD_KEY] = "bad-key",
		[ST_ENCRYPTED_KEY] = "encrypted-key",
		[ST_NOT_PUBLIC] = "not-public",
		[ST_NOT_PRIVATE] = "not-private",
		[ST_NOT_SECRET] = "not-secret",
		[ST_KEY_TYPE_MISMATCH] = "key-type-mismatch",
		[ST_CURVE_MISMATCH] = "curve-mismatch",
		[ST_NOT_ON_CURVE] = "not-on-curve",
		[ST_WEAK_KEY] = "weak-key",
		[ST_OVERSIZED_KEY] = "oversized-key",
		[ST_BAD_EXPONENT] = "bad-exponent",
		[ST_WEAK_SECRET] = "weak-secret",
		[ST_ENGINE] = "engine-failure",
	};
	return words[st];
}
