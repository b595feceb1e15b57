/*
 * Trainers of contract 000 (contracts.md 1.3, 1.6); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"

#define LIST_MAX    100
#define LIST_LIMIT  20
#define NEXT_MAX    50
#define NEXT_LIMIT  10
#define RECORDS_MAX 200

/* Admins have screens of their own. */
static enum rc trainer_only(const struct req *q, struct error *e)
{
	if (who_is_staff(&q->who) && !who_is_admin(&q->who))
		return RC_OK;
	return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(q->who.role));
}

/* ---- attendance of a session -------------------------------------------------------------------
 */

enum rc c000_activate(struct req *q, struct resp *r, struct error *e)
{
	struct c000_session_in in;
	struct smart_session s;
	struct json_out o;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_activate(&q->core, in.session_id, &s, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_str(&o, "message",
			 arena_printf(q->core.arena, "Attendance activated for %.*s",
				      STR_ARG(s.row.title)));
	json_out_key_i64(&o, "session_id", in.session_id);
	c000_key_time(&o, "activated_at", q->core.now_us);
	json_out_key_bool(&o, "is_active", true);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_confirm(struct req *q, struct resp *r, struct error *e)
{
	struct c000_session_in in;
	struct smart_session s;
	struct json_out o;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_confirm(&q->core, in.session_id, &s, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_str(&o, "message",
			 arena_printf(q->core.arena, "Attendance confirmed for %.*s",
				      STR_ARG(s.row.title)));
	json_out_key_i64(&o, "session_id", in.session_id);
	c000_key_time(&o, "confirmed_at", s.row.closed_at);
	json_out_object_end(&o);
	return RC_OK;
}

/* The newest check-in of a student that came with a photo; 0: none.  rows: newest first. */
static int64_t photo_of(const struct smart_checkin *rows, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].person_id == person_id && rows[i].has_photo)
			return rows[i].id;
	return 0;
}

static void write_register_row(struct req *q, struct json_out *o, const struct register_row *row,
			       int64_t photo_id)
{
	bool was_there = row->mark == MARK_PRESENT || row->mark == MARK_LATE;

	json_out_object(o);
	c000_key_id(o, "id", row->record_id ? row->record_id : COLUMN_NULL);
	json_out_key_i64(o, "student_id", row->person_id);
	json_out_key_str(o, "student_name",
			 str_trim(arena_printf(q->core.arena, "%.*s %.*s", STR_ARG(row->given_name),
					       STR_ARG(row->family_name))));
	json_out_key_cz(o, "status", row->mark == MARK_NONE ? "absent" : mark_name(row->mark));
	json_out_key_null(o, "face_confidence");
	json_out_key_bool(o, "liveness_passed", false);
	json_out_key_bool(o, "location_verified", false);
	c000_key_time(o, "checked_in_at", was_there ? row->happened_at : NO_TIME);
	c000_key_photo(o, q->core.arena, "photo_url", photo_id, photo_id != 0);
	json_out_object_end(o);
}

/* Without attendance nobody is marked: then it is the class, all of them absent as yet. */
static enum rc write_class(struct req *q, struct resp *r, int64_t session_id, struct error *e)
{
	const struct smart_student_row *rows;
	struct json_out o;
	size_t n;

	TRY(smart_class_of(&q->core, session_id, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_register_row(q, &o,
				   &(struct register_row){ .person_id = rows[i].id,
							   .given_name = rows[i].given_name,
							   .family_name = rows[i].family_name },
				   0);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c000_session_attendance(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_checkin *tries;
	struct c000_session_in in;
	struct register_list list;
	struct smart_session s;
	struct attendance a;
	struct json_out o;
	size_t n;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_session_get(&q->core, in.session_id, &s, e));
	if (!s.is_there)
		return write_class(q, r, in.session_id, e);
	TRY(attendance_get(&q->core, s.row.attendance_id, &a, e));
	TRY(register_get(&q->core, &a, &list, e));
	TRY(smart_recent(&q->core, &s, REGISTER_MARK_MAX, &tries, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < list.n_rows; i++)
		write_register_row(q, &o, &list.rows[i],
				   photo_of(tries, n, list.rows[i].person_id));
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- lists
 * --------------------------------------------------------------------------------------- */

enum rc c000_trainer_stats(struct req *q, struct resp *r, struct error *e)
{
	struct smart_held_stats n;
	struct json_out o;

	TRY(trainer_only(q, e));
	TRY(smart_held_totals(&q->core, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "total_sessions", n.n_sessions);
	json_out_key_i64(&o, "this_week_sessions", n.n_week);
	json_out_key_i64(&o, "total_students", n.n_students);
	c000_key_rate(&o, "attendance_rate", n.n_present, n.n_records);
	json_out_object_end(&o);
	return RC_OK;
}

struct c000_list_in {
	int64_t page, limit;
};
FIELDS(c000_page_fields, c000_list_in,
       FIELD(INT, c000_list_in, page, QUERY, .min = 1, .max = 1000000, .fallback = 1),
       FIELD(INT, c000_list_in, limit, QUERY, .min = 1, .max = LIST_MAX, .fallback = LIST_LIMIT));
FIELDS(c000_limit_fields, c000_list_in,
       FIELD(INT, c000_list_in, limit, QUERY, .min = 1, .max = NEXT_MAX, .fallback = NEXT_LIMIT));

enum rc c000_trainer_upcoming(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_listed_row *rows;
	struct c000_list_in in;
	struct json_out o;
	size_t n;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_held(&q->core, true, 1, in.limit, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "title", rows[i].title);
		c000_key_day(&o, "date", rows[i].session_date);
		c000_key_tod(&o, "time", rows[i].start_time);
		json_out_key_str(&o, "class_name", rows[i].class_name);
		json_out_key_i64(&o, "student_count",
				 rows[i].n_students == COLUMN_NULL ? 0 : rows[i].n_students);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c000_trainer_sessions(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_listed_row *rows;
	struct c000_list_in in;
	struct json_out o;
	size_t n;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_held(&q->core, false, in.page, in.limit, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "title", rows[i].title);
		c000_key_day(&o, "date", rows[i].session_date);
		c000_key_tod(&o, "start_time", rows[i].start_time);
		c000_key_tod(&o, "end_time", rows[i].end_time);
		json_out_key_str(&o, "class_name", rows[i].class_name);
		json_out_key_i64(&o, "students",
				 rows[i].n_students == COLUMN_NULL ? 0 : rows[i].n_students);
		json_out_key_str(&o, "status", rows[i].state);
		json_out_key_bool(&o, "is_active", rows[i].is_active == 1);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c000_trainer_students(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_student_row *rows;
	struct c000_session_in in;
	struct json_out o;
	size_t n;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_class_of(&q->core, in.session_id, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "first_name", rows[i].given_name);
		json_out_key_str(&o, "last_name", rows[i].family_name);
		c000_key_text(&o, "email", rows[i].email);
		json_out_key_str(&o, "class_name", rows[i].class_name);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

FIELDS(c000_trainer_attendance_fields, c000_session_in,
       FIELD(ID, c000_session_in, session_id, QUERY));

static void write_marked(struct json_out *o, const struct smart_record_row *row)
{
	json_out_object(o);
	json_out_key_i64(o, "id", row->id);
	c000_key_id(o, "session_id", row->occurrence_id);
	json_out_key_i64(o, "student_id", row->person_id);
	json_out_key_str(o, "student", row->student_name);
	c000_key_text(o, "email", row->email);
	json_out_key_str(o, "session", row->title);
	json_out_key_str(o, "status", row->status);
	c000_key_day(o, "date", row->session_date);
	json_out_key_null(o, "percentage");
	c000_key_time(o, "marked_at", row->happened_at);
	json_out_key_null(o, "justification");
	json_out_object_end(o);
}

enum rc c000_trainer_attendance(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	struct c000_session_in in;
	struct json_out o;
	size_t n;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_records(&q->core, in.session_id ? SMART_OF_OCCURRENCE : SMART_OF_HOLDER,
			  in.session_id ? in.session_id : q->who.person_id, RECORDS_MAX, &rows, &n,
			  e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_marked(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}
