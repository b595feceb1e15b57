/*
 * Crockford's base 32.  No state; decoding writes only into the caller's array.
 */
#include "codec/base32.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char base32_digit(unsigned value)
{
	BUG(value > 31);
	return alphabet[value];
}

int base32_value(char c)
{
	const char *at;

	c = ascii_upper(c);
	if (c == 'I' || c == 'L')
		return 1;
	if (c == 'O')
		return 0;
	at = memchr(alphabet, c, sizeof alphabet - 1);
	return at ? (int)(at - alphabet) : -1;
}

void base32_encode(struct buf *b, const uint8_t *bytes, size_t n)
{
	unsigned bits = 0, n_bits = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | bytes[i];
		n_bits += 8;
		while (n_bits >= 5) {
			n_bits -= 5;
			buf_char(b, alphabet[bits >> n_bits & 31]);
		}
		bits &= (1u << n_bits) - 1;
	}
	if (n_bits)
		buf_char(b, alphabet[bits << (5 - n_bits) & 31]);
}

bool base32_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n)
{
	unsigned bits = 0, n_bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int v = base32_value(s.p[i]);

		if (s.p[i] == '-')
			continue;
		if (v < 0)
			return false;
		bits = bits << 5 | (unsigned)v;
		n_bits += 5;
		if (n_bits >= 8) {
			if (n == cap)
				return false;
			n_bits -= 8;
			out[n++] = (uint8_t)(bits >> n_bits);
			bits &= (1u << n_bits) - 1;
		}
	}
	if (bits || n_bits >= 5) /* five left over: one character too many */
		return false;
	*ret_n = n;
	return true;
}
