/* Names of messages and their placeholders.  No state, no errors of its own. */
#include "tools/catc_name.h"

#define SLUG_MAX 32

static uint32_t hash_add(uint32_t hash, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * UINT32_C(16777619); /* FNV-1a */
	return hash;
}

void catc_message_name(struct buf *out, struct str ctx, struct str id)
{
	uint32_t hash = UINT32_C(2166136261);
	size_t n = 0;
	bool is_gap = false;

	if (ctx.p) {
		hash = hash_add(hash, ctx);
		hash = hash_add(hash, STR("\004")); /* as gettext joins them */
	}
	hash = hash_add(hash, id);
	BUF_LIT(out, "msg_");
	for (size_t i = 0; i < id.n && n < SLUG_MAX; i++) {
		if (!ascii_is_alnum(id.p[i])) {
			is_gap = n > 0;
			continue;
		}
		if (is_gap)
			buf_char(out, '_');
		is_gap = false;
		buf_char(out, ascii_lower(id.p[i]));
		n++;
	}
	buf_printf(out, "_%08x", hash);
}

bool catc_placeholder(struct str text, size_t *at, struct str *ret_name)
{
	size_t from, to;

	for (from = *at; from < text.n; from++) {
		if (text.p[from] == '{' || text.p[from] == '}')
			break;
	}
	*at = from;
	if (from == text.n || text.p[from] == '}')
		return false;
	for (to = from + 1; to < text.n; to++) {
		char c = text.p[to];

		if (!(c >= 'a' && c <= 'z') && c != '_' && !(to > from + 1 && ascii_is_digit(c)))
			break;
	}
	if (to == from + 1 || to == text.n || text.p[to] != '}')
		return false;
	*ret_name = str_sub(text, from + 1, to - from - 1);
	*at = to + 1;
	return true;
}
