/*
 * Internal to codec: passing over text that needs no escaping.
 *
 * The escapers copy runs.  Eight bytes are judged at once by arithmetic that
 * may only err towards "special"; the caller's table has the last word.
 */
#ifndef CODEC_RUN_H
#define CODEC_RUN_H

#include "base/str.h"

#define RUN_ONES  UINT64_C(0x0101010101010101)
#define RUN_HIGHS UINT64_C(0x8080808080808080)

/* True when no byte is a control, 0x7F or above, or one of " & ' < > \ (some more say false). */
static inline bool run_word_is_plain(uint64_t w)
{
	uint64_t quotes = (w | RUN_ONES * 0x05) ^ RUN_ONES * 0x27; /* zero byte: " # & ' */
	uint64_t angles = (w | RUN_ONES * 0x02) ^ RUN_ONES * 0x3E; /* zero byte: < > */
	uint64_t backslashes = w ^ RUN_ONES * 0x5C;
	uint64_t special = w | (w + RUN_ONES) | (w - RUN_ONES * 0x20) | (quotes - RUN_ONES) |
			   (angles - RUN_ONES) | (backslashes - RUN_ONES);

	return (special & RUN_HIGHS) == 0;
}

/* The first position from `at` on whose byte has a non-zero kind, or s.n. */
static inline size_t run_end(struct str s, size_t at, const uint8_t kinds[256])
{
	for (;;) {
		uint64_t word;
		size_t stop;

		while (s.n - at >= sizeof word) {
			memcpy(&word, s.p + at, sizeof word);
			if (!run_word_is_plain(word))
				break;
			at += sizeof word;
		}
		stop = s.n - at > sizeof word ? at + sizeof word : s.n;
		for (; at < stop; at++)
			if (kinds[(unsigned char)s.p[at]])
				return at;
		if (at == s.n)
			return at;
	}
}

#endif
