/*
 * Numbers in and out of text: exact, without locale, nothing set on failure.
 */
#include "base/num.h"

bool num_i64(struct str s, int64_t min, int64_t max, int64_t *ret_v)
{
	bool is_negative = s.n && s.p[0] == '-';
	size_t i = is_negative;
	int64_t v = 0;

	if (i == s.n)
		return false;
	/* Counts downwards: the negative side is one longer. */
	for (; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]) || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, s.p[i] - '0', &v))
			return false;
	if (!is_negative && __builtin_sub_overflow(0, v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*ret_v = v;
	return true;
}

static uint8_t hex_value(char c)
{
	if (ascii_is_digit(c))
		return (uint8_t)(c - '0');
	return (uint8_t)(ascii_lower(c) - 'a' + 10);
}

bool num_hex(struct str s, uint8_t *ret_bytes, size_t n)
{
	if (n > SIZE_MAX / 2 || s.n != n * 2)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_hex(s.p[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		ret_bytes[i] = (uint8_t)(hex_value(s.p[2 * i]) << 4 | hex_value(s.p[2 * i + 1]));
	return true;
}

bool size_add(size_t a, size_t b, size_t *ret)
{
	size_t v;

	if (__builtin_add_overflow(a, b, &v))
		return false;
	*ret = v;
	return true;
}

bool size_mul(size_t a, size_t b, size_t *ret)
{
	size_t v;

	if (__builtin_mul_overflow(a, b, &v))
		return false;
	*ret = v;
	return true;
}
