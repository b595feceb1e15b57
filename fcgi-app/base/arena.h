/*
 * Arena: memory of one request, job or message, given back as a whole.
 *
 * The owner calls arena_init once, arena_reset at the end of each unit of
 * work and arena_clear at the end of the thread.  A hard budget in bytes is
 * given at birth (what is allocated, each rounded up to 16 bytes); beyond it
 * allocations return NULL and the arena remembers that (arena_is_over), which
 * the router reports as RC_TOO_BIG.  Blocks up to `keep` bytes are kept over a
 * reset, the rest goes back to the system.
 *
 * Memory is aligned to max_align_t and zeroed.  Free bytes are poisoned for
 * AddressSanitizer; with -DARENA_MALLOC each allocation is a malloc of its
 * own, so that tools see the first byte too far.  Not for use by two threads.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_block;
struct arena_end;

struct arena {
	struct arena_block *first, *current;
	struct arena_end *ends;
	size_t used, budget, keep;
	bool is_over;
};

/* budget, keep: bytes, keep <= budget.  Allocates nothing yet. */
void arena_init(struct arena *a, size_t budget, size_t keep);
/* Runs the end functions in reverse order, then forgets all allocations. */
void arena_reset(struct arena *a);
/* arena_reset, then gives all memory back.  A cleared arena may be used again. */
void arena_clear(struct arena *a);

/* Zeroed memory of n bytes (n may be 0), or NULL over budget or out of memory. */
void *arena_alloc(struct arena *a, size_t n) MUST_CHECK;
/* Array of n members of `size` bytes; NULL also when n * size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size) MUST_CHECK;
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/*
 * Tries to make the latest allocation p (of old_n bytes) new_n bytes long in
 * place; the new bytes are zero.  False when p is not the latest, new_n is
 * below old_n or there is no room.
 */
bool arena_grow(struct arena *a, void *p, size_t old_n, size_t new_n);

/* Copies; p is NULL when there is no memory, even for an empty s. */
struct str arena_str(struct arena *a, struct str s) MUST_CHECK;
/* NUL-terminated copy; NULL without memory or when s contains a zero byte. */
char *str_cz(struct arena *a, struct str s) MUST_CHECK;
/* printf into the arena; p NULL without memory. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/*
 * fn(p) runs at the next reset: closes descriptors, removes temporary files.
 * False without memory; then fn was not registered and the caller cleans up.
 */
bool arena_on_end(struct arena *a, void (*fn)(void *p), void *p) MUST_CHECK;

static inline bool arena_is_over(const struct arena *a)
{
	return a->is_over;
}

#endif
