/*
 * UTF-8 as RFC 3629 defines it (declared in str.h).
 *
 * One table row per kind of first byte says how long the code point is and
 * which second bytes are allowed; that alone excludes overlong forms,
 * surrogates and what lies above U+10FFFF.
 */
#include "base/str.h"

#define REPLACEMENT 0xFFFD

static size_t sequence_length(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	length = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (n < length)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

size_t utf8_sequence(struct str s, size_t at)
{
	BUG(at >= s.n);
	return sequence_length((const unsigned char *)s.p + at, s.n - at);
}

/* Passes eight bytes at a time while they are ASCII, which most text is. */
static size_t skip_ascii(struct str s, size_t at)
{
	uint64_t word;

	while (s.n - at >= sizeof word) {
		memcpy(&word, s.p + at, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
		at += sizeof word;
	}
	return at;
}

bool utf8_valid(struct str s)
{
	size_t at = 0;

	while (at < s.n) {
		size_t n = sequence_length((const unsigned char *)s.p + at, s.n - at);

		if (n == 0)
			return false;
		at += n;
		if (n == 1)
			at = skip_ascii(s, at);
	}
	return true;
}

size_t utf8_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

struct str utf8_prefix(struct str s, size_t n)
{
	size_t at = 0;

	for (; at < s.n; at++) {
		if (((unsigned char)s.p[at] & 0xC0) == 0x80)
			continue;
		if (n-- == 0)
			break;
	}
	return str_sub(s, 0, at);
}

uint32_t utf8_next(struct str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	size_t n = utf8_sequence(s, *at);
	uint32_t code;

	if (n == 0) {
		*at += 1;
		return REPLACEMENT;
	}
	*at += n;
	if (n == 1)
		return p[0];
	code = p[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++)
		code = code << 6 | (p[i] & 0x3Fu);
	return code;
}
