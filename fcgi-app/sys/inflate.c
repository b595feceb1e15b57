/*
 * DEFLATE (RFC 1951) from memory to memory, for the one small part of an office
 * document that the type check reads.  Runs on hostile bytes in the sandboxed
 * child; every read and write is bounded, every loop consumes input or fills output.
 */
#include "sys/filetype_check.h"

#define CODE_BITS   15
#define LITERALS    288
#define DISTANCES   30
#define END_OF_DATA 256

struct bits {
	struct str in;
	size_t at;
	uint32_t held;
	unsigned n;
	bool failed;
};

struct out {
	char *p;
	size_t n, max;
};

/* Codes of a length are consecutive; symbols in order of code (canonical Huffman). */
struct code {
	uint16_t count[CODE_BITS + 1];
	uint16_t symbol[LITERALS];
};

static unsigned take_bits(struct bits *b, unsigned n)
{
	while (b->n < n) {
		if (b->at >= b->in.n) {
			b->failed = true;
			return 0;
		}
		b->held |= (uint32_t)(unsigned char)b->in.p[b->at++] << b->n;
		b->n += 8;
	}
	unsigned v = b->held & ((1u << n) - 1);
	b->held >>= n;
	b->n -= n;
	return v;
}

/* False when the lengths promise more codes than there are. */
static bool code_build(struct code *c, const uint8_t *lengths, unsigned n)
{
	uint16_t offset[CODE_BITS + 2] = { 0 };
	int left = 1;

	*c = (struct code){ 0 };
	for (unsigned i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (unsigned i = 1; i <= CODE_BITS; i++) {
		left = left * 2 - c->count[i];
		if (left < 0)
			return false;
		offset[i + 1] = (uint16_t)(offset[i] + c->count[i]);
	}
	for (unsigned i = 0; i < n; i++)
		if (lengths[i])
			c->symbol[offset[lengths[i]]++] = (uint16_t)i;
	return true;
}

static unsigned take_symbol(struct bits *b, const struct code *c)
{
	unsigned value = 0, first = 0, index = 0;

	for (unsigned i = 1; i <= CODE_BITS; i++) {
		value |= take_bits(b, 1);
		if (b->failed)
			return END_OF_DATA;
		if (value < first + c->count[i])
			return c->symbol[index + (value - first)];
		index += c->count[i];
		first = (first + c->count[i]) << 1;
		value <<= 1;
	}
	b->failed = true;
	return END_OF_DATA;
}

static bool copy_back(struct out *o, size_t distance, size_t n)
{
	if (distance > o->n || n > o->max - o->n)
		return false;
	for (; n > 0; n--, o->n++) /* source and target may overlap: that is the point */
		o->p[o->n] = o->p[o->n - distance];
	return true;
}

static bool block_coded(struct bits *b, struct out *o, const struct code *literal,
			const struct code *distance)
{
	static const uint16_t length_base[29] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
						  15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
						  67, 83, 99, 115, 131, 163, 195, 227, 258 };
	static const uint8_t length_more[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
						 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
	static const uint16_t distance_base[DISTANCES] = { 1,    2,    3,    4,     5,     7,
							   9,    13,   17,   25,    33,    49,
							   65,   97,   129,  193,   257,   385,
							   513,  769,  1025, 1537,  2049,  3073,
							   4097, 6145, 8193, 12289, 16385, 24577 };

	for (;;) {
		unsigned s = take_symbol(b, literal);

		if (b->failed)
			return false;
		if (s == END_OF_DATA)
			return true;
		if (s < END_OF_DATA) {
			if (o->n == o->max)
				return false;
			o->p[o->n++] = (char)s;
			continue;
		}
		s -= END_OF_DATA + 1;
		if (s >= ARRAY_LEN(length_base))
			return false;
		size_t n = length_base[s] + take_bits(b, length_more[s]);
		unsigned d = take_symbol(b, distance);
		if (b->failed || d >= DISTANCES)
			return false;
		size_t back = distance_base[d] + take_bits(b, d < 2 ? 0 : d / 2 - 1);
		if (b->failed || !copy_back(o, back, n))
			return false;
	}
}

static bool block_stored(struct bits *b, struct out *o)
{
	b->held = 0; /* at most 7 bits are held here: the rest of a byte */
	b->n = 0;
	if (!bytes_have(b->in, b->at, 4))
		return false;
	size_t n = bytes_le16(b->in, b->at);
	if ((bytes_le16(b->in, b->at + 2) ^ 0xffff) != n || !bytes_have(b->in, b->at + 4, n) ||
	    n > o->max - o->n)
		return false;
	memcpy(o->p + o->n, b->in.p + b->at + 4, n);
	b->at += 4 + n;
	o->n += n;
	return true;
}

static bool block_fixed(struct bits *b, struct out *o)
{
	uint8_t lengths[LITERALS];
	struct code literal, distance;

	for (unsigned i = 0; i < LITERALS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	if (!code_build(&literal, lengths, LITERALS))
		return false;
	memset(lengths, 5, DISTANCES);
	return code_build(&distance, lengths, DISTANCES) && block_coded(b, o, &literal, &distance);
}

/* The code lengths of both codes, themselves coded. */
static bool lengths_read(struct bits *b, const struct code *c, uint8_t *lengths, unsigned n)
{
	unsigned i = 0;

	while (i < n) {
		unsigned s = take_symbol(b, c), again = 1;
		uint8_t value = (uint8_t)s;

		if (b->failed)
			return false;
		if (s == 16) {
			if (i == 0)
				return false;
			value = lengths[i - 1];
			again = 3 + take_bits(b, 2);
		} else if (s > 16) {
			value = 0;
			again = s == 17 ? 3 + take_bits(b, 3) : 11 + take_bits(b, 7);
		}
		if (b->failed || again > n - i)
			return false;
		memset(lengths + i, value, again);
		i += again;
	}
	return true;
}

static bool block_dynamic(struct bits *b, struct out *o)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					   11, 4,  12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[LITERALS + 32] = { 0 };
	struct code literal, distance;
	unsigned n_literal = take_bits(b, 5) + 257, n_distance = take_bits(b, 5) + 1;
	unsigned n_lengths = take_bits(b, 4) + 4;

	if (b->failed || n_literal > 286 || n_distance > DISTANCES)
		return false;
	for (unsigned i = 0; i < n_lengths; i++)
		lengths[order[i]] = (uint8_t)take_bits(b, 3);
	if (b->failed || !code_build(&literal, lengths, 19))
		return false;
	if (!lengths_read(b, &literal, lengths, n_literal + n_distance))
		return false;
	return code_build(&literal, lengths, n_literal) &&
	       code_build(&distance, lengths + n_literal, n_distance) &&
	       block_coded(b, o, &literal, &distance);
}

bool inflate_raw(struct str in, char *out, size_t max, size_t *ret_n)
{
	struct bits b = { .in = in };
	struct out o = { out, 0, max };
	bool is_last = false, ok = true;

	while (ok && !is_last) {
		is_last = take_bits(&b, 1);
		unsigned kind = take_bits(&b, 2);

		ok = !b.failed &&
		     ((kind == 0 && block_stored(&b, &o)) || (kind == 1 && block_fixed(&b, &o)) ||
		      (kind == 2 && block_dynamic(&b, &o)));
	}
	if (ok)
		*ret_n = o.n;
	return ok;
}
