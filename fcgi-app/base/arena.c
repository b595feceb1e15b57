/*
 * Arena: a chain of blocks with a pointer that only moves forward.
 *
 * Each block knows how far it was ever used (`dirty`), so that fresh memory
 * from the system, which is zero already, is not touched before it is needed.
 * Under AddressSanitizer the free bytes are poisoned and 16 more stand behind
 * each allocation.  With ARENA_MALLOC every allocation is a block of its own.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define RED_ZONE       ((size_t)16)
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE       ((size_t)0)
#endif

#ifdef ARENA_MALLOC
#define KEEPS_BLOCKS false /* they have the size of one allocation */
#else
#define KEEPS_BLOCKS true
#endif

#define ALIGN     alignof(max_align_t)
#define BLOCK_MIN ((size_t)16384)
#define BLOCK_MAX ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t cap, used, dirty;
	alignas(max_align_t) char bytes[];
};

struct arena_end {
	struct arena_end *next;
	void (*fn)(void *p);
	void *p;
};

void arena_init(struct arena *a, size_t budget, size_t keep)
{
	BUG(keep > budget);
	*a = (struct arena){ .budget = budget, .keep = keep };
}

/* Bytes an allocation of n takes of the budget; false on overflow. */
static bool size_rounded(size_t n, size_t *ret)
{
	if (n == 0)
		n = 1; /* each allocation has an address of its own */
	if (n > SIZE_MAX / 2)
		return false;
	*ret = (n + ALIGN - 1) / ALIGN * ALIGN;
	return true;
}

/* A new block after the current one, which it becomes. */
static struct arena_block *block_new(struct arena *a, size_t cap)
{
	struct arena_block *block = calloc(1, sizeof *block + cap);

	if (!block)
		return NULL;
	block->cap = cap;
	if (a->current) {
		block->next = a->current->next;
		a->current->next = block;
	} else {
		block->next = a->first;
		a->first = block;
	}
	a->current = block;
	return block;
}

static void block_free(struct arena_block *block)
{
	UNPOISON(block->bytes, block->cap);
	free(block);
}

#ifdef ARENA_MALLOC

static void *take(struct arena *a, size_t n, size_t rounded)
{
	struct arena_block *block = block_new(a, n);

	(void)rounded;
	return block ? block->bytes : NULL;
}

bool arena_grow(struct arena *a, void *p, size_t old_n, size_t new_n)
{
	(void)a;
	(void)p;
	return old_n == new_n;
}

#else

/* n fresh bytes at the end of the block, zeroed where they were used before. */
static void zero_range(struct arena_block *block, size_t from, size_t to)
{
	UNPOISON(block->bytes + from, to - from);
	if (from < block->dirty)
		memset(block->bytes + from, 0, (to < block->dirty ? to : block->dirty) - from);
	if (block->dirty < to)
		block->dirty = to;
}

/* The first block from the current one on with room, or a new one. */
static struct arena_block *block_with(struct arena *a, size_t n)
{
	struct arena_block *block = a->current ? a->current : a->first;
	size_t cap = BLOCK_MIN;

	if (block && block->cap - block->used >= n)
		return a->current = block;
	if (block && block->next && block->next->cap >= n) {
		BUG(block->next->used);
		return a->current = block->next;
	}
	while (cap < a->used && cap < BLOCK_MAX)
		cap *= 2;
	block = block_new(a, cap > n ? cap : n);
	if (block)
		POISON(block->bytes, block->cap);
	return block;
}

static void *take(struct arena *a, size_t n, size_t rounded)
{
	struct arena_block *block = block_with(a, rounded + RED_ZONE);
	char *p;

	if (!block)
		return NULL;
	p = block->bytes + block->used;
	zero_range(block, block->used, block->used + n);
	block->used += rounded + RED_ZONE;
	return p;
}

bool arena_grow(struct arena *a, void *p, size_t old_n, size_t new_n)
{
	struct arena_block *block = a->current;
	size_t old_rounded, new_rounded, from;

	if (!block || new_n < old_n || !size_rounded(old_n, &old_rounded) ||
	    !size_rounded(new_n, &new_rounded))
		return false;
	if (block->used < old_rounded + RED_ZONE)
		return false;
	from = block->used - old_rounded - RED_ZONE;
	if ((char *)p != block->bytes + from || block->cap - from < new_rounded + RED_ZONE ||
	    a->budget - a->used < new_rounded - old_rounded)
		return false;
	zero_range(block, from + old_n, from + new_n);
	block->used = from + new_rounded + RED_ZONE;
	a->used += new_rounded - old_rounded;
	return true;
}

#endif

void *arena_alloc(struct arena *a, size_t n)
{
	size_t rounded;
	void *p;

	if (!size_rounded(n, &rounded) || rounded > a->budget - a->used) {
		a->is_over = true;
		return NULL;
	}
	p = take(a, n, rounded);
	if (p)
		a->used += rounded;
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (!size_mul(n, size, &total)) {
		a->is_over = true;
		return NULL;
	}
	return arena_alloc(a, total);
}

static void run_ends(struct arena *a)
{
	while (a->ends) {
		struct arena_end *end = a->ends;

		a->ends = end->next;
		end->fn(end->p);
	}
}

/* Keeps the first blocks up to `keep` bytes together, frees the others. */
static void trim(struct arena *a, size_t keep)
{
	struct arena_block **link = &a->first;

	while (*link) {
		struct arena_block *block = *link;

		if (keep && block->cap <= keep) {
			keep -= block->cap;
			block->used = 0;
			POISON(block->bytes, block->cap);
			link = &block->next;
		} else {
			*link = block->next;
			block_free(block);
		}
	}
	a->current = NULL;
	a->used = 0;
	a->is_over = false;
}

void arena_reset(struct arena *a)
{
	run_ends(a);
	trim(a, KEEPS_BLOCKS ? a->keep : 0);
}

void arena_clear(struct arena *a)
{
	size_t keep = a->keep;

	a->keep = 0;
	arena_reset(a);
	a->keep = keep;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n);

	if (!p)
		return (struct str){ NULL, 0 };
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

char *str_cz(struct arena *a, struct str s)
{
	char *p;

	if (str_find_char(s, '\0') != SIZE_MAX || s.n == SIZE_MAX)
		return NULL;
	p = arena_alloc(a, s.n + 1);
	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	struct str none = { NULL, 0 };
	va_list args;
	int n;
	char *p;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		return none;
	p = arena_alloc(a, (size_t)n + 1);
	if (!p)
		return none;
	va_start(args, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, args);
	va_end(args);
	return (struct str){ p, (size_t)n };
}

bool arena_on_end(struct arena *a, void (*fn)(void *p), void *p)
{
	struct arena_end *end = ARENA_NEW(a, struct arena_end);

	if (!end)
		return false;
	*end = (struct arena_end){ .next = a->ends, .fn = fn, .p = p };
	a->ends = end;
	return true;
}
