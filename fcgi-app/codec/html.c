/*
 * Escaping text for HTML: a table says what each byte needs, runs that need
 * nothing are copied as a whole.  Must not know: pages, templates.
 * Writes into the caller's buffer; its sticky error is the only failure.
 */
#include "codec/html.h"

#include "codec/run.h"

enum kind { PLAIN, DROP, WIDE, AMP, LESS, GREATER, QUOTE, APOSTROPHE };

/* clang-format off */
#define CONTROLS \
	[0x00 ... 0x08] = DROP, [0x0B] = DROP, [0x0E ... 0x1F] = DROP, [0x7F] = DROP, \
	[0x80 ... 0xFF] = WIDE
/* clang-format on */

static const uint8_t text_kinds[256] = { CONTROLS, ['&'] = AMP, ['<'] = LESS, ['>'] = GREATER };
static const uint8_t attr_kinds[256] = {
	CONTROLS, ['&'] = AMP, ['<'] = LESS, ['>'] = GREATER, ['"'] = QUOTE, ['\''] = APOSTROPHE
};

static const struct str replacements[] = {
	[DROP] = STR_INIT(""),        [AMP] = STR_INIT("&amp;"),   [LESS] = STR_INIT("&lt;"),
	[GREATER] = STR_INIT("&gt;"), [QUOTE] = STR_INIT("&#34;"), [APOSTROPHE] = STR_INIT("&#39;"),
};

/* Passes well-formed code points above ASCII; stops at a control or a malformed byte. */
static size_t pass_wide(struct str s, size_t at)
{
	while (at < s.n && (unsigned char)s.p[at] >= 0x80) {
		size_t n = run_wide_length(s, at);

		if (n == 0 || ((unsigned char)s.p[at] == 0xC2 && (unsigned char)s.p[at + 1] < 0xA0))
			break;
		at += n;
	}
	return at;
}

static void escape(struct buf *b, struct str s, const uint8_t kinds[256])
{
	size_t from = 0, at = 0;

	while ((at = run_end(s, at, kinds)) < s.n) {
		uint8_t kind = kinds[(unsigned char)s.p[at]];
		struct str run;
		size_t behind;

		if (kind != WIDE) {
			run_put(b, str_make(s.p + from, at - from), replacements[kind]);
			from = ++at;
			continue;
		}
		behind = pass_wide(s, at);
		if (behind > at) {
			at = behind;
			continue;
		}
		run = str_make(s.p + from, at - from);
		if (utf8_sequence(s, at) == 0) {
			run_put(b, run, STR("\xEF\xBF\xBD"));
			at++;
		} else {
			buf_add(b, run);
			at += 2; /* U+0080 to U+009F, dropped */
		}
		from = at;
	}
	if (from < s.n)
		buf_add(b, str_make(s.p + from, s.n - from));
}

void html_text(struct buf *b, struct str s)
{
	escape(b, s, text_kinds);
}

void html_attr(struct buf *b, struct str s)
{
	escape(b, s, attr_kinds);
}

bool html_url_is_safe(struct str url)
{
	static const struct str schemes[] = { STR_INIT("http:"), STR_INIT("https:"),
					      STR_INIT("mailto:") };

	if (url.n == 0)
		return false;
	/*
	 * Browsers drop tabs and line ends anywhere in a URL and read '\' as '/',
	 * which makes "/\t/host" another host's address.
	 */
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] < 0x20 || url.p[i] == 0x7F)
			return false;
	if (url.p[0] == '/')
		return url.n == 1 || (url.p[1] != '/' && url.p[1] != '\\');
	if (url.p[0] == '?' || url.p[0] == '#')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (url.n > schemes[i].n &&
		    str_eq_nocase(str_sub(url, 0, schemes[i].n), schemes[i]))
			return true;
	return false;
}

void html_url_attr(struct buf *b, struct str url)
{
	if (html_url_is_safe(url))
		html_attr(b, url);
	else
		buf_char(b, '#');
}
