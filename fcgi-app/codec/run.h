/*
 * Internal to codec: passing over text that needs no escaping.
 *
 * The escapers copy runs.  Eight bytes are judged at once by arithmetic that
 * may only err towards "special"; the caller's table has the last word.
 */
#ifndef CODEC_RUN_H
#define CODEC_RUN_H

#include "base/buf.h"

#define RUN_ONES  UINT64_C(0x0101010101010101)
#define RUN_HIGHS UINT64_C(0x8080808080808080)

/*
 * High bits set from the first byte on that is a control, 0x7F or above, or
 * one of " & ' < > \ (and some more).  Borrows may set bits above the first.
 */
static inline uint64_t run_word_special(uint64_t w)
{
	uint64_t quotes = (w | RUN_ONES * 0x05) ^ RUN_ONES * 0x27; /* zero byte: " # & ' */
	uint64_t angles = (w | RUN_ONES * 0x02) ^ RUN_ONES * 0x3E; /* zero byte: < > */
	uint64_t backslashes = w ^ RUN_ONES * 0x5C;

	return (w | (w + RUN_ONES) | (w - RUN_ONES * 0x20) | (quotes - RUN_ONES) |
		(angles - RUN_ONES) | (backslashes - RUN_ONES)) &
	       RUN_HIGHS;
}

/* The first position from `at` on whose byte has a non-zero kind, or s.n. */
static inline size_t run_end(struct str s, size_t at, const uint8_t kinds[256])
{
	uint64_t word, special;

	while (s.n - at >= sizeof word) {
		memcpy(&word, s.p + at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		special = run_word_special(word);
		if (!special) {
			at += sizeof word;
			continue;
		}
		at += (size_t)__builtin_ctzll(special) / 8;
		if (kinds[(unsigned char)s.p[at]])
			return at;
		at++;
	}
	while (at < s.n && !kinds[(unsigned char)s.p[at]])
		at++;
	return at;
}

/*
 * utf8_sequence with its commonest case at hand: letters with accents.  U+0080
 * to U+00BF (first byte C2) take the long way.
 */
static inline size_t run_wide_length(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	if (p[0] >= 0xC3 && p[0] <= 0xDF && s.n - at >= 2 && (p[1] & 0xC0) == 0x80)
		return 2;
	return utf8_sequence(s, at);
}

/* buf_add of two pieces with one look at the room. */
static inline void run_put(struct buf *b, struct str run, struct str more)
{
	char *p;

	if (!buf_reserve(b, run.n + more.n))
		return;
	p = b->p + b->n;
	if (run.n)
		memcpy(p, run.p, run.n);
	if (more.n)
		memcpy(p + run.n, more.p, more.n);
	b->n += run.n + more.n;
}

#endif
