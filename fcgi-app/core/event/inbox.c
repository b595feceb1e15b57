/*
 * One's own notifications.  See inbox.h.
 */
#include "core/event/inbox.h"

#include "core/audit.h"
#include "store/inbox.h"

#define PER_PAGE_MAX 200
#define EXPIRE_BATCH 1000

static enum rc need_account(const struct core *c, struct error *e)
{
	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	return RC_OK;
}

/* False: of a newer program. */
static bool item_of(struct core *c, const struct inbox_stored *row, struct inbox_item *ret)
{
	struct inbox_item item = { .id = row->id,
				   .entity_id = row->entity_id,
				   .created_at = row->created_at,
				   .read_at = row->read_at };

	if (!notify_kind_from(row->kind, &item.kind))
		return false;
	notify_params_read(c->arena, row->params, &item.params);
	*ret = item;
	return true;
}

static struct inbox_filter filter_of(const struct core *c, const struct inbox_query *q)
{
	return (struct inbox_filter){
		.account_id = c->who->account_id,
		.is_unread = q->is_unread,
		.by_time = q->by_time,
		.kind = q->has_kind ? str_from(notify_rule(q->kind)->code) : STR(""),
	};
}

enum rc inbox_list(struct core *c, const struct inbox_query *q, struct inbox *ret, struct error *e)
{
	const struct inbox_filter filter = filter_of(c, q);
	const struct inbox_stored *rows;
	struct inbox_counts counts;
	struct inbox_item *items;
	struct inbox list = { 0 };
	size_t n;

	BUG(q->page < 1 || q->per_page < 1 || q->per_page > PER_PAGE_MAX);
	TRY(need_account(c, e));
	TRY(inbox_count(c->db, &filter, c->arena, &counts, e));
	TRY(inbox_rows(c->db, &filter, q->per_page, (size_t)(q->page - 1) * q->per_page, c->arena,
		       &rows, &n, e));
	items = ARENA_ARRAY(c->arena, n, struct inbox_item);
	if (!items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		list.n += item_of(c, &rows[i], &items[list.n]);
	list.items = items;
	list.total = q->is_unread ? counts.n_unread : counts.n_all;
	list.n_unread = counts.n_unread;
	list.newest_id = counts.newest_id;
	list.is_more = list.total > q->page * (int64_t)q->per_page;
	*ret = list;
	return RC_OK;
}

enum rc inbox_unread(struct core *c, int64_t *ret_n, struct error *e)
{
	const struct inbox_query all = { .page = 1, .per_page = 1 };
	struct inbox_filter filter;
	struct inbox_counts counts;

	TRY(need_account(c, e));
	filter = filter_of(c, &all);
	TRY(inbox_count(c->db, &filter, c->arena, &counts, e));
	*ret_n = counts.n_unread;
	return RC_OK;
}

enum rc inbox_get(struct core *c, int64_t id, struct inbox_item *ret, struct error *e)
{
	struct inbox_stored row;

	TRY(need_account(c, e));
	TRY(inbox_one(c->db, c->who->account_id, id, c->arena, &row, e));
	if (!item_of(c, &row, ret))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "notification %lld is of kind %.*s",
			     (long long)id, STR_ARG(row.kind));
	return RC_OK;
}

enum rc inbox_read(struct core *c, int64_t id, struct inbox_item *ret, struct error *e)
{
	struct inbox_item item;

	TRY(inbox_get(c, id, &item, e));
	if (item.read_at == NO_TIME) {
		TRY(inbox_mark(c->db, c->who->account_id, id, c->now_us, e));
		item.read_at = c->now_us;
	}
	if (ret)
		*ret = item;
	return RC_OK;
}

enum rc inbox_read_all(struct core *c, int64_t up_to_id, int64_t *ret_n, struct error *e)
{
	TRY(need_account(c, e));
	return inbox_mark_all(c->db, c->who->account_id, up_to_id, c->now_us, ret_n, e);
}

enum rc inbox_delete(struct core *c, int64_t id, struct error *e)
{
	int64_t n;

	TRY(need_account(c, e));
	TRY(inbox_remove(c->db, c->who->account_id, id, &n, e));
	if (n == 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "notification %lld", (long long)id);
	return RC_OK;
}

/* ---- preferences ---------------------------------------------------------------------------- */

static enum rc wishes_of(struct core *c, struct store *s, struct inbox_wishes *ret, struct error *e)
{
	const struct inbox_preference *rows;
	struct inbox_wishes wishes;
	enum notify_kind kind;
	size_t n;

	for (int k = 0; k < NOTIFY__MAX; k++)
		wishes.is_on[k] = true;
	TRY(inbox_preferences(s, c->who->account_id, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		if (notify_kind_from(rows[i].kind, &kind))
			wishes.is_on[kind] = rows[i].is_on != 0;
	*ret = wishes;
	return RC_OK;
}

enum rc inbox_wishes(struct core *c, struct inbox_wishes *ret, struct error *e)
{
	TRY(need_account(c, e));
	return wishes_of(c, c->db, ret, e);
}

struct set_job {
	struct core *c;
	const struct inbox_wishes *wishes;
};

/* What differs, as the statement takes it and as the audit row tells it. */
static size_t differing(const struct set_job *j, const struct inbox_wishes *old,
			struct json_out *items, struct json_out *detail)
{
	size_t n = 0;

	json_out_array(items);
	for (int k = 0; k < NOTIFY__MAX; k++) {
		const char *code = notify_rule((enum notify_kind)k)->code;
		const bool is_on = j->wishes->is_on[k];

		if (is_on == old->is_on[k] ||
		    !notify_kind_is_for((enum notify_kind)k, j->c->who->role))
			continue;
		n++;
		json_out_object(items);
		json_out_key_cz(items, "k", code);
		json_out_key_i64(items, "on", is_on);
		json_out_object_end(items);
		json_out_key_bool(detail, code, is_on);
	}
	json_out_array_end(items);
	return n;
}

static enum rc set_tx(struct store *s, void *arg, struct error *e)
{
	struct set_job *j = arg;
	struct core *c = j->c;
	struct audit_entry entry = { .action = "account.notifications",
				     .object = "account",
				     .object_id = c->who->account_id,
				     .branch_id = c->who->branch_id };
	struct inbox_wishes old;
	struct audit_detail d;
	struct json_out items;
	struct buf b;

	TRY(wishes_of(c, s, &old, e));
	buf_init(&b, c->arena, 512, 1 << 14);
	json_out_init(&items, &b);
	audit_detail_begin(&d, c->arena);
	if (differing(j, &old, &items, &d.o) == 0)
		return RC_OK;
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	TRY(inbox_preferences_put(s, c->who->account_id, buf_str(&b), c->now_us, e));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, c, &entry, e);
}

enum rc inbox_set_wishes(struct core *c, const struct inbox_wishes *wishes, struct error *e)
{
	struct set_job j = { .c = c, .wishes = wishes };

	TRY(need_account(c, e));
	return store_tx(c->db, set_tx, &j, e);
}

/* ---- their end ------------------------------------------------------------------------------ */

enum rc inbox_expire(struct core *c, int64_t *ret_n, struct error *e)
{
	const int64_t read_before = c->now_us - c->config->notification_days * US_PER_DAY;
	const int64_t unread_before = c->now_us - INBOX_UNREAD_DAYS * US_PER_DAY;
	int64_t n, sum = 0;

	do {
		TRY(inbox_expire_read(c->db, read_before, EXPIRE_BATCH, &n, e));
		sum += n;
	} while (n == EXPIRE_BATCH);
	do {
		TRY(inbox_expire_unread(c->db, unread_before, EXPIRE_BATCH, &n, e));
		sum += n;
	} while (n == EXPIRE_BATCH);
	*ret_n = sum;
	return RC_OK;
}
