/*
 * struct buf: bytes that grow in an arena, up to a maximum given at birth.
 *
 * Errors stick: append freely, ask once with buf_ok.  After an error the
 * content is undefined and further appends do nothing.  The bytes belong to
 * the arena.  p is never NULL after a successful buf_init.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
	char *p;
	size_t n, cap, max;
	struct arena *arena;
	bool failed;
};

/* first: bytes to reserve; max: most bytes it may ever hold. */
void buf_init(struct buf *b, struct arena *a, size_t first, size_t max);
/* Makes room for n more bytes: afterwards b->p + b->n may be written, then b->n raised. */
bool buf_reserve(struct buf *b, size_t n) MUST_CHECK;
void buf_add(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_u64(struct buf *b, uint64_t v);
/* Zero-padded to `width` digits at least; v >= 0. */
void buf_digits(struct buf *b, int64_t v, int width);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_hex(struct buf *b, const uint8_t *bytes, size_t n);
#define BUF_LIT(b, literal) buf_add((b), STR(literal))

static inline bool buf_ok(const struct buf *b)
{
	return !b->failed;
}
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
