/*
** keygen.h - new keys for Lua.
** Lua tier.
*/
#ifndef MEETAUTH_KEYGEN_H
#define MEETAUTH_KEYGEN_H

#include <lua.h>

/*
** keygen(alg, rsa_bits, crv) -> private | fail, reason
** private: PKCS#8 PEM, or for HMAC as many random bytes as the hash has. crv: the curve where the algorithm has
** several, or nil for its first.
** reason: "unknown-algorithm", "curve-mismatch", "weak-key", "oversized-key", "engine-failure".
*/
int keygen(lua_State *L);

#endif
