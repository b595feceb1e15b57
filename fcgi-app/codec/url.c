/*
 * Percent-encoding and forms.  Must not know: routes, fields.  Decoded text
 * lies in the caller's arena or is a view of the input.
 */
#include "codec/url.h"

#include "base/num.h"

/* Which bytes stand for themselves: bit 1 in a query, bit 2 in a segment. */
enum { IN_QUERY = 1, IN_SEGMENT = 2, IN_BOTH = 3 };

/* clang-format off */
static const uint8_t url_kept[256] = {
	['0' ... '9'] = IN_BOTH, ['A' ... 'Z'] = IN_BOTH, ['a' ... 'z'] = IN_BOTH,
	['-'] = IN_BOTH, ['.'] = IN_BOTH, ['_'] = IN_BOTH, ['~'] = IN_BOTH,
	['!'] = IN_SEGMENT, ['$'] = IN_SEGMENT, ['&'] = IN_SEGMENT, ['\''] = IN_SEGMENT,
	['('] = IN_SEGMENT, [')'] = IN_SEGMENT, ['*'] = IN_SEGMENT, ['+'] = IN_SEGMENT,
	[','] = IN_SEGMENT, [';'] = IN_SEGMENT, ['='] = IN_SEGMENT, [':'] = IN_SEGMENT,
	['@'] = IN_SEGMENT,
};
/* clang-format on */

static void encode(struct buf *b, struct str s, uint8_t place)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (url_kept[c] & place) {
			buf_char(b, s.p[i]);
		} else {
			const char escaped[3] = { '%', hex[c >> 4], hex[c & 15] };

			buf_add(b, str_make(escaped, sizeof escaped));
		}
	}
}

void url_segment(struct buf *b, struct str s)
{
	encode(b, s, IN_SEGMENT);
}

void url_query(struct buf *b, struct str s)
{
	encode(b, s, IN_QUERY);
}

enum rc url_decode(struct str s, bool plus_is_blank, struct arena *a, struct str *ret,
		   struct error *e)
{
	size_t n = 0;
	char *p;

	if (str_find_char(s, '%') == SIZE_MAX &&
	    (!plus_is_blank || str_find_char(s, '+') == SIZE_MAX)) {
		*ret = s;
		return RC_OK;
	}
	p = arena_alloc(a, s.n);
	if (!p)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < s.n; i++) {
		uint8_t byte;

		if (s.p[i] == '%') {
			if (s.n - i < 3 || !num_hex(str_sub(s, i + 1, 2), &byte, 1))
				return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED,
					     "bad percent escape at byte %zu", i);
			p[n++] = (char)byte;
			i += 2;
		} else {
			p[n++] = s.p[i] == '+' && plus_is_blank ? ' ' : s.p[i];
		}
	}
	*ret = str_make(p, n);
	return RC_OK;
}

static size_t count_pieces(struct str body)
{
	struct str piece;
	size_t n = 0;

	while (str_split(&body, '&', &piece))
		n += !str_empty(piece);
	return n;
}

enum rc form_parse(struct str body, struct arena *a, size_t max_pairs, struct pairs *ret,
		   struct error *e)
{
	size_t n_pieces = count_pieces(body);
	struct pairs pairs = { NULL, 0 };
	struct str piece;

	if (n_pieces > max_pairs)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "%zu pairs, at most %zu", n_pieces,
			     max_pairs);
	pairs.v = ARENA_ARRAY(a, n_pieces, struct pair);
	if (!pairs.v)
		return ERROR_MEMORY(e);
	while (str_split(&body, '&', &piece)) {
		struct pair *pair = &pairs.v[pairs.n];
		size_t equals = str_find_char(piece, '=');
		struct str value = { "", 0 };

		if (str_empty(piece))
			continue;
		if (equals != SIZE_MAX)
			value = str_from_pos(piece, equals + 1);
		TRY(url_decode(str_sub(piece, 0, equals), true, a, &pair->name, e));
		TRY(url_decode(value, true, a, &pair->value, e));
		pairs.n++;
	}
	*ret = pairs;
	return RC_OK;
}
