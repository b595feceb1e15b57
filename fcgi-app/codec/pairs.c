/*
 * Looking up decoded names and values.  Linear: the number of pairs is
 * limited where they are parsed.
 */
#include "codec/pairs.h"

const struct pair *pairs_find(const struct pairs *p, struct str name, size_t from)
{
	for (size_t i = from; i < p->n; i++)
		if (str_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

size_t pairs_count(const struct pairs *p, struct str name)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += str_eq(p->v[i].name, name);
	return n;
}
