/*
 * The session lists: a query of the page becomes one statement of the store.
 *
 * The summary (counts, filters) is remembered per account for a minute or until the
 * account's version changes; with it at hand, and no filter set, the rows come along an
 * index and the total is known already.  Otherwise the full statement brings all.
 */
#include "core/session/session.h"

#include "base/heap.h"
#include "base/num.h"
#include "core/session/change.h"
#include "core/session/session_row.h"
#include "store/session_list.h"

/* ---- the cache --------------------------------------------------------------------------- */

#define CACHE_ENTRIES 32
#define CACHE_TEXT    6000 /* bytes of option names; a viewer with more is not remembered */
#define CACHE_OPTIONS 200

/* Whose summary, and as of when. */
struct cache_key {
	enum role role;
	int64_t account_id, person_id, branch_id, version, minute; /* account 0: free */
};

struct cache_entry {
	struct cache_key key;
	int64_t used;
	struct session_summary summary;
	struct session_option options[CACHE_OPTIONS];
	char text[CACHE_TEXT];
};

struct session_cache {
	int64_t n_uses;
	struct cache_entry *entries[CACHE_ENTRIES];
};

enum rc session_cache_new(struct session_cache **ret, struct error *e)
{
	struct session_cache *cache = HEAP_NEW(struct session_cache);

	if (!cache)
		return ERROR_MEMORY(e);
	*ret = cache;
	return RC_OK;
}

void session_cache_free(struct session_cache *cache)
{
	for (size_t i = 0; cache && i < CACHE_ENTRIES; i++)
		heap_free(cache->entries[i]);
	heap_free(cache);
}

static struct cache_key key_of(const struct core *c)
{
	const struct who *w = c->who;

	return (struct cache_key){ w->role,      w->account_id, w->person_id,
				   w->branch_id, w->version,    c->now_us / (60 * US_PER_S) };
}

static bool key_eq(struct cache_key a, struct cache_key b)
{
	return a.role == b.role && a.account_id == b.account_id && a.person_id == b.person_id &&
	       a.branch_id == b.branch_id && a.version == b.version && a.minute == b.minute;
}

static const struct session_summary *cache_find(struct session_cache *cache, const struct core *c)
{
	for (size_t i = 0; cache && i < CACHE_ENTRIES; i++) {
		struct cache_entry *entry = cache->entries[i];

		if (!entry || !key_eq(entry->key, key_of(c)))
			continue;
		entry->used = ++cache->n_uses;
		return &entry->summary;
	}
	return NULL;
}

static bool cache_options(struct cache_entry *entry, size_t *at_option, size_t *at_text,
			  const struct session_option **options, size_t n)
{
	struct session_option *out = &entry->options[*at_option];

	if (n > CACHE_OPTIONS - *at_option)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct session_option option = (*options)[i];

		if (option.name.n > CACHE_TEXT - *at_text)
			return false;
		if (option.name.n)
			memcpy(entry->text + *at_text, option.name.p, option.name.n);
		option.name.p = entry->text + *at_text;
		*at_text += option.name.n;
		out[i] = option;
	}
	*at_option += n;
	*options = out;
	return true;
}

/* The entry of this account, a free one, or the one not used for longest. */
static struct cache_entry *cache_slot(struct session_cache *cache, int64_t account_id)
{
	size_t oldest = 0;

	for (size_t i = 0; i < CACHE_ENTRIES; i++) {
		if (cache->entries[i] && cache->entries[i]->key.account_id == account_id)
			return cache->entries[i];
	}
	for (size_t i = 0; i < CACHE_ENTRIES; i++) {
		if (!cache->entries[i]) {
			cache->entries[i] = HEAP_NEW(struct cache_entry);
			return cache->entries[i];
		}
		if (cache->entries[i]->used < cache->entries[oldest]->used)
			oldest = i;
	}
	return cache->entries[oldest];
}

static void cache_put(struct session_cache *cache, const struct core *c,
		      const struct session_summary *summary)
{
	struct cache_entry *entry = cache ? cache_slot(cache, c->who->account_id) : NULL;
	size_t at_option = 0, at_text = 0;

	if (!entry)
		return;
	entry->key.account_id = 0;
	entry->summary = *summary;
	if (!cache_options(entry, &at_option, &at_text, &entry->summary.courses,
			   summary->n_courses) ||
	    !cache_options(entry, &at_option, &at_text, &entry->summary.classes,
			   summary->n_classes))
		return;
	entry->key = key_of(c);
	entry->used = ++cache->n_uses;
}

/* ---- the query ---------------------------------------------------------------------------------
 */

#define UPCOMING_DEFAULT PERIOD_NEXT_14

static bool looks_ahead(enum period p)
{
	return p == PERIOD_NEXT_7 || p == PERIOD_NEXT_14 || p == PERIOD_NEXT_30;
}

static enum session_order order_of(const struct session_query *q)
{
	if (q->order != SESSION_ORDER_DEFAULT)
		return q->order;
	switch (q->sort) {
	case SESSION_SORT_TITLE:
		return SESSION_ORDER_ASC;
	case SESSION_SORT_DELAY:
	case SESSION_SORT__MAX:
		return SESSION_ORDER_DESC;
	case SESSION_SORT_DATE:
		break;
	}
	return q->tab == SESSION_TAB_UPCOMING ? SESSION_ORDER_ASC : SESSION_ORDER_DESC;
}

/* Fills in the defaults and refuses what makes no sense. */
static enum rc settle(const struct core *c, const struct session_query *in, int32_t today,
		      struct session_query *q, struct period_days *days, struct error *e)
{
	BUG((unsigned)in->tab >= SESSION_TAB__MAX || (unsigned)in->sort >= SESSION_SORT__MAX ||
	    (unsigned)in->order >= SESSION_ORDER__MAX || (unsigned)in->period >= PERIOD__MAX);
	*q = *in;
	q->search = utf8_prefix(str_trim(in->search), SESSION_SEARCH_MAX);
	if (!utf8_valid(q->search))
		return ERROR_FIELD(e, "q", REASON_NOT_TEXT, 0);
	if (q->period == PERIOD_DEFAULT)
		q->period = q->tab == SESSION_TAB_UPCOMING ? UPCOMING_DEFAULT : PERIOD_ALL;
	if (!who_is_admin(c->who))
		q->teacher_id = 0;
	q->order = order_of(in);
	if (q->page < 1)
		q->page = 1;
	if (q->page > 1000000)
		q->page = 1000000;
	if (q->page_size < 1)
		q->page_size =
			q->tab == SESSION_TAB_UPCOMING ? SESSION_PAGE_UPCOMING : SESSION_PAGE_PAST;
	if (q->page_size > SESSION_PAGE_MAX)
		q->page_size = SESSION_PAGE_MAX;
	*days = period_on(q->period, today);
	if (q->period == PERIOD_RANGE)
		*days = (struct period_days){ q->from_day, q->to_day };
	if (days->from_day != NO_DAY && days->to_day != NO_DAY && days->to_day < days->from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	/* What is still to be completed stands before everything that comes. */
	if (q->tab == SESSION_TAB_UPCOMING && looks_ahead(q->period))
		days->from_day = NO_DAY;
	return RC_OK;
}

/* %text% with ! before what LIKE would take for its own. */
static enum rc like_of(struct arena *a, struct str search, struct str *ret, struct error *e)
{
	struct buf b;

	*ret = STR("");
	if (!search.n)
		return RC_OK;
	buf_init(&b, a, search.n + 16, search.n * 2 + 16);
	buf_char(&b, '%');
	for (size_t i = 0; i < search.n; i++) {
		if (search.p[i] == '%' || search.p[i] == '_' || search.p[i] == '!')
			buf_char(&b, '!');
		buf_char(&b, search.p[i]);
	}
	buf_char(&b, '%');
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

static bool is_plain(const struct session_query *q)
{
	enum period usual = q->tab == SESSION_TAB_UPCOMING ? UPCOMING_DEFAULT : PERIOD_ALL;
	enum session_order order =
		q->tab == SESSION_TAB_UPCOMING ? SESSION_ORDER_ASC : SESSION_ORDER_DESC;

	return !q->search.n && !q->course_id && !q->class_id && !q->teacher_id &&
	       q->period == usual && q->sort == SESSION_SORT_DATE && q->order == order;
}

static int64_t start_of(const struct zone *zone, int32_t day)
{
	return zone_to_utc(zone, day, 0, NULL);
}

static enum session_list_scope scope_of(enum occurrence_seen seen)
{
	switch (seen) {
	case OCCURRENCE_SEEN_BRANCH:
		return SESSION_LIST_BRANCH;
	case OCCURRENCE_SEEN_ALL:
		return SESSION_LIST_ALL;
	case OCCURRENCE_SEEN_PERSON:
		break;
	}
	return SESSION_LIST_PERSON;
}

static enum session_list_order order_number(const struct session_query *q)
{
	static const enum session_list_order orders[SESSION_SORT__MAX] = { SESSION_LIST_DATE_ASC,
									   SESSION_LIST_TITLE_ASC,
									   SESSION_LIST_DELAY_ASC };

	return orders[q->sort] + (q->order == SESSION_ORDER_DESC);
}

static enum rc params_of(struct core *c, const struct session_query *q, struct period_days days,
			 int32_t today, const struct zone *zone, struct session_list_params *p,
			 struct error *e)
{
	struct period_days week = period_on(PERIOD_WEEK, today);
	struct period_days ahead = period_on(UPCOMING_DEFAULT, today);
	int32_t first = day_from_ymd((struct ymd){ 1000, 1, 2 });
	int32_t last = day_from_ymd((struct ymd){ 9999, 12, 30 });
	enum occurrence_seen seen;

	TRY(session_seen(c, &seen, &p->scope_id, e));
	TRY(like_of(c->arena, q->search, &p->like, e));
	p->scope = scope_of(seen);
	p->tab = (enum session_list_tab)q->tab;
	p->from_at =
		days.from_day < first ? us_from_day_tod(first, 0) : start_of(zone, days.from_day);
	p->to_at = days.to_day == NO_DAY || days.to_day > last ? us_from_day_tod(last, 0)
							       : start_of(zone, days.to_day + 1);
	p->now_at = c->now_us;
	p->course_id = q->course_id;
	p->class_id = q->class_id;
	p->teacher_id = q->teacher_id;
	p->order = order_number(q);
	p->limit = q->page_size;
	p->offset = (q->page - 1) * q->page_size;
	p->upcoming_to_at = start_of(zone, ahead.to_day + 1);
	p->today_from_at = start_of(zone, today);
	p->today_to_at = start_of(zone, today + 1);
	p->week_from_at = start_of(zone, week.from_day);
	p->week_to_at = start_of(zone, week.to_day + 1);
	return RC_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static int64_t or_zero(int64_t v)
{
	return v == COLUMN_NULL ? 0 : v;
}

static struct session_row row_of(const struct core *c, const struct session_list_row *o)
{
	struct str teacher = o->teacher_name;

	/* Lists of the own sessions do not look the name up. */
	if (!teacher.n && o->teacher_id != COLUMN_NULL && o->teacher_id == c->who->person_id)
		teacher = c->who->name;
	return (struct session_row){
		.id = o->id,
		.completion_id = o->completion_id,
		.version = o->version,
		.state = session_state_of(o->state, o->completion_state, o->starts_at, o->ends_at,
					  c->now_us),
		.title = o->title,
		.room = o->room,
		.course_id = o->course_id,
		.class_id = o->class_id,
		.course_code = o->course_code,
		.class_name = o->class_name,
		.teacher_name = teacher,
		.teacher_id = o->teacher_id,
		.day = o->session_date,
		.start_tod = o->start_time,
		.end_tod = o->end_time,
		.actual_start_tod = o->actual_start,
		.actual_end_tod = o->actual_end,
		.starts_at = o->starts_at,
		.ends_at = o->ends_at,
		.moved_from_day = o->moved_from_date,
		.n_enrolled = or_zero(o->n_members),
		.late_min = session_late_min(o->start_time, o->actual_start),
		.over_min = session_late_min(o->end_time, o->actual_end),
		.code = o->code,
		.n_notes = or_zero(o->note_count),
		.n_files = or_zero(o->file_count),
		.return_reason = o->return_reason,
		.cancel_reason = o->cancel_reason,
		.cancelled_by = o->cancelled_by_name,
		.cancelled_by_schedule = str_eq(o->cancel_cause, STR("schedule")),
		.may_complete = session_is_open(o->state, o->starts_at, c->now_us),
	};
}

/* "12 DB220" joined by 0x1F.  Entries that are not that are left out. */
static enum rc options_of(struct core *c, struct str text, const struct session_option **ret,
			  size_t *ret_n, struct error *e)
{
	struct session_option *options;
	struct str rest = text, part;
	size_t n = 1, at;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\037';
	options = ARENA_ARRAY(c->arena, n, struct session_option);
	if (!options)
		return ERROR_MEMORY(e);
	n = 0;
	while (text.n && str_split(&rest, '\037', &part)) {
		at = str_find_char(part, ' ');
		if (at == SIZE_MAX || !num_i64(str_sub(part, 0, at), 1, INT64_MAX, &options[n].id))
			continue;
		options[n++].name = str_from_pos(part, at + 1);
	}
	*ret = options;
	*ret_n = n;
	return RC_OK;
}

static enum rc summary_of(struct core *c, const struct session_full_row *r,
			  struct session_summary *ret, struct error *e)
{
	*ret = (struct session_summary){
		.n_tab = { or_zero(r->n_upcoming), or_zero(r->n_completed), or_zero(r->n_history) },
		.n_today = or_zero(r->n_today),
		.n_to_complete = or_zero(r->n_to_complete),
		.n_week = or_zero(r->n_week),
		.week_minutes = or_zero(r->week_s) / 60,
		.is_class_staff = or_zero(r->n_staff_classes) > 0,
	};
	TRY(options_of(c, r->courses, &ret->courses, &ret->n_courses, e));
	return options_of(c, r->classes, &ret->classes, &ret->n_classes, e);
}

static enum rc run_plain(struct core *c, const struct session_list_params *p,
			 struct session_list *list, struct error *e)
{
	const struct session_list_row *stored;
	struct session_row *rows;

	TRY(session_list_plain(c->db, p, c->arena, &stored, &list->n_rows, e));
	rows = ARENA_ARRAY(c->arena, list->n_rows, struct session_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_rows; i++)
		rows[i] = row_of(c, &stored[i]);
	list->rows = rows;
	list->total = list->summary.n_tab[p->tab];
	return RC_OK;
}

static enum rc run_full(struct core *c, const struct session_list_params *p, bool with_summary,
			struct session_list *list, struct error *e)
{
	const struct session_full_row *stored;
	struct session_row *rows;
	size_t n;

	TRY(session_list_full(c->db, p, with_summary, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct session_row);
	if (!rows)
		return ERROR_MEMORY(e);
	BUG(n == 0);
	/* Row 1 comes for its total even when it is not of this page. */
	for (size_t i = 0; i < n; i++)
		if (stored[i].rn != COLUMN_NULL && stored[i].rn > p->offset)
			rows[list->n_rows++] = row_of(c, &stored[i].base);
	list->rows = rows;
	list->total = or_zero(stored[0].total);
	if (with_summary)
		TRY(summary_of(c, &stored[0], &list->summary, e));
	return RC_OK;
}

/* The months that the page shows, whole. */
static enum rc add_months(struct core *c, const struct zone *zone, struct session_list_params *p,
			  struct session_list *list, struct error *e)
{
	const struct session_month_row *stored;
	struct session_month *months;
	int32_t first = INT32_MAX, last = INT32_MIN;
	struct ymd d;

	for (size_t i = 0; i < list->n_rows; i++) {
		first = list->rows[i].day < first ? list->rows[i].day : first;
		last = list->rows[i].day > last ? list->rows[i].day : last;
	}
	if (!list->n_rows)
		return RC_OK;
	d = day_to_ymd(first);
	first -= d.day - 1;
	d = day_to_ymd(last);
	last += days_in_month(d.year, d.month) - d.day;
	if (p->from_at < start_of(zone, first))
		p->from_at = start_of(zone, first);
	if (p->to_at > start_of(zone, last + 1))
		p->to_at = start_of(zone, last + 1);
	TRY(session_list_months(c->db, p, c->arena, &stored, &list->n_months, e));
	months = ARENA_ARRAY(c->arena, list->n_months, struct session_month);
	if (!months)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_months; i++)
		months[i] = (struct session_month){ stored[i].year, stored[i].month, stored[i].n,
						    stored[i].n_completed, stored[i].n_cancelled };
	list->months = months;
	return RC_OK;
}

enum rc session_list(struct core *c, const struct session_query *q, struct session_cache *cache,
		     struct session_list *ret, struct error *e)
{
	struct session_list list = { 0 };
	struct session_list_params p = { 0 };
	const struct session_summary *known;
	const struct zone *zone;
	enum occurrence_seen seen;
	int64_t seen_id;
	int32_t tod;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	zone_from_utc(zone, c->now_us, &list.today, &tod);
	TRY(settle(c, q, list.today, &list.query, &list.days, e));
	TRY(params_of(c, &list.query, list.days, list.today, zone, &p, e));
	list.page = list.query.page;
	list.page_size = list.query.page_size;
	known = cache_find(cache, c);
	if (known)
		list.summary = *known;
	if (known && is_plain(&list.query) &&
	    (p.scope != SESSION_LIST_PERSON || !known->is_class_staff)) {
		struct session_list_params plain = p;

		if (p.scope == SESSION_LIST_PERSON)
			plain.scope = SESSION_LIST_OWN;
		TRY(run_plain(c, &plain, &list, e));
	} else {
		TRY(run_full(c, &p, !known, &list, e));
	}
	if (!known)
		cache_put(cache, c, &list.summary);
	if (list.query.tab == SESSION_TAB_HISTORY)
		TRY(add_months(c, zone, &p, &list, e));
	*ret = list;
	return RC_OK;
}
