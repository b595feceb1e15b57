/*
 * Heap: memory that outlives a request (start-up objects, pools).
 *
 * Everything that ends with a request belongs in an arena.  This and arena.c
 * are the only callers of malloc in the project.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base/attr.h"

/* n zeroed bytes aligned to max_align_t (n may be 0), or NULL; give back with heap_free. */
void *heap_new(size_t n) MUST_CHECK;
/* p from heap_new, or NULL. */
void heap_free(void *p);
#define HEAP_NEW(type) ((type *)heap_new(sizeof(type)))

#endif
