/*
 * Where in the HTML a value stands, and so how it must be escaped; and whether
 * the branches of a block may meet.  The states themselves are in
 * tplc_html_step.c, URLs in tplc_url.c.
 */
#include "tools/tplc_html.h"

void html_start(struct html_state *h)
{
	memset(h, 0, sizeof(*h));
}

const char *html_where(const struct html_state *h)
{
	switch (h->place) {
	case HTML_TEXT:
		return h->pre ? "in a pre element" : "in text";
	case HTML_LT:
	case HTML_TAG_NAME:
	case HTML_END_TAG:
		return "in the name of a tag";
	case HTML_MARKUP:
		return "in a declaration";
	case HTML_COMMENT:
		return "in a comment";
	case HTML_IN_TAG:
	case HTML_AFTER_NAME:
		return "in a tag";
	case HTML_ATTR_NAME:
		return "in the name of an attribute";
	case HTML_BEFORE_VALUE:
	case HTML_VALUE_BARE:
		return "in an attribute without quotes";
	case HTML_VALUE:
		return "in the value of an attribute";
	case HTML_VALUE_SINGLE:
		return "in an attribute in single quotes";
	case HTML_RAW:
		return h->raw == RAW_TEXT   ? "in a textarea or title"
		       : h->raw == RAW_JSON ? "in a JSON block"
					    : "in a script";
	}
	return "";
}

/* Where indentation means nothing. */
static bool may_squeeze(const struct html_state *h)
{
	return (h->place == HTML_TEXT && !h->pre) || h->place == HTML_IN_TAG;
}

bool html_literal(struct tplc *c, struct html_state *h, struct tplc_pos pos, struct str text,
		  struct buf *out)
{
	struct html_scan s = { c, h, pos };
	bool is_line_start = pos.col == 1; /* also behind the line of a block tag */

	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];
		bool is_dropped = is_line_start && html_is_space(ch) && may_squeeze(h);

		if (!html_step(&s, ch))
			return false;
		s.pos = tplc_advance(s.pos, str_sub(text, i, 1));
		if (!is_dropped)
			buf_char(out, ch);
		is_line_start = is_dropped || ch == '\n';
	}
	return true;
}

bool html_value(struct tplc *c, struct html_state *h, struct tplc_pos pos, enum html_escape *ret)
{
	const char *why = NULL;

	if (h->place == HTML_TEXT) {
		*ret = ESCAPE_TEXT;
		return true;
	}
	if (h->place == HTML_RAW && h->raw == RAW_TEXT && h->n_value == 0) {
		*ret = ESCAPE_ATTR; /* as text, but nothing that is HTML already */
		return true;
	}
	if (h->place == HTML_RAW && h->raw == RAW_JSON && h->n_value == 0) {
		if (h->is_json_string)
			return tplc_error(c, pos, "a value of a JSON block brings its own quotes");
		*ret = ESCAPE_JSON;
		return true;
	}
	if (h->place != HTML_VALUE)
		return tplc_error(c, pos, "no value can stand %s", html_where(h));
	if (h->attr_kind == ATTR_FORBIDDEN || h->attr_kind == ATTR_TYPE)
		return tplc_error(c, pos, "no value can stand in the attribute \"%.*s\"",
				  STR_ARG(html_attr_name(h)));
	*ret = ESCAPE_ATTR;
	if (h->attr_kind == ATTR_URL && !html_url_value(h, ret, &why))
		return tplc_error(c, pos, "%s", why);
	return true;
}

bool html_block(struct tplc *c, struct html_state *h, struct tplc_pos pos)
{
	struct html_scan s = { c, h, pos };

	switch (h->place) {
	case HTML_TEXT:
	case HTML_IN_TAG:
	case HTML_VALUE:
		break;
	case HTML_RAW:
		if (h->n_value > 0 || h->raw == RAW_CODE)
			return tplc_error(c, pos, "no block can stand %s", html_where(h));
		break;
	case HTML_TAG_NAME:
		h->place = HTML_IN_TAG;
		h->needs_blank = 1;
		break;
	case HTML_ATTR_NAME:
	case HTML_AFTER_NAME:
		/* The attribute ends here, without a value. */
		if (!html_check_attr_name(&s))
			return false;
		h->needs_blank = h->place == HTML_ATTR_NAME;
		{
			int needs_blank = h->needs_blank;

			html_end_attr(h);
			h->needs_blank = needs_blank;
		}
		break;
	case HTML_LT:
	case HTML_MARKUP:
	case HTML_COMMENT:
	case HTML_END_TAG:
	case HTML_BEFORE_VALUE:
	case HTML_VALUE_SINGLE:
	case HTML_VALUE_BARE:
		return tplc_error(c, pos, "no block can stand %s", html_where(h));
	}
	return true;
}

bool html_same(const struct html_state *a, const struct html_state *b)
{
	struct html_state x = *a, y = *b;

	/* The start of a value only matters where it decides something. */
	if (a->place == HTML_VALUE && a->attr_kind != ATTR_TYPE && a->url != URL_SCHEME) {
		html_forget(x.value, &x.n_value);
		html_forget(y.value, &y.n_value);
	}
	return x.place == y.place && x.url == y.url && x.raw == y.raw &&
	       x.attr_kind == y.attr_kind && x.pre == y.pre && x.needs_blank == y.needs_blank &&
	       x.is_json_type == y.is_json_type && x.is_refresh == y.is_refresh &&
	       x.is_json_string == y.is_json_string && x.n_dashes == y.n_dashes &&
	       str_eq(html_tag(&x), html_tag(&y)) &&
	       str_eq(html_attr_name(&x), html_attr_name(&y)) &&
	       str_eq(str_make(x.value, x.n_value), str_make(y.value, y.n_value));
}

bool html_join(struct html_state *a, const struct html_state *b)
{
	struct html_state other = *b;

	if (a->place == HTML_IN_TAG && b->place == HTML_IN_TAG) {
		int needs_blank = a->needs_blank || b->needs_blank;

		a->needs_blank = other.needs_blank = needs_blank;
		a->n_attrs = other.n_attrs = 1;
	}
	if (a->url != URL_NONE && other.url != URL_NONE && a->url != other.url) {
		a->url = other.url = URL_MIXED;
		html_forget(a->value, &a->n_value);
		html_forget(other.value, &other.n_value);
	}
	return html_same(a, &other);
}
