/*
** edpoint.h - whether an encoded Ed25519 or Ed448 public key is a proper point (RFC 8032 5.1.3, 5.2.3). OpenSSL loads
** points that are not on the curve, and points of small order, under which anyone can forge. This is the check it
** leaves out. OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_EDPOINT_H
#define MEETAUTH_EDPOINT_H

#include "status.h"

#include <stddef.h>

#define EDPOINT_MAX 57 /* bytes: Ed448 */

/* ST_OK; ST_NOT_ON_CURVE for y out of range, no such x, or small order; ST_BAD_KEY unless 'n' is 32 or 57. */
enum status edpoint_check(const unsigned char *point, size_t n);

#endif
