/*
 * Who connects at the door of contract 001, and the table of its events: see c001.h.
 */
#include "live/c001.h"

#include "core/identity/token.h"
#include "live/who.h"

#define REJOIN_MAX 40 /* sessions of a teacher that are followed again */
#define NAME_SHOWN 64

/* ---- coming
 * ---------------------------------------------------------------------------------------- */

/* Of somebody whose token was ours once: is the account still there? */
static enum rc refusal(struct core *c, const struct call_in *in, const struct error *why,
		       struct str *ret, struct error *e)
{
	bool is_there = true;

	if (!in->token.n && !in->is_token_odd)
		*ret = STR("Authentication error");
	else
		*ret = STR("Invalid token");
	if (why->reason == REASON_SESSION_ENDED)
		TRY(token_has_account(c, in->token, &is_there, e));
	if (!is_there)
		*ret = STR("User not found");
	return RC_OK;
}

/* A teacher who comes back is told again what happens in the own sessions. */
static enum rc follow_own(struct core *c, struct effects *fx, struct error *e)
{
	const struct attendance_query q = { .own_only = true, .limit = REJOIN_MAX };
	const struct attendance *rows;
	size_t n;

	TRY(attendance_list(c, &q, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		fx_join(fx, c001_room(c, 'a', rows[i].id));
	return RC_OK;
}

static enum rc come_back(struct core *c, const struct call_in *in, struct effects *fx,
			 struct error *e)
{
	const struct presence_joined *rows;
	size_t n;

	TRY(presence_back(c, in->socket_id, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		c001_joined(c, fx, &rows[i]);
	return RC_OK;
}

/* Who is online is told to whoever it is, and by the feed to the staff of what is joined; to nobody
 * else. */
static void emit_online(struct core *c, struct effects *fx)
{
	struct c001_out out;

	c001_begin(&out, c);
	c001_key_id(&out.o, "userId", c->who->account_id);
	json_out_key_array(&out.o, "onlineUsers");
	json_out_str(&out.o, arena_printf(c->arena, "%lld", (long long)c->who->account_id));
	json_out_array_end(&out.o);
	fx_emit(fx, STR("userOnline"), c001_end(&out));
}

static enum rc opened(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct call_in token_only = *in;
	struct core as = *c;
	struct error mine;
	struct str message;
	struct who who;
	enum rc rc;

	token_only.cookie = (struct str){ NULL, 0 };
	error_init(&mine);
	rc = live_who(c, &token_only, &who, &mine);
	if (rc == RC_NOT_SIGNED_IN) {
		TRY(refusal(c, in, &mine, &message, e));
		fx_refuse(fx, rc, message);
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	as.who = &who;
	fx_is(fx, &who);
	fx_join(fx, c001_room(c, 'u', who.account_id));
	if (who.person_id != COLUMN_NULL)
		fx_join(fx, c001_room(c, 'p', who.person_id));
	emit_online(&as, fx);
	if (who_is_staff(&who) && who.person_id != COLUMN_NULL)
		return follow_own(&as, fx, e);
	return come_back(&as, &token_only, fx, e);
}

static enum rc closed(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	(void)fx; /* the stream tells it */
	return presence_gone(c, in->socket_id, e);
}

static enum rc started(struct core *c, const struct call_in *in, struct effects *fx,
		       struct error *e)
{
	(void)in;
	(void)fx;
	return presence_reset(c, e);
}

static enum rc every(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	(void)in;
	(void)fx;
	return presence_lease(c, e);
}

/* ---- what is sent
 * ------------------------------------------------------------------------------------ */

static enum rc unknown(struct core *c, const struct call_in *in, struct effects *fx,
		       struct error *e)
{
	(void)e;
	c001_refuse(c, fx,
		    arena_printf(c->arena, "Unknown event: %.*s",
				 STR_ARG(str_sub(in->event, 0, NAME_SHOWN))));
	return RC_OK;
}

static void failed(struct core *c, const struct call_in *in, const struct error *e,
		   struct effects *fx)
{
	if (in->what == CALL_OPENED)
		fx_refuse(fx, e->rc, STR("Authentication error"));
	else
		c001_refuse(c, fx, c001_reason(c, e->reason, e->arg));
}

static const struct live_event events[] = {
	{ "startAttendanceSession", c001_start },
	{ "endAttendanceSession", c001_end_session },
	{ "getAttendanceSessionData", c001_session_data },
	{ "getOnlineStudents", c001_online },
	{ "markStudentPresent", c001_mark_present },
	{ "markStudentAbsent", c001_mark_absent },
	{ "markStudentAttendance", c001_mark_any },
	{ "bulkUpdateAttendance", c001_bulk },
	{ "joinAttendanceSession", c001_join },
	{ "leaveAttendanceSession", c001_leave },
	{ "subscribeToCourse", c001_subscribe },
	{ "unsubscribeFromCourse", c001_unsubscribe },
	{ "checkActiveSessions", c001_check_active },
	{ "getActiveSessions", c001_get_active },
};

const struct live_door c001_socketio_door = {
	.path = "/socket.io",
	.kind = LIVE_SOCKETIO,
	.may = LIVE_MAY_SELF,
	.opened = opened,
	.events = events,
	.n_events = ARRAY_LEN(events),
	.unknown = unknown,
	.closed = closed,
	.started = started,
	.every = every,
	.every_s = PRESENCE_RENEW_S,
	.failed = failed,
};
