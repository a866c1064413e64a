/*
** sig.h - one algorithm bound to one key, prepared: verify and sign without looking anything up.
** OpenSSL tier: EVP objects are born and freed here; no lua_State.
** A sig_key is for one thread at a time: its contexts are reused from call to call.
*/
#ifndef MEETAUTH_SIG_H
#define MEETAUTH_SIG_H

#include "alg.h"
#include "jwk.h"
#include "slice.h"
#include "status.h"

#include <openssl/types.h>

#define SIG_BYTES_MAX 2048 /* the longest signature: RSA of 16384 bits */

struct sig_key; /* opaque: owned by its maker, until sig_free */

/*
** Bind an HMAC secret, of which nothing but hash states is kept. ST_WEAK_SECRET if it is shorter than the hash (RFC
** 7518 3.2) unless 'weak_allowed', and always if it is empty. ST_NOT_SECRET if it is a public key.
*/
enum status sig_of_secret(struct sig_key **out, const struct alg *alg, struct slice secret, int weak_allowed);

/*
** Bind a public or private key. Takes 'pkey' over: it is freed with *out, or before this returns
** anything but ST_OK. 'alg' may be NULL where the key's curve names it; an RSA key then stays
** unbound: it verifies nothing until sig_bind. Otherwise what pkey_check says.
*/
enum status sig_of_pkey(struct sig_key **out, const struct alg *alg, EVP_PKEY *pkey, int is_private);

/* Bind the key that PEM or DER holds: what pkeyread.h and sig_of_pkey say; ST_NOT_SECRET for a MAC. */
enum status sig_of_text(struct sig_key **out, const struct alg *alg, struct slice text, int is_private);

/*
** Bind a JWK: an oct one as sig_of_secret does, another as sig_of_pkey, private where it has a
** private part.
*/
enum status sig_of_jwk(struct sig_key **out, const struct alg *alg, const struct jwk *jwk, int weak_allowed);

/* Bind the material of an asymmetric key to another algorithm: a new key. ST_KEY_TYPE_MISMATCH, ST_CURVE_MISMATCH. */
enum status sig_bind(struct sig_key **out, const struct sig_key *key, const struct alg *alg);

/*
** Let the key remember that many signatures that it has verified (sigcache.h); HMAC, which is quicker
** than the cache, never does. ST_OK or ST_ENGINE.
*/
enum status sig_remember(struct sig_key *key, size_t slots);

void sig_free(struct sig_key *key); /* NULL-safe; wipes secrets */

const struct alg *sig_alg(const struct sig_key *key); /* NULL for an unbound key */
int sig_can_sign(const struct sig_key *key);
size_t sig_length(const struct sig_key *key); /* bytes of every signature of this key, JWS's form */

/* The key in EVP's form, borrowed; NULL for HMAC. */
EVP_PKEY *sig_pkey(const struct sig_key *key);

/*
** ST_OK where 'signature' (raw bytes, JWS's form) is this key's over 'input', ST_SIGNATURE_MISMATCH where it is not,
** ST_ENGINE where OpenSSL could not tell. A signature of another length is refused before any cryptography.
*/
enum status sig_verify(struct sig_key *key, struct slice input, const unsigned char *signature, size_t n);

/* Sign 'input'; 'out' has SIG_BYTES_MAX bytes, sig_length are written. ST_NOT_PRIVATE, ST_ENGINE. */
enum status sig_sign(struct sig_key *key, struct slice input, unsigned char *out);

#endif
