/*
 * CSV over libcsv; see the header.
 *
 * Bytes reach libcsv a line at a time, so that a row's end is known to the byte, and in
 * pieces of 2 KiB, so that a quote that never closes cannot make its buffer grow.
 */
#include "codec/csv.h"

#include <csv.h>

#define PIECE_BYTES 2048

struct csv_reader {
	struct csv_parser parser;
	struct csv_from from;
	int64_t at;     /* byte of the file */
	int64_t number; /* of the last row or blank line */
	char *text;     /* CSV_ROW_BYTES: the fields of the row */
	size_t n_text;
	struct str fields[CSV_COLUMNS];
	size_t n_fields;
	bool is_begun; /* the row has something beside blanks */
	bool is_ended; /* libcsv told the row's end */
	enum reason bad;
};

/* ---- the first bytes ------------------------------------------------------------------------ */

static bool has_zeros(struct str head)
{
	size_t zeros = 0;

	for (size_t i = 0; i < head.n; i++)
		zeros += head.p[i] == '\0';
	return head.n >= 4 && zeros * 3 >= head.n;
}

static enum csv_encoding encoding_of(struct str head)
{
	struct str s = head;

	if (str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF")) ||
	    has_zeros(head))
		return CSV_UTF16;
	/* The end may cut a character. */
	for (size_t cut = 0; cut < 4; cut++, s.n--) {
		if (utf8_valid(s))
			return CSV_UTF8;
		if ((unsigned char)s.p[s.n - 1] < 0x80)
			return CSV_OTHER;
	}
	return CSV_OTHER;
}

static char delimiter_of(struct str head)
{
	size_t commas = 0, semicolons = 0, tabs = 0;
	bool is_quoted = false;

	for (size_t i = 0; i < head.n; i++) {
		char c = head.p[i];

		if (c == '"')
			is_quoted = !is_quoted;
		if (is_quoted)
			continue;
		if (c == '\n' || c == '\r')
			break;
		commas += c == ',';
		semicolons += c == ';';
		tabs += c == '\t';
	}
	if (semicolons > commas && semicolons >= tabs)
		return ';';
	return tabs > commas ? '\t' : ',';
}

struct csv_start csv_look(struct str head)
{
	struct csv_start s = { .encoding = encoding_of(head) };

	if (str_starts(head, STR("\xEF\xBB\xBF")))
		s.n_mark = 3;
	s.delimiter = delimiter_of(str_from_pos(head, s.n_mark));
	return s;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void spoil(struct csv_reader *r, enum reason reason)
{
	if (r->bad == REASON_NONE)
		r->bad = reason;
}

static void take_field(void *bytes, size_t n, void *arg)
{
	struct csv_reader *r = arg;
	struct str field = { bytes ? bytes : "", n };

	if (r->bad != REASON_NONE)
		return;
	if (r->n_fields == CSV_COLUMNS) {
		spoil(r, REASON_IMPORT_COLUMNS);
	} else if (n > CSV_FIELD_BYTES || n > CSV_ROW_BYTES - r->n_text) {
		spoil(r, REASON_IMPORT_FIELD_LONG);
	} else if (!utf8_valid(field)) {
		spoil(r, REASON_IMPORT_ENCODING);
	} else {
		if (n > 0)
			memcpy(r->text + r->n_text, field.p, n);
		r->fields[r->n_fields++] = str_make(r->text + r->n_text, n);
		r->n_text += n;
	}
}

static void take_end(int c, void *arg)
{
	struct csv_reader *r = arg;

	(void)c;
	r->is_ended = true;
}

static void close_reader(void *arg)
{
	struct csv_reader *r = arg;

	csv_free(&r->parser);
}

enum rc csv_open(struct arena *a, const struct csv_from *from, struct csv_reader **ret,
		 struct error *e)
{
	struct csv_reader *r = ARENA_NEW(a, struct csv_reader);
	char *text = arena_alloc(a, CSV_ROW_BYTES);

	if (!r || !text || csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return ERROR_MEMORY(e);
	if (!arena_on_end(a, close_reader, r)) {
		csv_free(&r->parser);
		return ERROR_MEMORY(e);
	}
	csv_set_delim(&r->parser, (unsigned char)from->delimiter);
	r->from = *from;
	r->at = from->offset;
	r->number = from->number;
	r->text = text;
	*ret = r;
	return RC_OK;
}

static enum rc failed(const struct csv_reader *r, enum reason reason, struct error *e)
{
	int64_t row = r->number + 1;

	if (reason == REASON_TOO_MUCH)
		return ERROR_MEMORY(e);
	(void)ERROR(e, RC_INVALID, reason, "row %lld", (long long)row);
	e->arg = row;
	return RC_INVALID;
}

/* Hands the row on.  *ret_go: fn wants more. */
static enum rc deliver(struct csv_reader *r, bool *ret_go, struct error *e)
{
	struct csv_row row = { .end = r->at, .fields = r->fields, .n = r->n_fields };

	if (r->number == r->from.max_rows) {
		(void)ERROR(e, RC_TOO_BIG, REASON_IMPORT_ROWS, "row %lld", (long long)r->number);
		e->arg = r->from.max_rows;
		return RC_TOO_BIG;
	}
	row.number = ++r->number;
	*ret_go = r->from.fn(r->from.arg, &row);
	r->n_fields = r->n_text = 0;
	r->is_begun = r->is_ended = false;
	return RC_OK;
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
			return false;
	return true;
}

/* Bytes to the end of the line, its end included; at most a piece. */
static size_t piece_of(struct str rest)
{
	size_t n = rest.n < PIECE_BYTES ? rest.n : PIECE_BYTES;

	for (size_t i = 0; i < n; i++) {
		if (rest.p[i] == '\n')
			return i + 1;
		if (rest.p[i] == '\r')
			return i + 1 + (i + 1 < rest.n && rest.p[i + 1] == '\n');
	}
	return n;
}

static enum rc take_piece(struct csv_reader *r, struct str piece, struct error *e)
{
	if (memchr(piece.p, '\0', piece.n))
		return failed(r, REASON_IMPORT_NUL, e);
	r->is_begun = r->is_begun || !is_blank(piece);
	if (csv_parse(&r->parser, piece.p, piece.n, take_field, take_end, r) < piece.n)
		return failed(r,
			      csv_error(&r->parser) == CSV_EPARSE ? REASON_IMPORT_QUOTE
								  : REASON_TOO_MUCH,
			      e);
	if (r->parser.entry_pos > CSV_FIELD_BYTES + PIECE_BYTES)
		spoil(r, REASON_IMPORT_FIELD_LONG);
	if (r->bad != REASON_NONE)
		return failed(r, r->bad, e);
	r->at += (int64_t)piece.n;
	return RC_OK;
}

enum rc csv_feed(struct csv_reader *r, struct str bytes, bool is_last, size_t *ret_used,
		 bool *ret_stopped, struct error *e)
{
	size_t used = 0;
	bool go = true;

	while (go && used < bytes.n) {
		struct str piece = str_from_pos(bytes, used);

		piece.n = piece_of(piece);
		const char last = piece.p[piece.n - 1];
		if (last == '\r' && used + piece.n == bytes.n && !is_last) {
			if (piece.n == 1)
				break;
			piece.n--; /* its LF may follow */
		}
		TRY(take_piece(r, piece, e));
		used += piece.n;
		const char end = piece.p[piece.n - 1];
		if (r->is_ended)
			TRY(deliver(r, &go, e));
		else if ((end == '\n' || end == '\r') && !r->is_begun)
			r->number++;
	}
	*ret_used = used;
	*ret_stopped = !go;
	return RC_OK;
}

enum rc csv_finish(struct csv_reader *r, struct error *e)
{
	bool go;

	if (csv_fini(&r->parser, take_field, take_end, r) != 0)
		return failed(r,
			      csv_error(&r->parser) == CSV_EPARSE ? REASON_IMPORT_QUOTE
								  : REASON_TOO_MUCH,
			      e);
	if (r->bad != REASON_NONE)
		return failed(r, r->bad, e);
	return r->is_ended ? deliver(r, &go, e) : RC_OK;
}

void csv_put(struct buf *b, struct str field)
{
	static const char formula[] = "=+-@\t\r";

	buf_char(b, '"');
	if (field.n > 0 && memchr(formula, field.p[0], sizeof formula - 1))
		buf_char(b, '\'');
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, field.p[i]);
	}
	buf_char(b, '"');
}
