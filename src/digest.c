/*
** digest.c - see digest.h.
*/
#include "digest.h"

#include <openssl/evp.h>

enum status digest_sha256(struct slice bytes, unsigned char out[DIGEST_BYTES]) {
	return EVP_Digest(bytes.p, bytes.n, out, NULL, EVP_sha256(), NULL) ? ST_OK : ST_ENGINE;
}
