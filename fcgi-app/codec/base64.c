/*
 * Base64 in its two alphabets.  No state, no memory of its own; decoding
 * writes only into the caller's array.
 */
#include "codec/base64.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode(struct buf *b, struct str bytes, const char *alphabet, bool is_padded)
{
	const unsigned char *p = (const unsigned char *)bytes.p;

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
		unsigned v = (unsigned)p[i] << 16;
		char out[4];

		if (n > 1)
			v |= (unsigned)p[i + 1] << 8;
		if (n > 2)
			v |= p[i + 2];
		for (unsigned k = 0; k < 4; k++)
			out[k] = k <= n ? alphabet[v >> (18 - 6 * k) & 63] : '=';
		buf_add(b, str_make(out, is_padded ? 4 : n + 1));
	}
}

void base64_encode(struct buf *b, struct str bytes)
{
	encode(b, bytes, standard, true);
}

void base64url_encode(struct buf *b, struct str bytes)
{
	encode(b, bytes, url_safe, false);
}

static int value_of(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

/* s without padding. */
static bool decode(struct str s, const char *alphabet, uint8_t *out, size_t cap, size_t *ret_n)
{
	unsigned bits = 0, n_bits = 0;
	size_t n = 0;

	if (s.n % 4 == 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int v = value_of(s.p[i], alphabet);

		if (v < 0)
			return false;
		bits = bits << 6 | (unsigned)v;
		n_bits += 6;
		if (n_bits >= 8) {
			if (n == cap)
				return false;
			n_bits -= 8;
			out[n++] = (uint8_t)(bits >> n_bits);
			bits &= (1u << n_bits) - 1;
		}
	}
	if (bits)
		return false;
	*ret_n = n;
	return true;
}

bool base64_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n)
{
	if (s.n % 4)
		return false;
	for (int i = 0; i < 2; i++)
		if (s.n && s.p[s.n - 1] == '=')
			s.n--;
	return decode(s, standard, out, cap, ret_n);
}

bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n)
{
	return decode(s, url_safe, out, cap, ret_n);
}
