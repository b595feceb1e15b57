/*
 * One's own notifications: the list, reading them, and what one wants to be told.
 *
 * The address holds the filters; filters that make no sense are as if they were not given.
 * Looking at the list changes nothing: what is unread is read by POST.
 */
#include "pages/notifications.h"

#include "core/event/inbox.h"
#include "core/wall.h"
#include "pages/page.h"
#include "view/notification.h"
#include "view/tpl_pages_notification_settings.h"
#include "view/tpl_pages_notifications.h"

static const char *const state_words[] = { "all", "unread", NULL };

struct notifications_in {
	int state;
	struct str kind, done;
	int64_t page, n;
};
FIELDS(notifications_fields, notifications_in,
       FIELD(CHOICE, notifications_in, state, QUERY, .words = state_words),
       FIELD(TEXT, notifications_in, kind, QUERY, .max = 40),
       FIELD(TEXT, notifications_in, done, QUERY, .max = 20),
       FIELD(INT, notifications_in, page, QUERY, .min = 1, .max = INBOX_PAGE_MAX, .fallback = 1),
       FIELD(INT, notifications_in, n, QUERY, .min = 0, .max = INT32_MAX));

/* ---- the list -------------------------------------------------------------------------------- */

/* This list on another page; page 1 and what is not filtered are left out. */
static struct str address_of(struct page *p, const struct inbox_query *query, int64_t page)
{
	char sep = '?';
	struct buf b;

	buf_init(&b, p->arena, 64, 256);
	BUF_LIT(&b, "/notifications");
	if (query->is_unread) {
		buf_printf(&b, "%cstate=unread", sep);
		sep = '&';
	}
	if (query->has_kind) {
		buf_printf(&b, "%ckind=%s", sep, notify_rule(query->kind)->code);
		sep = '&';
	}
	if (page > 1)
		buf_printf(&b, "%cpage=%lld", sep, (long long)page);
	return buf_ok(&b) ? buf_str(&b) : STR("/notifications");
}

static enum rc fill_kinds(struct page *p, const struct inbox_query *query,
			  struct view_notifications *v, struct error *e)
{
	struct view_notification_kind *kinds =
		ARENA_ARRAY(p->arena, NOTIFY__MAX, struct view_notification_kind);

	if (!kinds)
		return ERROR_MEMORY(e);
	for (enum notify_kind k = 0; k < NOTIFY__MAX; k++) {
		if (!notify_kind_is_for(k, p->core->who->role))
			continue;
		kinds[v->n_kinds++] = (struct view_notification_kind){
			.code = str_from(notify_rule(k)->code),
			.label = page_text(p, notification_kind_label(k)),
			.is_chosen = query->has_kind && query->kind == k,
		};
	}
	v->kinds = kinds;
	return RC_OK;
}

static enum rc fill_rows(struct page *p, const struct inbox *list, struct view_notifications *v,
			 struct error *e)
{
	struct view_notification *rows = ARENA_ARRAY(p->arena, list->n, struct view_notification);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n; i++) {
		const struct inbox_item *item = &list->items[i];
		const struct wall at = core_wall(p->core, (struct str){ 0 }, item->created_at);

		rows[i] = (struct view_notification){
			.id = item->id,
			.text = notification_text(p->arena, p->lang, p->core->who->role, item),
			.day = at.day,
			.tod = at.tod,
			.is_unread = item->read_at == NO_TIME,
			.is_high = notify_rule(item->kind)->priority == NOTIFY_HIGH,
		};
	}
	v->rows = rows;
	v->n_rows = list->n;
	return RC_OK;
}

static void fill_pager(struct page *p, const struct inbox_query *query, const struct inbox *list,
		       struct view_notifications *v)
{
	v->total = list->total;
	v->n_unread = list->n_unread;
	v->newest_id = list->newest_id;
	v->first = (query->page - 1) * INBOX_PER_PAGE + 1;
	v->last = v->first + (int64_t)list->n - 1;
	v->back = address_of(p, query, query->page);
	if (query->page > 1)
		v->prev = address_of(p, query, query->page - 1);
	if (list->is_more && query->page < INBOX_PAGE_MAX)
		v->next = address_of(p, query, query->page + 1);
}

static struct inbox_query query_of(const struct notifications_in *in)
{
	struct inbox_query query = { .is_unread = in->state == 1,
				     .page = in->page < 1 ? 1 : in->page,
				     .per_page = INBOX_PER_PAGE };

	query.has_kind = notify_kind_from(in->kind, &query.kind);
	return query;
}

enum rc page_notifications(struct req *q, struct resp *r, struct error *e)
{
	struct view_notifications v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct notifications_in in;
	struct inbox_query query;
	struct inbox list;
	struct page p;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	query = query_of(&in);
	TRY(inbox_list(&q->core, &query, &list, e));
	TRY(page_init(&p, q, req_text(q, N_("Notifications")), e));
	v.page = &p.view;
	v.is_unread_only = query.is_unread;
	v.has_kind = query.has_kind;
	v.kind = query.has_kind ? in.kind : (struct str){ 0 };
	v.is_filtered = query.is_unread || query.has_kind || query.page > 1;
	v.is_all_read = str_eq(in.done, STR("read"));
	v.is_deleted = str_eq(in.done, STR("removed"));
	v.n_read = in.n;
	TRY(fill_kinds(&p, &query, &v, e));
	TRY(fill_rows(&p, &list, &v, e));
	fill_pager(&p, &query, &list, &v);
	r->cache = RESP_CACHE_NONE;
	tpl_pages_notifications(&t, &v);
	return RC_OK;
}

/* ---- reading them -----------------------------------------------------------------------------
 */

struct notification_act_in {
	int64_t id;
	struct str back;
};
FIELDS(notification_act_fields, notification_act_in,
       FIELD(ID, notification_act_in, id, PATH, .required = true),
       FIELD(TEXT, notification_act_in, back, FORM, .max = 256));

struct notifications_read_in {
	int64_t until;
	struct str back;
};
FIELDS(notifications_read_fields, notifications_read_in,
       FIELD(ID, notifications_read_in, until, FORM, .required = true),
       FIELD(TEXT, notifications_read_in, back, FORM, .max = 256));

/* A list of this page, and nothing else. */
static struct str back_to(struct str back)
{
	return str_starts(back, STR("/notifications?"))
		       ? req_local_path(back, STR("/notifications"))
		       : STR("/notifications");
}

static enum rc go_back(struct req *q, struct resp *r, struct str back, const char *done, int64_t n,
		       struct error *e)
{
	struct str to = back_to(back);

	to = arena_printf(q->core.arena, "%.*s%cdone=%s&n=%lld", STR_ARG(to),
			  str_find_char(to, '?') == SIZE_MAX ? '?' : '&', done, (long long)n);
	if (!to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}

enum rc page_notifications_read(struct req *q, struct resp *r, struct error *e)
{
	struct notifications_read_in in;
	int64_t n;

	TRY(req_read(q, &in, e));
	TRY(inbox_read_all(&q->core, in.until, &n, e));
	return go_back(q, r, in.back, "read", n, e);
}

enum rc page_notification_open(struct req *q, struct resp *r, struct error *e)
{
	struct notification_act_in in;
	struct inbox_item item;
	struct str href;

	TRY(req_read(q, &in, e));
	TRY(inbox_read(&q->core, in.id, &item, e));
	href = notification_text(q->core.arena, q->lang, q->who.role, &item).href;
	if (!href.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, href);
	return RC_OK;
}

enum rc page_notification_read(struct req *q, struct resp *r, struct error *e)
{
	struct notification_act_in in;

	TRY(req_read(q, &in, e));
	TRY(inbox_read(&q->core, in.id, NULL, e));
	return go_back(q, r, in.back, "read", 1, e);
}

enum rc page_notification_delete(struct req *q, struct resp *r, struct error *e)
{
	struct notification_act_in in;

	TRY(req_read(q, &in, e));
	TRY(inbox_delete(&q->core, in.id, e));
	return go_back(q, r, in.back, "removed", 1, e);
}

/* ---- what one wants to be told ----------------------------------------------------------------
 */

struct notification_settings_in {
	struct str done;
};
FIELDS(notification_settings_fields, notification_settings_in,
       FIELD(TEXT, notification_settings_in, done, QUERY, .max = 20));

enum rc page_notification_settings(struct req *q, struct resp *r, struct error *e)
{
	struct view_notification_settings v = { 0 };
	struct view_notification_kind *kinds;
	struct notification_settings_in in;
	struct inbox_wishes wishes;
	struct tpl t = req_tpl(q, r);
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(inbox_wishes(&q->core, &wishes, e));
	TRY(page_init(&p, q, req_text(q, N_("What you are told")), e));
	kinds = ARENA_ARRAY(p.arena, NOTIFY__MAX, struct view_notification_kind);
	if (!kinds)
		return ERROR_MEMORY(e);
	for (enum notify_kind k = 0; k < NOTIFY__MAX; k++)
		if (notify_kind_is_for(k, q->who.role))
			kinds[v.n_kinds++] = (struct view_notification_kind){
				.code = str_from(notify_rule(k)->code),
				.label = page_text(&p, notification_kind_label(k)),
				.is_chosen = wishes.is_on[k],
			};
	v.page = &p.view;
	v.kinds = kinds;
	v.is_saved = str_eq(in.done, STR("saved"));
	r->cache = RESP_CACHE_NONE;
	tpl_pages_notification_settings(&t, &v);
	return RC_OK;
}

struct notification_settings_send_in {
	struct field_list kind;
};
FIELDS(notification_settings_send_fields, notification_settings_send_in,
       FIELD(LIST, notification_settings_send_in, kind, FORM));

/* What is not ticked is off; an unknown one is a mistake, not a wish. */
enum rc page_notification_settings_send(struct req *q, struct resp *r, struct error *e)
{
	struct notification_settings_send_in in;
	struct inbox_wishes wishes = { { false } };
	enum notify_kind kind;

	TRY(req_read(q, &in, e));
	for (size_t i = 0; i < in.kind.n; i++) {
		if (!notify_kind_from(in.kind.v[i], &kind))
			return ERROR_FIELD(e, "kind", REASON_NOT_A_CHOICE, 0);
		wishes.is_on[kind] = true;
	}
	TRY(inbox_set_wishes(&q->core, &wishes, e));
	resp_redirect(r, STR("/account/notifications?done=saved"));
	return RC_OK;
}
