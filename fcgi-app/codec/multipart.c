/*
 * multipart/form-data over bytes in memory or mapped.
 *
 * The search for a boundary is one memmem from the start of a part's content;
 * what lies before is never looked at again.  Must not know: fields, files,
 * uploads.  State changes only on success, so a failure repeats itself.
 */
#include "codec/multipart.h"

#include "codec/header.h"

static enum rc malformed(struct error *e, const char *what)
{
	return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "multipart: %s", what);
}

static enum rc ended_early(struct error *e, const char *where)
{
	return ERROR(e, RC_INVALID, REASON_BODY_SHORT, "multipart: ends %s", where);
}

/* ---- boundary ------------------------------------------------------------------ */

static bool boundary_valid(struct str s)
{
	if (s.n == 0 || s.n > MULTIPART_BOUNDARY_MAX || s.p[s.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    str_find_char(STR("'()+_,-./:=? "), s.p[i]) == SIZE_MAX)
			return false;
	return true;
}

enum rc multipart_boundary(struct str content_type, struct arena *a, struct str *ret,
			   struct error *e)
{
	struct str boundary;
	bool is_found;

	if (!str_eq_nocase(header_media_type(content_type), STR("multipart/form-data")))
		return ERROR(e, RC_INVALID, REASON_CONTENT_TYPE, "not multipart/form-data");
	TRY(header_param(content_type, STR("boundary"), a, &boundary, &is_found, e));
	if (!is_found || !boundary_valid(boundary))
		return malformed(e, "no usable boundary");
	*ret = boundary;
	return RC_OK;
}

void multipart_init(struct multipart *m, struct str body, struct str boundary,
		    struct multipart_limits limits, struct arena *a)
{
	BUG(boundary.n == 0 || boundary.n > MULTIPART_BOUNDARY_MAX);
	*m = (struct multipart){ .body = body, .arena = a, .limits = limits };
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.p, boundary.n);
	m->n_delimiter = 4 + boundary.n;
}

enum line { LINE_PART, LINE_CLOSE, LINE_CONTENT, LINE_SHORT };

/* What follows a delimiter at `at`; *ret_at moves behind the line. */
static enum line delimiter_line(const struct multipart *m, size_t at, size_t *ret_at)
{
	struct str rest = str_from_pos(m->body, at);
	size_t i = 0;

	if (str_starts(rest, STR("--"))) {
		*ret_at = at + 2;
		return LINE_CLOSE;
	}
	while (i < rest.n && (rest.p[i] == ' ' || rest.p[i] == '\t'))
		i++; /* padding a gateway may have added, RFC 2046 5.1.1 */
	if (str_starts(str_from_pos(rest, i), STR("\r\n"))) {
		*ret_at = at + i + 2;
		return LINE_PART;
	}
	/* Cut off here, or text that only begins like the boundary? */
	if (i == rest.n || (rest.n - i == 1 && rest.p[i] == '\r') ||
	    (i == 0 && rest.n == 1 && rest.p[0] == '-'))
		return LINE_SHORT;
	return LINE_CONTENT;
}

/*
 * The next delimiter from `from` on: *ret_pos where it (with its CR LF)
 * begins, *ret_at behind its line.  LINE_SHORT when the body ends before.
 */
static enum line delimiter_find(const struct multipart *m, size_t from, size_t *ret_pos,
				size_t *ret_at)
{
	struct str delimiter = str_make(m->delimiter, m->n_delimiter);

	for (;;) {
		size_t offset = str_find(str_from_pos(m->body, from), delimiter);
		enum line line;

		if (offset == SIZE_MAX)
			return LINE_SHORT;
		line = delimiter_line(m, from + offset + delimiter.n, ret_at);
		if (line != LINE_CONTENT) {
			*ret_pos = from + offset;
			return line;
		}
		from += offset + delimiter.n;
	}
}

/* The first delimiter, which needs no CR LF where the body starts with it. */
static enum rc open_body(struct multipart *m, struct error *e)
{
	struct str first = str_make(m->delimiter + 2, m->n_delimiter - 2);
	enum line line = LINE_CONTENT;
	size_t pos, at = 0;

	if (str_starts(m->body, first))
		line = delimiter_line(m, first.n, &at);
	else if (m->body.n < first.n && str_starts(first, m->body))
		return ended_early(e, "within the first boundary");
	if (line == LINE_CONTENT) {
		line = delimiter_find(m, 0, &pos, &at);
		if (line == LINE_SHORT)
			return malformed(e, "no boundary");
	}
	if (line == LINE_SHORT)
		return ended_early(e, "behind the first boundary");
	m->is_started = true;
	m->is_done = line == LINE_CLOSE;
	m->at = at;
	return RC_OK;
}

/* ---- headers of a part ----------------------------------------------------------- */

/* How browsers write a name (HTML standard, 4.10.21.8), and curl and older ones. */
static enum rc form_text(const struct header_param_raw *param, struct arena *a, struct str *ret,
			 struct error *e)
{
	struct str s = param->value;
	struct buf b;

	if (!param->is_quoted ||
	    (str_find_char(s, '%') == SIZE_MAX && str_find_char(s, '\\') == SIZE_MAX)) {
		*ret = s;
		return RC_OK;
	}
	buf_init(&b, a, s.n, s.n);
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_from_pos(s, i);

		if (str_starts(rest, STR("\\\"")) || str_starts(rest, STR("\\\\"))) {
			buf_char(&b, s.p[++i]);
		} else if (str_starts(rest, STR("%22")) || str_starts(rest, STR("%0D")) ||
			   str_starts(rest, STR("%0A"))) {
			buf_char(&b, rest.p[1] == '2' ? '"' : rest.p[2] == 'D' ? '\r' : '\n');
			i += 2;
		} else {
			buf_char(&b, s.p[i]);
		}
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

struct disposition {
	struct multipart_part *part;
	bool has_header, has_name, has_plain, has_extended;
};

static enum rc disposition_param(struct multipart *m, const struct header_param_raw *param,
				 struct disposition *d, struct error *e)
{
	struct str text;

	if (str_eq_nocase(param->name, STR("name"))) {
		if (d->has_name)
			return malformed(e, "two names");
		d->has_name = true;
		return form_text(param, m->arena, &d->part->name, e);
	}
	if (str_eq_nocase(param->name, STR("filename"))) {
		if (d->has_plain)
			return malformed(e, "two file names");
		d->has_plain = true;
		TRY(form_text(param, m->arena, &text, e));
		if (!d->has_extended) /* the extended one wins, RFC 6266 4.3 */
			d->part->filename = text;
	} else if (str_eq_nocase(param->name, STR("filename*"))) {
		if (d->has_extended)
			return malformed(e, "two file names");
		d->has_extended = true;
		TRY(header_ext_value(param->value, m->arena, &d->part->filename, e));
	}
	return RC_OK;
}

static enum rc disposition_parse(struct multipart *m, struct str value, struct disposition *d,
				 struct error *e)
{
	struct header_param_raw param;
	struct str rest = str_from_pos(value, header_media_type(value).n);
	bool is_found;

	if (d->has_header || !str_eq_nocase(header_media_type(value), STR("form-data")))
		return malformed(e, "bad Content-Disposition");
	d->has_header = true;
	for (;;) {
		TRY(header_param_next(&rest, &param, &is_found, e));
		if (!is_found)
			return RC_OK;
		TRY(disposition_param(m, &param, d, e));
	}
}

static enum rc header_line(struct multipart *m, struct str line, struct disposition *d,
			   struct error *e)
{
	size_t colon = str_find_char(line, ':');
	struct str name, value;

	if (colon == SIZE_MAX)
		return malformed(e, "header without colon");
	name = str_sub(line, 0, colon);
	value = str_trim(str_from_pos(line, colon + 1));
	if (!header_is_token(name) || !header_value_safe(value))
		return malformed(e, "bad header");
	if (str_eq_nocase(name, STR("content-disposition")))
		return disposition_parse(m, value, d, e);
	if (str_eq_nocase(name, STR("content-type")))
		d->part->type = value;
	/* Deprecated by RFC 7578 4.7; encoded content would be stored as it stands. */
	if (str_eq_nocase(name, STR("content-transfer-encoding")) &&
	    !str_eq_nocase(value, STR("binary")) && !str_eq_nocase(value, STR("8bit")) &&
	    !str_eq_nocase(value, STR("7bit")))
		return malformed(e, "encoded content");
	return RC_OK;
}

/* Reads the headers at m->at; *ret_at is where the content begins. */
static enum rc headers_read(struct multipart *m, struct multipart_part *part, size_t *ret_at,
			    struct error *e)
{
	struct str rest = str_sub(m->body, m->at, m->limits.max_header_bytes);
	bool is_cut = m->body.n - m->at > rest.n;
	struct disposition d = { .part = part };
	size_t at = 0;

	for (;;) {
		struct str line = str_from_pos(rest, at);
		size_t end = str_find(line, STR("\r\n"));

		if (end == SIZE_MAX && is_cut)
			return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH,
				     "multipart: headers of a part above %zu bytes",
				     m->limits.max_header_bytes);
		if (end == SIZE_MAX)
			return ended_early(e, "within headers");
		at += end + 2;
		if (end == 0)
			break;
		TRY(header_line(m, str_sub(line, 0, end), &d, e));
	}
	if (!d.has_header || !d.has_name)
		return malformed(e, "part without a name");
	part->has_filename = d.has_plain || d.has_extended;
	*ret_at = m->at + at;
	return RC_OK;
}

enum rc multipart_next(struct multipart *m, struct multipart_part *ret_part, bool *ret_found,
		       struct error *e)
{
	struct multipart_part part = { 0 };
	size_t content = 0, pos = 0, at = 0;
	enum line line;

	if (!m->is_started)
		TRY(open_body(m, e));
	if (m->is_done) {
		*ret_found = false;
		return RC_OK;
	}
	if (m->n_parts == m->limits.max_parts)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "multipart: more than %zu parts",
			     m->limits.max_parts);
	TRY(headers_read(m, &part, &content, e));
	/* A part without content may end with the empty line of its headers. */
	line = delimiter_find(m, content - 2, &pos, &at);
	if (line == LINE_SHORT)
		return ended_early(e, "within a part");
	part.offset = content;
	part.n = pos > content ? pos - content : 0;
	m->at = at;
	m->n_parts++;
	m->is_done = line == LINE_CLOSE;
	*ret_part = part;
	*ret_found = true;
	return RC_OK;
}
