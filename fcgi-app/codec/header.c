/*
 * Reading header values: parameters, RFC 8187 text, languages, entity tags, ranges.
 * Writing is in disposition.c.  Must not know: requests, which headers exist.
 */
#include "codec/header.h"

#include "base/num.h"
#include "codec/url.h"

#define LANGUAGES_MAX 32 /* ranges looked at; a browser sends about five */

bool header_value_safe(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return false;
	}
	return true;
}

bool header_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    str_find_char(STR("!#$%&'*+-.^_`|~"), s.p[i]) == SIZE_MAX)
			return false;
	return s.n > 0;
}

struct str header_media_type(struct str content_type)
{
	return str_trim(str_sub(content_type, 0, str_find_char(content_type, ';')));
}

/* ---- parameters ---------------------------------------------------------------- */

static enum rc bad_param(struct error *e)
{
	return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "bad parameter of a header");
}

static struct str skip_blanks(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_from_pos(s, 1);
	return s;
}

/* s follows the opening quote: the position of the closing one, or SIZE_MAX. */
static size_t closing_quote(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			return i;
		if (s.p[i] == '\\')
			i++;
	}
	return s.n && s.p[s.n - 1] == '"' ? s.n - 1 : SIZE_MAX;
}

/* The value at the start of *s, which moves behind it. */
static bool param_value(struct str *s, struct header_param_raw *ret)
{
	size_t end;

	ret->is_quoted = s->n && s->p[0] == '"';
	if (ret->is_quoted) {
		*s = str_from_pos(*s, 1);
		end = closing_quote(*s);
		if (end == SIZE_MAX)
			return false;
		ret->value = str_sub(*s, 0, end);
		*s = skip_blanks(str_from_pos(*s, end + 1));
		return s->n == 0 || s->p[0] == ';';
	}
	end = str_find_char(*s, ';');
	ret->value = str_trim(str_sub(*s, 0, end));
	*s = str_from_pos(*s, end == SIZE_MAX ? s->n : end);
	return ret->value.n > 0 && str_find_char(ret->value, '"') == SIZE_MAX;
}

enum rc header_param_next(struct str *rest, struct header_param_raw *ret, bool *ret_found,
			  struct error *e)
{
	struct header_param_raw param;
	struct str s = skip_blanks(*rest);
	size_t equals;

	if (s.n && s.p[0] != ';')
		return bad_param(e);
	while (s.n && s.p[0] == ';')
		s = skip_blanks(str_from_pos(s, 1));
	if (s.n == 0) {
		*rest = s;
		*ret_found = false;
		return RC_OK;
	}
	equals = str_find_char(s, '=');
	if (equals == SIZE_MAX)
		return bad_param(e);
	param.name = str_sub(s, 0, equals);
	s = str_from_pos(s, equals + 1);
	if (!header_is_token(param.name) || !param_value(&s, &param))
		return bad_param(e);
	*rest = s;
	*ret = param;
	*ret_found = true;
	return RC_OK;
}

static enum rc param_text(const struct header_param_raw *param, struct arena *a, struct str *ret,
			  struct error *e)
{
	struct str s = param->value;
	size_t n = 0;
	char *p;

	if (!param->is_quoted || str_find_char(s, '\\') == SIZE_MAX) {
		*ret = s;
		return RC_OK;
	}
	p = arena_alloc(a, s.n);
	if (!p)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		p[n++] = s.p[i];
	}
	*ret = str_make(p, n);
	return RC_OK;
}

enum rc header_param(struct str value, struct str name, struct arena *a, struct str *ret,
		     bool *ret_found, struct error *e)
{
	size_t semicolon = str_find_char(value, ';');
	struct header_param_raw param, match = { 0 };
	bool is_there = true, is_found = false;
	struct str rest;

	rest = str_from_pos(value, semicolon == SIZE_MAX ? value.n : semicolon);
	for (;;) {
		TRY(header_param_next(&rest, &param, &is_there, e));
		if (!is_there)
			break;
		if (!str_eq_nocase(param.name, name))
			continue;
		if (is_found)
			return bad_param(e);
		match = param;
		is_found = true;
	}
	if (is_found)
		TRY(param_text(&match, a, ret, e));
	*ret_found = is_found;
	return RC_OK;
}

/* ---- RFC 8187 ------------------------------------------------------------------ */

static enum rc latin1_to_utf8(struct str s, struct arena *a, struct str *ret, struct error *e)
{
	struct buf b;

	buf_init(&b, a, s.n, s.n * 2);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80) {
			buf_char(&b, s.p[i]);
		} else {
			buf_char(&b, (char)(0xC0 | c >> 6));
			buf_char(&b, (char)(0x80 | (c & 0x3F)));
		}
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc header_ext_value(struct str value, struct arena *a, struct str *ret, struct error *e)
{
	size_t first = str_find_char(value, '\'');
	size_t second = str_rfind_char(value, '\'');
	struct str charset, text;

	/* A third quote cannot be: the text escapes it. */
	if (first == SIZE_MAX || first == second ||
	    str_find_char(str_sub(value, first + 1, second - first - 1), '\'') != SIZE_MAX)
		return bad_param(e);
	charset = str_sub(value, 0, first);
	TRY(url_decode(str_from_pos(value, second + 1), false, a, &text, e));
	if (str_eq_nocase(charset, STR("iso-8859-1")))
		return latin1_to_utf8(text, a, ret, e);
	if (!str_eq_nocase(charset, STR("utf-8")) || !utf8_valid(text))
		return bad_param(e);
	*ret = text;
	return RC_OK;
}

/* ---- Accept-Language ------------------------------------------------------------- */

struct range {
	struct str tag;
	int quality; /* thousandths */
};

/* "1", "0", "0.", "0.123"; -1 when unreadable. */
static int quality_parse(struct str s)
{
	int v, unit = 100;

	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return -1;
	v = (s.p[0] - '0') * 1000;
	for (size_t i = 2; i < s.n; i++, unit /= 10) {
		if (!ascii_is_digit(s.p[i]))
			return -1;
		v += (s.p[i] - '0') * unit;
	}
	return v <= 1000 ? v : -1;
}

static size_t ranges_parse(struct str accept, struct range ranges[LANGUAGES_MAX])
{
	struct str piece, parameter;
	size_t n = 0;

	while (n < LANGUAGES_MAX && str_split(&accept, ',', &piece)) {
		struct range *range = &ranges[n];

		if (!str_split(&piece, ';', &range->tag))
			continue;
		range->tag = str_trim(range->tag);
		range->quality = 1000;
		if (str_split(&piece, ';', &parameter)) {
			parameter = str_trim(parameter);
			range->quality = parameter.n > 2 && ascii_lower(parameter.p[0]) == 'q' &&
							 parameter.p[1] == '='
						 ? quality_parse(str_from_pos(parameter, 2))
						 : -1;
		}
		n += range->tag.n > 0 && range->quality >= 0;
	}
	return n;
}

/* RFC 4647 3.4: cut the range from its end; then a tag that is more special. */
static size_t range_match(struct str range, const struct str *tags, size_t n_tags)
{
	for (struct str cut = range; cut.n;) {
		size_t hyphen = str_rfind_char(cut, '-');

		for (size_t i = 0; i < n_tags; i++)
			if (str_eq_nocase(cut, tags[i]))
				return i;
		cut = str_sub(cut, 0, hyphen == SIZE_MAX ? 0 : hyphen);
	}
	for (size_t i = 0; i < n_tags; i++)
		if (tags[i].n > range.n && tags[i].p[range.n] == '-' &&
		    str_eq_nocase(str_sub(tags[i], 0, range.n), range))
			return i;
	return SIZE_MAX;
}

/* The first tag that no range names: what "*" stands for. */
static size_t unnamed_tag(const struct range *ranges, size_t n, const struct str *tags,
			  size_t n_tags)
{
	for (size_t i = 0; i < n_tags; i++) {
		bool is_named = false;

		for (size_t k = 0; k < n; k++)
			is_named |= range_match(ranges[k].tag, tags, n_tags) == i;
		if (!is_named)
			return i;
	}
	return SIZE_MAX;
}

size_t header_language(struct str accept, const struct str *tags, size_t n_tags)
{
	struct range ranges[LANGUAGES_MAX];
	size_t n = ranges_parse(accept, ranges);
	size_t best = 0;
	int best_quality = 0;

	for (size_t k = 0; k < n; k++) {
		size_t i;

		if (ranges[k].quality <= best_quality)
			continue;
		i = str_eq(ranges[k].tag, STR("*")) ? unnamed_tag(ranges, n, tags, n_tags)
						    : range_match(ranges[k].tag, tags, n_tags);
		if (i != SIZE_MAX) {
			best = i;
			best_quality = ranges[k].quality;
		}
	}
	return best;
}

/* ---- entity tags ----------------------------------------------------------------- */

/* Takes one entity tag off *s and gives it without W/; false when there is none. */
static bool etag_take(struct str *s, struct str *ret)
{
	struct str rest = str_starts(*s, STR("W/")) ? str_from_pos(*s, 2) : *s;
	size_t closing;

	if (rest.n < 2 || rest.p[0] != '"')
		return false;
	closing = str_find_char(str_from_pos(rest, 1), '"');
	if (closing == SIZE_MAX)
		return false;
	*ret = str_sub(rest, 0, closing + 2);
	*s = str_from_pos(rest, closing + 2);
	return true;
}

bool header_etag_match(struct str if_none_match, struct str etag)
{
	struct str rest = str_trim(if_none_match), ours, theirs;

	if (!etag_take(&etag, &ours))
		return false;
	if (str_eq(rest, STR("*")))
		return true;
	while (etag_take(&rest, &theirs)) {
		if (str_eq(theirs, ours))
			return true;
		rest = skip_blanks(rest);
		if (rest.n == 0 || rest.p[0] != ',')
			return false;
		while (rest.n && rest.p[0] == ',')
			rest = skip_blanks(str_from_pos(rest, 1));
	}
	return false;
}

/* ---- ranges ----------------------------------------------------------------------- */

bool header_range_continues(struct str range)
{
	struct str unit = STR("bytes="), rest, first, last;
	int64_t from, to;
	size_t dash;

	if (!str_eq_nocase(str_sub(range, 0, unit.n), unit))
		return false;
	rest = str_trim(str_from_pos(range, unit.n));
	dash = str_find_char(rest, '-');
	if (dash == SIZE_MAX)
		return false;
	first = str_sub(rest, 0, dash);
	last = str_from_pos(rest, dash + 1);
	return num_i64(first, 1, INT64_MAX, &from) &&
	       (last.n == 0 || num_i64(last, from, INT64_MAX, &to));
}
