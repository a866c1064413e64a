/*
** claimtype.c - see claimtype.h.
*/
#include "claimtype.h"

#include <string.h>

#define NUMBER (CLAIMTYPE_BIT(JSON_INTEGER) | CLAIMTYPE_BIT(JSON_FLOAT))
#define STRING CLAIMTYPE_BIT(JSON_STRING)

#define NAME_LENGTH 3 /* of every registered claim */

static const struct {
	char name[NAME_LENGTH + 1];
	unsigned allowed;
} table[] = {
	{ "exp", NUMBER },
	{ "nbf", NUMBER },
	{ "iat", NUMBER },
	{ "iss", STRING },
	{ "sub", STRING },
	{ "aud", STRING | CLAIMTYPE_BIT(JSON_ARRAY) },
	{ "jti", STRING },
};

unsigned claimtype_allowed(struct slice name) {
	size_t i;
	if (name.n == NAME_LENGTH)
		for (i = 0; i < sizeof table / sizeof *table; i++)
			if (memcmp(table[i].name, name.p, NAME_LENGTH) == 0)
				return table[i].allowed;
	return CLAIMTYPE_ANY;
}
