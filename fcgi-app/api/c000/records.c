/*
 * Marks of contract 000 (contracts.md 1.6); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"

#define LIST_MAX     1000
#define REMARK_MAX   300
#define LATE_MAX     600
#define DAYS_DEFAULT 30
#define DAYS_MAX     3650
#define CLASS_MAX    120

static const char *const statuses[] = { "present", "absent", "late", "excused", NULL };
static const enum mark marks[] = { MARK_PRESENT, MARK_ABSENT, MARK_LATE, MARK_EXCUSED };

struct c000_record_add_in {
	int64_t id, session_id, student_id, late_minutes;
	int status;
	struct str justification;
};
/* What the contract has besides (marked_via, facial_confidence, …) is not for a client to say. */
FIELDS(c000_record_add_fields, c000_record_add_in,
       FIELD(ID, c000_record_add_in, session_id, FORM, .required = true),
       FIELD(ID, c000_record_add_in, student_id, FORM, .required = true),
       FIELD(CHOICE, c000_record_add_in, status, FORM, .words = statuses, .required = true),
       FIELD(INT, c000_record_add_in, late_minutes, FORM, .min = 0, .max = LATE_MAX),
       FIELD(LONG_TEXT, c000_record_add_in, justification, FORM, .max = REMARK_MAX));
FIELDS(c000_record_change_fields, c000_record_add_in,
       FIELD(ID, c000_record_add_in, id, PATH, .required = true),
       FIELD(CHOICE, c000_record_add_in, status, FORM, .words = statuses, .required = true),
       FIELD(INT, c000_record_add_in, late_minutes, FORM, .min = 0, .max = LATE_MAX),
       FIELD(LONG_TEXT, c000_record_add_in, justification, FORM, .max = REMARK_MAX));
FIELDS(c000_record_fields, c000_record_add_in,
       FIELD(ID, c000_record_add_in, id, PATH, .required = true));

static struct register_mark mark_of(const struct req *q, const struct c000_record_add_in *in,
				    int64_t person_id)
{
	enum mark mark = marks[in->status];

	return (struct register_mark){ .person_id = person_id,
				       .mark = mark,
				       .has_late = mark == MARK_LATE && req_has(q, "late_minutes"),
				       .late_min = in->late_minutes,
				       .has_remark = req_has(q, "justification"),
				       .remark = in->justification };
}

static enum rc answer(struct resp *r, const struct smart_record_row *row)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	c000_record(&o, row);
	json_out_object_end(&o);
	return RC_OK;
}

/* core's names of fields as this contract has them. */
static enum rc renamed(enum rc rc, struct error *e)
{
	for (size_t i = 0; i < e->n_fields; i++)
		if (str_eq(str_from(e->fields[i].field), STR("person_id")))
			e->fields[i].field = "student_id";
	return rc;
}

enum rc c000_record_add(struct req *q, struct resp *r, struct error *e)
{
	struct c000_record_add_in in;
	struct smart_record_row row;
	struct register_mark mark;
	enum rc rc;

	TRY(req_read(q, &in, e));
	mark = mark_of(q, &in, in.student_id);
	rc = smart_record_set(&q->core, in.session_id, &mark, false, &row, e);
	if (rc != RC_OK)
		return renamed(rc, e);
	return answer(r, &row);
}

enum rc c000_record_change(struct req *q, struct resp *r, struct error *e)
{
	struct c000_record_add_in in;
	struct smart_record_row row;
	struct register_mark mark;
	enum rc rc;

	TRY(req_read(q, &in, e));
	TRY(smart_record_get(&q->core, in.id, &row, e));
	mark = mark_of(q, &in, row.person_id);
	rc = smart_record_set(&q->core, row.occurrence_id, &mark, true, &row, e);
	if (rc != RC_OK)
		return renamed(rc, e);
	return answer(r, &row);
}

enum rc c000_record_get(struct req *q, struct resp *r, struct error *e)
{
	struct c000_record_add_in in;
	struct smart_record_row row;

	TRY(req_read(q, &in, e));
	TRY(smart_record_get(&q->core, in.id, &row, e));
	return answer(r, &row);
}

/* ---- lists
 * --------------------------------------------------------------------------------------- */

/* session_id 0: all. */
static void write_rows(struct json_out *o, const struct smart_record_row *rows, size_t n,
		       int64_t session_id)
{
	json_out_array(o);
	for (size_t i = 0; i < n; i++) {
		if (session_id && rows[i].occurrence_id != session_id)
			continue;
		json_out_object(o);
		c000_record(o, &rows[i]);
		json_out_object_end(o);
	}
	json_out_array_end(o);
}

struct c000_records_in {
	int64_t session_id, student_id;
};
FIELDS(c000_records_fields, c000_records_in, FIELD(ID, c000_records_in, session_id, QUERY),
       FIELD(ID, c000_records_in, student_id, QUERY));

/* A student who names nobody means themselves. */
enum rc c000_records(struct req *q, struct resp *r, struct error *e)
{
	bool is_student = q->who.role == ROLE_STUDENT;
	const struct smart_record_row *rows;
	enum smart_records_of of = SMART_OF_HOLDER;
	int64_t id = q->who.person_id;
	struct c000_records_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	if (in.student_id || is_student) {
		of = SMART_OF_PERSON;
		id = in.student_id ? in.student_id : id;
	} else if (in.session_id) {
		of = SMART_OF_OCCURRENCE;
		id = in.session_id;
	}
	TRY(smart_records(&q->core, of, id, LIST_MAX, &rows, &n, e));
	o = resp_json(r);
	write_rows(&o, rows, n, in.session_id);
	return RC_OK;
}

enum rc c000_session_records(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	struct c000_session_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(smart_records(&q->core, SMART_OF_OCCURRENCE, in.session_id, REGISTER_MARK_MAX, &rows,
			  &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "session_id", in.session_id);
	json_out_key(&o, STR("records"));
	write_rows(&o, rows, n, 0);
	json_out_key_i64(&o, "count", (int64_t)n);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- sums
 * ---------------------------------------------------------------------------------------- */

struct c000_summary_in {
	int64_t student_id, days;
	struct str class_name;
};
FIELDS(c000_summary_fields, c000_summary_in,
       FIELD(ID, c000_summary_in, student_id, PATH, .required = true),
       FIELD(INT, c000_summary_in, days, QUERY, .min = 1, .max = DAYS_MAX,
	     .fallback = DAYS_DEFAULT));
FIELDS(c000_class_fields, c000_summary_in,
       FIELD(TEXT, c000_summary_in, class_name, PATH, .required = true, .max = CLASS_MAX),
       FIELD(INT, c000_summary_in, days, QUERY, .min = 1, .max = DAYS_MAX,
	     .fallback = DAYS_DEFAULT));

enum rc c000_student_summary(struct req *q, struct resp *r, struct error *e)
{
	struct c000_summary_in in;
	struct smart_counts n;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(smart_counts_get(&q->core, in.student_id, in.days, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "student_id", in.student_id);
	json_out_key_i64(&o, "total_sessions", c000_all(&n));
	json_out_key_i64(&o, "present", n.n_present);
	json_out_key_i64(&o, "absent", n.n_absent);
	json_out_key_i64(&o, "late", n.n_late);
	json_out_key_i64(&o, "excused", n.n_excused);
	c000_key_rate(&o, "attendance_rate", c000_all(&n) - n.n_absent, c000_all(&n));
	json_out_key_i64(&o, "period_days", in.days);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_class_stats(struct req *q, struct resp *r, struct error *e)
{
	struct c000_summary_in in;
	struct smart_counts n;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(smart_class_counts_get(&q->core, in.class_name, in.days, &n, e));
	if (c000_all(&n) == 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no marks");
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "class", in.class_name);
	json_out_key_i64(&o, "total_records", c000_all(&n));
	json_out_key_i64(&o, "present_count", n.n_present);
	c000_key_rate(&o, "average_attendance_rate", c000_all(&n) - n.n_absent, c000_all(&n));
	json_out_key_i64(&o, "period_days", in.days);
	json_out_object_end(&o);
	return RC_OK;
}
