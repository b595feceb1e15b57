/*
 * Filling the {names} of a text.  One pass; values are not looked at again.
 */
#include "view/text.h"

#include "base/buf.h"

#define TEXT_MAX 65536

static const struct text_hole *find_hole(const struct text_hole *holes, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_from(holes[i].name)))
			return &holes[i];
	}
	return NULL;
}

struct str text_fill(struct arena *a, struct str text, const struct text_hole *holes,
		     size_t n_holes)
{
	struct buf out;
	size_t at = 0;

	buf_init(&out, a, text.n + 64, TEXT_MAX);
	while (at < text.n) {
		struct str rest = str_from_pos(text, at);
		size_t open = str_find_char(rest, '{'), close = str_find_char(rest, '}');
		const struct text_hole *hole;

		if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
			buf_add(&out, rest);
			break;
		}
		hole = find_hole(holes, n_holes, str_sub(rest, open + 1, close - open - 1));
		buf_add(&out, str_sub(rest, 0, hole ? open : close + 1));
		if (hole)
			buf_add(&out, hole->value);
		at += close + 1;
	}
	return buf_ok(&out) ? buf_str(&out) : text;
}
