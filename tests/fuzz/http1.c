/*
 * Fuzzes codec/http1.h: what is found lies within the input, and a head that is whole stays what it
 * is, whatever follows it.
 */
#include "codec/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_within(struct str part, struct str s)
{
	BUG(part.n && (part.p < s.p || part.p + part.n > s.p + s.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = str_make((const char *)data, n);
	struct http1_head h, again;
	enum http1_result r = http1_head(s, &h);

	if (r != HTTP1_OK)
		return 0;
	BUG(h.n > n || h.n > HTTP1_HEAD_MAX || h.n_body < 0 || !h.path.n || h.path.p[0] != '/');
	check_within(h.method, s);
	check_within(h.target, s);
	check_within(h.query, s);
#define X(member, name) check_within(h.member, s);
	HTTP1_HEADERS(X)
#undef X
	/* Nothing behind the head counts, nothing short of it is enough. */
	BUG(http1_head(str_sub(s, 0, h.n), &again) != HTTP1_OK || again.n != h.n);
	BUG(http1_head(str_sub(s, 0, h.n - 1), &again) != HTTP1_MORE);
	(void)http1_has_token(h.connection, STR("upgrade"));
	return 0;
}
