/*
 * base/arena.h, in each build: plain, under AddressSanitizer, and with
 * -DARENA_MALLOC, where nothing grows in place and no block is kept.
 */
#include "unit/guard.h"

#include <stdalign.h>

#include "base/arena.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) __asan_address_is_poisoned(p)
#define HAS_POISON     1
#else
#define IS_POISONED(p) ((void)(p), 0)
#define HAS_POISON     0
#endif

#define BUDGET ((size_t)1 << 20)

static void check_zeroed(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(p[i], 0);
}

static void check_arena(const struct arena *a)
{
	assert_true(a->used <= a->budget);
	assert_true(a->keep <= a->budget);
	assert_true(a->current == NULL || a->first != NULL);
}

static void test_alloc(void **state)
{
	static const size_t sizes[] = { 0,  1,   7,     15,    16,   17,    31,
					32, 100, 16383, 16384, 5000, 40000, 1 };
	char *p[ARRAY_LEN(sizes)];
	struct arena a;

	(void)state;
	arena_init(&a, BUDGET, 65536);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			p[i] = arena_alloc(&a, sizes[i]);
			assert_non_null(p[i]);
			assert_int_equal((uintptr_t)p[i] % alignof(max_align_t), 0);
			check_zeroed(p[i], sizes[i]);
			memset(p[i], (int)i + 1, sizes[i]);
			check_arena(&a);
		}
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[i][k], (char)(i + 1));
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_clear(&a);
	assert_null(a.first);
	assert_int_equal(a.keep, 65536);
	assert_non_null(arena_alloc(&a, 10)); /* may be used again */
	arena_clear(&a);
}

static void test_budget(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1000, 0);
	assert_non_null(arena_alloc(&a, 600));
	assert_false(arena_is_over(&a));
	assert_null(arena_alloc(&a, 500));
	assert_true(arena_is_over(&a));
	assert_non_null(arena_alloc(&a, 100)); /* what fits still fits */
	assert_true(arena_is_over(&a));
	arena_reset(&a);
	assert_false(arena_is_over(&a));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX / 2));
	arena_reset(&a);
	assert_null(arena_array(&a, SIZE_MAX / 8, 16));
	assert_true(arena_is_over(&a));
	assert_non_null(ARENA_ARRAY(&a, 4, struct str));
	assert_non_null(ARENA_NEW(&a, struct arena));
	arena_clear(&a);
}

static void test_budget_is_spent_exactly(void **state)
{
	struct arena a;
	size_t n = 0;

	(void)state;
	arena_init(&a, 16 * 5000, 0);
	while (arena_alloc(&a, 9))
		n++;
	assert_int_equal(n, 5000);
	assert_int_equal(a.used, 16 * 5000);
	arena_clear(&a);
}

static void test_grow(void **state)
{
	struct arena a;
	char *p, *q;

	(void)state;
	arena_init(&a, 4096, 0);
	p = arena_alloc(&a, 10);
	assert_non_null(p);
	memset(p, 'x', 10);
	assert_true(arena_grow(&a, p, 10, 10));
#ifdef ARENA_MALLOC
	assert_false(arena_grow(&a, p, 10, 100));
	(void)q;
#else
	assert_true(arena_grow(&a, p, 10, 100));
	check_zeroed(p + 10, 90);
	memset(p, 'x', 100);
	assert_false(arena_grow(&a, p, 100, 5000)); /* over the budget */
	assert_false(arena_grow(&a, p, 100, 50));
	assert_false(arena_grow(&a, p, 100, SIZE_MAX));
	q = arena_alloc(&a, 1);
	assert_non_null(q);
	assert_false(arena_grow(&a, p, 100, 120)); /* no longer the latest */
	assert_true(arena_grow(&a, q, 1, 64));
	check_zeroed(q, 64);
	assert_int_equal(a.used, 112 + 64);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 'x');
#endif
	arena_clear(&a);
}

static void test_text(void **state)
{
	struct arena a;
	struct str s;
	char *cz;

	(void)state;
	arena_init(&a, BUDGET, 0);
	s = arena_str(&a, STR("a\0b"));
	assert_str(s, STR("a\0b"));
	s = arena_str(&a, str_make(NULL, 0));
	assert_non_null(s.p);
	assert_int_equal(s.n, 0);
	cz = str_cz(&a, STR("abc"));
	assert_string_equal(cz, "abc");
	assert_string_equal(str_cz(&a, str_make(NULL, 0)), "");
	assert_null(str_cz(&a, STR("a\0")));
	assert_false(arena_is_over(&a));
	assert_str(arena_printf(&a, "%d-%s", 7, "x"), STR("7-x"));
	assert_str(arena_printf(&a, "%s", ""), STR(""));
	assert_int_equal(arena_printf(&a, "%10000d", 1).n, 10000);
	arena_clear(&a);

	arena_init(&a, 8, 0);
	assert_null(arena_str(&a, STR("123456789")).p);
	assert_null(arena_str(&a, STR("")).p); /* 16 bytes, even for nothing */
	assert_null(str_cz(&a, STR("x")));
	assert_null(arena_printf(&a, "%d", 1).p);
	arena_clear(&a);
}

static void test_poison(void **state)
{
	struct arena a;
	char *p, *q;

	(void)state;
	if (!HAS_POISON)
		skip();
	arena_init(&a, BUDGET, BUDGET);
	p = arena_alloc(&a, 33);
	q = arena_alloc(&a, 16);
	assert_false(IS_POISONED(p) || IS_POISONED(p + 32) || IS_POISONED(q + 15));
	assert_true(IS_POISONED(p + 33) && IS_POISONED(q + 16) && IS_POISONED(p + 48));
	arena_reset(&a);
	assert_true(IS_POISONED(p) && IS_POISONED(q));
	p = arena_alloc(&a, 10);
	assert_false(IS_POISONED(p + 9));
	assert_true(IS_POISONED(p + 10));
	arena_clear(&a);
}

struct trace {
	int seen[4];
	int n;
};
struct note {
	struct trace *trace;
	int id;
};

static void on_end(void *p)
{
	struct note *note = p;

	note->trace->seen[note->trace->n++] = note->id;
}

static void test_ends(void **state)
{
	struct trace trace = { .n = 0 };
	struct note notes[3] = { { &trace, 1 }, { &trace, 2 }, { &trace, 3 } };
	struct arena a;

	(void)state;
	arena_init(&a, 200, 0);
	for (int i = 0; i < 3; i++)
		assert_true(arena_on_end(&a, on_end, &notes[i]));
	arena_reset(&a);
	assert_int_equal(trace.n, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(trace.seen[i], 3 - i);
	arena_reset(&a);
	assert_int_equal(trace.n, 3); /* once */
	assert_non_null(arena_alloc(&a, 192));
	assert_false(arena_on_end(&a, on_end, &notes[0]));
	arena_clear(&a);
	assert_int_equal(trace.n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_budget_is_spent_exactly),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_poison),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
