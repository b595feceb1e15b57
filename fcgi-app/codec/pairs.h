/*
 * Pairs: decoded names and values of a form, a query or a flat JSON object,
 * in the order they came.  Names may repeat.  Views into an arena or into the
 * bytes parsed; the values are any bytes, also NUL and malformed UTF-8.
 */
#ifndef CODEC_PAIRS_H
#define CODEC_PAIRS_H

#include "base/str.h"

struct pair {
	struct str name, value;
};

struct pairs {
	struct pair *v; /* may be NULL when n is 0 */
	size_t n;
};

/* The first pair of that name at or after index `from`; NULL when none. */
const struct pair *pairs_find(const struct pairs *p, struct str name, size_t from);
/* How many have that name. */
size_t pairs_count(const struct pairs *p, struct str name);

#endif
