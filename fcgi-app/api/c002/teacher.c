/*
 * Attendances of a teacher; see teacher.h.
 */
#include "api/c002/teacher.h"

#include "api/c002/door.h"
#include "api/c002/family.h"
#include "api/c002/render.h"
#include "base/num.h"

#define DELETE_WHY_MIN 10

/* ---- creating ----------------------------------------------------------------------------------
 */

struct c002_create_in {
	struct str lesson_name, start_time, end_time;
	int64_t security_option;
};
FIELDS(c002_create_fields, c002_create_in,
       FIELD(TEXT, c002_create_in, lesson_name, FORM, .required = true, .max = 200),
       FIELD(RAW, c002_create_in, start_time, FORM, .required = true),
       FIELD(RAW, c002_create_in, end_time, FORM, .required = true),
       FIELD(INT, c002_create_in, security_option, FORM, .required = true, .min = 1,
	     .max = LESSON_OPTION_MAX));

/* "2025-01-01T10:00:00.123Z" and nothing else. */
static bool moment_parse(struct str s, int64_t *ret_us)
{
	int32_t day, tod;
	int64_t ms;

	if (s.n != sizeof "2025-01-01T10:00:00.123Z" - 1 || s.p[10] != 'T' || s.p[19] != '.' ||
	    s.p[20] == '-' || s.p[23] != 'Z' || !day_parse(str_sub(s, 0, 10), &day) ||
	    !tod_parse(str_sub(s, 11, 8), &tod) || !num_i64(str_sub(s, 20, 3), 0, 999, &ms))
		return false;
	*ret_us = us_from_day_tod(day, tod) + ms * 1000;
	return true;
}

static enum rc read_create(struct req *q, struct lesson_in *ret, struct error *e)
{
	struct c002_create_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (in.start_time.n && !moment_parse(in.start_time, &ret->starts_at))
		rc = ERROR_FIELD(e, "start_time", REASON_TIME_FORMAT, 0);
	if (in.end_time.n && !moment_parse(in.end_time, &ret->ends_at))
		rc = ERROR_FIELD(e, "end_time", REASON_TIME_FORMAT, 0);
	ret->title = in.lesson_name;
	ret->option = in.security_option;
	ret->address = q->address;
	return rc;
}

enum rc c002_create(struct req *q, struct resp *r, struct error *e)
{
	struct lesson_in in;
	struct lesson l;
	struct json_out o;
	enum rc rc;

	TRY(read_create(q, &in, e));
	rc = lesson_open(&q->core, &in, &l, e);
	if (rc == RC_CONFLICT && e->reason == REASON_ATTENDANCE_EXISTS)
		return c002_refuse(r, 400,
				   STR("You already have an active attendance session. Please end "
				       "it first."));
	TRY(rc);
	o = resp_json(r);
	r->status = 201;
	c002_lesson(&o, &l);
	return RC_OK;
}

/* ---- ending -------------------------------------------------------------------------------------
 */

enum rc c002_finish(struct req *q, struct resp *r, struct error *e)
{
	struct attendance_closed closed;
	struct c002_lesson_in in;
	struct lesson l;

	TRY(req_read(q, &in, e));
	TRY(c002_own_lesson(q, in.attendance_id, &l, e));
	if (!l.is_over)
		TRY(attendance_close(&q->core, l.attendance_id, "person", &closed, e));
	if (l.is_over || closed.was_closed)
		return c002_refuse(r, 400, STR("This attendance session has already ended."));
	resp_no_content(r);
	return RC_OK;
}

struct c002_delete_in {
	struct str attendance_id, reason;
};
FIELDS(c002_delete_fields, c002_delete_in,
       FIELD(RAW, c002_delete_in, attendance_id, PATH, .required = true),
       FIELD(LONG_TEXT, c002_delete_in, reason, FORM, .required = true, .min = DELETE_WHY_MIN,
	     .max = LESSON_WHY_MAX));

/* One that still runs is not among those that may be deleted. */
enum rc c002_delete(struct req *q, struct resp *r, struct error *e)
{
	struct c002_delete_in in;
	struct lesson l;

	TRY(req_read(q, &in, e));
	TRY(c002_own_lesson(q, in.attendance_id, &l, e));
	if (!l.is_over)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "lesson runs");
	TRY(attendance_delete(&q->core, l.attendance_id, in.reason, e));
	resp_no_content(r);
	return RC_OK;
}

/* ---- looking ------------------------------------------------------------------------------------
 */

enum rc c002_live(struct req *q, struct resp *r, struct error *e)
{
	struct lesson l;
	struct json_out o;
	bool found;

	TRY(lesson_running(&q->core, &l, &found, e));
	o = resp_json(r);
	if (found)
		c002_lesson(&o, &l);
	else
		json_out_null(&o);
	return RC_OK;
}

enum rc c002_historical(struct req *q, struct resp *r, struct error *e)
{
	const struct lesson *rows;
	struct json_out o;
	size_t n;

	TRY(lesson_past(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c002_lesson(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}
