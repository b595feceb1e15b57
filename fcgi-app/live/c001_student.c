/*
 * Events of contract 001 that a student sends, and those about a course: see c001.h.
 */
#include "live/c001.h"

#define NO_ID "Session ID is required"

/* ---- joining and leaving -----------------------------------------------------------------------
 */

enum rc c001_join(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct presence_joined j;
	struct error mine;
	struct c001_in p;
	enum rc rc;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	if (!p.session_id) {
		c001_refuse(c, fx, STR(NO_ID));
		return RC_OK;
	}
	error_init(&mine);
	rc = presence_join(c, p.session_id, in->socket_id, &j, &mine);
	if (rc == RC_CONFLICT)
		c001_refuse(c, fx, STR("Attendance session not active"));
	else if (rc == RC_DENIED)
		c001_refuse(c, fx, STR("You are not enrolled in this course"));
	else if (rc == RC_OK)
		c001_joined(c, fx, &j);
	if (rc == RC_OK || rc == RC_CONFLICT || rc == RC_DENIED)
		return RC_OK;
	*e = mine;
	return rc;
}

enum rc c001_leave(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct error mine;
	struct c001_in p;
	int64_t id;
	enum rc rc;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	if (!p.session_id) {
		c001_refuse(c, fx, STR(NO_ID));
		return RC_OK;
	}
	error_init(&mine);
	rc = presence_quit(c, p.session_id, &id, &mine);
	if (rc == RC_NOT_FOUND || rc == RC_DENIED || (rc == RC_OK && !id)) {
		c001_refuse(c, fx, STR("Attendance session not found"));
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	fx_leave(fx, c001_room(c, 'k', id));
	fx_leave(fx, c001_own_room(c, id, c->who->person_id));
	return RC_OK;
}

/* ---- courses
 * ------------------------------------------------------------------------------------- */

static void emit_message(struct core *c, struct effects *fx, const char *event, struct str message)
{
	struct c001_out out;

	c001_begin(&out, c);
	json_out_key_str(&out.o, "message", message);
	fx_emit(fx, str_from(event), c001_end(&out));
}

/* What runs in the course, if the viewer follows it; else it was answered and *ret_id is 0. */
static enum rc active(struct core *c, const struct call_in *in, struct effects *fx, int64_t *ret_id,
		      struct str *ret_json, struct error *e)
{
	const struct presence_active *rows;
	struct error mine;
	struct c001_in p;
	size_t n;
	enum rc rc;

	*ret_id = 0;
	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	if (!p.course_id) {
		emit_message(c, fx, "activeSessionsError", STR("Course ID is required"));
		return RC_OK;
	}
	error_init(&mine);
	rc = presence_active(c, p.course_id, &rows, &n, &mine);
	if (rc == RC_NOT_FOUND) {
		emit_message(c, fx, "activeSessionsError", STR("Course not found"));
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	*ret_json = c001_active(c, p.course_id, rows, n);
	*ret_id = p.course_id;
	return RC_OK;
}

enum rc c001_subscribe(struct core *c, const struct call_in *in, struct effects *fx,
		       struct error *e)
{
	struct c001_out out;
	struct str json;
	int64_t id;

	TRY(active(c, in, fx, &id, &json, e));
	if (!id)
		return RC_OK;
	fx_join(fx, c001_room(c, 'c', id));
	c001_begin(&out, c);
	c001_key_id(&out.o, "course_id", id);
	fx_emit(fx, STR("subscriptionConfirmed"), c001_end(&out));
	fx_emit(fx, STR("activeSessionsData"), json);
	return RC_OK;
}

enum rc c001_unsubscribe(struct core *c, const struct call_in *in, struct effects *fx,
			 struct error *e)
{
	struct c001_in p;

	(void)e;
	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	if (p.course_id)
		fx_leave(fx, c001_room(c, 'c', p.course_id));
	else
		emit_message(c, fx, "activeSessionsError", STR("Course ID is required"));
	return RC_OK;
}

enum rc c001_check_active(struct core *c, const struct call_in *in, struct effects *fx,
			  struct error *e)
{
	struct str json;
	int64_t id;

	TRY(active(c, in, fx, &id, &json, e));
	if (id)
		fx_emit(fx, STR("activeSessionsData"), json);
	return RC_OK;
}

/* What the phone app asks for; it listens to either answer. */
enum rc c001_get_active(struct core *c, const struct call_in *in, struct effects *fx,
			struct error *e)
{
	struct str json;
	int64_t id;

	TRY(active(c, in, fx, &id, &json, e));
	if (!id)
		return RC_OK;
	fx_emit(fx, STR("activeSessionsData"), json);
	fx_emit(fx, STR("currentActiveSessions"), json);
	return RC_OK;
}
