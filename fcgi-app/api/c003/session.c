/*
 * /api/sessions (contracts 4.3, 4.4): a window to check in to, for a course and a scanner.
 *
 * It opens at once and ends with the day, or when it is closed; being late is not known here.
 */
#include "api/c003/session.h"

#include "api/c003/c003.h"
#include "base/num.h"
#include "core/attendance/attendance.h"
#include "core/identity/device.h"
#include "core/wall.h"

#define LIST_MAX   500
#define DAY_S      86400
#define SHORTEST_S 3600 /* of one that is opened shortly before midnight */

struct session_body {
	int64_t course_id, section, section_id;
	struct str teacher_id, device_id;
	int32_t date;
};
FIELDS(c003_session_fields, session_body,
       FIELD(ID, session_body, course_id, FORM, .required = true),
       FIELD(ID, session_body, section, FORM), FIELD(ID, session_body, section_id, FORM),
       FIELD(TEXT, session_body, teacher_id, FORM, .max = 40),
       FIELD(TEXT, session_body, device_id, FORM, .max = DEVICE_CODE_MAX),
       FIELD(DAY, session_body, date, FORM));

/* ---- the object ---------------------------------------------------------------------------- */

const struct directory_session *c003_session_of(const struct look_sessions *l, int64_t id)
{
	for (size_t i = 0; i < l->n_sessions; i++)
		if (l->sessions[i].id == id)
			return &l->sessions[i];
	return NULL;
}

static const struct directory_user *user_of(const struct look_sessions *l, int64_t account_id)
{
	for (size_t i = 0; i < l->n_users; i++)
		if (l->users[i].account_id == account_id)
			return &l->users[i];
	return NULL;
}

static void write_course(struct json_out *o, const struct look_sessions *l, int64_t id)
{
	for (size_t i = 0; i < l->n_courses; i++) {
		if (l->courses[i].id == id) {
			c003_write_course(o, &l->courses[i]);
			return;
		}
	}
	json_out_null(o);
}

static void key_id(struct json_out *o, const char *key, int64_t id)
{
	if (id == COLUMN_NULL)
		json_out_key_null(o, key);
	else
		json_out_key_i64(o, key, id);
}

void c003_write_session(struct json_out *o, const struct look_sessions *l,
			const struct directory_session *s, int64_t now_us)
{
	const struct directory_user *by = user_of(l, s->created_by);
	const struct directory_user *teacher = user_of(l, s->teacher_account_id);

	json_out_object(o);
	json_out_key_i64(o, "id", s->id);
	json_out_key(o, STR("course"));
	write_course(o, l, s->course_id);
	c003_key_day(o, "date", s->session_date);
	json_out_key(o, STR("created_by"));
	if (by) {
		const struct c003_user u = c003_user_of(by);

		c003_write_user(o, &u);
	} else {
		json_out_null(o);
	}
	key_id(o, "section", s->section_id);
	c003_key_time(o, "created_at", s->created_at);
	json_out_key_bool(o, "is_active", !s->is_closed && now_us < s->closes_at);
	c003_key_text(o, "device_id", s->device_code);
	c003_key_text(o, "teacher_id", teacher ? teacher->uuid : STR(""));
	key_id(o, "course_id", s->course_id);
	json_out_object_end(o);
}

static enum rc show(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct look_sessions l;
	struct json_out o;

	TRY(look_sessions(&q->core, &id, 1, &l, e));
	if (!l.n_sessions)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "session %lld", (long long)id);
	o = resp_json(r);
	c003_write_session(&o, &l, &l.sessions[0], q->core.now_us);
	return RC_OK;
}

/* ---- looking -------------------------------------------------------------------------------- */

enum rc c003_sessions(struct req *q, struct resp *r, struct error *e)
{
	const struct attendance_query all = { .show = ATTENDANCE_SHOW_ALL, .limit = LIST_MAX };
	const struct attendance *rows;
	struct look_sessions l;
	struct json_out o;
	int64_t *ids;
	size_t n;

	TRY(attendance_list(&q->core, &all, &rows, &n, e));
	ids = ARENA_ARRAY(q->core.arena, n, int64_t);
	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(look_sessions(&q->core, ids, n, &l, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < l.n_sessions; i++)
		c003_write_session(&o, &l, &l.sessions[i], q->core.now_us);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_session(struct req *q, struct resp *r, struct error *e)
{
	struct attendance s;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(attendance_get(&q->core, id, &s, e));
	return show(q, r, id, e);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* "[3,14]": is this one among them? */
static bool has_id(struct str ids, int64_t id)
{
	struct str rest = str_sub(ids, 1, ids.n < 2 ? 0 : ids.n - 2), part;
	int64_t n;

	while (rest.n && str_split(&rest, ',', &part))
		if (num_i64(part, 1, INT64_MAX, &n) && n == id)
			return true;
	return false;
}

/* Whose session it is: an admin may name anybody who teaches, a teacher only themselves. */
static enum rc take_teacher(struct req *q, const struct session_body *body,
			    const struct directory_course *c, struct attendance_open_in *in,
			    struct error *e)
{
	const struct who *w = &q->who;
	struct directory_user u;

	in->teacher_id = who_is_admin(w) ? c->person_id : w->person_id;
	if (body->teacher_id.n) {
		TRY(c003_pk(look_user(&q->core, body->teacher_id, &u, e), "teacher_id", e));
		in->teacher_id = u.person_id;
	}
	if (who_is_admin(w))
		return RC_OK;
	if (in->teacher_id != w->person_id || !has_id(c->teacher_ids, w->person_id))
		return ERROR(e, RC_DENIED, REASON_DENIED, "course %lld", (long long)c->id);
	return RC_OK;
}

/* Until the end of the day; no shorter than an hour. */
static int64_t end_of_day(const struct core *c)
{
	const int32_t tod = core_wall(c, (struct str){ 0 }, c->now_us).tod;
	const int64_t left_s = DAY_S - tod;

	return c->now_us + (left_s > SHORTEST_S ? left_s : SHORTEST_S) * US_PER_S;
}

enum rc c003_session_create(struct req *q, struct resp *r, struct error *e)
{
	struct attendance_open_in in = { .occurrence_id = COLUMN_NULL,
					 .door = DOOR_003,
					 .roster = ROSTER_SECTION,
					 .class_id = COLUMN_NULL,
					 .section_id = COLUMN_NULL,
					 .device_id = COLUMN_NULL,
					 .opens_at = NO_TIME,
					 .late_at = NO_TIME,
					 .never_late = true,
					 .has_levels = true };
	struct session_body body;
	struct directory_course c;
	int64_t id;

	TRY(req_read(q, &body, e));
	TRY(c003_pk(look_course(&q->core, body.course_id, &c, e), "course_id", e));
	if (body.section || body.section_id)
		in.section_id = body.section ? body.section : body.section_id;
	TRY(take_teacher(q, &body, &c, &in, e));
	if (body.device_id.n)
		TRY(device_to_bind(&q->core, body.device_id, &in.device_id, e));
	in.branch_id = c.branch_id;
	in.course_id = c.id;
	in.title = c.title;
	in.session_date = body.date;
	in.closes_at = end_of_day(&q->core);
	TRY(c003_renamed(attendance_open(&q->core, &in, &id, e), "section_id",
			 body.section ? "section" : "section_id", e));
	r->status = 201;
	return show(q, r, id, e);
}

/* ---- closing ----------------------------------------------------------------------------------
 */

enum rc c003_session_close(struct req *q, struct resp *r, struct error *e)
{
	struct attendance_closed done;
	struct look_sessions l;
	struct json_out o;
	int64_t id;
	enum rc rc;

	TRY(c003_id(q, &id, e));
	rc = attendance_close(&q->core, id, "person", &done, e);
	if (rc == RC_NOT_FOUND) {
		/* Of a colleague: the contract says so. */
		error_init(e);
		TRY(look_sessions(&q->core, &id, 1, &l, e));
		rc = l.n_sessions && (q->who.branch_id == COLUMN_NULL ||
				      l.sessions[0].branch_id == q->who.branch_id)
			     ? ERROR(e, RC_DENIED, REASON_DENIED, "of a colleague")
			     : ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no such session");
	}
	TRY(rc);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "message", "Session closed and absentees marked");
	json_out_object_end(&o);
	return RC_OK;
}
