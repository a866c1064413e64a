/*
** nosecret.h - bytes that are no shared secret, under any name (RFC 8725 3.1): a published key must not sign.
** Bytes tier: no Lua, no OpenSSL, no allocation; looks only at the bytes, and is linear in them.
*/
#ifndef MEETAUTH_NOSECRET_H
#define MEETAUTH_NOSECRET_H

#include "slice.h"

/* 1 where 'bytes' are a public or private key or certificate: PEM, DER, SSH's forms, a JWK or several. */
int nosecret_is(struct slice bytes);

#endif
