/*
** claimtype.h - the JSON types that the registered claims may have (RFC 7519 4.1).
** Bytes tier: no Lua, no OpenSSL, no allocation.
*/
#ifndef MEETAUTH_CLAIMTYPE_H
#define MEETAUTH_CLAIMTYPE_H

#include "json.h"

#define CLAIMTYPE_BIT(event) (1u << (event))
#define CLAIMTYPE_ANY (~0u)

/*
** The set of opening events, as bits, that the value of the claim 'name' may begin with; CLAIMTYPE_ANY for a name that
** is not registered. null is none of the others'. Where a list is among them, its items are strings.
*/
unsigned claimtype_allowed(struct slice name);

#endif
