/*
 * Notifications.  See notify.h.
 */
#include "core/event/notify.h"

#include "codec/json.h"
#include "store/notify.h"

#define PARAMS_MAX  4000 /* bytes; the column's width in characters */
#define ITEMS_MAX   (16 << 20)
#define NOBODY_ACTS 0

static const struct notify_rule rules[NOTIFY__MAX] = {
#define X(name, code, entity, priority, audience)                                                  \
	[NOTIFY_##name] = { code, NOTIFY_ENTITY_##entity, NOTIFY_##priority, audience },
	NOTIFY_KINDS(X)
#undef X
};
static const char *const entity_names[NOTIFY_ENTITY__MAX] = { "attendance", "session",
							      "session_request", "excuse",
							      "correction" };
static const char *const priority_names[NOTIFY_PRIORITY__MAX] = { "low", "medium", "high" };

const struct notify_rule *notify_rule(enum notify_kind kind)
{
	BUG(kind >= NOTIFY__MAX);
	return &rules[kind];
}

bool notify_kind_from(struct str code, enum notify_kind *ret)
{
	for (int k = 0; k < NOTIFY__MAX; k++) {
		if (!str_eq(code, str_from(rules[k].code)))
			continue;
		*ret = (enum notify_kind)k;
		return true;
	}
	return false;
}

const char *notify_entity_name(enum notify_entity entity)
{
	BUG(entity >= NOTIFY_ENTITY__MAX);
	return entity_names[entity];
}

const char *notify_priority_name(enum notify_priority priority)
{
	BUG(priority >= NOTIFY_PRIORITY__MAX);
	return priority_names[priority];
}

bool notify_kind_is_for(enum notify_kind kind, enum role role)
{
	const unsigned audience = notify_rule(kind)->audience;

	if (role == ROLE_SUPER_ADMIN || role == ROLE_BRANCH_ADMIN)
		return audience & (NOTIFY_FOR_ADMIN | NOTIFY_FOR_TEACHER);
	if (role == ROLE_FACULTY || role == ROLE_EMPLOYEE)
		return audience & NOTIFY_FOR_TEACHER;
	return role == ROLE_STUDENT && (audience & NOTIFY_FOR_STUDENT);
}

/* ---- params --------------------------------------------------------------------------------- */

static void put_text(struct json_out *o, const char *key, struct str text, size_t max)
{
	if (text.n > 0)
		json_out_key_str(o, key, utf8_prefix(text, max));
}

static void put_params(struct json_out *o, const struct notify_params *p)
{
	json_out_object(o);
	put_text(o, "title", p->title, NOTIFY_TITLE_MAX);
	put_text(o, "who", p->who, NOTIFY_WHO_MAX);
	put_text(o, "code", p->code, NOTIFY_WHO_MAX);
	put_text(o, "text", p->text, NOTIFY_TEXT_MAX);
	if (p->has_when) {
		json_out_key_i64(o, "day", p->day);
		if (p->start != NO_DAY)
			json_out_key_i64(o, "start", p->start);
		if (p->end != NO_DAY)
			json_out_key_i64(o, "end", p->end);
	}
	if (p->has_old) {
		json_out_key_i64(o, "old_day", p->old_day);
		if (p->old_start != NO_DAY)
			json_out_key_i64(o, "old_start", p->old_start);
	}
	if (p->n)
		json_out_key_i64(o, "n", p->n);
	if (p->link_id)
		json_out_key_i64(o, "link", p->link_id);
	json_out_object_end(o);
}

enum rc notify_params_write(struct arena *a, const struct notify_params *p, struct str *ret_json,
			    struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, a, 256, PARAMS_MAX);
	json_out_init(&o, &b);
	put_params(&o, p);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret_json = buf_str(&b);
	return RC_OK;
}

static void take_text(const struct json_t *v, const char *key, struct str *ret)
{
	struct str text;

	if (json_as_str(json_member(v, key), &text))
		*ret = text;
}

static bool take_i32(const struct json_t *v, const char *key, int32_t *ret)
{
	int64_t n;

	*ret = NO_DAY;
	if (!json_as_i64(json_member(v, key), INT32_MIN, INT32_MAX, &n))
		return false;
	*ret = (int32_t)n;
	return true;
}

static int64_t take_i64(const struct json_t *v, const char *key)
{
	int64_t n;

	return json_as_i64(json_member(v, key), 0, INT64_MAX, &n) ? n : 0;
}

void notify_params_read(struct arena *a, struct str json, struct notify_params *ret)
{
	struct notify_params p = { .last_day = NO_DAY };
	struct error ignored;
	struct json_t *v;

	*ret = p;
	error_init(&ignored);
	if (json_read(json, PARAMS_MAX * 4, a, &v, &ignored) != RC_OK)
		return;
	take_text(v, "title", &p.title);
	take_text(v, "who", &p.who);
	take_text(v, "code", &p.code);
	take_text(v, "text", &p.text);
	p.has_when = take_i32(v, "day", &p.day);
	(void)take_i32(v, "start", &p.start);
	(void)take_i32(v, "end", &p.end);
	p.has_old = take_i32(v, "old_day", &p.old_day);
	(void)take_i32(v, "old_start", &p.old_start);
	(void)take_i32(v, "last", &p.last_day);
	p.n = take_i64(v, "n");
	p.link_id = take_i64(v, "link");
	*ret = p;
}

/* ---- telling -------------------------------------------------------------------------------- */

static struct notify_row_new row_of(const struct core *c, enum notify_kind kind, int64_t branch_id)
{
	return (struct notify_row_new){
		.kind = str_from(notify_rule(kind)->code),
		.branch_id = branch_id,
		.actor_id = c->who->role == ROLE_NONE ? NOBODY_ACTS : c->who->account_id,
		.now_at = c->now_us,
	};
}

static enum rc row_made(struct core *c, const struct notify_new *n, struct notify_row_new *ret,
			struct error *e)
{
	struct notify_row_new row = row_of(c, n->kind, n->branch_id);

	row.entity_id = n->entity_id;
	TRY(notify_params_write(c->arena, &n->params, &row.params, e));
	*ret = row;
	return RC_OK;
}

enum rc notify_account(struct core *c, struct store *s, int64_t account_id,
		       const struct notify_new *n, struct error *e)
{
	struct notify_row_new row;

	TRY(row_made(c, n, &row, e));
	return notify_to_account(s, &row, account_id, e);
}

enum rc notify_person(struct core *c, struct store *s, int64_t person_id,
		      const struct notify_new *n, struct error *e)
{
	struct notify_row_new row;

	if (person_id == COLUMN_NULL)
		return RC_OK;
	TRY(row_made(c, n, &row, e));
	return notify_to_person(s, &row, person_id, e);
}

enum rc notify_admins(struct core *c, struct store *s, const struct notify_new *n, struct error *e)
{
	struct notify_row_new row;

	TRY(row_made(c, n, &row, e));
	return notify_to_admins(s, &row, e);
}

enum rc notify_session_staff(struct core *c, struct store *s, int64_t occurrence_id,
			     const struct notify_new *n, struct error *e)
{
	struct notify_row_new row;

	TRY(row_made(c, n, &row, e));
	return notify_to_session_staff(s, &row, occurrence_id, e);
}

enum rc notify_session_students(struct core *c, struct store *s, int64_t occurrence_id,
				const struct notify_new *n, struct error *e)
{
	struct notify_row_new row;

	TRY(row_made(c, n, &row, e));
	return notify_to_session_students(s, &row, occurrence_id, e);
}

enum rc notify_session_all(struct core *c, struct store *s, int64_t occurrence_id,
			   const struct notify_new *n, struct error *e)
{
	TRY(notify_session_staff(c, s, occurrence_id, n, e));
	return notify_session_students(c, s, occurrence_id, n, e);
}

static void put_id(struct json_out *o, const char *key, int64_t id)
{
	if (id == COLUMN_NULL)
		json_out_key_null(o, key);
	else
		json_out_key_i64(o, key, id);
}

enum rc notify_many(struct core *c, struct store *s, enum notify_kind kind, int64_t branch_id,
		    const struct notify_item *items, size_t n, struct error *e)
{
	const struct notify_row_new row = row_of(c, kind, branch_id);
	struct json_out o;
	struct buf b;

	if (n == 0)
		return RC_OK;
	buf_init(&b, c->arena, 1024, ITEMS_MAX);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		struct str params;

		TRY(notify_params_write(c->arena, &items[i].params, &params, e));
		json_out_object(&o);
		json_out_key_i64(&o, "e", items[i].entity_id);
		put_id(&o, "a", items[i].account_id);
		put_id(&o, "p", items[i].person_id);
		json_out_key_str(&o, "x", params);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return notify_to_many(s, &row, buf_str(&b), e);
}
