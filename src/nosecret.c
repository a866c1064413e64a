/*
** nosecret.c - see nosecret.h.
*/
#include "nosecret.h"

#include "der.h"

static int contains(struct slice in, const char *what) {
	size_t n = strlen(what), i;
	for (i = 0; i + n <= in.n; i++)
		if (memcmp(in.p + i, what, n) == 0)
			return 1;
	return 0;
}

static int begins(struct slice in, const char *with) {
	size_t n = strlen(with);
	return in.n >= n && memcmp(in.p, with, n) == 0;
}

/* Without white space in front. */
static struct slice trimmed(struct slice s) {
	while (s.n > 0 && (memchr(" \t\r\n", s.p[0], 4) != NULL))
		s = (struct slice){ s.p + 1, s.n - 1 };
	return s;
}

/* The armour of PEM (RFC 7468), wherever it stands; what OpenSSH writes on one line. */
static int is_armoured(struct slice s) {
	static const char *const ssh[] = { "ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-" };
	size_t i;
	for (i = 0; i < sizeof ssh / sizeof *ssh; i++)
		if (s.n > strlen(ssh[i]) && begins(s, ssh[i]))
			return 1;
	return contains(s, "-----BEGIN ");
}

/* A JWK, or a set of them. */
static int is_jwk(struct slice s) {
	return begins(s, "{") && contains(s, "\"kty\"");
}

/* All of it a SEQUENCE that begins with a SEQUENCE or an INTEGER, as every key and certificate is. */
static int is_der(struct slice s) {
	struct slice body, first;
	return der_take(&s, DER_SEQUENCE, &body) && s.n == 0 &&
		(der_take(&body, DER_SEQUENCE, &first) || der_take(&body, DER_INTEGER, &first));
}

int nosecret_is(struct slice bytes) {
	struct slice s = trimmed(bytes);
	return is_armoured(s) || is_jwk(s) || is_der(s);
}
