/*
 * Telling people of claims: events for the screens that are open.  See claim.h.
 */
#include "core/attendance/claim_row.h"

#include "core/event/event.h"
#include "core/event/notify.h"

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

static struct notify_params facts_of(const struct claim_target *t)
{
	return (struct notify_params){ .title = t->title,
				       .has_when = true,
				       .day = t->session_date,
				       .start = t->start_time,
				       .end = t->end_time };
}

/* The teacher of each session. */
static enum rc notify_staff(struct core *c, struct store *s, enum claim_kind kind, int64_t claim_id,
			    const struct claim_session *rows, size_t n, struct error *e)
{
	struct notify_item *items = ARENA_ARRAY(c->arena, n, struct notify_item);

	if (!items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		items[i] = (struct notify_item){ .entity_id = claim_id,
						 .account_id = COLUMN_NULL,
						 .person_id = rows[i].t->teacher_id,
						 .params = facts_of(rows[i].t) };
		items[i].params.who = c->who->name;
	}
	return notify_many(
		c, s, kind == CLAIM_EXCUSE ? NOTIFY_EXCUSE_REQUESTED : NOTIFY_CORRECTION_REQUESTED,
		rows[0].t->branch_id, items, n, e);
}

enum rc claim_tell_staff(struct core *c, struct store *s, enum claim_kind kind, int64_t claim_id,
			 const struct claim_session *rows, size_t n, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct claim_target *t = rows[i].t;
		const struct event_new event = {
			.type = kind == CLAIM_EXCUSE ? EVENT_EXCUSE_REQUESTED
						     : EVENT_CORRECTION_REQUESTED,
			.branch_id = t->branch_id,
			.attendance_id = or_zero(t->attendance_id),
			.person_id = c->who->person_id,
			.account_id = or_zero(t->teacher_account_id),
			.payload =
				arena_printf(c->arena,
					     "{\"claim\":%lld,\"student\":%lld,\"occurrence\":%lld,"
					     "\"attendance\":%lld}",
					     (long long)claim_id, (long long)c->who->person_id,
					     (long long)or_zero(t->occurrence_id),
					     (long long)or_zero(t->attendance_id)),
		};

		if (!event.payload.p)
			return ERROR_MEMORY(e);
		TRY(event_add(c, s, &event, e));
	}
	return notify_staff(c, s, kind, claim_id, rows, n, e);
}

static enum rc notify_student(struct core *c, struct store *s, const struct claim_row *r,
			      enum claim_state now, struct error *e)
{
	const struct notify_new n = {
		.kind = r->kind == CLAIM_EXCUSE ? NOTIFY_EXCUSE_DECIDED : NOTIFY_CORRECTION_DECIDED,
		.branch_id = r->s->branch_id,
		.entity_id = r->s->claim_id,
		.params = { .title = r->s->title,
			    .who = c->who->name,
			    .code = str_from(claim_state_name(now)),
			    .has_when = true,
			    .day = r->s->session_date,
			    .start = r->s->start_time,
			    .end = r->s->end_time },
	};

	return notify_person(c, s, r->s->person_id, &n, e);
}

enum rc claim_tell_student(struct core *c, struct store *s, const struct claim_row *r,
			   enum claim_state now, struct error *e)
{
	const struct event_new event = {
		.type = r->kind == CLAIM_EXCUSE ? EVENT_EXCUSE_DECIDED : EVENT_CORRECTION_DECIDED,
		.branch_id = r->s->branch_id,
		.attendance_id = or_zero(r->s->attendance_id),
		.person_id = r->s->person_id,
		.payload = arena_printf(c->arena,
					"{\"claim\":%lld,\"item\":%lld,\"student\":%lld,"
					"\"state\":\"%s\"}",
					(long long)r->s->claim_id, (long long)r->s->id,
					(long long)r->s->person_id, claim_state_name(now)),
	};

	if (!event.payload.p)
		return ERROR_MEMORY(e);
	TRY(event_add(c, s, &event, e));
	return now == CLAIM_IS_WAITING ? RC_OK : notify_student(c, s, r, now, e);
}
