/*
 * Test input that ends directly before a page nobody may read, so that the
 * first byte read too far ends the test; and the includes cmocka wants.
 */
#ifndef UNIT_GUARD_H
#define UNIT_GUARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"

struct guard {
	struct str s; /* the copy; p is not NULL */
	char *map;
	size_t n_map;
};

static inline struct guard guard_make(struct str s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t n_data = (s.n + page) / page * page;
	struct guard g = { .n_map = n_data + page };

	g.map = mmap(NULL, g.n_map, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(g.map, MAP_FAILED);
	assert_int_equal(mprotect(g.map + n_data, page, PROT_NONE), 0);
	if (s.n)
		memcpy(g.map + n_data - s.n, s.p, s.n);
	g.s = str_make(g.map + n_data - s.n, s.n);
	return g;
}

static inline void guard_free(struct guard *g)
{
	munmap(g->map, g->n_map);
}

static inline void assert_str(struct str got, struct str wanted)
{
	if (!str_eq(got, wanted))
		fail_msg("got \"%.*s\", wanted \"%.*s\"", STR_ARG(got), STR_ARG(wanted));
}

#endif
