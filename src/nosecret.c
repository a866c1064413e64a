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

/* Without white space and byte order mark in front. */
static struct slice trimmed(struct slice s) {
	if (begins(s, "\xEF\xBB\xBF"))
		s = (struct slice){ s.p + 3, s.n - 3 };
	while (s.n > 0 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
		s = (struct slice){ s.p + 1, s.n - 1 };
	return s;
}

/* The armour of PEM (RFC 7468) and of SSH (RFC 4716), in any place; and OpenSSH's form on one line. */
static int is_armoured(struct slice s) {
	static const char *const ssh[] = { "ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-" };
	size_t i;
	for (i = 0; i < sizeof ssh / sizeof *ssh; i++)
		if (s.n > strlen(ssh[i]) && begins(s, ssh[i]))
			return 1;
	return contains(s, "-----BEGIN ") || contains(s, "---- BEGIN ");
}

/* A JWK, a list or a set of them. */
static int is_jwk(struct slice s) {
	return (begins(s, "{") || begins(s, "[")) && contains(s, "\"kty\"");
}

/* All of it a SEQUENCE that begins with a SEQUENCE or an INTEGER, as every key and certificate is. */
static int is_der(struct slice s) {
	struct slice body, first;
	return der_take(&s, DER_SEQUENCE, &body) && s.n == 0 &&
		(der_take(&body, DER_SEQUENCE, &first) || der_take(&body, DER_INTEGER, &first));
}

/* The six bits of a digit of base64 or base64url, or -1. */
static int digit(unsigned char c) {
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at != NULL ? (int)(at - alphabet) : c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/*
** DER as bare base64, of either alphabet, in lines or not. The heads of the outer and of its first value, and how
** much there is, tell it; the rest is not decoded.
*/
static int is_base64_of_der(struct slice s) {
	char head[2 * DER_HEAD_MAX];
	struct slice outer = { head, 0 }, first;
	size_t bytes = 0, n, i;
	unsigned bits = 0, pending = 0; /* bits that are no whole byte yet */
	for (i = 0; i < s.n; i++) {
		int d = digit((unsigned char)s.p[i]);
		if (d < 0 && memchr("= \t\r\n", s.p[i], 5) == NULL)
			return 0;
		if (d < 0)
			continue;
		bits = bits << 6 | (unsigned)d;
		pending += 6;
		if (pending < 8)
			continue;
		pending -= 8;
		if (bytes < sizeof head)
			head[bytes] = (char)(bits >> pending);
		bytes++;
	}
	outer.n = bytes < sizeof head ? bytes : sizeof head;
	i = der_head(outer, DER_SEQUENCE, &n);
	first = (struct slice){ head + i, outer.n - i };
	return i != 0 && i + n == bytes &&
		(der_head(first, DER_SEQUENCE, &n) != 0 || der_head(first, DER_INTEGER, &n) != 0);
}

int nosecret_is(struct slice bytes) {
	struct slice s = trimmed(bytes);
	return is_armoured(s) || is_jwk(s) || is_der(bytes) || is_base64_of_der(s);
}
