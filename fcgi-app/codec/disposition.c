/*
 * Content-Disposition for downloads (RFC 6266, declared in header.h): a plain
 * file name for old clients, the true one beside it where they differ.
 */
#include "codec/header.h"

static const struct str substitute = STR_INIT("_");
static const struct str replacement = STR_INIT("\xEF\xBF\xBD");

/* The next character of a file name as it may be sent; *at moves behind it. */
static struct str next_clean(struct str s, size_t *at)
{
	size_t from = *at;
	size_t n = utf8_sequence(s, from);
	unsigned char c = (unsigned char)s.p[from];

	*at += n ? n : 1;
	if (n == 0)
		return replacement;
	if (c < 0x20 || c == 0x7F || c == '/' || c == '\\' ||
	    (c == 0xC2 && (unsigned char)s.p[from + 1] < 0xA0))
		return substitute;
	return str_sub(s, from, n);
}

/* True when the plain name says less than the true one. */
static bool put_plain(struct buf *b, struct str filename)
{
	bool is_lossy = false;

	for (size_t at = 0; at < filename.n;) {
		struct str c = next_clean(filename, &at);

		/* Some clients decode %41 here: RFC 6266 appendix D. */
		if (c.n > 1 || c.p[0] == '"' || c.p[0] == '%') {
			c = substitute;
			is_lossy = true;
		}
		buf_add(b, c);
	}
	return is_lossy;
}

static void put_encoded(struct buf *b, struct str filename)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t at = 0; at < filename.n;) {
		struct str c = next_clean(filename, &at);

		if (c.n == 1 && (ascii_is_alnum(c.p[0]) ||
				 str_find_char(STR("!#$&+-.^_`|~"), c.p[0]) != SIZE_MAX)) {
			buf_add(b, c);
			continue;
		}
		for (size_t i = 0; i < c.n; i++) {
			unsigned char byte = (unsigned char)c.p[i];
			const char escaped[3] = { '%', hex[byte >> 4], hex[byte & 15] };

			buf_add(b, str_make(escaped, sizeof escaped));
		}
	}
}

void header_disposition(struct buf *b, struct str kind, struct str filename)
{
	bool is_lossy;

	if (str_empty(filename))
		filename = STR("download");
	buf_add(b, kind);
	BUF_LIT(b, "; filename=\"");
	is_lossy = put_plain(b, filename);
	buf_char(b, '"');
	if (is_lossy) {
		BUF_LIT(b, "; filename*=UTF-8''");
		put_encoded(b, filename);
	}
}
