/*
 * Rows, tabs, choices and addresses of the completions' page.  All in the arena.
 */
#include "pages/oversight_view.h"

#include "base/num.h"
#include "codec/url.h"
#include "core/wall.h"
#include "pages/choose.h"

#define ADDRESS_MAX 2048

/* ---- words in addresses ------------------------------------------------------------- */

static const struct {
	const char *word;
	struct catalogue_key name;
} states[OVERSIGHT__STATES] = {
	[OVERSIGHT_MISSING] = { "missing", NC_("list", "Missing") },
	[OVERSIGHT_TO_CHECK] = { "check", NC_("list", "To check") },
	[OVERSIGHT_CHECKED] = { "checked", NC_("list", "Signed off") },
	[OVERSIGHT_RETURNED] = { "returned", NC_("list", "Returned") },
	[OVERSIGHT_ANY] = { "all", NC_("list", "All") },
};

bool oversight_state_from(struct str name, enum oversight_state *ret)
{
	for (enum oversight_state s = 0; s < OVERSIGHT__STATES; s++) {
		if (!str_eq(name, str_from(states[s].word)))
			continue;
		*ret = s;
		return true;
	}
	return false;
}

static bool pair_from(struct str text, char between, int64_t *ret_a, int64_t *ret_b)
{
	size_t at = str_find_char(text, between);

	return at != SIZE_MAX && num_i64(str_sub(text, 0, at), INT64_MIN, INT64_MAX, ret_a) &&
	       num_i64(str_from_pos(text, at + 1), 1, INT64_MAX, ret_b);
}

bool oversight_place_from(struct str text, struct oversight_place *ret)
{
	struct oversight_place place;
	int64_t first = us_from_day_tod(day_from_ymd((struct ymd){ 1000, 1, 2 }), 0);
	int64_t last = us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 30 }), 0);

	if (!pair_from(text, '.', &place.at, &place.id) || place.at < first || place.at > last)
		return false;
	*ret = place;
	return true;
}

bool oversight_pick_from(struct str text, struct oversight_pick *ret)
{
	struct oversight_pick pick;

	if (!pair_from(text, ':', &pick.id, &pick.version) || pick.id < 1)
		return false;
	*ret = pick;
	return true;
}

struct str oversight_picks_text(struct arena *a, const struct oversight_pick *picks, size_t n)
{
	struct buf b;

	buf_init(&b, a, 16 * n + 16, 48 * n + 64);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld:%lld", i ? " " : "", (long long)picks[i].id,
			   (long long)picks[i].version);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static bool has_period(const struct oversight_query *q)
{
	return q->period != PERIOD_DEFAULT && q->period != PERIOD_ALL && q->period != PERIOD_RANGE;
}

struct str oversight_address(struct arena *a, const struct oversight_query *q,
			     struct oversight_place place, bool backwards)
{
	const struct {
		const char *name;
		int64_t id;
	} ids[] = { { "branch", q->branch_id },
		    { "teacher", q->teacher_id },
		    { "course", q->course_id },
		    { "group", q->class_id },
		    { "late", q->late_min } };
	struct buf b;

	buf_init(&b, a, 128, ADDRESS_MAX);
	buf_printf(&b, "/admin/completions?tab=%s", states[q->state].word);
	if (q->search.n) {
		BUF_LIT(&b, "&q=");
		url_query(&b, q->search);
	}
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (ids[i].id)
			buf_printf(&b, "&%s=%lld", ids[i].name, (long long)ids[i].id);
	if (has_period(q))
		buf_printf(&b, "&period=%s", period_name(q->period));
	if (q->oldest_first)
		BUF_LIT(&b, "&order=asc");
	if (place.id)
		buf_printf(&b, "&past=%lld.%lld%s", (long long)place.at, (long long)place.id,
			   backwards ? "&back=1" : "");
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

/* ---- tabs and filters --------------------------------------------------------------------- */

struct view_bounded oversight_bounded(int64_t n)
{
	bool is_more = n > OVERSIGHT_COUNT_MAX;

	return (struct view_bounded){ is_more ? OVERSIGHT_COUNT_MAX : n, is_more };
}

static void fill_tabs(struct page *p, struct view_oversight *v)
{
	const struct oversight_query *q = &v->list->query;
	const struct oversight_counts *n = &v->list->counts;
	const int64_t counts[OVERSIGHT__STATES] = { [OVERSIGHT_MISSING] = n->n_missing,
						    [OVERSIGHT_TO_CHECK] = n->n_to_check,
						    [OVERSIGHT_CHECKED] = COLUMN_NULL,
						    [OVERSIGHT_RETURNED] = n->n_returned,
						    [OVERSIGHT_ANY] = COLUMN_NULL };

	for (enum oversight_state s = 0; s < OVERSIGHT__STATES; s++) {
		struct oversight_query other = *q;

		other.state = s;
		v->tabs[s] = (struct view_oversight_tab){
			.name = catalogue_text_ctx(p->lang, states[s].name),
			.href = oversight_address(p->arena, &other, (struct oversight_place){ 0 },
						  false),
			.is_current = s == q->state,
			.has_count = counts[s] != COLUMN_NULL,
		};
		if (v->tabs[s].has_count)
			v->tabs[s].count = oversight_bounded(counts[s]);
	}
	v->n_tabs = OVERSIGHT__STATES;
	v->tab_name = str_from(states[q->state].word);
}

static enum rc fill_choices(struct page *p, struct view_oversight *v, struct error *e)
{
	static const struct {
		enum period period;
		const char *name;
	} periods[] = {
		{ PERIOD_ALL, N_("Any time") },         { PERIOD_TODAY, N_("Today") },
		{ PERIOD_WEEK, N_("This week") },       { PERIOD_LAST_7, N_("Last 7 days") },
		{ PERIOD_LAST_30, N_("Last 30 days") }, { PERIOD_MONTH, N_("This month") },
		{ PERIOD_TERM, N_("This term") },
	};
	static const struct {
		const char *word, *name;
		int64_t min;
	} lates[] = { { "", N_("Any delay"), 0 },
		      { "5", N_("5 min late or more"), 5 },
		      { "15", N_("15 min late or more"), 15 } };
	const struct oversight_query *q = &v->list->query;
	struct view_choice *period = ARENA_ARRAY(p->arena, ARRAY_LEN(periods), struct view_choice);
	struct view_choice *late = ARENA_ARRAY(p->arena, ARRAY_LEN(lates), struct view_choice);
	enum period used = has_period(q) ? q->period : PERIOD_ALL;

	if (!period || !late)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(periods); i++)
		period[i] = (struct view_choice){ str_from(period_name(periods[i].period)),
						  page_text(p, periods[i].name),
						  periods[i].period == used };
	for (size_t i = 0; i < ARRAY_LEN(lates); i++)
		late[i] =
			(struct view_choice){ str_from(lates[i].word), page_text(p, lates[i].name),
					      lates[i].min == q->late_min };
	v->periods = period;
	v->n_periods = ARRAY_LEN(periods);
	v->lates = late;
	v->n_lates = ARRAY_LEN(lates);
	return RC_OK;
}

enum rc oversight_view_options(struct page *p, struct view_oversight *v, struct error *e)
{
	const struct oversight_query *q = &v->list->query;
	const struct {
		enum org_kind kind;
		int64_t chosen;
		struct view_options *out;
	} kinds[] = { { ORG_TEACHER, q->teacher_id, &v->teachers },
		      { ORG_COURSE, q->course_id, &v->courses },
		      { ORG_CLASS, q->class_id, &v->groups } };

	TRY(page_choose_branch(p, q->branch_id, &v->branches, e));
	v->shows_branch = v->branches.n_rows > 0 && !q->branch_id;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		TRY(page_choose(p,
				&(struct org_query){ .kind = kinds[i].kind,
						     .branch_id = q->branch_id,
						     .with_id = kinds[i].chosen },
				kinds[i].out, e));
	return RC_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool is_picked(const struct oversight_item *item, const struct oversight_pick *picks,
		      size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (picks[i].id == item->row.id)
			return true;
	return false;
}

static enum rc fill_rows(struct page *p, const struct oversight_pick *picked, size_t n_picked,
			 struct view_oversight *v, struct error *e)
{
	const struct oversight_list *list = v->list;
	struct view_oversight_row *rows =
		ARENA_ARRAY(p->arena, list->n_items, struct view_oversight_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_items; i++) {
		const struct oversight_item *item = &list->items[i];

		rows[i].i = item;
		rows[i].s = session_row_view(&item->row, true);
		rows[i].over = delay_of(item->row.over_min, &rows[i].over_min);
		rows[i].pick = oversight_picks_text(
			p->arena, &(struct oversight_pick){ item->row.id, item->row.version }, 1);
		rows[i].is_picked = is_picked(item, picked, n_picked);
		rows[i].checked_day = core_wall(p->core, item->zone, item->checked_at).day;
		if (!rows[i].pick.p)
			return ERROR_MEMORY(e);
		v->can_check |= item->may_return;
		v->can_remind |= item->may_remind;
	}
	v->can_pick = v->can_check || v->can_remind;
	v->rows = rows;
	v->n_rows = list->n_items;
	return RC_OK;
}

enum rc oversight_view_fill(struct page *p, const struct oversight_list *list,
			    const struct oversight_pick *picked, size_t n_picked,
			    struct view_oversight *ret, struct error *e)
{
	const struct oversight_place start = { 0 };
	const struct oversight_query *q = &list->query;
	struct oversight_query other = *q;
	int year;

	ret->list = list;
	ret->today = (struct view_today){ list->today, day_iso_week(list->today, &year) };
	ret->window = OVERSIGHT_WINDOW;
	ret->reason_error.id = "b-reason-e";
	ret->is_filtered = q->search.n || q->branch_id || q->teacher_id || q->course_id ||
			   q->class_id || q->late_min || has_period(q);
	ret->clear = oversight_address(p->arena, &(struct oversight_query){ .state = q->state },
				       start, false);
	ret->self = oversight_address(p->arena, q, q->past, q->backwards);
	other.oldest_first = !q->oldest_first;
	ret->by_date = oversight_address(p->arena, &other, start, false);
	if (q->oldest_first)
		ret->order_name = STR("asc");
	if (list->has_next)
		ret->next = oversight_address(p->arena, q, list->next, false);
	if (list->has_prev)
		ret->prev = oversight_address(p->arena, q, list->prev, true);
	if (!ret->clear.p || !ret->self.p || !ret->by_date.p)
		return ERROR_MEMORY(e);
	fill_tabs(p, ret);
	TRY(fill_choices(p, ret, e));
	return fill_rows(p, picked, n_picked, ret, e);
}

enum rc oversight_view_report(struct page *p, enum oversight_act act,
			      const struct oversight_report *report,
			      struct view_oversight_report *ret, struct error *e)
{
	struct view_refusal *refused =
		ARENA_ARRAY(p->arena, report->n_refused, struct view_refusal);

	if (!refused)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < report->n_refused; i++) {
		const struct oversight_refusal *f = &report->refused[i];

		refused[i] = (struct view_refusal){
			f->id, f->title, reason_sentence(p->arena, p->lang, f->reason, 0), f->day
		};
	}
	*ret = (struct view_oversight_report){ .act = act,
					       .n = (int64_t)report->n_done,
					       .refused = refused,
					       .n_refused = report->n_refused };
	if (act == OVERSIGHT_CHECK && report->n_done)
		ret->undo = oversight_picks_text(p->arena, report->done, report->n_done);
	return RC_OK;
}
