/*
 * From the rows of a session list to what its page shows: groups by day and by
 * month, choices of the filters, addresses of the pages.  All in the arena.
 */
#include "pages/sessions_view.h"

#include "codec/url.h"
#include "core/wall.h"
#include "view/text.h"

#define ADDRESS_MAX 2048

/* ---- words in addresses ------------------------------------------------------------- */

static const char *const tab_names[SESSION_TAB__MAX] = {
	[SESSION_TAB_UPCOMING] = "upcoming",
	[SESSION_TAB_COMPLETED] = "completed",
	[SESSION_TAB_HISTORY] = "history",
};

struct str sessions_tab_name(enum session_tab tab)
{
	return str_from(tab_names[tab]);
}

bool sessions_tab_from(struct str name, enum session_tab *ret)
{
	for (enum session_tab t = 0; t < SESSION_TAB__MAX; t++) {
		if (str_eq(name, str_from(tab_names[t]))) {
			*ret = t;
			return true;
		}
	}
	return false;
}

static const char *const sort_names[SESSION_SORT__MAX] = {
	[SESSION_SORT_DATE] = "date",
	[SESSION_SORT_TITLE] = "title",
	[SESSION_SORT_DELAY] = "delay",
};

struct str sessions_sort_name(enum session_sort sort)
{
	return str_from(sort_names[sort]);
}

bool sessions_sort_from(struct str name, enum session_sort *ret)
{
	for (enum session_sort s = 0; s < SESSION_SORT__MAX; s++) {
		if (str_eq(name, str_from(sort_names[s]))) {
			*ret = s;
			return true;
		}
	}
	return false;
}

/* ---- addresses ------------------------------------------------------------------------ */

static enum period default_period(enum session_tab tab)
{
	return tab == SESSION_TAB_UPCOMING ? PERIOD_NEXT_14 : PERIOD_ALL;
}

static bool is_default_period(const struct session_query *q)
{
	return q->period == PERIOD_DEFAULT || q->period == default_period(q->tab);
}

static enum session_order default_order(const struct session_query *q)
{
	if (q->sort == SESSION_SORT_TITLE)
		return SESSION_ORDER_ASC;
	if (q->sort == SESSION_SORT_DATE && q->tab == SESSION_TAB_UPCOMING)
		return SESSION_ORDER_ASC;
	return SESSION_ORDER_DESC;
}

static enum session_order order_used(const struct session_query *q)
{
	return q->order == SESSION_ORDER_DEFAULT ? default_order(q) : q->order;
}

static struct str order_name(enum session_order order)
{
	return order == SESSION_ORDER_ASC ? STR("asc") : STR("desc");
}

/* The page of the lists that q describes; only what differs from the default is named. */
static struct str address(struct arena *a, const struct session_query *q, int64_t page)
{
	struct buf b;

	buf_init(&b, a, 128, ADDRESS_MAX);
	buf_printf(&b, "/sessions?tab=%s", tab_names[q->tab]);
	if (q->search.n > 0) {
		BUF_LIT(&b, "&q=");
		url_query(&b, q->search);
	}
	if (q->course_id > 0)
		buf_printf(&b, "&course=%lld", (long long)q->course_id);
	if (q->class_id > 0)
		buf_printf(&b, "&group=%lld", (long long)q->class_id);
	if (!is_default_period(q))
		buf_printf(&b, "&period=%s", period_name(q->period));
	if (q->sort != SESSION_SORT_DATE)
		buf_printf(&b, "&sort=%s", sort_names[q->sort]);
	if (order_used(q) != default_order(q))
		buf_printf(&b, "&order=%.*s", STR_ARG(order_name(order_used(q))));
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static void fill_pager(struct page *p, struct view_sessions *v)
{
	const struct session_list *list = v->list;
	int64_t before = (list->page - 1) * list->page_size;

	v->from = list->n_rows > 0 ? before + 1 : 0;
	v->to = before + (int64_t)list->n_rows;
	if (list->page > 1)
		v->prev = address(p->arena, &list->query, list->page - 1);
	if (v->to < list->total)
		v->next = address(p->arena, &list->query, list->page + 1);
}

/* ---- filters ------------------------------------------------------------------------------ */

static enum rc fill_options(struct page *p, const struct session_option *from, size_t n,
			    int64_t chosen, const struct view_option **ret, struct error *e)
{
	struct view_option *out = ARENA_ARRAY(p->arena, n, struct view_option);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct view_option){ from[i].id, from[i].name, from[i].id == chosen };
	*ret = out;
	return RC_OK;
}

static const struct {
	enum period period;
	const char *name;
	bool is_ahead, is_past; /* for Upcoming, for the others */
} periods[] = {
	{ PERIOD_TODAY, N_("Today"), true, true },
	{ PERIOD_WEEK, N_("This week"), true, true },
	{ PERIOD_NEXT_7, N_("Next 7 days"), true, false },
	{ PERIOD_NEXT_14, N_("Next 14 days"), true, false },
	{ PERIOD_NEXT_30, N_("Next 30 days"), true, false },
	{ PERIOD_LAST_7, N_("Last 7 days"), false, true },
	{ PERIOD_LAST_30, N_("Last 30 days"), false, true },
	{ PERIOD_MONTH, N_("This month"), false, true },
	{ PERIOD_TERM, N_("This term"), true, true },
	{ PERIOD_ALL, N_("Any time"), true, true },
};

static enum rc fill_periods(struct page *p, struct view_sessions *v, struct error *e)
{
	const struct session_query *q = &v->list->query;
	enum period used = q->period == PERIOD_DEFAULT ? default_period(q->tab) : q->period;
	struct view_choice *out = ARENA_ARRAY(p->arena, ARRAY_LEN(periods), struct view_choice);
	size_t n = 0;

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(periods); i++) {
		bool is_ahead = q->tab == SESSION_TAB_UPCOMING;

		if (is_ahead ? !periods[i].is_ahead : !periods[i].is_past)
			continue;
		out[n++] = (struct view_choice){ str_from(period_name(periods[i].period)),
						 page_text(p, periods[i].name),
						 periods[i].period == used };
	}
	v->periods = out;
	v->n_periods = n;
	return RC_OK;
}

enum rc sessions_view_periods(struct page *p, const struct session_list *list,
			      struct view_sessions *ret, struct error *e)
{
	ret->list = list;
	return fill_periods(p, ret, e);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool is_sortable, is_number;
	enum session_sort sort;
} columns[] = {
	{ N_("Date"), true, false, SESSION_SORT_DATE },
	{ N_("Session"), true, false, SESSION_SORT_TITLE },
	{ N_("Completion code"), false, false, 0 },
	{ N_("Scheduled, actual"), false, false, 0 },
	{ N_("Start"), true, false, SESSION_SORT_DELAY },
	{ N_("Notes"), false, true, 0 },
	{ N_("Files"), false, true, 0 },
};

static enum rc fill_columns(struct page *p, struct view_sessions *v, struct error *e)
{
	const struct session_query *q = &v->list->query;
	struct view_column *out = ARENA_ARRAY(p->arena, ARRAY_LEN(columns), struct view_column);
	bool is_ascending = order_used(q) == SESSION_ORDER_ASC;

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct session_query by = *q;

		out[i].name = page_text(p, columns[i].name);
		out[i].is_number = columns[i].is_number;
		if (!columns[i].is_sortable)
			continue;
		out[i].is_sorted = q->sort == columns[i].sort;
		out[i].order = is_ascending ? STR("ascending") : STR("descending");
		by.sort = columns[i].sort;
		by.order = SESSION_ORDER_DEFAULT;
		if (out[i].is_sorted)
			by.order = is_ascending ? SESSION_ORDER_DESC : SESSION_ORDER_ASC;
		out[i].href = address(p->arena, &by, 1);
	}
	v->columns = out;
	v->n_columns = ARRAY_LEN(columns);
	v->caption = page_text(p, N_("Completed sessions"));
	return RC_OK;
}

/* ---- rows and groups ----------------------------------------------------------------------------
 */

/* Whoever sees a session that runs, or is about to, may open its attendance (core/rights.h). */
static void put_attendance(const struct page *p, const struct attendance_brief *b,
			   const struct session_row *s, struct view_session_row *row)
{
	if (b->id == COLUMN_NULL) {
		row->may_attend = (s->state == SESSION_LIVE || s->state == SESSION_PLANNED) &&
				  p->core->now_us >= attendance_opens_from(b, s->starts_at);
		return;
	}
	row->attendance = b;
	if (str_eq(b->state, STR("closed")))
		row->n_here = b->n_present + b->n_late;
}

static enum rc fill_attendance(struct page *p, const struct session_list *list,
			       struct view_session_row *rows, struct error *e)
{
	const struct attendance_brief *briefs;
	int64_t *ids = ARENA_ARRAY(p->arena, list->n_rows, int64_t);
	size_t n;

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_rows; i++)
		ids[i] = list->rows[i].id;
	TRY(attendance_briefs(p->core, ids, list->n_rows, &briefs, &n, e));
	for (size_t i = 0; i < list->n_rows; i++)
		for (size_t k = 0; k < n; k++)
			if (briefs[k].occurrence_id == list->rows[i].id)
				put_attendance(p, &briefs[k], &list->rows[i], &rows[i]);
	return RC_OK;
}

static enum rc fill_rows(struct page *p, struct view_sessions *v, struct error *e)
{
	const struct session_list *list = v->list;
	bool shows_teacher = v->sees_all || list->summary.is_class_staff;
	struct view_session_row *rows =
		ARENA_ARRAY(p->arena, list->n_rows, struct view_session_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_rows; i++)
		rows[i] = session_row_view(&list->rows[i], shows_teacher);
	if (list->query.tab != SESSION_TAB_COMPLETED)
		TRY(fill_attendance(p, list, rows, e));
	v->rows = rows;
	v->n_rows = list->n_rows;
	return RC_OK;
}

static enum rc fill_days(struct page *p, struct view_sessions *v, struct error *e)
{
	struct view_session_day *days = ARENA_ARRAY(p->arena, v->n_rows, struct view_session_day);
	int32_t today = v->list->today;
	size_t n = 0;

	if (!days)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v->n_rows; i++) {
		int32_t day = v->rows[i].s->day;

		if (n == 0 || days[n - 1].day != day)
			days[n++] = (struct view_session_day){ day, day == today, day == today + 1,
							       &v->rows[i], 0 };
		days[n - 1].n_rows++;
	}
	v->days = days;
	v->n_days = n;
	return RC_OK;
}

static const struct session_month *month_counts(const struct session_list *list, struct ymd d)
{
	for (size_t i = 0; i < list->n_months; i++) {
		if (list->months[i].year == d.year && list->months[i].month == d.month)
			return &list->months[i];
	}
	return NULL;
}

static enum rc fill_months(struct page *p, struct view_sessions *v, struct error *e)
{
	struct view_session_month *months =
		ARENA_ARRAY(p->arena, v->n_rows, struct view_session_month);
	size_t n = 0;

	if (!months)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v->n_rows; i++) {
		struct ymd d = day_to_ymd(v->rows[i].s->day);
		int32_t first = day_from_ymd((struct ymd){ d.year, d.month, 1 });
		const struct session_month *counts;

		if (n == 0 || months[n - 1].day != first) {
			counts = month_counts(v->list, d);
			months[n] =
				(struct view_session_month){ .day = first, .rows = &v->rows[i] };
			if (counts) {
				months[n].n = counts->n;
				months[n].n_completed = counts->n_completed;
				months[n].n_cancelled = counts->n_cancelled;
			}
			n++;
		}
		months[n - 1].n_rows++;
	}
	v->months = months;
	v->n_months = n;
	return RC_OK;
}

enum rc sessions_view_fill(struct page *p, const struct session_list *list,
			   struct view_sessions *ret, struct error *e)
{
	const struct session_query *q = &list->query;
	int year;

	ret->list = list;
	ret->today = (struct view_today){ list->today, day_iso_week(list->today, &year) };
	ret->sees_all = who_is_admin(p->core->who);
	ret->n_upcoming = list->summary.n_tab[SESSION_TAB_UPCOMING];
	ret->n_completed = list->summary.n_tab[SESSION_TAB_COMPLETED];
	ret->n_history = list->summary.n_tab[SESSION_TAB_HISTORY];
	ret->tab_name = sessions_tab_name(q->tab);
	if (q->sort != SESSION_SORT_DATE)
		ret->sort_name = sessions_sort_name(q->sort);
	if (order_used(q) != default_order(q))
		ret->order_name = order_name(order_used(q));
	ret->is_filtered = q->search.n > 0 || q->course_id > 0 || q->class_id > 0 ||
			   q->teacher_id > 0 || !is_default_period(q) || list->page > 1;
	ret->clear = address(p->arena, &(struct session_query){ .tab = q->tab }, 1);
	fill_pager(p, ret);
	TRY(fill_options(p, list->summary.courses, list->summary.n_courses, q->course_id,
			 &ret->courses, e));
	TRY(fill_options(p, list->summary.classes, list->summary.n_classes, q->class_id,
			 &ret->groups, e));
	ret->n_courses = list->summary.n_courses;
	ret->n_groups = list->summary.n_classes;
	TRY(fill_periods(p, ret, e));
	TRY(fill_rows(p, ret, e));
	if (q->tab == SESSION_TAB_UPCOMING)
		return fill_days(p, ret, e);
	if (q->tab == SESSION_TAB_HISTORY)
		return fill_months(p, ret, e);
	return fill_columns(p, ret, e);
}

/* ---- the day strip
 * ---------------------------------------------------------------------------------- */

struct day_items {
	struct strip_item v[STRIP_BLOCKS_MAX];
	size_t n;
};

static enum strip_kind strip_kind_of(enum session_state state)
{
	if (state == SESSION_LIVE)
		return STRIP_NOW;
	return state == SESSION_PLANNED ? STRIP_PLANNED : STRIP_OVER;
}

/* Keeps the items in the order of their start. */
static void add_item(struct day_items *items, struct strip_item item)
{
	size_t at = items->n;

	if (items->n == STRIP_BLOCKS_MAX)
		return;
	while (at > 0 && items->v[at - 1].start_tod > item.start_tod) {
		items->v[at] = items->v[at - 1];
		at--;
	}
	items->v[at] = item;
	items->n++;
}

static enum rc add_tab(struct page *p, struct session_cache *cache, enum session_tab tab,
		       int32_t today, struct day_items *items, struct error *e)
{
	struct session_query q = { .tab = tab,
				   .period = PERIOD_TODAY,
				   .page_size = STRIP_BLOCKS_MAX };
	struct session_list list;

	TRY(session_list(p->core, &q, cache, &list, e));
	for (size_t i = 0; i < list.n_rows; i++) {
		const struct session_row *s = &list.rows[i];

		if (s->day == today && s->state != SESSION_CANCELLED)
			add_item(items, (struct strip_item){ s->title, s->start_tod, s->end_tod,
							     strip_kind_of(s->state) });
	}
	return RC_OK;
}

enum rc sessions_view_strip(struct page *p, struct session_cache *cache, int32_t today,
			    struct view_sessions *ret, struct error *e)
{
	struct day_items items = { .n = 0 };

	TRY(add_tab(p, cache, SESSION_TAB_UPCOMING, today, &items, e));
	TRY(add_tab(p, cache, SESSION_TAB_COMPLETED, today, &items, e));
	ret->has_strip = items.n > 0;
	if (ret->has_strip)
		strip_draw(&ret->strip, p->arena, items.v, items.n,
			   core_wall(p->core, (struct str){ 0 }, p->core->now_us).tod,
			   page_text(p, N_("Your day, drawn to scale:")), p->is_rtl);
	return RC_OK;
}
