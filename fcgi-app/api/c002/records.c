/*
 * Records of a teacher's attendance; see teacher.h.
 */
#include "api/c002/door.h"
#include "api/c002/family.h"
#include "api/c002/render.h"
#include "api/c002/teacher.h"

#define NUMBER_MAX     80
#define NAME_MIN       3
#define FAIL_WHY_MIN   5
#define DELETE_WHY_MIN 10

enum rc c002_records(struct req *q, struct resp *r, struct error *e)
{
	const struct lesson_record *rows;
	struct c002_lesson_in in;
	struct lesson l;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(c002_own_lesson(q, in.attendance_id, &l, e));
	TRY(lesson_records(&q->core, &l, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c002_record(&o, &l, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- one student's ------------------------------------------------------------------------------
 */

struct c002_record_in {
	struct str attendance_id, student, reason;
};
FIELDS(c002_record_fields, c002_record_in,
       FIELD(RAW, c002_record_in, attendance_id, PATH, .required = true),
       FIELD(TEXT, c002_record_in, student, PATH, .required = true));
FIELDS(c002_record_fail_fields, c002_record_in,
       FIELD(RAW, c002_record_in, attendance_id, PATH, .required = true),
       FIELD(TEXT, c002_record_in, student, PATH, .required = true),
       FIELD(LONG_TEXT, c002_record_in, reason, FORM, .required = true, .min = FAIL_WHY_MIN,
	     .max = LESSON_WHY_MAX));
FIELDS(c002_record_delete_fields, c002_record_in,
       FIELD(RAW, c002_record_in, attendance_id, PATH, .required = true),
       FIELD(TEXT, c002_record_in, student, PATH, .required = true),
       FIELD(LONG_TEXT, c002_record_in, reason, FORM, .required = true, .min = DELETE_WHY_MIN,
	     .max = LESSON_WHY_MAX));

/* What the path names: the viewer's lesson, and the record of a student in it. */
struct subject_of {
	struct c002_record_in in;
	struct lesson lesson;
	struct lesson_record record;
	bool has_record;
};

static enum rc read_subject(struct req *q, struct subject_of *ret, struct error *e)
{
	int64_t person_id;
	enum rc rc;

	TRY(req_read(q, &ret->in, e));
	TRY(c002_own_lesson(q, ret->in.attendance_id, &ret->lesson, e));
	rc = lesson_student(&q->core, ret->in.student, &person_id, e);
	if (rc == RC_OK)
		rc = lesson_record_of(&q->core, &ret->lesson, person_id, &ret->record, e);
	ret->has_record = rc == RC_OK;
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return RC_OK;
}

static enum rc live_mark(struct req *q, struct resp *r, enum lesson_mark mark, struct error *e)
{
	struct subject_of s;
	struct json_out o;

	TRY(read_subject(q, &s, e));
	if (s.lesson.is_over)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "lesson is over");
	if (!s.has_record)
		return c002_refuse(r, 404,
				   STR("Attendance record for the specified student not found."));
	TRY(lesson_mark(&q->core, &s.lesson, s.record.person_id, mark, s.in.reason, e));
	TRY(lesson_record_of(&q->core, &s.lesson, s.record.person_id, &s.record, e));
	o = resp_json(r);
	c002_record(&o, &s.lesson, &s.record);
	return RC_OK;
}

enum rc c002_live_accept(struct req *q, struct resp *r, struct error *e)
{
	return live_mark(q, r, LESSON_ACCEPT, e);
}

enum rc c002_live_fail(struct req *q, struct resp *r, struct error *e)
{
	return live_mark(q, r, LESSON_FAIL, e);
}

enum rc c002_record_delete(struct req *q, struct resp *r, struct error *e)
{
	struct subject_of s;

	TRY(read_subject(q, &s, e));
	if (!s.has_record)
		return c002_refuse(r, 404, STR("Student record to be deleted was not found."));
	TRY(lesson_mark(&q->core, &s.lesson, s.record.person_id, LESSON_REMOVE, s.in.reason, e));
	resp_no_content(r);
	return RC_OK;
}

/* ---- afterwards
 * ------------------------------------------------------------------------------------ */

static enum rc say(struct resp *r, int status, struct str detail)
{
	struct json_out o = resp_json(r);

	r->status = status;
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_str(&o, "detail", detail);
	json_out_object_end(&o);
	return RC_OK;
}

/* Success also where nobody is known by that number: nothing was there to change. */
static enum rc past_mark(struct req *q, struct resp *r, enum lesson_mark mark, const char *verb,
			 struct error *e)
{
	struct subject_of s;

	TRY(read_subject(q, &s, e));
	if (s.has_record)
		TRY(lesson_mark(&q->core, &s.lesson, s.record.person_id, mark, s.in.reason, e));
	return say(r, 200,
		   arena_printf(q->core.arena, "Student %.*s %s in attendance %.*s.",
				STR_ARG(s.in.student), verb, STR_ARG(s.lesson.uuid)));
}

enum rc c002_historical_accept(struct req *q, struct resp *r, struct error *e)
{
	return past_mark(q, r, LESSON_ACCEPT, "accepted", e);
}

enum rc c002_historical_fail(struct req *q, struct resp *r, struct error *e)
{
	return past_mark(q, r, LESSON_FAIL, "failed", e);
}

struct c002_record_add_in {
	struct str attendance_id, student_school_number, student_full_name, reason;
	bool is_attended;
};
FIELDS(c002_record_add_fields, c002_record_add_in,
       FIELD(RAW, c002_record_add_in, attendance_id, PATH, .required = true),
       FIELD(TEXT, c002_record_add_in, student_school_number, FORM, .required = true,
	     .max = NUMBER_MAX),
       FIELD(TEXT, c002_record_add_in, student_full_name, FORM, .required = true, .min = NAME_MIN),
       FIELD(BOOL, c002_record_add_in, is_attended, FORM, .required = true),
       FIELD(LONG_TEXT, c002_record_add_in, reason, FORM, .max = LESSON_WHY_MAX));

/* People come from the institution, not from here: a number that is nobody's is refused. */
enum rc c002_historical_add(struct req *q, struct resp *r, struct error *e)
{
	struct c002_record_add_in in;
	struct lesson l;
	int64_t person_id;
	enum rc rc;

	TRY(req_read(q, &in, e));
	TRY(c002_own_lesson(q, in.attendance_id, &l, e));
	rc = lesson_student(&q->core, in.student_school_number, &person_id, e);
	if (rc == RC_OK)
		rc = lesson_mark(&q->core, &l, person_id,
				 in.is_attended ? LESSON_ACCEPT : LESSON_FAIL, in.reason, e);
	if (rc == RC_NOT_FOUND || rc == RC_INVALID)
		return c002_refuse(r, 400,
				   STR("An error occurred while adding the student to the "
				       "historical attendance."));
	TRY(rc);
	return say(r, 201,
		   arena_printf(q->core.arena, "Student %.*s added to attendance %.*s.",
				STR_ARG(in.student_school_number), STR_ARG(l.uuid)));
}
