/*
** pkeyread.h - an asymmetric key out of PEM or DER. Whether it is fit for use is pkey_check's to say.
** OpenSSL tier: EVP objects are born here; no lua_State.
*/
#ifndef MEETAUTH_PKEYREAD_H
#define MEETAUTH_PKEYREAD_H

#include "keytype.h"
#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define PKEYREAD_MAX 65536 /* bytes of PEM or DER that are read */

/*
** Read a public key from PEM (SPKI, PKCS#1, X.509 certificate; text in front and CRLF allowed) or DER of these.
** 'type' is what it should be, or NULL: it only tells OpenSSL's failure from a bad key. On ST_OK *out is owned by
** the caller. Otherwise ST_BAD_KEY, ST_UNKNOWN_ALGORITHM for a key that nothing here signs by (ML-DSA),
** ST_NOT_PUBLIC where private material is anywhere in the text, ST_ENCRYPTED_KEY, ST_OVERSIZED_KEY, ST_ENGINE.
*/
enum status pkeyread_public(EVP_PKEY **out, struct slice material, const struct keytype *type);

/*
** Read a private key from PEM (PKCS#8, PKCS#1, SEC1) or DER of these. ST_NOT_PRIVATE where
** there is only a public one, ST_ENCRYPTED_KEY where a pass phrase would be needed; nobody is asked.
*/
enum status pkeyread_private(EVP_PKEY **out, struct slice material, const struct keytype *type);

#endif
