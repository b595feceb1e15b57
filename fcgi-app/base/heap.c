/*
 * Memory that outlives a request.  Fails by returning NULL.
 */
#include "base/heap.h"

#include <stdlib.h>

void *heap_new(size_t n)
{
	return calloc(1, n ? n : 1);
}

void heap_free(void *p)
{
	free(p);
}
