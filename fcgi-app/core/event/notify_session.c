/*
 * Notifications about one occurrence.  See notify_session.h.
 */
#include "core/event/notify_session.h"

struct notify_new notify_new_of_session(enum notify_kind kind, const struct occurrence_row *o)
{
	return (struct notify_new){ .kind = kind,
				    .branch_id = o->branch_id,
				    .entity_id = o->id,
				    .params = { .title = o->title,
						.has_when = true,
						.day = o->session_date,
						.start = o->start_time,
						.end = o->end_time } };
}

static bool is_over(const struct core *c, const struct occurrence_row *o)
{
	return o->ends_at <= c->now_us;
}

enum rc notify_session_told(struct core *c, struct store *s, enum notify_kind kind,
			    const struct occurrence_row *o, struct str text, struct error *e)
{
	struct notify_new n = notify_new_of_session(kind, o);

	if (is_over(c, o))
		return RC_OK;
	n.params.text = text;
	return notify_session_all(c, s, o->id, &n, e);
}

enum rc notify_session_moved(struct core *c, struct store *s, const struct occurrence_row *o,
			     int32_t old_day, int32_t old_start, struct str text, struct error *e)
{
	struct notify_new n = notify_new_of_session(NOTIFY_SESSION_MOVED, o);

	if (is_over(c, o))
		return RC_OK;
	n.params.text = text;
	n.params.has_old = true;
	n.params.old_day = old_day;
	n.params.old_start = old_start;
	return notify_session_all(c, s, o->id, &n, e);
}

enum rc notify_completion_returned(struct core *c, struct store *s, const struct occurrence_row *o,
				   struct error *e)
{
	const struct notify_new n = notify_new_of_session(NOTIFY_COMPLETION_RETURNED, o);
	struct notify_item item = { .entity_id = o->id,
				    .account_id = o->completed_by,
				    .person_id = o->teacher_id,
				    .params = n.params };

	item.params.text = o->return_reason;
	return notify_many(c, s, n.kind, n.branch_id, &item, 1, e);
}
