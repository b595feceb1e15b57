/*
 * Requests: what is written beside each change, and who is told.  See request_row.h.
 */
#include "core/request/request_row.h"

#include "core/event/event.h"
#include "core/event/notify.h"

/* Texts in an event, in code points, and all of it. */
enum { TITLE_MAX = 200, PAYLOAD_BYTES = 8000 };

struct recurrence_rule request_rule(const struct request *r)
{
	return (struct recurrence_rule){ .kind = r->recurrence,
					 .from_day = r->row.session_date,
					 .to_day = r->row.until_date,
					 .weekdays = (unsigned)r->row.weekdays,
					 .day_of_month = r->row.day_of_month == COLUMN_NULL
								 ? 0
								 : (int)r->row.day_of_month };
}

/* Each step of a request has an action of the trail. */
static const char *action_of(const char *step)
{
	static const char *const names[][2] = {
		{ "sent", "request.sent" },         { "asked", "request.asked" },
		{ "answered", "request.answered" }, { "approved", "request.approved" },
		{ "rejected", "request.rejected" }, { "withdrawn", "request.withdrawn" },
		{ "settled", "request.settled" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(str_from(step), str_from(names[i][0])))
			return names[i][1];
	BUG(true);
	return NULL;
}

static enum rc add_event(struct core *c, struct store *s, const struct request *r, const char *step,
			 struct error *e)
{
	bool is_new = str_eq(str_from(step), STR("sent"));
	struct event_new event = { .type = is_new ? EVENT_REQUEST_CREATED : EVENT_REQUEST_UPDATED,
				   .branch_id = r->row.branch_id,
				   .account_id = r->row.account_id };
	char day[11];
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, 256, PAYLOAD_BYTES);
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_i64(&o, "request", r->row.id);
	json_out_key_i64(&o, "account", r->row.account_id);
	json_out_key_str(&o, "state", r->row.state);
	json_out_key_str(&o, "day", day_format(r->row.session_date, day));
	json_out_key_str(&o, "name", utf8_prefix(r->row.requester_name, TITLE_MAX));
	json_out_key_str(&o, "title", utf8_prefix(r->row.title, TITLE_MAX));
	if (r->row.class_name.n)
		json_out_key_str(&o, "class_name", utf8_prefix(r->row.class_name, TITLE_MAX));
	if (r->row.class_id != COLUMN_NULL)
		json_out_key_i64(&o, "class", r->row.class_id);
	if (r->row.reviewed_by != COLUMN_NULL)
		json_out_key_i64(&o, "reviewed_by", r->row.reviewed_by);
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	event.payload = buf_str(&b);
	return event_add(c, s, &event, e);
}

/* Admins of what is asked, who asked of what is said about it. */
static enum rc notify(struct core *c, struct store *s, const struct request *r, const char *step,
		      struct str text, struct error *e)
{
	static const struct {
		const char *step;
		enum notify_kind kind;
		bool to_admins;
	} rules[] = {
		{ "sent", NOTIFY_SESSION_REQUEST_CREATED, true },
		{ "answered", NOTIFY_SESSION_REQUEST_ANSWERED, true },
		{ "withdrawn", NOTIFY_SESSION_REQUEST_WITHDRAWN, true },
		{ "asked", NOTIFY_SESSION_REQUEST_ASKED, false },
		{ "approved", NOTIFY_SESSION_REQUEST_DECIDED, false },
		{ "rejected", NOTIFY_SESSION_REQUEST_DECIDED, false },
	};
	struct notify_new n = { .branch_id = r->row.branch_id,
				.entity_id = r->row.id,
				.params = { .title = r->row.title,
					    .who = c->who->name,
					    .code = r->row.state,
					    .text = text,
					    .has_when = true,
					    .day = r->row.session_date,
					    .start = r->row.start_time,
					    .end = r->row.end_time } };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!str_eq(str_from(step), str_from(rules[i].step)))
			continue;
		n.kind = rules[i].kind;
		if (rules[i].to_admins)
			n.params.who = r->row.requester_name;
		return rules[i].to_admins ? notify_admins(c, s, &n, e)
					  : notify_account(c, s, r->row.account_id, &n, e);
	}
	return RC_OK; /* settled: nothing that who asked does not know */
}

enum rc request_tell(struct core *c, struct store *s, const struct request *r, const char *step,
		     struct str text, struct audit_detail *detail, struct error *e)
{
	struct audit_entry entry = { .action = action_of(step),
				     .object = "request",
				     .object_id = r->row.id,
				     .branch_id = r->row.branch_id };

	if (detail)
		TRY(audit_detail_end(detail, &entry.detail, e));
	TRY(request_step_add(s, r->row.id, c->who->account_id, step, text, c->now_us, e));
	TRY(audit_add(s, c, &entry, e));
	TRY(add_event(c, s, r, step, e));
	return notify(c, s, r, step, text, e);
}
