/*
 * Notifications at contract 000's door (contracts.md 1.6): one's own, in the words of that contract
 * and the language of who reads them.  See door.h.
 */
#include "api/c000/door.h"
#include "api/c000/render.h"
#include "core/event/inbox.h"
#include "view/notification.h"

#define NOTICES_MAX   100
#define NOTICES_LIMIT 20
#define OWN_MAX       50

/* ---- rows ----------------------------------------------------------------------------------- */

/* "session_request", "session_moved": that contract's own words where it has some. */
static struct str type_of(struct arena *a, enum notify_kind kind)
{
	const char *code = notify_rule(kind)->code;
	struct buf b;

	if (kind == NOTIFY_SESSION_REQUEST_CREATED)
		return STR("session_request");
	if (kind == NOTIFY_SESSION_REQUEST_DECIDED || kind == NOTIFY_SESSION_REQUEST_ASKED)
		return STR("session_request_response");
	buf_init(&b, a, 40, 40);
	for (; *code; code++)
		buf_char(&b, *code == '.' ? '_' : *code);
	return buf_ok(&b) ? buf_str(&b) : STR("");
}

static const char *user_type_of(enum role role)
{
	if (role == ROLE_SUPER_ADMIN || role == ROLE_BRANCH_ADMIN)
		return "admin";
	return role == ROLE_STUDENT ? "student" : "trainer";
}

/* Title and the whole sentence, with what a person wrote behind it. */
static void write_texts(struct req *q, struct json_out *o, const struct inbox_item *item)
{
	struct arena *a = q->core.arena;
	const struct notification_text text = notification_text(a, q->lang, q->who.role, item);
	struct str message = text.message;

	if (text.quote.n)
		message = arena_printf(a, "%.*s %.*s", STR_ARG(text.message), STR_ARG(text.quote));
	json_out_key_str(o, "title", text.title);
	json_out_key_str(o, "message", message);
}

/* The members of NotificationOut, into an open object. */
static void write_notice(struct req *q, struct json_out *o, const struct inbox_item *item)
{
	const struct notify_rule *rule = notify_rule(item->kind);

	json_out_key_i64(o, "id", item->id);
	json_out_key_i64(o, "user_id", q->who.account_id);
	json_out_key_cz(o, "user_type", user_type_of(q->who.role));
	write_texts(q, o, item);
	json_out_key_str(o, "notification_type", type_of(q->core.arena, item->kind));
	json_out_key_cz(o, "priority", notify_priority_name(rule->priority));
	json_out_key_bool(o, "read", item->read_at != NO_TIME);
	c000_key_time(o, "read_at", item->read_at);
	json_out_key_cz(o, "delivery_method", "in_app");
	c000_key_time(o, "created_at", item->created_at);
}

/* ---- /api/notifications --------------------------------------------------------------------- */

struct c000_notices_in {
	int64_t limit;
	bool unread_only;
};
FIELDS(c000_notices_fields, c000_notices_in,
       FIELD(INT, c000_notices_in, limit, QUERY, .min = 1, .max = NOTICES_MAX,
	     .fallback = NOTICES_LIMIT),
       FIELD(BOOL, c000_notices_in, unread_only, QUERY));
FIELDS(c000_own_notices_fields, c000_notices_in, FIELD(BOOL, c000_notices_in, unread_only, QUERY));

struct c000_notice_in {
	int64_t id;
};
FIELDS(c000_notice_fields, c000_notice_in, FIELD(ID, c000_notice_in, id, PATH, .required = true));

static enum rc read_list(struct req *q, bool unread_only, size_t limit, struct inbox *ret,
			 struct error *e)
{
	const struct inbox_query query = {
		.is_unread = unread_only, .by_time = true, .page = 1, .per_page = limit
	};

	return inbox_list(&q->core, &query, ret, e);
}

enum rc c000_notices(struct req *q, struct resp *r, struct error *e)
{
	struct c000_notices_in in;
	struct inbox list;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(read_list(q, in.unread_only, (size_t)in.limit, &list, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_array(&o, "notifications");
	for (size_t i = 0; i < list.n; i++) {
		json_out_object(&o);
		write_notice(q, &o, &list.items[i]);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	json_out_key_i64(&o, "unread_count", list.n_unread);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_notice_read(struct req *q, struct resp *r, struct error *e)
{
	struct c000_notice_in in;
	struct inbox_item item;
	struct json_out o;
	int64_t n;

	TRY(req_read(q, &in, e));
	TRY(inbox_read(&q->core, in.id, &item, e));
	TRY(inbox_unread(&q->core, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	write_notice(q, &o, &item);
	json_out_key_i64(&o, "unread_count", n);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_notices_read(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	int64_t n;

	TRY(inbox_read_all(&q->core, INT64_MAX, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_cz(&o, "message", "All notifications marked as read");
	json_out_key_i64(&o, "unread_count", 0);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_unread(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	int64_t n;

	TRY(inbox_unread(&q->core, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "unread_count", n);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- /api/trainer/notifications, /api/student/notifications --------------------------------- */

enum rc c000_own_notices(struct req *q, struct resp *r, struct error *e)
{
	struct c000_notices_in in;
	struct inbox list;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(read_list(q, in.unread_only, OWN_MAX, &list, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < list.n; i++) {
		const struct inbox_item *item = &list.items[i];

		json_out_object(&o);
		json_out_key_i64(&o, "id", item->id);
		write_texts(q, &o, item);
		json_out_key_str(&o, "type", type_of(q->core.arena, item->kind));
		json_out_key_bool(&o, "read", item->read_at != NO_TIME);
		c000_key_time(&o, "created_at", item->created_at);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

static void write_success(struct resp *r)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_object_end(&o);
}

enum rc c000_own_notice_read(struct req *q, struct resp *r, struct error *e)
{
	struct c000_notice_in in;

	TRY(req_read(q, &in, e));
	TRY(inbox_read(&q->core, in.id, NULL, e));
	write_success(r);
	return RC_OK;
}

enum rc c000_own_notice_delete(struct req *q, struct resp *r, struct error *e)
{
	struct c000_notice_in in;

	TRY(req_read(q, &in, e));
	TRY(inbox_delete(&q->core, in.id, e));
	write_success(r);
	return RC_OK;
}

/* ---- /api/student/notification-preferences -------------------------------------------------- */

/* That contract's topics as kinds; message, email and push are channels and topics we do not have.
 */
enum topic { TOPIC_SYSTEM, TOPIC_JUSTIFICATION, TOPIC_SCHEDULE, TOPIC_NONE };

static enum topic topic_of(enum notify_kind kind)
{
	const struct notify_rule *rule = notify_rule(kind);

	if (!(rule->audience & NOTIFY_FOR_STUDENT))
		return TOPIC_NONE;
	if (rule->entity == NOTIFY_ENTITY_SESSION)
		return TOPIC_SCHEDULE;
	if (rule->entity == NOTIFY_ENTITY_EXCUSE || rule->entity == NOTIFY_ENTITY_CORRECTION)
		return TOPIC_JUSTIFICATION;
	return TOPIC_SYSTEM;
}

struct c000_wishes_in {
	bool system, justification, schedule, message, email, push;
};
FIELDS(c000_wishes_fields, c000_wishes_in, FIELD(BOOL, c000_wishes_in, system, FORM),
       FIELD(BOOL, c000_wishes_in, justification, FORM),
       FIELD(BOOL, c000_wishes_in, schedule, FORM), FIELD(BOOL, c000_wishes_in, message, FORM),
       FIELD(BOOL, c000_wishes_in, email, FORM), FIELD(BOOL, c000_wishes_in, push, FORM));

/* A topic is on when any of its kinds is. */
static void write_wishes(struct json_out *o, const struct inbox_wishes *wishes)
{
	bool is_on[TOPIC_NONE + 1] = { false };

	for (enum notify_kind k = 0; k < NOTIFY__MAX; k++)
		is_on[topic_of(k)] |= wishes->is_on[k];
	json_out_key_bool(o, "system", is_on[TOPIC_SYSTEM]);
	json_out_key_bool(o, "justification", is_on[TOPIC_JUSTIFICATION]);
	json_out_key_bool(o, "schedule", is_on[TOPIC_SCHEDULE]);
	json_out_key_bool(o, "message", false);
	json_out_key_bool(o, "email", false);
	json_out_key_bool(o, "push", false);
}

enum rc c000_wishes(struct req *q, struct resp *r, struct error *e)
{
	struct inbox_wishes wishes;
	struct json_out o;

	TRY(inbox_wishes(&q->core, &wishes, e));
	o = resp_json(r);
	json_out_object(&o);
	write_wishes(&o, &wishes);
	json_out_object_end(&o);
	return RC_OK;
}

static void set_topic(struct inbox_wishes *wishes, enum topic topic, bool is_on)
{
	for (enum notify_kind k = 0; k < NOTIFY__MAX; k++)
		if (topic_of(k) == topic)
			wishes->is_on[k] = is_on;
}

enum rc c000_wishes_change(struct req *q, struct resp *r, struct error *e)
{
	struct inbox_wishes wishes;
	struct c000_wishes_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(inbox_wishes(&q->core, &wishes, e));
	if (req_has(q, "system"))
		set_topic(&wishes, TOPIC_SYSTEM, in.system);
	if (req_has(q, "justification"))
		set_topic(&wishes, TOPIC_JUSTIFICATION, in.justification);
	if (req_has(q, "schedule"))
		set_topic(&wishes, TOPIC_SCHEDULE, in.schedule);
	TRY(inbox_set_wishes(&q->core, &wishes, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	write_wishes(&o, &wishes);
	json_out_object_end(&o);
	return RC_OK;
}
