/*
 * Requests: reading them, and who may.  See request.h.
 */
#include "core/request/request.h"

#include "codec/json.h"
#include "core/people/org.h"
#include "core/request/request_row.h"
#include "core/session/change.h"

#define CLASH_ROWS   400 /* looked at for one page */
#define PAGE_MAX     200
#define STEPS_MAX    200
#define SESSIONS_MAX 400
#define ROOMS_MAX    50

static const char *const state_names[REQUEST_STATE__MAX] = {
	[REQUEST_PENDING] = "pending",     [REQUEST_QUESTION] = "question",
	[REQUEST_APPROVED] = "approved",   [REQUEST_REJECTED] = "rejected",
	[REQUEST_WITHDRAWN] = "withdrawn",
};
const char *const request_kinds[] = { "course", "td", "tp", "exam", "workshop", NULL };

const char *request_state_name(enum request_state s)
{
	BUG(s >= REQUEST_STATE__MAX);
	return state_names[s];
}

bool request_state_from(struct str name, enum request_state *ret)
{
	for (enum request_state s = 0; s < REQUEST_STATE__MAX; s++) {
		if (!str_eq(name, str_from(state_names[s])))
			continue;
		*ret = s;
		return true;
	}
	return false;
}

/* ---- rights -------------------------------------------------------------------------------- */

enum rc request_may(const struct core *c, bool only_teachers, struct error *e)
{
	const struct who *w = c->who;

	if (w->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody");
	if (!who_is_staff(w) || (only_teachers && who_is_admin(w)))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(w->role));
	return RC_OK;
}

static bool is_own(const struct core *c, const struct request_stored *row)
{
	return row->account_id == c->who->account_id;
}

static bool manages(const struct core *c, const struct request_stored *row)
{
	const struct subject s = { .branch_id = row->branch_id,
				   .teacher_id = COLUMN_NULL,
				   .owner_id = COLUMN_NULL };

	return rights_allow(c->who, ACTION_REQUEST_DECIDE, &s);
}

enum rc request_today(const struct core *c, struct str zone, int32_t *ret_day, int32_t *ret_tod,
		      struct error *e)
{
	const struct zone *z;

	TRY(zones_get(c->zones, zone, &z, e));
	zone_from_utc(z, c->now_us, ret_day, ret_tod);
	return RC_OK;
}

static bool is_past(const struct core *c, const struct request_stored *row)
{
	int32_t last = row->until_date != NO_DAY ? row->until_date : row->session_date;
	int32_t today, tod;
	struct error e;

	error_init(&e);
	if (request_today(c, row->zone, &today, &tod, &e) != RC_OK)
		return false;
	return last < today || (last == today && row->end_time <= tod);
}

struct request request_from(const struct core *c, const struct request_stored *row)
{
	struct request r = { .row = *row, .is_own = is_own(c, row) };
	bool waits;

	if (!request_state_from(row->state, &r.state))
		r.state = REQUEST_PENDING;
	waits = r.state == REQUEST_PENDING || r.state == REQUEST_QUESTION;
	r.is_series = recurrence_from(row->recurrence, &r.recurrence);
	r.may_decide = r.state != REQUEST_WITHDRAWN && manages(c, row);
	r.may_withdraw = r.is_own && waits;
	r.may_answer = r.is_own && r.state == REQUEST_QUESTION;
	r.is_past = is_past(c, row);
	return r;
}

enum rc request_read_for(struct core *c, struct store *s, int64_t id, struct request *ret,
			 struct error *e)
{
	struct request_stored row;

	TRY(request_read(s, id, c->arena, &row, e));
	TRY(request_may(c, false, e));
	if (!is_own(c, &row)) {
		if (!who_is_admin(c->who))
			return ERROR(e, RC_DENIED, REASON_DENIED, "request %lld is somebody else's",
				     (long long)id);
		TRY(rights_branch(c->who, ACTION_REQUEST_DECIDE, row.branch_id, e));
	}
	*ret = request_from(c, &row);
	return RC_OK;
}

enum rc request_lock_for(struct core *c, struct store *s, int64_t id, int64_t version,
			 struct request *ret, struct error *e)
{
	struct request r;

	TRY(request_may(c, false, e));
	TRY(request_lock(s, id, c->arena, e));
	TRY(request_read_for(c, s, id, &r, e));
	if (version && version != r.row.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "request %lld is at %lld, not %lld",
			     (long long)id, (long long)r.row.version, (long long)version);
	*ret = r;
	return RC_OK;
}

enum rc request_get(struct core *c, int64_t id, struct request *ret, struct error *e)
{
	return request_read_for(c, c->db, id, ret, e);
}

/* ---- what is beside ------------------------------------------------------------------------- */

static enum rc ids_json(struct core *c, const struct request *rows, size_t n, bool only_waiting,
			struct str *ret, size_t *ret_n, struct error *e)
{
	struct json_out o;
	struct buf b;

	*ret_n = 0;
	buf_init(&b, c->arena, 256, n * 24 + 64);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		bool waits = rows[i].state == REQUEST_PENDING || rows[i].state == REQUEST_QUESTION;

		if (only_waiting && !waits)
			continue;
		json_out_i64(&o, rows[i].row.id);
		++*ret_n;
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

/* One row a session: its kinds are added up, in place. */
static size_t merge_kinds(struct request_clash_row *rows, size_t n)
{
	size_t n_out = 0;

	for (size_t i = 0; i < n; i++) {
		struct request_clash_row *last = n_out ? &rows[n_out - 1] : NULL;

		if (last && last->request_id == rows[i].request_id &&
		    last->occurrence_id == rows[i].occurrence_id)
			last->kind |= rows[i].kind;
		else
			rows[n_out++] = rows[i];
	}
	return n_out;
}

static void share_out(const struct request *rows, size_t n, struct request_beside *beside,
		      const struct request_clash_row *clashes, size_t n_clashes,
		      const struct request_room_row *rooms, size_t n_rooms)
{
	for (size_t i = 0; i < n; i++) {
		struct request_beside *b = &beside[i];

		for (size_t k = 0; k < n_clashes; k++) {
			if (clashes[k].request_id != rows[i].row.id)
				continue;
			if (!b->n_clashes)
				b->clashes = &clashes[k];
			b->n_clashes++;
		}
		for (size_t k = 0; k < n_rooms; k++) {
			if (rooms[k].request_id != rows[i].row.id)
				continue;
			if (!b->n_rooms)
				b->rooms = &rooms[k];
			b->n_rooms++;
		}
	}
}

static enum rc find_beside(struct core *c, const struct request *rows, size_t n,
			   const struct request_beside **ret, struct error *e)
{
	struct request_beside *beside = ARENA_ARRAY(c->arena, n + 1, struct request_beside);
	const struct request_clash_row *clashes;
	const struct request_room_row *rooms;
	struct request_clash_row *merged;
	size_t n_waiting, n_clashes, n_rooms;
	struct str ids;

	if (!beside)
		return ERROR_MEMORY(e);
	*ret = beside;
	TRY(ids_json(c, rows, n, true, &ids, &n_waiting, e));
	if (!n_waiting)
		return RC_OK;
	TRY(request_clashes(c->db, ids, c->now_us, CLASH_ROWS, c->arena, &clashes, &n_clashes, e));
	TRY(request_free_rooms(c->db, ids, c->arena, &rooms, &n_rooms, e));
	merged = ARENA_ARRAY(c->arena, n_clashes + 1, struct request_clash_row);
	if (!merged)
		return ERROR_MEMORY(e);
	memcpy(merged, clashes, n_clashes * sizeof *merged);
	n_clashes = merge_kinds(merged, n_clashes);
	share_out(rows, n, beside, merged, n_clashes, rooms, n_rooms);
	return RC_OK;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void put_tab(enum request_tab tab, struct request_search *s)
{
	static const char *const states[REQUEST_TAB__MAX][2] = {
		[REQUEST_TAB_WAITING] = { "pending", "question" },
		[REQUEST_TAB_APPROVED] = { "approved", "approved" },
		[REQUEST_TAB_REJECTED] = { "rejected", "rejected" },
		[REQUEST_TAB_WITHDRAWN] = { "withdrawn", "withdrawn" },
		[REQUEST_TAB_UNMADE] = { "approved", "approved" },
		[REQUEST_TAB_ALL] = { "", "" },
		[REQUEST_TAB_NONE] = { "none", "none" },
	};

	s->state = str_from(states[tab][0]);
	s->or_state = str_from(states[tab][1]);
	s->only_unmade = tab == REQUEST_TAB_UNMADE;
}

static enum rc search_of(const struct request_query *q, struct request_search *ret, struct error *e)
{
	struct request_search s = { .branch_id = q->branch_id,
				    .course_id = q->course_id,
				    .class_id = q->class_id,
				    .from_day = q->from_day,
				    .to_day = q->to_day,
				    .by_day = q->by_day,
				    .with_withdrawn = q->with_withdrawn };
	int64_t size = q->page_size ? q->page_size : REQUEST_PAGE;

	BUG(size < 1 || size > PAGE_MAX || q->page < 0);
	s.limit = (size_t)size;
	s.offset = (q->page ? q->page - 1 : 0) * size;
	put_tab(q->tab, &s);
	if (q->kind >= 0 && q->kind < REQUEST_KIND__MAX)
		s.kind = str_from(request_kinds[q->kind]);
	if (q->from_day != NO_DAY && q->to_day != NO_DAY && q->to_day < q->from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	if (!utf8_valid(q->search))
		return ERROR_FIELD(e, "q", REASON_NOT_TEXT, 0);
	s.search = utf8_prefix(str_trim(q->search), ORG_SEARCH_MAX);
	*ret = s;
	return RC_OK;
}

/* Sums over no rows are NULL. */
static enum rc count(struct core *c, const struct request_search *s, struct request_count_row *ret,
		     struct error *e)
{
	int64_t *const all[] = { &ret->n_pending,  &ret->n_question,  &ret->n_approved,
				 &ret->n_rejected, &ret->n_withdrawn, &ret->n_unmade };

	TRY(request_counts(c->db, s->branch_id, s->account_id, c->arena, ret, e));
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (*all[i] == COLUMN_NULL)
			*all[i] = 0;
	return RC_OK;
}

static enum rc run_list(struct core *c, const struct request_query *q,
			const struct request_search *s, struct request_list *ret, struct error *e)
{
	const struct request_stored *stored;
	struct request_list list = { .page = q->page ? q->page : 1,
				     .page_size = (int64_t)s->limit };
	struct request *rows;
	size_t n;

	TRY(count(c, s, &list.counts, e));
	TRY(request_find(c->db, s, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n + 1, struct request);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = request_from(c, &stored[i]);
	list.rows = rows;
	list.n_rows = n;
	list.total = n ? stored[0].total : 0;
	*ret = list;
	return RC_OK;
}

enum rc request_list(struct core *c, const struct request_query *q, struct request_list *ret,
		     struct error *e)
{
	struct request_search s;
	struct request_list list;

	TRY(request_may(c, false, e));
	if (!who_is_admin(c->who))
		return request_list_own(c, q, ret, e);
	TRY(search_of(q, &s, e));
	TRY(org_scope_of(c, q->branch_id, &s.branch_id, e));
	TRY(run_list(c, q, &s, &list, e));
	if (!q->skips_beside)
		TRY(find_beside(c, list.rows, list.n_rows, &list.beside, e));
	*ret = list;
	return RC_OK;
}

enum rc request_list_own(struct core *c, const struct request_query *q, struct request_list *ret,
			 struct error *e)
{
	struct request_search s;

	TRY(request_may(c, false, e));
	TRY(search_of(q, &s, e));
	s.account_id = c->who->account_id;
	return run_list(c, q, &s, ret, e);
}

/* ---- one ------------------------------------------------------------------------------------- */

enum rc request_open(struct core *c, int64_t id, struct request_detail *ret, struct error *e)
{
	struct request_detail d = { 0 };
	const struct request_beside *beside;

	TRY(request_read_for(c, c->db, id, &d.r, e));
	TRY(request_steps(c->db, id, STEPS_MAX, c->arena, &d.steps, &d.n_steps, e));
	TRY(request_days(c->db, id, c->arena, &d.days, &d.n_days, e));
	TRY(request_sessions(c->db, id, false, SESSIONS_MAX, c->arena, &d.sessions, &d.n_sessions,
			     e));
	if (manages(c, &d.r.row)) {
		TRY(find_beside(c, &d.r, 1, &beside, e));
		d.beside = beside[0];
	}
	*ret = d;
	return RC_OK;
}

enum rc request_rooms(struct core *c, const struct request_detail *d,
		      const struct request_room_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct request_stored *row = &d->r.row;
	struct session_days days;
	int32_t *list = ARENA_ARRAY(c->arena, d->n_days + 1, int32_t);

	if (!list)
		return ERROR_MEMORY(e);
	TRY(rights_branch(c->who, ACTION_REQUEST_DECIDE, row->branch_id, e));
	for (size_t i = 0; i < d->n_days; i++)
		list[i] = d->days[i].session_date;
	TRY(session_days_of(c, row->zone, list, d->n_days, row->start_time, row->end_time, &days,
			    e));
	return request_rooms_at(c->db, row->branch_id,
				row->n_members == COLUMN_NULL ? 0 : row->n_members, days.json,
				ROOMS_MAX, c->arena, ret_rows, ret_n, e);
}
