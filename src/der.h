/*
** der.h - the outside of DER values (X.690 8.1): tag, length, contents.
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_DER_H
#define MEETAUTH_DER_H

#include "slice.h"

enum { DER_INTEGER = 0x02, DER_OID = 0x06, DER_SEQUENCE = 0x30, DER_VERSION = 0xA0 };

#define DER_HEAD_MAX 6 /* bytes of tag and length: values under 4 GiB */

/*
** How many bytes of tag and length the value in front of 'from' has, of that tag; 0 where there is none. *n is told
** the bytes of its contents, which can be missing. Lengths that are longer than they need be are taken, too.
*/
size_t der_head(struct slice from, int tag, size_t *n);

/*
** Take the value in front of 'from': 'body' becomes its contents, 'from' what is behind it. 0, and nothing is taken,
** where there is none of that tag, or it does not fit.
*/
int der_take(struct slice *from, int tag, struct slice *body);

/*
** The kind of 'der' by its outside, and in *oid the algorithm of its key. It is a private key in PKCS#8 (RFC 5958
** 2), a public one as SPKI, a certificate (RFC 5280 4.1), or another kind, without one.
*/
enum der_form { DER_OTHER, DER_PRIVATE_KEY, DER_PUBLIC_KEY, DER_CERTIFICATE };
enum der_form der_form(struct slice der, struct slice *oid);

/* 1 where 'body' are the contents of an INTEGER that is not negative and written as DER writes it (X.690 8.3.2). */
int der_is_natural(struct slice body);

#endif
