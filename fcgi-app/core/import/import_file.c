/*
 * Reading the file of an import: the look through it before it is taken, and the rows of a
 * batch with everything that can be said about them without the database.
 */
#include "core/import/import_file.h"

#include "base/num.h"
#include "codec/json.h"
#include "core/attendance/register.h"
#include "core/people/membership.h"
#include "core/session/code.h"
#include "sys/files_import.h"

#define BLOCK_BYTES  65536
#define PIECE_BYTES  ((size_t)1 << 20) /* of JSON, after which a batch ends early */
#define PIECE_MAX    ((size_t)4 << 20)
#define COLUMN_CHARS 120
#define VALUE_CHARS  200

/* Feeds the file from `at` on until its end or fn stops. */
static enum rc feed(struct arena *a, int fd, struct csv_reader *reader, int64_t at, bool *ret_end,
		    struct error *e)
{
	char *block = arena_alloc(a, BLOCK_BYTES);
	bool is_stopped = false;
	size_t n, used = 0;

	if (!block)
		return ERROR_MEMORY(e);
	for (;;) {
		TRY(files_import_read(fd, at, block, BLOCK_BYTES, &n, e));
		const bool is_last = n < BLOCK_BYTES;
		TRY(csv_feed(reader, str_make(block, n), is_last, &used, &is_stopped, e));
		at += (int64_t)used;
		*ret_end = is_last && !is_stopped;
		if (is_stopped || is_last)
			break;
	}
	return *ret_end ? csv_finish(reader, e) : RC_OK;
}

/* ---- the look through ------------------------------------------------------------------------ */

struct look {
	struct arena *a;
	enum import_kind kind;
	struct buf header, guess;
	struct import_shape shape;
	bool is_taken[IMPORT_FIELD__MAX];
};

/* One line of at most COLUMN_CHARS, since names are kept and shown line by line. */
static void add_name(struct buf *b, struct str name)
{
	name = utf8_prefix(str_trim(name), COLUMN_CHARS);
	for (size_t i = 0; i < name.n; i++)
		buf_char(b, (unsigned char)name.p[i] < ' ' || name.p[i] == 0x7F ? ' ' : name.p[i]);
}

static bool look_at(void *arg, const struct csv_row *row)
{
	struct look *l = arg;

	if (l->shape.n_columns > 0) {
		l->shape.n_rows++;
		l->shape.last_row = row->number;
		return true;
	}
	l->shape.n_columns = row->n;
	l->shape.first_byte = row->end;
	l->shape.header_row = row->number;
	for (size_t i = 0; i < row->n; i++) {
		enum import_field f = import_field_guess(l->kind, row->fields[i]);

		if (i > 0) {
			buf_char(&l->header, '\n');
			buf_char(&l->guess, ',');
		}
		if (l->is_taken[f])
			f = IMPORT_IGNORE;
		l->is_taken[f] = f != IMPORT_IGNORE;
		add_name(&l->header, row->fields[i]);
		buf_add(&l->guess, str_from(import_field_name(l->kind, f)));
	}
	return true;
}

/* A failure of the file as one of the field "file". */
static enum rc of_file(enum rc rc, struct error *e)
{
	enum reason reason = e->reason;
	int64_t arg = e->arg;

	if (rc != RC_INVALID && rc != RC_TOO_BIG)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "file", reason, arg);
}

enum rc import_file_look(struct arena *a, int fd, enum import_kind kind, struct import_shape *ret,
			 struct error *e)
{
	struct look l = { .a = a, .kind = kind };
	struct csv_reader *reader;
	struct csv_start start;
	char head[8192];
	bool is_end;
	size_t n;

	TRY(files_import_read(fd, 0, head, sizeof head, &n, e));
	start = csv_look(str_make(head, n));
	if (start.encoding != CSV_UTF8)
		return ERROR_FIELD(
			e, "file",
			start.encoding == CSV_UTF16 ? REASON_IMPORT_UTF16 : REASON_IMPORT_LATIN, 0);
	buf_init(&l.header, a, 1024, CSV_ROW_BYTES + CSV_COLUMNS);
	buf_init(&l.guess, a, 1024, 4096);
	TRY(csv_open(a,
		     &(struct csv_from){ .delimiter = start.delimiter,
					 .offset = (int64_t)start.n_mark,
					 .max_rows = IMPORT_ROWS_MAX + 1,
					 .fn = look_at,
					 .arg = &l },
		     &reader, e));
	enum rc rc = feed(a, fd, reader, (int64_t)start.n_mark, &is_end, e);
	if (rc == RC_TOO_BIG && e->reason == REASON_IMPORT_ROWS)
		e->arg = IMPORT_ROWS_MAX;
	if (rc == RC_INVALID && e->reason == REASON_IMPORT_ENCODING)
		e->reason = e->arg > 1 ? REASON_IMPORT_ENCODING : REASON_IMPORT_LATIN;
	if (rc != RC_OK)
		return of_file(rc, e);
	if (l.shape.n_rows == 0)
		return ERROR_FIELD(e, "file", REASON_IMPORT_EMPTY, 0);
	if (!buf_ok(&l.header) || !buf_ok(&l.guess))
		return ERROR_MEMORY(e);
	l.shape.delimiter = start.delimiter;
	l.shape.header = buf_str(&l.header);
	l.shape.guess = buf_str(&l.guess);
	*ret = l.shape;
	return RC_OK;
}

/* ---- a batch of rows ------------------------------------------------------------------------- */

struct batch {
	const struct import_info *info;
	struct buf rows, errors;
	struct json_out row_out, error_out;
	struct import_piece piece;
	char *folded; /* room for a value in lower case */
	struct arena *scratch;
	bool is_wrong;
};

static void complain(struct batch *b, int64_t row, const char *field, enum reason reason,
		     int64_t arg, struct str value)
{
	struct json_out *o = &b->error_out;

	b->is_wrong = true;
	b->piece.n_errors++;
	json_out_array(o);
	json_out_i64(o, row);
	json_out_str(o, str_from(field));
	json_out_str(o, str_from(reason_code(reason)));
	json_out_str(o, utf8_prefix(value, VALUE_CHARS));
	json_out_i64(o, arg);
	json_out_array_end(o);
}

static const size_t max_chars[IMPORT_FIELD__MAX] = {
	[IMPORT_GIVEN_NAME] = 120,  [IMPORT_FAMILY_NAME] = 120, [IMPORT_STUDENT_CODE] = 40,
	[IMPORT_TEACHER_CODE] = 40, [IMPORT_EMAIL] = 254,       [IMPORT_USERNAME] = 80,
	[IMPORT_ROLE] = 20,         [IMPORT_DEPARTMENT] = 120,  [IMPORT_BATCH_NAME] = 120,
	[IMPORT_SECTION] = 120,     [IMPORT_COURSE] = 40,       [IMPORT_STATE] = 10,
	[IMPORT_FROM] = 10,         [IMPORT_TO] = 10,           [IMPORT_SESSION] = 100,
	[IMPORT_CLASS] = 120,       [IMPORT_DATE] = 10,         [IMPORT_START] = 8,
	[IMPORT_STATUS] = 40,       [IMPORT_LATE] = 10,         [IMPORT_REMARK] = 300,
	[IMPORT_ARRIVAL] = 8,
};

static bool is_email(struct str s)
{
	const size_t at = str_find_char(s, '@');

	return at != SIZE_MAX && at > 0 && at + 1 < s.n && str_rfind_char(s, '@') == at &&
	       str_find_char(s, ' ') == SIZE_MAX;
}

static bool is_username(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return true;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
			return true;
	return false;
}

/* "2026-13-40" has the shape of a date, "31/12/2026" has not. */
static bool is_date_shape(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' : !ascii_is_digit(s.p[i]))
			return false;
	return s.n == 10;
}

static enum reason fault_of_date(struct str v)
{
	int32_t day;

	if (!is_date_shape(v))
		return REASON_IMPORT_DATE;
	return day_parse(v, &day) ? REASON_NONE : REASON_NOT_A_DATE;
}

static enum reason fault_of_late(struct str v)
{
	int64_t n;

	if (!num_i64(v, INT32_MIN, INT32_MAX, &n))
		return REASON_NOT_A_NUMBER;
	return n >= 0 && n <= REGISTER_LATE_MAX_MIN ? REASON_NONE : REASON_IMPORT_LATE;
}

/* What is wrong with the value of a field, by itself; NONE. */
static enum reason fault_of(enum import_field f, struct str v)
{
	enum enrolment_state state;
	int32_t tod;
	enum role role;

	if (memchr("=+-@", v.p[0], 4))
		return REASON_IMPORT_FORMULA;
	if (has_control(v))
		return REASON_NOT_TEXT;
	if (f == IMPORT_FROM || f == IMPORT_TO || f == IMPORT_DATE)
		return fault_of_date(v);
	if (f == IMPORT_START || f == IMPORT_ARRIVAL)
		return tod_parse(v, &tod) ? REASON_NONE : REASON_NOT_A_TIME;
	if (f == IMPORT_LATE)
		return fault_of_late(v);
	if (f == IMPORT_ROLE) {
		role = role_from(v);
		return role == ROLE_STUDENT || role == ROLE_FACULTY || role == ROLE_EMPLOYEE
			       ? REASON_NONE
			       : REASON_IMPORT_ROLE;
	}
	if (f == IMPORT_STATE)
		return enrolment_state_from(v, &state) ? REASON_NONE : REASON_IMPORT_STATE;
	if (utf8_length(v) > max_chars[f])
		return REASON_TOO_LONG;
	if (f == IMPORT_EMAIL)
		return is_email(v) ? REASON_NONE : REASON_NOT_AN_EMAIL;
	return f != IMPORT_USERNAME || is_username(v) ? REASON_NONE : REASON_IMPORT_USERNAME;
}

/*
 * Usernames, addresses, roles and states do not care for capital letters; sessions are compared in
 * capitals, as completion codes are.
 */
static struct str folded(struct batch *b, enum import_field f, struct str v)
{
	if (f == IMPORT_SESSION) {
		const struct str key = code_key(b->scratch, v);

		return key.p ? key : v;
	}
	if (f != IMPORT_EMAIL && f != IMPORT_USERNAME && f != IMPORT_ROLE && f != IMPORT_STATE)
		return v;
	for (size_t i = 0; i < v.n; i++)
		b->folded[i] = ascii_lower(v.p[i]);
	return str_make(b->folded, v.n);
}

/* A row of attendance says which session it is, and what. */
static void check_mark(struct batch *b, int64_t row, const struct str *values)
{
	if (values[IMPORT_STATUS].n == 0)
		complain(b, row, "status", REASON_REQUIRED, 0, STR(""));
	if (values[IMPORT_SESSION].n == 0 && values[IMPORT_COURSE].n == 0 &&
	    values[IMPORT_CLASS].n == 0)
		complain(b, row, "", REASON_IMPORT_WHICH_SESSION, 0, STR(""));
	else if (values[IMPORT_SESSION].n == 0 && values[IMPORT_DATE].n == 0)
		complain(b, row, "date", REASON_REQUIRED, 0, STR(""));
}

static void check_row(struct batch *b, int64_t row, const struct str *values)
{
	const enum import_kind k = b->info->kind;
	const struct str from = values[IMPORT_FROM], to = values[IMPORT_TO];
	bool says_who = values[IMPORT_STUDENT_CODE].n > 0 || values[IMPORT_USERNAME].n > 0 ||
			values[IMPORT_EMAIL].n > 0 || values[IMPORT_TEACHER_CODE].n > 0;

	if (!says_who && !b->is_wrong)
		complain(b, row, "", REASON_IMPORT_WHO, 0, STR(""));
	if (k == IMPORT_ENROLMENTS && values[IMPORT_COURSE].n == 0 && !b->is_wrong)
		complain(b, row, "course", REASON_REQUIRED, 0, STR(""));
	if (k == IMPORT_ATTENDANCE && !b->is_wrong)
		check_mark(b, row, values);
	if (from.n > 0 && to.n > 0 && str_cmp(to, from) < 0)
		complain(b, row, import_field_name(k, IMPORT_TO), REASON_END_BEFORE_START, 0, to);
}

static void put_row(struct batch *b, int64_t row, const struct str *values)
{
	struct json_out *o = &b->row_out;
	enum mark mark;

	json_out_array(o);
	json_out_i64(o, row);
	for (enum import_field f = IMPORT_GIVEN_NAME; f < IMPORT_FIELD__MAX; f++) {
		if (values[f].n > 0)
			json_out_str(o, folded(b, f, values[f]));
		else
			json_out_null(o);
	}
	mark = import_mark_from(values[IMPORT_STATUS]);
	if (mark != MARK_NONE)
		json_out_str(o, str_from(mark_name(mark)));
	else
		json_out_null(o);
	json_out_str(o, b->is_wrong ? STR("wrong") : STR("read"));
	json_out_array_end(o);
}

static bool take_row(void *arg, const struct csv_row *row)
{
	const struct import_info *info = ((struct batch *)arg)->info;
	struct str values[IMPORT_FIELD__MAX] = { 0 };
	struct batch *b = arg;

	b->is_wrong = false;
	for (size_t i = 0; i < row->n; i++) {
		const struct str v = str_trim(row->fields[i]);
		enum import_field f = i < info->n_columns ? info->fields[i] : IMPORT_IGNORE;

		if (i >= info->n_columns && v.n > 0) {
			complain(b, row->number, "", REASON_IMPORT_EXTRA, 0, v);
			break;
		}
		if (f == IMPORT_IGNORE || v.n == 0)
			continue;
		const enum reason fault = fault_of(f, folded(b, f, v));
		if (fault == REASON_NONE)
			values[f] = v;
		else
			complain(b, row->number, import_field_name(info->kind, f), fault,
				 (int64_t)max_chars[f], v);
	}
	check_row(b, row->number, values);
	put_row(b, row->number, values);
	b->piece.n_rows++;
	b->piece.end = row->end;
	b->piece.row = row->number;
	return b->piece.n_rows < IMPORT_BATCH && b->rows.n < PIECE_BYTES &&
	       b->errors.n < PIECE_BYTES;
}

static char delimiter_of(struct str name)
{
	if (str_eq(name, STR("semicolon")))
		return ';';
	return str_eq(name, STR("tab")) ? '\t' : ',';
}

enum rc import_file_read(struct arena *a, int fd, const struct import_info *info,
			 struct import_piece *ret, struct error *e)
{
	struct batch b = { .info = info, .folded = arena_alloc(a, CSV_FIELD_BYTES), .scratch = a };
	struct csv_reader *reader;

	if (!b.folded)
		return ERROR_MEMORY(e);
	b.piece.end = info->s.position;
	b.piece.row = info->s.read_row;
	buf_init(&b.rows, a, PIECE_BYTES / 2, PIECE_MAX);
	buf_init(&b.errors, a, 4096, PIECE_MAX);
	json_out_init(&b.row_out, &b.rows);
	json_out_init(&b.error_out, &b.errors);
	json_out_array(&b.row_out);
	json_out_array(&b.error_out);
	TRY(csv_open(a,
		     &(struct csv_from){ .delimiter = delimiter_of(info->s.delimiter),
					 .offset = info->s.position,
					 .number = info->s.read_row,
					 .max_rows = IMPORT_ROWS_MAX + 1,
					 .fn = take_row,
					 .arg = &b },
		     &reader, e));
	TRY(feed(a, fd, reader, info->s.position, &b.piece.is_last, e));
	json_out_array_end(&b.row_out);
	json_out_array_end(&b.error_out);
	if (!buf_ok(&b.rows) || !buf_ok(&b.errors))
		return ERROR_MEMORY(e);
	b.piece.rows = buf_str(&b.rows);
	b.piece.errors = buf_str(&b.errors);
	*ret = b.piece;
	return RC_OK;
}
