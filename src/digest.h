/*
** digest.h - SHA-256 of some bytes, for thumbprints (RFC 7638) and names of keys.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_DIGEST_H
#define MEETAUTH_DIGEST_H

#include "slice.h"
#include "status.h"

#define DIGEST_BYTES 32

enum status digest_sha256(struct slice bytes, unsigned char out[DIGEST_BYTES]);

#endif
