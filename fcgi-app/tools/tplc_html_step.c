/*
 * A state machine over the literal text of a template, after the tokenizer of
 * the HTML standard (13.2.5) as far as well-formed templates need it.
 * Whatever it does not know for sure is an error.
 */
#include "tools/tplc_html.h"

bool html_is_space(char ch)
{
	return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
}

/* Keeps the start of a name or value; longer ones are cut, which no known name is. */
static void keep(char *to, size_t *n, char ch)
{
	if (*n < HTML_NAME_MAX)
		to[(*n)++] = ch;
}

struct str html_tag(const struct html_state *h)
{
	return str_make(h->tag, h->n_tag);
}

struct str html_attr_name(const struct html_state *h)
{
	return str_make(h->attr, h->n_attr);
}

static bool is_tag(const struct html_state *h, const char *name)
{
	return str_eq(html_tag(h), str_from(name));
}

void html_forget(char *p, size_t *n)
{
	memset(p, 0, HTML_NAME_MAX);
	*n = 0;
}

void html_end_attr(struct html_state *h)
{
	if (h->attr_kind == ATTR_TYPE &&
	    str_eq(str_make(h->value, h->n_value), STR("application/json")))
		h->is_json_type = 1;
	html_forget(h->attr, &h->n_attr);
	html_forget(h->value, &h->n_value);
	h->attr_kind = ATTR_PLAIN;
	h->url = URL_NONE;
	h->place = HTML_IN_TAG;
	h->needs_blank = 1;
	h->n_attrs = 1;
}

static void begin_value(struct html_state *h, enum html_place place)
{
	h->attr_kind = html_attr_kind(html_tag(h), html_attr_name(h));
	if (h->is_refresh && str_eq(html_attr_name(h), STR("content")))
		h->attr_kind = ATTR_FORBIDDEN;
	h->url = h->attr_kind == ATTR_URL ? URL_START : URL_NONE;
	h->place = place;
}

static bool fail(const struct html_scan *s, const char *why)
{
	return tplc_error(s->c, s->pos, "%s", why);
}

/* At the > of a start tag. */
static bool open_element(const struct html_scan *s)
{
	struct html_state *h = s->h;

	h->place = HTML_TEXT;
	h->needs_blank = 0;
	if (is_tag(h, "style"))
		return fail(s, "a style element is not allowed (content policy)");
	if (is_tag(h, "script"))
		h->raw = h->is_json_type ? RAW_JSON : RAW_CODE;
	else if (is_tag(h, "textarea") || is_tag(h, "title"))
		h->raw = RAW_TEXT;
	if (h->raw != RAW_NONE)
		h->place = HTML_RAW;
	else if (is_tag(h, "pre"))
		h->pre++;
	h->is_json_type = h->is_refresh = h->n_attrs = 0;
	if (h->raw == RAW_NONE)
		html_forget(h->tag, &h->n_tag);
	return true;
}

/* At the > of an end tag. */
static void close_element(struct html_state *h)
{
	if (is_tag(h, "pre") && h->pre > 0)
		h->pre--;
	html_forget(h->tag, &h->n_tag);
	h->place = HTML_TEXT;
}

/* style= and on…= would need a weaker content policy, also when they are constant. */
bool html_check_attr_name(const struct html_scan *s)
{
	struct str name = html_attr_name(s->h);

	if (str_eq(name, STR("style")))
		return fail(s, "a style attribute is not allowed (content policy)");
	if (str_starts(name, STR("on")) || str_starts(name, STR("hx-on")))
		return fail(s, "an event attribute is not allowed (content policy)");
	/* So that the value of content= is known to be a refresh when it comes. */
	if (str_eq(name, STR("http-equiv")) && s->h->n_attrs > 0)
		return fail(s, "http-equiv must be the first attribute");
	if (str_eq(name, STR("http-equiv")))
		s->h->is_refresh = 1;
	return true;
}

static bool in_tag(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (html_is_space(ch)) {
		h->needs_blank = 0;
		return true;
	}
	if (ch == '>') {
		return open_element(s);
	}
	if (ch == '/')
		return true; /* the end of <br/>; HTML ignores it */
	if (ch == '"' || ch == '\'' || ch == '<' || ch == '=' || ch == '`')
		return fail(s, "an attribute's name cannot begin like this");
	if (h->needs_blank)
		return fail(s, "a blank is missing before the attribute");
	html_forget(h->attr, &h->n_attr);
	keep(h->attr, &h->n_attr, ascii_lower(ch));
	h->place = HTML_ATTR_NAME;
	return true;
}

static bool attr_name(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (h->place == HTML_ATTR_NAME && !html_is_space(ch) && !strchr("=>/\"'<", ch)) {
		keep(h->attr, &h->n_attr, ascii_lower(ch));
		return true;
	}
	if (html_is_space(ch)) {
		h->place = HTML_AFTER_NAME;
		return true;
	}
	if (!html_check_attr_name(s))
		return false;
	if (ch == '=') {
		h->place = HTML_BEFORE_VALUE;
		return true;
	}
	if (h->place == HTML_ATTR_NAME && strchr("\"'<", ch))
		return fail(s, "a quote or < in the name of an attribute");
	/* The attribute ended without a value. */
	{
		bool is_spaced = h->place == HTML_AFTER_NAME;

		html_end_attr(h);
		h->needs_blank = !is_spaced;
	}
	return in_tag(s, ch);
}

static bool value_char(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (ch == (h->place == HTML_VALUE ? '"' : '\'')) {
		html_end_attr(h);
		return true;
	}
	keep(h->value, &h->n_value, ascii_lower(ch));
	if (h->url != URL_NONE && !html_url_char(h, ch))
		return fail(s, "this URL is not allowed, or not certain to be harmless");
	return true;
}

static bool bare_value_char(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (html_is_space(ch) || ch == '>') {
		html_end_attr(h);
		return in_tag(s, ch);
	}
	if (strchr("\"'<=`", ch))
		return fail(s, "this character needs an attribute in double quotes");
	keep(h->value, &h->n_value, ascii_lower(ch));
	if (h->url != URL_NONE && !html_url_char(h, ch))
		return fail(s, "this URL is not allowed, or not certain to be harmless");
	return true;
}

static bool before_value(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (html_is_space(ch))
		return true;
	if (ch == '>')
		return fail(s, "the value of the attribute is missing");
	if (ch == '"' || ch == '\'') {
		begin_value(h, ch == '"' ? HTML_VALUE : HTML_VALUE_SINGLE);
		return true;
	}
	begin_value(h, HTML_VALUE_BARE);
	return bare_value_char(s, ch);
}

/* value holds what began with a <, up to here. */
static bool raw_end_tag(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;
	struct str name;

	if (ch == '<') {
		html_forget(h->value, &h->n_value);
		keep(h->value, &h->n_value, ch);
		return true;
	}
	if (h->n_value == 0)
		return true;
	if (h->n_value == 1 && ch != '/') {
		html_forget(h->value, &h->n_value);
		return h->raw == RAW_TEXT ? true : fail(s, "a stray < in a script");
	}
	if (ch != '>') {
		keep(h->value, &h->n_value, html_is_space(ch) ? '/' : ascii_lower(ch));
		return true;
	}
	name = str_from_pos(str_make(h->value, h->n_value), 2);
	name = str_sub(name, 0, str_find_char(name, '/'));
	if (str_eq(name, html_tag(h))) {
		h->raw = RAW_NONE;
		close_element(h);
	}
	html_forget(h->value, &h->n_value);
	return true;
}

/* Inside script, style, textarea, title: only the end tag of the same name ends it. */
static bool raw_char(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (h->raw == RAW_JSON && h->is_json_string) {
		/* n_value is 1 behind a backslash. */
		if (h->n_value)
			html_forget(h->value, &h->n_value);
		else if (ch == '\\')
			keep(h->value, &h->n_value, ch);
		else if (ch == '"')
			h->is_json_string = 0;
		if (ch == '<')
			return fail(s, "write \\u003c for < in a JSON block");
		return true;
	}
	if (h->raw == RAW_JSON && ch == '"' && h->n_value == 0) {
		h->is_json_string = 1;
		return true;
	}
	/* So that the rules for comments within scripts need not be known. */
	if (h->raw == RAW_CODE && h->n_value == 0 && ch != '<' && !html_is_space(ch))
		return fail(s, "an inline script is not allowed (content policy)");
	return raw_end_tag(s, ch);
}

static bool after_lt(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	html_forget(h->tag, &h->n_tag);
	if (ch == '/') {
		h->place = HTML_END_TAG;
	} else if (ch == '!') {
		h->place = HTML_MARKUP;
	} else if (ascii_is_alpha(ch)) {
		h->place = HTML_TAG_NAME;
		keep(h->tag, &h->n_tag, ascii_lower(ch));
	} else {
		return fail(s, "write &lt; for < in text");
	}
	return true;
}

static bool tag_name(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	if (!html_is_space(ch) && ch != '>' && ch != '/') {
		if (!ascii_is_alnum(ch) && ch != '-')
			return fail(s, "a tag's name has letters, digits and - only");
		keep(h->tag, &h->n_tag, ascii_lower(ch));
		return true;
	}
	h->place = HTML_IN_TAG;
	h->needs_blank = 1;
	return in_tag(s, ch);
}

static bool markup(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	/* value keeps the first two characters, to know a comment. */
	if (ch == '-' && h->n_value < 2 && (h->n_value == 0 || h->value[0] == '-')) {
		keep(h->value, &h->n_value, ch);
		if (h->n_value == 2) {
			html_forget(h->value, &h->n_value);
			h->place = HTML_COMMENT;
			h->n_dashes = 0;
		}
		return true;
	}
	if (ch == '>') {
		html_forget(h->value, &h->n_value);
		h->place = HTML_TEXT;
	} else if (h->n_value < 2) {
		keep(h->value, &h->n_value, ch);
	}
	return true;
}

static void comment(struct html_state *h, char ch)
{
	if (ch == '>' && h->n_dashes == 2) {
		h->place = HTML_TEXT;
		h->n_dashes = 0;
	} else if (ch != '-') {
		h->n_dashes = 0;
	} else if (h->n_dashes < 2) {
		h->n_dashes++;
	}
}

bool html_step(const struct html_scan *s, char ch)
{
	struct html_state *h = s->h;

	switch (h->place) {
	case HTML_TEXT:
		if (ch == '<')
			h->place = HTML_LT;
		return true;
	case HTML_LT:
		return after_lt(s, ch);
	case HTML_MARKUP:
		return markup(s, ch);
	case HTML_COMMENT:
		comment(h, ch);
		return true;
	case HTML_TAG_NAME:
		return tag_name(s, ch);
	case HTML_END_TAG:
		if (ch == '>')
			close_element(h);
		else if (ascii_is_alnum(ch) || ch == '-')
			keep(h->tag, &h->n_tag, ascii_lower(ch));
		else if (!html_is_space(ch))
			return fail(s, "an end tag has a name only");
		return true;
	case HTML_IN_TAG:
		return in_tag(s, ch);
	case HTML_ATTR_NAME:
	case HTML_AFTER_NAME:
		return attr_name(s, ch);
	case HTML_BEFORE_VALUE:
		return before_value(s, ch);
	case HTML_VALUE:
	case HTML_VALUE_SINGLE:
		return value_char(s, ch);
	case HTML_VALUE_BARE:
		return bare_value_char(s, ch);
	case HTML_RAW:
		return raw_char(s, ch);
	}
	return true;
}
