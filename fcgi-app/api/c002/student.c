/*
 * Students of contract 002; see student.h.
 *
 * A check that failed is no HTTP error here: 200 with is_attended false and why.  What was no try
 * at all (over, already in, waiting) is 400.
 */
#include "api/c002/student.h"

#include "api/c002/door.h"
#include "api/c002/family.h"
#include "api/c002/render.h"
#include "api/fastapi.h"
#include "core/attendance/photo.h"
#include "web/worker.h"

#define EXACT_MAX 1000

/* ---- finding
 * ------------------------------------------------------------------------------------- */

struct c002_find_in {
	struct str lesson_name, teacher_name;
};
FIELDS(c002_find_fields, c002_find_in,
       FIELD(RAW, c002_find_in, lesson_name, QUERY, .required = true, .max = EXACT_MAX),
       FIELD(RAW, c002_find_in, teacher_name, QUERY, .required = true, .max = EXACT_MAX));

enum rc c002_find(struct req *q, struct resp *r, struct error *e)
{
	const struct lesson *rows;
	struct c002_find_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(lesson_find(&q->core, in.lesson_name, in.teacher_name, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c002_lesson(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- attending
 * ------------------------------------------------------------------------------------- */

/* What was no try, in the contract's words; reasons of ours that it does not know in ours. */
static enum rc refuse_try(struct req *q, struct resp *r, const struct error *e)
{
	static const struct {
		enum reason reason;
		const char *text;
	} texts[] = {
		{ REASON_NOT_FOUND, "This attendance session does not exist." },
		{ REASON_ATTENDANCE_UNKNOWN, "This attendance session does not exist." },
		{ REASON_ATTENDANCE_CLOSED, "This attendance session has already ended." },
		{ REASON_ALREADY_IN, "You have already successfully joined this session." },
		{ REASON_ALREADY_WAITING,
		  "Your attendance is already pending verification. Please wait." },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].reason == e->reason)
			return c002_refuse(r, 400, str_from(texts[i].text));
	return c002_refuse(r, 400, fastapi_text(q, e));
}

static bool is_failed_check(enum reason reason)
{
	return reason == REASON_NETWORK_OUT || reason == REASON_PHOTO_MISSING ||
	       reason == REASON_PHOTO_FAILED;
}

/* A fault of ours or of the request as a whole; anything else is the answer to the try. */
static bool is_other_fault(const struct error *e)
{
	return e->rc == RC_INTERNAL || e->rc == RC_NO_MEMORY || e->rc == RC_DEPENDENCY ||
	       e->rc == RC_NO_SPACE || e->rc == RC_TIMEOUT || e->rc == RC_NOT_SIGNED_IN ||
	       e->n_fields > 0 || (e->rc == RC_BUSY && e->reason != REASON_TRIES_USED);
}

static enum rc store_photo(struct req *q, const struct lesson *l, struct str *ret_file,
			   struct error *e)
{
	const struct req_file *f = NULL;
	enum rc rc;

	for (size_t i = 0; i < q->n_files && !f; i++)
		if (str_eq(q->files[i].field, STR("normal_image")) && q->files[i].n > 0)
			f = &q->files[i];
	if (!f || !lesson_wants_photo(l, q->address))
		return RC_OK;
	rc = photo_store(&q->core, q->worker->web->files,
			 &(struct photo_in){ .fd = q->spool.fd,
					     .offset = f->offset,
					     .length = f->n,
					     .bytes = req_file_bytes(q, f) },
			 ret_file, e);
	return rc == RC_INVALID ? ERROR_FIELD(e, "normal_image", e->reason, e->arg) : rc;
}

static enum rc answer_record(struct req *q, struct resp *r, const struct lesson *l,
			     int64_t person_id, struct error *e)
{
	struct lesson_record record;
	struct json_out o;

	TRY(lesson_record_of(&q->core, l, person_id, &record, e));
	o = resp_json(r);
	c002_record(&o, l, &record);
	return RC_OK;
}

enum rc c002_attend(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_result done = { 0 };
	struct str photo = { 0 };
	struct c002_lesson_in in;
	struct lesson l;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = c002_lesson_of(q, in.attendance_id, &l, e);
	if (rc == RC_NOT_FOUND)
		return refuse_try(q, r, e);
	TRY(rc);
	TRY(store_photo(q, &l, &photo, e));
	rc = lesson_attend(&q->core, &l, q->address, photo, &done, e);
	if (rc == RC_OK || is_failed_check(e->reason))
		return answer_record(q, r, &l, q->who.person_id, e);
	return is_other_fault(e) ? rc : refuse_try(q, r, e);
}

/* ---- asking
 * ---------------------------------------------------------------------------------------- */

enum rc c002_status(struct req *q, struct resp *r, struct error *e)
{
	struct c002_lesson_in in;
	struct lesson l;

	TRY(req_read(q, &in, e));
	TRY(c002_lesson_of(q, in.attendance_id, &l, e));
	if (l.is_over)
		return c002_refuse(r, 400, STR("This attendance session has already ended."));
	return answer_record(q, r, &l, q->who.person_id, e);
}
