/*
** der.c - see der.h.
*/
#include "der.h"

size_t der_head(struct slice from, int tag, size_t *n) {
	const unsigned char *p = (const unsigned char *)from.p;
	size_t head = 2, i;
	if (from.n < 2 || p[0] != tag)
		return 0;
	*n = p[1];
	if (p[1] < 0x80)
		return head;
	head += p[1] & 0x7F; /* so many bytes of length follow; 0x80 alone is BER's indefinite form */
	if (p[1] == 0x80 || head > DER_HEAD_MAX || from.n < head)
		return 0;
	for (*n = 0, i = 2; i < head; i++)
		*n = *n << 8 | p[i];
	return head;
}

int der_take(struct slice *from, int tag, struct slice *body) {
	size_t n, head = der_head(*from, tag, &n);
	if (head == 0 || n > from->n - head)
		return 0;
	*body = (struct slice){ from->p + head, n };
	*from = (struct slice){ body->p + n, from->n - head - n };
	return 1;
}

int der_is_natural(struct slice body) {
	const unsigned char *p = (const unsigned char *)body.p;
	return body.n > 0 && p[0] < 0x80 && (p[0] != 0 || body.n == 1 || p[1] >= 0x80);
}

/* The OID in front of an AlgorithmIdentifier, which is in front of 'from'. */
static int take_algorithm(struct slice from, struct slice *oid) {
	struct slice algorithm;
	return der_take(&from, DER_SEQUENCE, &algorithm) && der_take(&algorithm, DER_OID, oid);
}

/* Up to the SPKI of a certificate: version, serial number, then signature, issuer, validity and subject. */
static int take_to_spki(struct slice *tbs) {
	struct slice skipped;
	int i;
	der_take(tbs, DER_VERSION, &skipped);
	if (!der_take(tbs, DER_INTEGER, &skipped))
		return 0;
	for (i = 0; i < 4; i++)
		if (!der_take(tbs, DER_SEQUENCE, &skipped))
			return 0;
	return 1;
}

enum der_form der_form(struct slice der, struct slice *oid) {
	struct slice body, inner, spki;
	if (!der_take(&der, DER_SEQUENCE, &body))
		return DER_OTHER;
	if (take_algorithm(body, oid))
		return DER_PUBLIC_KEY;
	inner = body;
	if (der_take(&inner, DER_INTEGER, &spki))
		return take_algorithm(inner, oid) ? DER_PRIVATE_KEY : DER_OTHER;
	if (der_take(&body, DER_SEQUENCE, &inner) && take_to_spki(&inner) && der_take(&inner, DER_SEQUENCE, &spki))
		return take_algorithm(spki, oid) ? DER_CERTIFICATE : DER_OTHER;
	return DER_OTHER;
}
