/*
 * Growing bytes in an arena.
 *
 * Grows in place where the arena allows it, else doubles and copies; the old
 * bytes stay in the arena until its reset, so `first` should fit the usual
 * case.  The first failure sticks.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/num.h"

void buf_init(struct buf *b, struct arena *a, size_t first, size_t max)
{
	if (first > max)
		first = max;
	*b = (struct buf){ .cap = first, .max = max, .arena = a };
	b->p = arena_alloc(a, first);
	if (!b->p) {
		b->cap = 0;
		b->failed = true;
	}
}

static bool fail(struct buf *b)
{
	b->failed = true;
	return false;
}

bool buf_reserve(struct buf *b, size_t n)
{
	size_t need, cap;
	char *p;

	if (b->failed)
		return false;
	if (n <= b->cap - b->n)
		return true;
	if (!size_add(b->n, n, &need) || need > b->max)
		return fail(b);
	cap = b->cap > b->max / 2 ? b->max : b->cap * 2;
	if (cap < need)
		cap = need;
	if (!arena_grow(b->arena, b->p, b->cap, cap)) {
		p = arena_alloc(b->arena, cap);
		if (!p)
			return fail(b);
		if (b->n)
			memcpy(p, b->p, b->n);
		b->p = p;
	}
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, struct str s)
{
	if (s.n == 0 || !buf_reserve(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_char(struct buf *b, char c)
{
	if (buf_reserve(b, 1))
		b->p[b->n++] = c;
}

/* v in decimal with at least `width` digits, at the end of out; their number. */
static size_t digits(char out[64], uint64_t v, int width)
{
	size_t n = 0;

	do {
		out[63 - n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v || n < (size_t)width);
	return n;
}

void buf_u64(struct buf *b, uint64_t v)
{
	char out[64];
	size_t n = digits(out, v, 1);

	buf_add(b, str_make(out + 64 - n, n));
}

void buf_i64(struct buf *b, int64_t v)
{
	if (v < 0) {
		buf_char(b, '-');
		buf_u64(b, -(uint64_t)v);
	} else {
		buf_u64(b, (uint64_t)v);
	}
}

void buf_digits(struct buf *b, int64_t v, int width)
{
	char out[64];
	size_t n;

	BUG(v < 0 || width < 1 || width > 64);
	n = digits(out, (uint64_t)v, width);
	buf_add(b, str_make(out + 64 - n, n));
}

/* The closing NUL of the C library must not count against max, hence the copy. */
void buf_printf(struct buf *b, const char *fmt, ...)
{
	char small[256], *p = small;
	va_list args;
	int n;

	if (b->failed)
		return;
	va_start(args, fmt);
	n = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (n >= 0 && (size_t)n >= sizeof small) {
		p = (size_t)n <= b->max - b->n ? arena_alloc(b->arena, (size_t)n + 1) : NULL;
		if (p) {
			va_start(args, fmt);
			n = vsnprintf(p, (size_t)n + 1, fmt, args);
			va_end(args);
		}
	}
	if (n < 0 || !p)
		b->failed = true;
	else
		buf_add(b, str_make(p, (size_t)n));
}

void buf_hex(struct buf *b, const uint8_t *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	if (n > SIZE_MAX / 2) {
		b->failed = true;
		return;
	}
	if (!buf_reserve(b, n * 2))
		return;
	for (size_t i = 0; i < n; i++) {
		b->p[b->n++] = hex[bytes[i] >> 4];
		b->p[b->n++] = hex[bytes[i] & 15];
	}
}
