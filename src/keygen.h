/*
** keygen.h - new keys for Lua.
** Lua tier.
*/
#ifndef MEETAUTH_KEYGEN_H
#define MEETAUTH_KEYGEN_H

#include <lua.h>

/*
** keygen(alg, rsa_bits, ed448) -> private | fail, reason
** private: PKCS#8 PEM, or for HMAC as many random bytes as the hash has.
** reason: "unknown-algorithm", "weak-key", "oversized-key", "engine-failure".
*/
int keygen(lua_State *L);

#endif
