/*
 * Reminding a teacher of a session that is over and not completed; see completion.h.
 */
#include "core/event/event.h"
#include "core/event/notify_session.h"
#include "core/session/change.h"
#include "core/session/completion.h"
#include "store/reminder.h"

struct job {
	struct core *c;
	int64_t occurrence_id, version;
};

/* Is it missing, is there somebody, and was that not said a moment ago? */
static enum rc check(struct job *j, struct store *s, const struct occurrence_row *o,
		     struct error *e)
{
	int64_t reminded_at;

	if (str_eq(o->state, STR("cancelled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)o->id);
	if (!str_eq(o->state, STR("scheduled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_COMPLETED, "occurrence %lld",
			     (long long)o->id);
	if (o->ends_at > j->c->now_us)
		return ERROR(e, RC_CONFLICT, REASON_NOT_OVER, "occurrence %lld", (long long)o->id);
	if (o->teacher_id == COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_NOBODY_HOLDS, "occurrence %lld",
			     (long long)o->id);
	TRY(reminder_get(s, o->id, j->c->arena, &reminded_at, e));
	if (reminded_at != NO_TIME && j->c->now_us - reminded_at < COMPLETION_REMIND_US)
		return ERROR(e, RC_CONFLICT, REASON_REMINDED, "occurrence %lld", (long long)o->id);
	return RC_OK;
}

static enum rc tell(struct core *c, struct store *s, const struct occurrence_row *o,
		    struct error *e)
{
	const struct notify_new n = notify_new_of_session(NOTIFY_COMPLETION_MISSING, o);
	struct event_new event = { .type = EVENT_COMPLETION_MISSING,
				   .branch_id = o->branch_id,
				   .person_id = o->teacher_id };

	event.payload = arena_printf(c->arena, "{\"occurrence\":%lld}", (long long)o->id);
	if (!event.payload.p)
		return ERROR_MEMORY(e);
	TRY(event_add(c, s, &event, e));
	return notify_person(c, s, o->teacher_id, &n, e);
}

static enum rc remind_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct audit_detail d;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_CHECK, &o, e));
	TRY(check(j, s, &o, e));
	TRY(change_version(&o, j->version, e));
	TRY(reminder_put(s, o.id, j->c->who->account_id, j->c->now_us, e));
	TRY(tell(j->c, s, &o, e));
	audit_detail_begin(&d, j->c->arena);
	return change_close(j->c, s, &o, "session.reminded", &d, e);
}

enum rc completion_remind(struct core *c, int64_t occurrence_id, int64_t version, struct error *e)
{
	struct job j = { .c = c, .occurrence_id = occurrence_id, .version = version };

	return store_tx(c->db, remind_tx, &j, e);
}
