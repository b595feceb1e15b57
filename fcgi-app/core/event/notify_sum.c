/*
 * Telling of several sessions at once.  See notify_sum.h.
 */
#include "core/event/notify_sum.h"

#include "codec/json.h"
#include "core/event/event.h"
#include "store/event.h"
#include "store/notify.h"

/* Ids that stand for "is given": the statement takes away what a session has none of. */
#define SOME     1
#define ID_BYTES 21

static enum rc json_of(struct core *c, const struct notify_sum *n, struct str *ret, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, 256, n->n_ids * ID_BYTES + 64);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n->n_ids; i++)
		json_out_i64(&o, n->ids[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

static enum event_type event_of(enum notify_kind kind)
{
	if (kind == NOTIFY_SESSION_CREATED)
		return EVENT_SESSION_CREATED;
	return kind == NOTIFY_SESSION_CANCELLED ? EVENT_SESSION_CANCELLED : EVENT_SESSION_MOVED;
}

enum rc notify_sum(struct core *c, struct store *s, const struct notify_sum *n, struct error *e)
{
	const bool by_closure = n->closure.n > 0;
	struct notify_sum_new row = {
		.kind = str_from(notify_rule(n->kind)->code),
		.branch_id = n->branch_id,
		.actor_id = c->who->role == ROLE_NONE ? 0 : c->who->account_id,
		.except_id = n->except_id,
		.code = by_closure ? STR("closure") : STR(""),
		.text = utf8_prefix(by_closure ? n->closure : n->text, NOTIFY_TEXT_MAX),
		.has_entity = !n->is_removed,
		.now_at = c->now_us,
	};

	if (!n->n_ids)
		return RC_OK;
	TRY(json_of(c, n, &row.ids, e));
	return notify_to_sessions(s, &row, e);
}

enum rc notify_sum_events(struct core *c, struct store *s, const struct notify_sum *n,
			  struct error *e)
{
	const struct event_new all = { .type = event_of(n->kind),
				       .branch_id = SOME,
				       .course_id = SOME,
				       .person_id = SOME,
				       .payload = STR("{}"),
				       .public_payload = STR("{}") };
	struct event_sessions_new row = {
		.type = event_name(all.type),
		.audience = event_audience(&all),
		.has_ids = !n->is_removed,
	};

	if (!n->n_ids)
		return RC_OK;
	TRY(json_of(c, n, &row.ids, e));
	return event_insert_sessions(s, &row, c->now_us, e);
}
