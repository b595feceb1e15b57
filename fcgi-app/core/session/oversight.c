/*
 * Lists, figures and acts of oversight; see oversight.h.
 */
#include "core/session/oversight.h"

#include "core/people/org.h"
#include "core/session/change.h"
#include "core/session/code.h"
#include "core/session/completion.h"
#include "core/session/oversight_cache.h"
#include "core/session/session_row.h"

/* The branch to look at: the viewer's, or the one asked for; 0: all. */
static enum rc scope_of(const struct core *c, int64_t branch_id, int64_t *ret, struct error *e)
{
	if (rights_scope(c->who->role, ACTION_SESSION_CHECK) == SCOPE_NONE)
		return ERROR(e, c->who->role == ROLE_NONE ? RC_NOT_SIGNED_IN : RC_DENIED,
			     c->who->role == ROLE_NONE ? REASON_SIGN_IN : REASON_ADMIN_ONLY,
			     "account %lld oversees nothing", (long long)c->who->account_id);
	return org_scope_of(c, branch_id, ret, e);
}

static int64_t or_zero(int64_t v)
{
	return v == COLUMN_NULL ? 0 : v;
}

static int64_t start_of(const struct zone *zone, int32_t day)
{
	return zone_to_utc(zone, day, 0, NULL);
}

/* ---- lists ------------------------------------------------------------------------------ */

static struct oversight_item item_of(const struct core *c, const struct oversight_row *o)
{
	struct oversight_item item = {
		.row = { .id = o->id,
			 .version = o->version,
			 .title = o->title,
			 .course_code = o->course_code,
			 .class_name = o->class_name,
			 .teacher_id = o->teacher_id,
			 .teacher_name = o->teacher_name,
			 .day = o->session_date,
			 .start_tod = o->start_time,
			 .end_tod = o->end_time,
			 .actual_start_tod = o->actual_start,
			 .actual_end_tod = o->actual_end,
			 .starts_at = o->starts_at,
			 .ends_at = o->ends_at,
			 .moved_from_day = NO_DAY,
			 .late_min = session_late_min(o->start_time, o->actual_start),
			 .over_min = session_late_min(o->end_time, o->actual_end),
			 .code = o->code,
			 .n_notes = or_zero(o->note_count),
			 .n_files = or_zero(o->file_count) },
		.branch_name = o->branch_name,
		.zone = o->zone,
		.code_generated = o->code_generated == 1,
		.checked_by = o->checked_by_name,
		.return_reason = o->return_reason,
		.checked_at = o->checked_at,
	};

	item.row.state = session_state_of(o->state, o->completion_state, o->starts_at, o->ends_at,
					  c->now_us);
	item.may_check = item.row.state == SESSION_COMPLETED;
	item.may_uncheck = item.row.state == SESSION_CHECKED;
	item.may_return = item.may_check || item.may_uncheck;
	item.may_remind =
		(item.row.state == SESSION_TO_COMPLETE || item.row.state == SESSION_RETURNED) &&
		item.row.teacher_id != COLUMN_NULL;
	return item;
}

/* Fills in the defaults and refuses what makes no sense. */
static enum rc settle(struct core *c, const struct oversight_query *in, int32_t today,
		      const struct zone *zone, struct oversight_query *q,
		      struct oversight_params *p, struct error *e)
{
	struct period_days days = period_on(in->period, today);
	int32_t first = day_from_ymd((struct ymd){ 1000, 1, 2 });
	int32_t last = day_from_ymd((struct ymd){ 9999, 12, 29 });
	int n_filters;

	BUG((unsigned)in->state >= OVERSIGHT__STATES || (unsigned)in->period >= PERIOD__MAX);
	*q = *in;
	if (q->period == PERIOD_RANGE)
		days = (struct period_days){ q->from_day, q->to_day };
	if (days.from_day != NO_DAY && days.to_day != NO_DAY && days.to_day < days.from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	TRY(scope_of(c, in->branch_id, &p->branch_id, e));
	TRY(org_like(c->arena, in->search, &p->like, e));
	p->state = q->state;
	p->teacher_id = q->teacher_id;
	p->course_id = q->course_id;
	p->class_id = q->class_id;
	p->from_at =
		days.from_day < first ? us_from_day_tod(first, 0) : start_of(zone, days.from_day);
	p->to_at = days.to_day == NO_DAY || days.to_day > last ? us_from_day_tod(last, 0)
							       : start_of(zone, days.to_day + 1);
	p->now_at = c->now_us;
	p->ascending = q->oldest_first != q->backwards;
	p->past_at = q->past.at;
	p->past_id = q->past.id;
	p->late_min = q->late_min;
	p->limit = OVERSIGHT_PAGE + 1;
	n_filters = !!p->branch_id + !!p->teacher_id + !!p->course_id + !!p->class_id;
	p->window = p->like.n || p->late_min || n_filters > 1 ? OVERSIGHT_WINDOW : p->limit;
	return RC_OK;
}

/* A search that is the code of a session the viewer oversees shows that session. */
static enum rc find_code(struct core *c, int64_t branch_id, struct oversight_list *list,
			 struct oversight_item *ret, struct error *e)
{
	struct oversight_row row;
	struct error mine;
	struct str key = code_key(c->arena, list->query.search);
	int64_t id;
	enum rc rc;

	if (!key.p)
		return ERROR_MEMORY(e);
	list->found = OVERSIGHT_FOUND_LIST;
	if (!key.n)
		return RC_OK;
	if (code_check(key) == CODE_WRONG)
		list->found = OVERSIGHT_FOUND_MISTYPED;
	else if (code_check(key) == CODE_RIGHT)
		list->found = OVERSIGHT_FOUND_NO_CODE;
	error_init(&mine);
	rc = completion_of_key(c->db, key, c->arena, &id, &mine);
	if (rc == RC_OK)
		rc = oversight_get(c->db, id, c->arena, &row, &mine);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && branch_id && row.branch_id != branch_id))
		return RC_OK;
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	list->found = OVERSIGHT_FOUND_CODE;
	*ret = item_of(c, &row);
	return RC_OK;
}

static struct oversight_place place_of(const struct oversight_item *item)
{
	return (struct oversight_place){ item->row.starts_at, item->row.id };
}

/* `has_more` in the direction that was read. */
static void set_places(struct oversight_list *list, bool has_more, struct oversight_place edge)
{
	bool has_past = list->query.past.id != 0;

	if (list->query.backwards) {
		list->has_prev = has_more;
		list->has_next = has_past;
		list->next = list->query.past;
		list->prev = edge;
	} else {
		list->has_next = has_more;
		list->has_prev = has_past;
		list->next = edge;
		list->prev = list->query.past;
	}
	if (list->n_items) {
		if (!list->query.backwards || !has_more)
			list->prev = place_of(&list->items[0]);
		if (list->query.backwards || !has_more)
			list->next = place_of(&list->items[list->n_items - 1]);
	}
}

static enum rc run_list(struct core *c, const struct oversight_params *p,
			struct oversight_list *list, struct error *e)
{
	const struct oversight_row *stored;
	struct oversight_place edge = { 0 };
	struct oversight_item *items;
	struct oversight_key key;
	struct error mine;
	bool has_more;
	size_t n;
	enum rc rc;

	TRY(oversight_list(c->db, p, c->arena, &stored, &n, e));
	has_more = n > OVERSIGHT_PAGE;
	n = has_more ? OVERSIGHT_PAGE : n;
	items = ARENA_ARRAY(c->arena, n, struct oversight_item);
	if (!items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		items[list->query.backwards ? n - 1 - i : i] = item_of(c, &stored[i]);
	list->items = items;
	list->n_items = n;
	if (n)
		edge = (struct oversight_place){ stored[n - 1].starts_at, stored[n - 1].id };
	if (!has_more && p->window > p->limit) {
		error_init(&mine);
		rc = oversight_edge(c->db, p, c->arena, &key, &mine);
		if (rc == RC_OK) {
			has_more = list->is_partial = true;
			edge = (struct oversight_place){ key.starts_at, key.id };
		} else if (rc != RC_NOT_FOUND) {
			*e = mine;
			return rc;
		}
	}
	set_places(list, has_more, edge);
	return RC_OK;
}

enum rc oversight_list_of(struct core *c, const struct oversight_query *q,
			  struct oversight_list *ret, struct error *e)
{
	struct oversight_list list = { 0 };
	struct oversight_params p = { 0 };
	struct oversight_item *one = ARENA_ARRAY(c->arena, 1, struct oversight_item);
	const struct zone *zone;
	int32_t tod;

	if (!one)
		return ERROR_MEMORY(e);
	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	zone_from_utc(zone, c->now_us, &list.today, &tod);
	TRY(settle(c, q, list.today, zone, &list.query, &p, e));
	TRY(oversight_count(c->db, p.branch_id, c->now_us, OVERSIGHT_COUNT_MAX + 1, c->arena,
			    &list.counts, e));
	if (p.like.n)
		TRY(find_code(c, p.branch_id, &list, one, e));
	if (list.found == OVERSIGHT_FOUND_CODE) {
		list.items = one;
		list.n_items = 1;
	} else {
		TRY(run_list(c, &p, &list, e));
	}
	*ret = list;
	return RC_OK;
}

/* ---- the overview --------------------------------------------------------------------- */

static enum rc add_teachers(struct core *c, const struct oversight_cache_key *key, int64_t to_at,
			    struct oversight_overview *o, struct error *e)
{
	const struct oversight_teacher_row *stored;
	struct oversight_teacher *rows;
	size_t n;

	TRY(oversight_teachers(c->db, key->branch_id, key->since_at, to_at, c->now_us,
			       OVERSIGHT_TEACHERS + 1, c->arena, &stored, &n, e));
	o->has_more_teachers = n > OVERSIGHT_TEACHERS;
	n = o->has_more_teachers ? OVERSIGHT_TEACHERS : n;
	rows = ARENA_ARRAY(c->arena, n, struct oversight_teacher);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct oversight_teacher){
			.teacher_id = stored[i].teacher_id,
			.name = stored[i].name,
			.n_held = stored[i].n_held,
			.n_completed = stored[i].n_completed,
			.n_missing =
				stored[i].n_held - stored[i].n_completed - stored[i].n_returned,
			.n_checked = stored[i].n_checked,
			.mean_late_min = stored[i].mean_late_min,
		};
	o->teachers = rows;
	o->n_teachers = n;
	return RC_OK;
}

/* What sums over many sessions: from the cache, or into it. */
static enum rc add_sums(struct core *c, struct oversight_cache *cache, int64_t branch_id,
			const struct zone *zone, struct oversight_overview *o, struct error *e)
{
	struct oversight_cache_key key = { .branch_id = branch_id,
					   .week_from_at = start_of(zone, o->week_from),
					   .since_at = start_of(zone, o->since),
					   .version = c->who->version,
					   .minute = c->now_us / (60 * US_PER_S) };

	if (oversight_cache_get(cache, &key, o))
		return RC_OK;
	TRY(oversight_week(c->db, branch_id, key.week_from_at, start_of(zone, o->week_to + 1),
			   c->now_us, c->arena, &o->week, e));
	TRY(add_teachers(c, &key, start_of(zone, o->today + 1), o, e));
	oversight_cache_put(cache, &key, o);
	return RC_OK;
}

enum rc oversight_overview(struct core *c, struct oversight_cache *cache,
			   struct oversight_overview *ret, struct error *e)
{
	struct oversight_overview o = { 0 };
	struct period_days week;
	const struct zone *zone;
	int64_t branch_id = 0;
	int32_t tod;

	TRY(scope_of(c, 0, &branch_id, e));
	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	zone_from_utc(zone, c->now_us, &o.today, &tod);
	week = period_on(PERIOD_WEEK, o.today);
	o.week_from = week.from_day;
	o.week_to = week.to_day;
	o.since = o.today - OVERSIGHT_DAYS;
	TRY(oversight_count(c->db, branch_id, c->now_us, OVERSIGHT_COUNT_MAX + 1, c->arena,
			    &o.counts, e));
	TRY(add_sums(c, cache, branch_id, zone, &o, e));
	o.in_time_percent = o.week.n_held
				    ? (o.week.n_in_time * 100 + o.week.n_held / 2) / o.week.n_held
				    : COLUMN_NULL;
	*ret = o;
	return RC_OK;
}

/* ---- codes -------------------------------------------------------------------------------- */

enum rc oversight_verify(struct core *c, int64_t occurrence_id, struct str code,
			 enum oversight_verdict *ret, struct error *e)
{
	struct occurrence_row o;
	struct str clean, typed, own;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_CHECK, &o, e));
	TRY(code_clean(code, "code", &clean, e));
	if (!clean.n)
		return ERROR_FIELD(e, "code", REASON_REQUIRED, 0);
	typed = code_key(c->arena, clean);
	own = code_key(c->arena, o.code);
	if (!typed.p || !own.p)
		return ERROR_MEMORY(e);
	if (!own.n)
		*ret = OVERSIGHT_NO_CODE;
	else if (str_eq(typed, own))
		*ret = OVERSIGHT_MATCHES;
	else
		*ret = code_check(typed) == CODE_WRONG ? OVERSIGHT_DIFFERS_MISTYPED
						       : OVERSIGHT_DIFFERS;
	return RC_OK;
}

/* ---- acts ---------------------------------------------------------------------------------- */

static enum rc act_on(struct core *c, enum oversight_act act, const struct oversight_pick *pick,
		      struct str reason, struct error *e)
{
	switch (act) {
	case OVERSIGHT_CHECK:
		return completion_check(c, pick->id, pick->version, e);
	case OVERSIGHT_UNCHECK:
		return completion_uncheck(c, pick->id, pick->version, e);
	case OVERSIGHT_REMIND:
		return completion_remind(c, pick->id, pick->version, e);
	case OVERSIGHT_RETURN:
	case OVERSIGHT_ACT__MAX:
		break;
	}
	return completion_return(c, pick->id, pick->version, reason, e);
}

static enum rc refuse(struct core *c, int64_t id, enum reason reason, struct oversight_refusal *ret,
		      struct error *e)
{
	struct occurrence_row o;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = session_read(c, c->db, id, ACTION_SESSION_CHECK, &o, &mine);
	if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_DENIED) {
		*e = mine;
		return rc;
	}
	*ret = (struct oversight_refusal){ .id = id, .day = NO_DAY, .reason = reason };
	if (rc == RC_OK) {
		ret->title = o.title;
		ret->day = o.session_date;
	}
	return RC_OK;
}

/* The reason is wrong for all of them or for none: said before anything is done. */
static enum rc check_picks(const struct core *c, enum oversight_act act,
			   const struct oversight_pick *picks, size_t n, struct str reason,
			   struct error *e)
{
	struct str clean;
	int64_t branch_id;

	TRY(scope_of(c, 0, &branch_id, e));
	if (n == 0)
		return ERROR(e, RC_INVALID, REASON_NOTHING_CHOSEN, "no session is picked");
	if (n > OVERSIGHT_PAGE)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "%zu sessions are picked", n);
	for (size_t i = 0; i < n; i++)
		if (picks[i].id < 1 || picks[i].version < 1)
			return ERROR(e, RC_INVALID, REASON_NOTHING_CHOSEN, "pick %zu is none", i);
	if (act != OVERSIGHT_RETURN)
		return RC_OK;
	TRY(text_clean(c->arena, reason, COMPLETION_REASON_MAX, "reason", &clean, e));
	if (!clean.n)
		return ERROR_FIELD(e, "reason", REASON_REASON_MISSING, 0);
	return RC_OK;
}

enum rc oversight_act(struct core *c, enum oversight_act act, const struct oversight_pick *picks,
		      size_t n_picks, struct str reason, struct oversight_report *ret,
		      struct error *e)
{
	struct oversight_refusal *refused;
	struct oversight_pick *done;
	struct oversight_report report = { 0 };

	BUG((unsigned)act >= OVERSIGHT_ACT__MAX);
	TRY(check_picks(c, act, picks, n_picks, reason, e));
	done = ARENA_ARRAY(c->arena, n_picks, struct oversight_pick);
	refused = ARENA_ARRAY(c->arena, n_picks, struct oversight_refusal);
	if (!done || !refused)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_picks; i++) {
		struct error mine;
		enum rc rc;

		error_init(&mine);
		rc = act_on(c, act, &picks[i], reason, &mine);
		if (rc == RC_OK) {
			done[report.n_done++] =
				(struct oversight_pick){ picks[i].id, picks[i].version + 1 };
		} else if (rc == RC_CONFLICT || rc == RC_NOT_FOUND || rc == RC_DENIED) {
			TRY(refuse(c, picks[i].id, mine.reason, &refused[report.n_refused++], e));
		} else {
			*e = mine;
			return rc;
		}
	}
	report.done = done;
	report.refused = refused;
	*ret = report;
	return RC_OK;
}
