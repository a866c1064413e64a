/*
** json.h - a strict pull reader for one JSON text (RFC 8259; I-JSON's UTF-8, RFC 7493).
** Bytes tier: no Lua, no OpenSSL, no allocation.
**
** It accepts exactly the grammar: no comments, no NaN, no leading zeros, no raw control characters, no lone
** surrogates. Only UTF-8 is valid, and only white space is allowed around the one value. It does not look for
** duplicate names (jsontable.c does) and does not convert floats (their text is handed out).
*/
#ifndef MEETAUTH_JSON_H
#define MEETAUTH_JSON_H

#include "slice.h"

#include <stdint.h>

#define JSON_DEPTH_MAX 32  /* containers inside each other; deeper texts are invalid */
#define JSON_NUMBER_MAX 64 /* characters of one number; longer ones are invalid */

enum json_event {
	JSON_INVALID, /* the text is not JSON; stays so */
	JSON_END,     /* the value was complete and nothing followed; stays so */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_NAME,    /* a member's name, in 'text'; its value is the next event */
	JSON_STRING,  /* in 'text' */
	JSON_INTEGER, /* no fraction, no exponent, fits: in 'integer' */
	JSON_FLOAT,   /* any other number: its characters in 'text' */
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL
};

struct json {
	struct slice text; /* of the last name, string or float; valid until the next event */
	int64_t integer;
	/* private */
	const unsigned char *p, *end;
	char *scratch;
	uint32_t objects; /* bit n: the container at depth n is an object */
	unsigned depth;
	unsigned char state;
};

/*
** Begin to read 'text'. 'scratch' takes strings that hold escapes, unescaped, and has room for text.n bytes. The text
** itself is never changed, so it can be read again.
*/
void json_open(struct json *reader, struct slice text, char *scratch);

enum json_event json_next(struct json *reader);

/* Read up to the end of the container whose opening event came last; 1, or 0 if invalid. */
int json_skip(struct json *reader);

#endif
