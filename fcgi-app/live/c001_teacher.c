/*
 * Events of contract 001 that a teacher sends, but for marks: see c001.h.
 */
#include "live/c001.h"

#define START_FAILED "Failed to start attendance session: "
#define DATA_FAILED  "Failed to get attendance session data: "
#define AGAIN_MIN    120
#define AGAIN_WHY    "Started again by the teacher's app."

enum rc c001_work(struct core *c, const struct c001_in *in, struct effects *fx, const char *prefix,
		  const char *denied, struct presence_target *ret, bool *ret_ok, struct error *e)
{
	struct error mine;
	enum rc rc;

	*ret_ok = false;
	if (!who_is_staff(c->who)) {
		c001_refuse(c, fx, STR("Teacher profile not found"));
		return RC_OK;
	}
	if (!in->session_id) {
		c001_refuse(c, fx, STR("Session ID is required"));
		return RC_OK;
	}
	error_init(&mine);
	rc = presence_find(c, in->session_id, ret, &mine);
	if (rc == RC_NOT_FOUND) {
		c001_refuse_with(c, fx, prefix, STR("Session not found"));
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	*ret_ok = ret->may_work;
	if (!ret->may_work)
		c001_refuse_with(c, fx, prefix, str_from(denied));
	return RC_OK;
}

/* ---- starting
 * ------------------------------------------------------------------------------------ */

/* One that was closed, paused or is yet to open runs from now on. */
static enum rc run_again(struct core *c, int64_t id, struct error *e)
{
	struct attendance_open_in in = { .opens_at = c->now_us,
					 .late_at = NO_TIME,
					 .closes_at = NO_TIME };
	struct attendance s;

	TRY(attendance_get(c, id, &s, e));
	switch (s.state) {
	case ATTENDANCE_CLOSED:
		return attendance_reopen(c, id, 0, AGAIN_MIN, STR(AGAIN_WHY), e);
	case ATTENDANCE_OVER:
		return attendance_extend(c, id, 0, AGAIN_MIN, e);
	case ATTENDANCE_PAUSED:
		return attendance_resume(c, id, 0, e);
	case ATTENDANCE_EARLY:
		return attendance_change(c, id, 0, &in, e);
	case ATTENDANCE_OPEN:
	case ATTENDANCE_STATE__MAX:
		break;
	}
	return RC_OK;
}

static enum rc open(struct core *c, int64_t occurrence_id, int64_t *ret_id, struct error *e)
{
	const struct attendance_open_in in = { .occurrence_id = occurrence_id,
					       .at_any_time = true,
					       .opens_at = NO_TIME,
					       .late_at = NO_TIME,
					       .closes_at = NO_TIME };
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = attendance_open(c, &in, ret_id, &mine);
	if (rc == RC_CONFLICT && mine.reason == REASON_ATTENDANCE_EXISTS)
		return run_again(c, *ret_id, e);
	if (rc != RC_OK)
		*e = mine;
	return rc;
}

static enum rc emit_started(struct core *c, struct effects *fx, int64_t id, struct error *e)
{
	const struct presence_record *rows;
	struct attendance s;
	struct c001_out out;
	size_t n;

	TRY(attendance_get(c, id, &s, e));
	TRY(presence_register(c, &s, &rows, &n, e));
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	c001_key_session(&out.o, "session", &s);
	json_out_key_i64(&out.o, "totalStudents", s.n_expected);
	json_out_key_bool(&out.o, "success", true);
	c001_key_records(&out.o, "attendanceRecords", rows, n, &s, true);
	fx_join(fx, c001_room(c, 'a', id));
	fx_emit(fx, STR("attendanceSessionStarted"), c001_end(&out));
	return RC_OK;
}

enum rc c001_start(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct presence_target t;
	struct error mine;
	struct c001_in p;
	int64_t id;
	bool ok;
	enum rc rc;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	TRY(c001_work(c, &p, fx, START_FAILED, "Only the course teacher can start attendance", &t,
		      &ok, e));
	if (!ok)
		return RC_OK;
	error_init(&mine);
	rc = open(c, p.session_id, &id, &mine);
	if (rc == RC_CONFLICT || rc == RC_INVALID || rc == RC_DENIED) {
		c001_refuse_with(c, fx, START_FAILED, c001_reason(c, mine.reason, mine.arg));
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	return emit_started(c, fx, id, e);
}

/* ---- looking
 * --------------------------------------------------------------------------------------- */

enum rc c001_session_data(struct core *c, const struct call_in *in, struct effects *fx,
			  struct error *e)
{
	const struct presence_record *rows;
	struct presence_target t;
	struct attendance s;
	struct c001_out out;
	struct c001_in p;
	size_t n;
	bool ok;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	TRY(c001_work(c, &p, fx, DATA_FAILED, "Only the course teacher can view attendance data",
		      &t, &ok, e));
	if (!ok)
		return RC_OK;
	if (!t.attendance_id) {
		c001_refuse_with(c, fx, DATA_FAILED, STR("Attendance session not found"));
		return RC_OK;
	}
	TRY(attendance_get(c, t.attendance_id, &s, e));
	TRY(presence_register(c, &s, &rows, &n, e));
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	c001_key_session(&out.o, "session", &s);
	c001_key_records(&out.o, "attendanceRecords", rows, n, &s, false);
	c001_key_statistics(&out.o, "statistics", &s);
	fx_join(fx, c001_room(c, 'a', s.id));
	fx_emit(fx, STR("attendanceSessionData"), c001_end(&out));
	return RC_OK;
}

static void write_online(struct core *c, struct json_out *o, const struct presence_row *rows,
			 size_t n)
{
	json_out_key_array(o, "online_students");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].is_online != 1)
			continue;
		json_out_object(o);
		c001_key_id(o, "student_id", rows[i].account_id);
		json_out_key_str(o, "student_name",
				 c001_name(c, rows[i].given_name, rows[i].family_name));
		if (rows[i].student_code.n)
			json_out_key_str(o, "roll", rows[i].student_code);
		else
			json_out_key_null(o, "roll");
		json_out_key_null(o, "profile_picture");
		json_out_key_str(o, "socket_id", rows[i].connection);
		c001_key_time(o, "joined_at", rows[i].joined_at);
		json_out_object_end(o);
	}
	json_out_array_end(o);
}

static enum rc emit_online(struct core *c, struct effects *fx, int64_t id, struct error *e)
{
	const struct presence_row *rows;
	struct attendance s;
	struct c001_out out;
	int64_t n_online = 0;
	size_t n;

	TRY(attendance_get(c, id, &s, e));
	TRY(presence_list(c, &s, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		n_online += rows[i].is_online == 1;
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	json_out_key_i64(&out.o, "total_joined", (int64_t)n);
	json_out_key_i64(&out.o, "online_count", n_online);
	write_online(c, &out.o, rows, n);
	c001_key_time(&out.o, "retrieved_at", c->now_us);
	fx_join(fx, c001_room(c, 'a', id));
	fx_emit(fx, STR("onlineStudentsData"), c001_end(&out));
	return RC_OK;
}

/* Of a session that runs, with the contract's words where it is not the viewer's. */
static enum rc running(struct core *c, const struct call_in *in, struct effects *fx,
		       const char *denied, struct presence_target *ret, bool *ret_ok,
		       struct error *e)
{
	struct error mine;
	struct c001_in p;
	enum rc rc;

	*ret_ok = false;
	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	error_init(&mine);
	*ret = (struct presence_target){ .is_active = false };
	rc = p.session_id ? presence_find(c, p.session_id, ret, &mine) : RC_NOT_FOUND;
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = mine;
		return rc;
	}
	if (!ret->is_active)
		c001_refuse(c, fx, STR("Attendance session not found"));
	else if (!ret->may_work)
		c001_refuse(c, fx, str_from(denied));
	*ret_ok = ret->is_active && ret->may_work;
	return RC_OK;
}

enum rc c001_online(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct presence_target t;
	bool ok;

	TRY(running(c, in, fx, "Unauthorized access", &t, &ok, e));
	return ok ? emit_online(c, fx, t.attendance_id, e) : RC_OK;
}

/* ---- ending
 * --------------------------------------------------------------------------------------- */

enum rc c001_end_session(struct core *c, const struct call_in *in, struct effects *fx,
			 struct error *e)
{
	const struct presence_record *rows;
	struct attendance_closed closed;
	struct presence_target t;
	struct attendance s;
	struct c001_out out;
	size_t n;
	bool ok;

	TRY(running(c, in, fx, "Only the session teacher can end attendance", &t, &ok, e));
	if (!ok)
		return RC_OK;
	TRY(attendance_close(c, t.attendance_id, "person", &closed, e));
	TRY(attendance_get(c, t.attendance_id, &s, e));
	TRY(presence_register(c, &s, &rows, &n, e));
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	c001_key_final(&out.o, &s, rows, n);
	/* So that this connection, too, is told what everybody is told of the end. */
	fx_join(fx, c001_room(c, 'a', s.id));
	fx_emit(fx, STR("attendanceSessionEndedConfirm"), c001_end(&out));
	return RC_OK;
}
