/*
 * Values between MariaDB's binary protocol and our rows and parameters.
 *
 * Connector/C hands every column of a fetched row to row_take_value, which writes it
 * straight into the row struct: no second set of buffers, no length guessed, nothing
 * truncated.  Formats: MariaDB documentation, "Result Set Packets", binary
 * resultset row.  Calendar arithmetic is ours (base/time.h).
 */
#include "store/db.h"

#define DATE_BYTES    4
#define SECOND_BYTES  7
#define MICRO_BYTES   11
#define TIME_BYTES    8
#define TIME_US_BYTES 12

static uint64_t read_le(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i > 0; i--)
		v = v << 8 | p[i - 1];
	return v;
}

/* Length-encoded integer; moves *p behind it. */
static size_t read_length(unsigned char **p)
{
	const unsigned first = *(*p)++;
	size_t n;

	if (first < 251)
		return first;
	n = first == 252 ? 2 : first == 253 ? 3 : 8;
	const uint64_t v = read_le(*p, n);
	*p += n;
	return (size_t)v;
}

static void fail(struct row_target *t, const struct column *c, const char *why)
{
	if (t->bad == NULL) {
		t->bad = c;
		t->why = why;
	}
}

/* Bytes of an integer type; 0 when it is none. */
static size_t integer_bytes(enum enum_field_types type)
{
	if (type == MYSQL_TYPE_TINY)
		return 1;
	if (type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_YEAR)
		return 2;
	if (type == MYSQL_TYPE_LONG || type == MYSQL_TYPE_INT24)
		return 4;
	return type == MYSQL_TYPE_LONGLONG ? 8 : 0;
}

static void take_integer(struct row_target *t, const struct column *c, const MYSQL_FIELD *f,
			 unsigned char **p)
{
	const size_t n = integer_bytes(f->type);
	uint64_t u = read_le(*p, n);
	int64_t v;

	*p += n;
	if ((f->flags & UNSIGNED_FLAG) == 0 && n < 8 && (u >> (8 * n - 1)) != 0)
		u |= UINT64_MAX << (8 * n);
	if ((f->flags & UNSIGNED_FLAG) != 0 && u > INT64_MAX)
		fail(t, c, "above 2^63");
	memcpy(&v, &u, sizeof v);
	if (t->row != NULL)
		memcpy(t->row + c->offset, &v, sizeof v);
}

static void take_bytes(struct row_target *t, const struct column *c, unsigned char **p)
{
	const size_t n = read_length(p);
	struct str s = { (const char *)*p, n };

	*p += n;
	if (c->max > 0 && n > c->max)
		fail(t, c, "longer than declared");
	if (t->row == NULL || t->bad != NULL)
		return;
	s = n > 0 ? arena_str(t->a, s) : STR("");
	if (s.p == NULL) {
		t->is_no_memory = true;
		fail(t, c, "no memory");
		return;
	}
	memcpy(t->row + c->offset, &s, sizeof s);
}

/* DATE and DATETIME; the zero date, which strict mode keeps out, is an error. */
static void take_date(struct row_target *t, const struct column *c, unsigned char **p)
{
	const size_t n = *(*p)++;
	const unsigned char *b = *p;

	*p += n;
	if (n < DATE_BYTES) {
		fail(t, c, "zero date");
		return;
	}
	const struct ymd d = { (int)read_le(b, 2), b[2], b[3] };
	if (!ymd_valid(d)) {
		fail(t, c, "impossible date");
		return;
	}
	const int32_t day = day_from_ymd(d);
	if (t->row == NULL)
		return;
	if (c->type == COLUMN_DAY) {
		memcpy(t->row + c->offset, &day, sizeof day);
		return;
	}
	const int32_t tod = n >= SECOND_BYTES ? b[4] * 3600 + b[5] * 60 + b[6] : 0;
	const int64_t us =
		us_from_day_tod(day, tod) + (n >= MICRO_BYTES ? (int64_t)read_le(b + 7, 4) : 0);
	memcpy(t->row + c->offset, &us, sizeof us);
}

static void take_tod(struct row_target *t, const struct column *c, unsigned char **p)
{
	const size_t n = *(*p)++;
	const unsigned char *b = *p;
	int32_t tod = 0;

	*p += n;
	if (n >= TIME_BYTES) {
		if (b[0] != 0 || read_le(b + 1, 4) != 0) {
			fail(t, c, "not a time of day");
			return;
		}
		tod = b[5] * 3600 + b[6] * 60 + b[7];
	}
	if (t->row != NULL)
		memcpy(t->row + c->offset, &tod, sizeof tod);
}

static void take_null(struct row_target *t, const struct column *c)
{
	const int64_t no_i64 = COLUMN_NULL; /* NO_TIME has the same value */
	const int32_t no_day = NO_DAY;
	const struct str no_text = { NULL, 0 };

	if (!c->null)
		fail(t, c, "NULL");
	if (t->row == NULL)
		return;
	if (c->type == COLUMN_I64 || c->type == COLUMN_TIME)
		memcpy(t->row + c->offset, &no_i64, sizeof no_i64);
	else if (c->type == COLUMN_DAY || c->type == COLUMN_TOD)
		memcpy(t->row + c->offset, &no_day, sizeof no_day);
	else
		memcpy(t->row + c->offset, &no_text, sizeof no_text);
}

void row_take_value(void *target, unsigned column, unsigned char **value)
{
	struct row_target *t = target;
	const struct column *c = &t->st->columns[column];

	if (value == NULL) {
		take_null(t, c);
		return;
	}
	switch (c->type) {
	case COLUMN_I64:
		take_integer(t, c, &t->fields[column], value);
		break;
	case COLUMN_TEXT:
	case COLUMN_BYTES:
		take_bytes(t, c, value);
		break;
	case COLUMN_TIME:
	case COLUMN_DAY:
		take_date(t, c, value);
		break;
	case COLUMN_TOD:
		take_tod(t, c, value);
		break;
	}
}

static void set_date(MYSQL_TIME *time, int32_t day)
{
	const struct ymd d = day_to_ymd(day);

	time->year = (unsigned)d.year;
	time->month = (unsigned)d.month;
	time->day = (unsigned)d.day;
}

static void set_tod(MYSQL_TIME *time, int64_t s)
{
	time->hour = (unsigned)(s / 3600);
	time->minute = (unsigned)(s / 60 % 60);
	time->second = (unsigned)(s % 60);
}

/* Integers and texts stay in *p, which must outlive the execution. */
void row_bind_param(MYSQL_BIND *bind, MYSQL_TIME *time, unsigned long *length,
		    const struct param *p)
{
	static char empty[1]; /* a NULL buffer would mean NULL */

	memset(bind, 0, sizeof *bind);
	if (p->is_null) {
		bind->buffer_type = MYSQL_TYPE_NULL;
		return;
	}
	memset(time, 0, sizeof *time);
	bind->buffer = time;
	switch (p->type) {
	case 'i':
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		memcpy(&bind->buffer, &(const void *){ &p->i }, sizeof bind->buffer);
		break;
	case 't':
		bind->buffer_type = MYSQL_TYPE_DATETIME;
		time->time_type = MYSQL_TIMESTAMP_DATETIME;
		set_date(time, us_day(p->i));
		set_tod(time, us_in_day(p->i) / US_PER_S);
		time->second_part = (unsigned long)(us_in_day(p->i) % US_PER_S);
		break;
	case 'd':
		bind->buffer_type = MYSQL_TYPE_DATE;
		time->time_type = MYSQL_TIMESTAMP_DATE;
		set_date(time, (int32_t)p->i);
		break;
	case 'c':
		bind->buffer_type = MYSQL_TYPE_TIME;
		time->time_type = MYSQL_TIMESTAMP_TIME;
		set_tod(time, p->i);
		break;
	default: /* 's', 'b': the caller compared the letters */
		bind->buffer_type = p->type == 's' ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
		*length = p->s.n;
		bind->length = length;
		bind->buffer_length = p->s.n;
		if (p->s.n > 0)
			memcpy(&bind->buffer, &p->s.p, sizeof bind->buffer);
		else
			bind->buffer = empty;
		break;
	}
}
