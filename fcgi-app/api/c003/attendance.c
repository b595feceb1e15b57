/*
 * /api/attendance (contracts 4.2, 4.3): what scanners send, and the records.
 *
 * 003 knows present, absent and permission: who came late is present here, who is excused has
 * permission.
 */
#include "api/c003/c003.h"
#include "api/c003/session.h"
#include "base/num.h"
#include "core/attendance/checkin_queue.h"
#include "core/attendance/register.h"
#include "core/identity/device.h"
#include "core/wall.h"
#include "web/worker.h"

static const char *const status_words[] = { "present", "absent", "permission", NULL };
static const enum mark marks[] = { MARK_PRESENT, MARK_ABSENT, MARK_EXCUSED };

/* ---- a scan --------------------------------------------------------------------------------- */

struct scan_body {
	struct str student_id, device_id;
	int32_t date, time;
};
FIELDS(c003_scan_fields, scan_body,
       FIELD(TEXT, scan_body, student_id, FORM, .required = true, .max = 40),
       FIELD(TEXT, scan_body, device_id, ANY, .max = DEVICE_CODE_MAX),
       FIELD(DAY, scan_body, date, FORM), FIELD(TOD, scan_body, time, FORM));

/* The device's own clock, which is wall-clock time where it hangs. */
static int64_t claimed_at(const struct core *c, const struct scan_body *body)
{
	const struct wall now = core_wall(c, (struct str){ 0 }, c->now_us);
	const int32_t day = body->date == NO_DAY ? now.day : body->date;

	if (body->time == NO_DAY)
		return NO_TIME;
	return c->now_us + us_from_day_tod(day, body->time) - us_from_day_tod(now.day, now.tod);
}

static enum rc no_session(struct resp *r)
{
	struct json_out o = resp_json(r);

	r->status = 403;
	json_out_object(&o);
	json_out_key_cz(&o, "error", "No active session found");
	json_out_key_cz(&o, "detail", "No active session found");
	json_out_object_end(&o);
	return RC_OK;
}

static enum rc unknown_student(struct resp *r)
{
	struct json_out o = resp_json(r);

	r->status = 404;
	json_out_object(&o);
	json_out_key_cz(&o, "detail", "Student not found.");
	json_out_key_cz(&o, "message", "Unknown face");
	json_out_object_end(&o);
	return RC_OK;
}

static enum rc say_scanned(struct resp *r, const struct checkin_result *result, bool is_new)
{
	struct json_out o = resp_json(r);

	r->status = is_new ? 201 : 200;
	json_out_object(&o);
	json_out_key_cz(&o, "message", is_new ? "Attendance marked" : "Already scanned");
	json_out_key_str(&o, "student", result->student_code);
	json_out_key_cz(&o, "status",
			result->mark == MARK_ABSENT    ? "absent"
			: result->mark == MARK_EXCUSED ? "permission"
						       : "present");
	if (result->record_id)
		json_out_key_i64(&o, "id", result->record_id);
	json_out_key_i64(&o, "session_id", result->attendance_id);
	c003_key_time(&o, "timestamp", result->happened_at);
	json_out_object_end(&o);
	return RC_OK;
}

/* A number in JSON is a student's id; a text is the code, or a number written as a text. */
static enum rc submit(struct req *q, struct checkin_in *in, const struct scan_body *body,
		      struct checkin_result *ret, struct error *e)
{
	struct committer *together = q->worker->web->check_in;
	const bool is_number = json_kind(json_member(q->json, "student_id")) == JSON_KIND_INTEGER &&
			       num_i64(body->student_id, 1, INT64_MAX, &in->person_id);

	if (!is_number) {
		in->person_id = COLUMN_NULL;
		in->student_code = body->student_id;
	}
	return together ? checkin_queue_submit(together, &q->core, in, ret, e)
			: checkin_submit(&q->core, in, ret, e);
}

static enum rc refuse_scan(struct resp *r, const struct checkin_result *result, struct error *e)
{
	if (e->reason == REASON_ALREADY_IN || e->reason == REASON_ALREADY_WAITING)
		return say_scanned(r, result, false);
	if (e->reason == REASON_STUDENT_UNKNOWN)
		return unknown_student(r);
	if (e->reason == REASON_ATTENDANCE_CLOSED || e->reason == REASON_ATTENDANCE_UNKNOWN ||
	    e->reason == REASON_ATTENDANCE_PAUSED || e->reason == REASON_ATTENDANCE_EARLY)
		return no_session(r);
	return e->rc;
}

enum rc c003_scan(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_in in = { .actor = &q->who,
				 .path = CHECKIN_DEVICE,
				 .address = q->address,
				 .accuracy_m = -1,
				 .device_id = q->device_id };
	struct checkin_result result = { 0 };
	struct scan_body body;
	struct device_row d;

	TRY(req_read(q, &body, e));
	r->cache = RESP_CACHE_NONE;
	TRY(device_self(&q->core, q->device_id, &d, e));
	if (d.session_id == COLUMN_NULL)
		return no_session(r);
	in.attendance_id = d.session_id;
	in.claimed_at = claimed_at(&q->core, &body);
	if (submit(q, &in, &body, &result, e) != RC_OK)
		return refuse_scan(r, &result, e);
	return say_scanned(r, &result, true);
}

/* ---- records --------------------------------------------------------------------------------- */

static const char *status_of(struct str stored)
{
	const enum mark m = mark_from(stored);

	return m == MARK_ABSENT ? "absent" : m == MARK_EXCUSED ? "permission" : "present";
}

/* "ai_camera", "auto_absent" and "manual" of the contract, else our own word. */
static struct str method_of(struct str stored)
{
	if (str_eq(stored, STR("device")))
		return STR("ai_camera");
	if (str_eq(stored, STR("auto")))
		return STR("auto_absent");
	return str_eq(stored, STR("teacher")) ? STR("manual") : stored;
}

static void write_record(struct json_out *o, const struct look_sessions *l,
			 const struct directory_record *rec, int64_t now_us)
{
	const struct directory_session *s = c003_session_of(l, rec->attendance_id);
	const struct directory_student student = { .id = rec->person_id,
						   .student_code = rec->student_code,
						   .given_name = rec->given_name,
						   .family_name = rec->family_name,
						   .section_id = rec->section_id,
						   .section_name = rec->section_name,
						   .batch_id = rec->batch_id,
						   .batch_name = rec->batch_name,
						   .department_name = rec->department_name };

	json_out_object(o);
	json_out_key_i64(o, "id", rec->id);
	json_out_key(o, STR("session"));
	if (s)
		c003_write_session(o, l, s, now_us);
	else
		json_out_null(o);
	json_out_key(o, STR("student"));
	c003_write_student(o, &student);
	json_out_key_cz(o, "status", status_of(rec->status));
	c003_key_time(o, "timestamp", rec->happened_at);
	json_out_key_str(o, "confirmation_method", method_of(rec->method));
	json_out_object_end(o);
}

static enum rc sessions_of(struct req *q, const struct directory_record *rows, size_t n,
			   struct look_sessions *ret, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(q->core.arena, n, int64_t);
	size_t n_ids = 0;

	if (!ids)
		return ERROR_MEMORY(e);
	/* Newest first, so that those of one session mostly stand together. */
	for (size_t i = 0; i < n; i++)
		if (!n_ids || ids[n_ids - 1] != rows[i].attendance_id)
			ids[n_ids++] = rows[i].attendance_id;
	return look_sessions(&q->core, ids, n_ids, ret, e);
}

static enum rc list(struct req *q, struct resp *r, int64_t attendance_id, struct error *e)
{
	const struct directory_record *rows;
	struct look_sessions l;
	struct json_out o;
	size_t n;

	TRY(look_records(&q->core, attendance_id, &rows, &n, e));
	TRY(sessions_of(q, rows, n, &l, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_record(&o, &l, &rows[i], q->core.now_us);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_records(struct req *q, struct resp *r, struct error *e)
{
	return list(q, r, 0, e);
}

enum rc c003_session_records(struct req *q, struct resp *r, struct error *e)
{
	struct attendance s;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(attendance_get(&q->core, id, &s, e));
	return list(q, r, id, e);
}

/* A record of the viewer's branch whose session is a colleague's is refused, not hidden. */
static enum rc find(struct req *q, struct directory_record *ret, struct error *e)
{
	int64_t id, session, person;
	enum rc rc;

	TRY(c003_id(q, &id, e));
	TRY(look_record(&q->core, id, ret, e));
	rc = register_of_record(&q->core, id, &session, &person, e);
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR(e, RC_DENIED, REASON_DENIED, "of a colleague's session");
}

static enum rc show(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_record rec;
	struct look_sessions l;
	struct json_out o;

	TRY(look_record(&q->core, id, &rec, e));
	TRY(look_sessions(&q->core, &rec.attendance_id, 1, &l, e));
	o = resp_json(r);
	write_record(&o, &l, &rec, q->core.now_us);
	return RC_OK;
}

enum rc c003_record(struct req *q, struct resp *r, struct error *e)
{
	struct directory_record rec;

	TRY(find(q, &rec, e));
	return show(q, r, rec.id, e);
}

struct record_body {
	int status;
	struct str reason;
};
FIELDS(c003_record_fields, record_body,
       FIELD(CHOICE, record_body, status, FORM, .required = true, .words = status_words),
       FIELD(TEXT, record_body, reason, FORM, .max = 500));

static enum rc set(struct req *q, const struct directory_record *rec, enum mark mark,
		   struct str why, struct error *e)
{
	const struct register_mark m = { .person_id = rec->person_id,
					 .version = REGISTER_ANY,
					 .mark = mark };
	struct register_done done;

	return c003_renamed(register_set(&q->core, rec->attendance_id, &m, 1, why, &done, e), "why",
			    "reason", e);
}

enum rc c003_record_edit(struct req *q, struct resp *r, struct error *e)
{
	struct directory_record rec;
	struct record_body body;

	TRY(find(q, &rec, e));
	TRY(req_read_as(q, &c003_record_fields, &body, e));
	/* Present stays what it is: somebody who came late did come. */
	if (!str_eq(str_from(status_of(rec.status)), str_from(status_words[body.status])))
		TRY(set(q, &rec, marks[body.status], body.reason, e));
	return show(q, r, rec.id, e);
}

enum rc c003_record_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_record rec;

	TRY(find(q, &rec, e));
	TRY(set(q, &rec, MARK_NONE, req_raw(q, "reason"), e));
	resp_no_content(r);
	return RC_OK;
}
