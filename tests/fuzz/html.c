/*
 * Fuzzes codec/html.h and the UTF-8 functions of base/str.h: the output is
 * well-formed, holds no character with a meaning, and none that is forbidden.
 */
#include "codec/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_output(struct str out, const char *forbidden)
{
	BUG(!utf8_valid(out));
	for (size_t at = 0; at < out.n;) {
		uint32_t c = utf8_next(out, &at);

		BUG(c >= 0x7F && c <= 0x9F);
		BUG(c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
		BUG(c < 0x80 && str_find_char(str_from(forbidden), (char)c) != SIZE_MAX);
	}
}

static void check_utf8(struct str s)
{
	size_t n = 0, n_bad = 0;

	for (size_t at = 0; at < s.n; n++) {
		n_bad += utf8_sequence(s, at) == 0;
		utf8_next(s, &at);
		BUG(at > s.n);
	}
	BUG(utf8_valid(s) != (n_bad == 0));
	if (n_bad == 0)
		BUG(utf8_length(s) != n || !utf8_valid(utf8_prefix(s, n / 2)) ||
		    utf8_length(utf8_prefix(s, n / 2)) != n / 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = str_make((const char *)data, n);
	struct arena arena;
	struct buf b;

	arena_init(&arena, (size_t)8 << 20, 0);
	check_utf8(s);
	buf_init(&b, &arena, 0, (size_t)2 << 20);
	html_text(&b, s);
	if (buf_ok(&b))
		check_output(buf_str(&b), "<>");
	buf_init(&b, &arena, 0, (size_t)2 << 20);
	html_attr(&b, s);
	if (buf_ok(&b))
		check_output(buf_str(&b), "<>\"'");
	buf_init(&b, &arena, 0, (size_t)2 << 20);
	html_url_attr(&b, s);
	if (buf_ok(&b))
		BUG(!html_url_is_safe(s) && !str_eq(buf_str(&b), STR("#")));
	arena_clear(&arena);
	return 0;
}
