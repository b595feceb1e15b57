/*
 * Imports of attendance: judging the rows of a batch, and marking by the register.
 *
 * The database says which people and sessions the rows mean (store/import_attendance.h); here it is
 * decided what each does, by the same functions as a teacher's mark.  A batch is one act over
 * several sessions; rows are taken session by session, so that their order in the file costs
 * nothing.
 */
#include "core/import/import_attendance.h"

#include "core/attendance/register_row.h"
#include "core/wall.h"
#include "store/import_attendance.h"

#include <stdlib.h>

#define JSON_MAX ((size_t)8 << 20)

struct item {
	const struct import_mark *row;
	const struct attendance_stored *session; /* NULL: the occurrence has no register */
	struct register_fact fact;
};

struct marks {
	const struct import_batch *b;
	struct core as;    /* who marks */
	struct who person; /* that */
	struct store *s;
	bool is_run;
	struct item *items; /* by register */
	size_t n;
	const struct attendance_stored *sessions; /* by id */
	size_t n_sessions;
	struct register_act act;
	struct buf errors, acts; /* JSON arrays */
	struct json_out errors_out, acts_out;
	int64_t n_errors, n_acts, n_locked;
};

static void begin(struct marks *m, const struct import_batch *b, struct store *s, int64_t account)
{
	*m = (struct marks){ .b = b, .s = s, .as = *b->c };
	m->person = (struct who){ .role = ROLE_SUPER_ADMIN,
				  .account_id = account,
				  .branch_id = COLUMN_NULL,
				  .person_id = COLUMN_NULL,
				  .zone = b->import->zone };
	m->as.who = &m->person;
	buf_init(&m->errors, b->c->arena, 1024, JSON_MAX);
	buf_init(&m->acts, b->c->arena, 4096, JSON_MAX);
	json_out_init(&m->errors_out, &m->errors);
	json_out_init(&m->acts_out, &m->acts);
	json_out_array(&m->errors_out);
	json_out_array(&m->acts_out);
}

static enum rc json_end(struct buf *b, struct json_out *o, struct error *e)
{
	json_out_array_end(o);
	return buf_ok(b) ? RC_OK : ERROR_MEMORY(e);
}

/* ---- sessions and facts --------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts, and drops COLUMN_NULL and what is there twice; the new number. */
static size_t unique(int64_t *ids, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(ids, n, sizeof *ids, by_number);
	for (size_t i = 0; i < n; i++)
		if (ids[i] != COLUMN_NULL && (kept == 0 || ids[i] != ids[kept - 1]))
			ids[kept++] = ids[i];
	return kept;
}

/* Locks those of a run, in the order of their ids, and reads them; ids: n, of any order. */
static enum rc read_sessions(struct marks *m, int64_t *ids, size_t n, bool lock, struct error *e)
{
	struct arena *a = m->as.arena;
	struct str json;

	n = unique(ids, n);
	m->sessions = NULL;
	m->n_sessions = 0;
	if (n == 0)
		return RC_OK;
	TRY(register_ids(ids, n, a, &json, e));
	if (lock)
		TRY(attendance_lock_all(m->s, json, n, a, e));
	return attendance_read_all(m->s, json, n, a, &m->sessions, &m->n_sessions, e);
}

static int by_session_id(const void *key, const void *row)
{
	return by_number(key, &((const struct attendance_stored *)row)->id);
}

static const struct attendance_stored *session_of(const struct marks *m, int64_t id)
{
	if (id == COLUMN_NULL || m->n_sessions == 0)
		return NULL;
	return bsearch(&id, m->sessions, m->n_sessions, sizeof *m->sessions, by_session_id);
}

static int by_register(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const int64_t p = x->session ? x->session->id : 0, q = y->session ? y->session->id : 0;

	if (p != q)
		return p < q ? -1 : 1;
	return x->row->row_no < y->row->row_no ? -1 : x->row->row_no > y->row->row_no;
}

/* Facts of n pairs, in their order. */
static enum rc read_facts(struct marks *m, const struct item *items, size_t n,
			  const struct register_fact **ret, struct error *e)
{
	struct json_out o;
	struct buf b;
	size_t n_facts;

	*ret = NULL;
	if (n == 0)
		return RC_OK;
	buf_init(&b, m->as.arena, n * 24 + 16, JSON_MAX);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_array(&o);
		json_out_i64(&o, items[i].session->id);
		json_out_i64(&o, items[i].row->person_id);
		json_out_array_end(&o);
	}
	TRY(json_end(&b, &o, e));
	TRY(register_pair_facts(m->s, buf_str(&b), n, m->as.arena, ret, &n_facts, e));
	BUG(n_facts != n);
	return RC_OK;
}

/* Without a register: as it would be made, with the excuse in force. */
static struct register_fact fact_without(const struct import_mark *row, int64_t branch_id)
{
	struct register_fact f = { .person_id = row->person_id,
				   .branch_id = branch_id,
				   .is_student = 1,
				   .is_expected = row->is_expected,
				   .record_id = COLUMN_NULL,
				   .version = COLUMN_NULL,
				   .late_s = COLUMN_NULL,
				   .attempt_id = COLUMN_NULL,
				   .set_by = COLUMN_NULL,
				   .open_attempt_id = COLUMN_NULL,
				   .excuse_id = row->excuse_id };

	if (row->excuse_id != COLUMN_NULL) {
		f.status = str_from(mark_name(MARK_EXCUSED));
		f.method = STR("excuse");
	}
	return f;
}

/* After the lock date?  session: NULL, where the row's occurrence has no register. */
static bool is_locked(const struct marks *m, const struct import_mark *row,
		      const struct attendance_stored *session)
{
	if (session)
		return register_is_locked(&m->as, session, m->as.now_us);
	return core_wall(&m->as, row->zone, m->as.now_us).day >=
	       row->session_date +
		       (row->lock_days == COLUMN_NULL ? policy_built_in.lock_days : row->lock_days);
}

static bool makes_register(const struct marks *m, const struct import_mark *row)
{
	return row->attendance_id == COLUMN_NULL && !str_eq(row->state, STR("cancelled")) &&
	       row->ends_at <= m->as.now_us && row->is_expected == 1 &&
	       (m->b->import->why.n || !is_locked(m, row, NULL));
}

/* Registers of the sessions that are over and have none; ids[i] is that of rows[i]. */
static enum rc make_registers(struct marks *m, const struct import_mark *rows, size_t n,
			      int64_t *ids, struct error *e)
{
	int64_t *wanted = ARENA_ARRAY(m->as.arena, n, int64_t);
	int64_t *made = ARENA_ARRAY(m->as.arena, n, int64_t);
	int64_t *all = ARENA_ARRAY(m->as.arena, n, int64_t);
	size_t n_made = 0, n_wanted;
	struct str json;
	bool is_new;

	if (!wanted || !made || !all)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		wanted[i] = makes_register(m, &rows[i]) ? rows[i].occurrence_id : COLUMN_NULL;
	n_wanted = unique(wanted, n);
	for (size_t i = 0; i < n_wanted; i++) {
		TRY(attendance_register_of(&m->as, m->s, wanted[i], &all[i], &is_new, e));
		if (is_new)
			made[n_made++] = all[i];
	}
	for (size_t i = 0; i < n; i++) {
		if (!makes_register(m, &rows[i]))
			continue;
		const int64_t *at = bsearch(&rows[i].occurrence_id, wanted, n_wanted,
					    sizeof *wanted, by_number);
		ids[i] = all[at - wanted];
	}
	if (n_made == 0)
		return RC_OK;
	TRY(register_ids(made, n_made, m->as.arena, &json, e));
	return import_attendance_made(m->s, m->b->import->id, json, e);
}

static enum rc read_items(struct marks *m, struct error *e)
{
	const struct import_batch *b = m->b;
	const struct register_fact *facts;
	const struct import_mark *rows;
	int64_t *ids, *scratch;
	size_t first = 0;

	TRY(import_attendance_find(m->s, b->import->id, b->from, b->to, e));
	TRY(import_attendance_rows(m->s, b->import->id, b->from, b->to, m->as.arena, &rows, &m->n,
				   e));
	m->items = ARENA_ARRAY(m->as.arena, m->n, struct item);
	ids = ARENA_ARRAY(m->as.arena, m->n, int64_t);
	scratch = ARENA_ARRAY(m->as.arena, m->n, int64_t);
	if (!m->items || !ids || !scratch)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < m->n; i++)
		ids[i] = rows[i].attendance_id;
	if (m->is_run)
		TRY(make_registers(m, rows, m->n, ids, e));
	for (size_t i = 0; i < m->n; i++)
		scratch[i] = ids[i];
	TRY(read_sessions(m, scratch, m->n, m->is_run, e));
	for (size_t i = 0; i < m->n; i++)
		m->items[i] = (struct item){ .row = &rows[i], .session = session_of(m, ids[i]) };
	if (m->n)
		qsort(m->items, m->n, sizeof *m->items, by_register);
	while (first < m->n && !m->items[first].session) {
		m->items[first].fact = fact_without(m->items[first].row, b->import->branch_id);
		first++;
	}
	TRY(read_facts(m, m->items + first, m->n - first, &facts, e));
	for (size_t i = first; i < m->n; i++)
		m->items[i].fact = facts[i - first];
	return RC_OK;
}

/* ---- one row -------------------------------------------------------------------------------- */

static void complain(struct marks *m, const struct item *it, struct str field, enum reason reason,
		     struct str value)
{
	struct json_out *o = &m->errors_out;

	m->n_errors++;
	json_out_array(o);
	json_out_i64(o, it->row->row_no);
	json_out_str(o, field);
	json_out_str(o, str_from(reason_code(reason)));
	json_out_str(o, utf8_prefix(value, 200));
	json_out_i64(o, 0);
	json_out_array_end(o);
}

static void put_act(struct marks *m, const struct item *it, const char *action)
{
	const struct register_fact *f = &it->fact;
	struct json_out *o = &m->acts_out;

	m->n_acts++;
	json_out_array(o);
	json_out_i64(o, it->row->row_no);
	json_out_str(o, str_from(action));
	if (m->is_run && it->row->record_version != COLUMN_NULL)
		json_out_i64(o, it->row->record_version);
	else if (it->session)
		json_out_i64(o, register_version(f->record_id, f->version));
	else
		json_out_null(o);
	if (it->session)
		json_out_i64(o, it->session->id);
	else
		json_out_null(o);
	json_out_array_end(o);
}

/* May this session be marked at all, and this student in it? */
static enum reason fault_of(const struct marks *m, const struct item *it)
{
	const struct attendance_stored *s = it->session;
	const struct register_fact *f = &it->fact;
	bool is_member = f->is_expected == 1;

	if (str_eq(it->row->state, STR("cancelled")))
		return REASON_IMPORT_CANCELLED;
	if (!s && it->row->ends_at > m->as.now_us)
		return REASON_IMPORT_NOT_OVER;
	if (s && s->deleted_at != NO_TIME)
		return REASON_IMPORT_SESSION;
	if (s && str_eq(s->roster, STR("open")))
		is_member = f->is_student == 1 && f->branch_id == s->branch_id;
	return is_member || f->record_id != COLUMN_NULL ? REASON_NONE : REASON_IMPORT_NOT_ENROLLED;
}

/* Is the record another one than what the dry run saw? */
static bool is_changed(const struct item *it)
{
	const struct register_fact *f = &it->fact;

	if (it->row->record_version == COLUMN_NULL) /* there was no register */
		return f->record_id != COLUMN_NULL && !str_eq(f->method, STR("excuse"));
	return it->row->record_version != register_version(f->record_id, f->version);
}

/* The instant of an arrival; NO_TIME without one. */
static enum rc arrival_of(struct marks *m, const struct item *it, int64_t *ret, struct error *e)
{
	const struct attendance_stored *s = it->session;
	const struct zone *z;

	*ret = NO_TIME;
	if (it->row->arrival == NO_DAY)
		return RC_OK;
	TRY(zones_get(m->as.zones, s ? s->zone : it->row->zone, &z, e));
	*ret = zone_to_utc(z, s ? s->session_date : it->row->session_date, it->row->arrival, NULL);
	return RC_OK;
}

/* Who came is late by the time of arrival, where no minutes are given. */
static void put_arrival(const struct item *it, const struct register_mark *mark, int64_t at,
			struct register_state *to)
{
	const struct attendance_stored *s = it->session;
	const int64_t from = s->starts_at != NO_TIME ? s->starts_at : s->opens_at;

	to->happened_at = at;
	if (mark->mark != MARK_LATE || mark->has_late)
		return;
	to->late_s = (at - from) / US_PER_S;
	if (to->late_s <= 0)
		to->late_s = COLUMN_NULL;
	else if (to->late_s > REGISTER_LATE_MAX_MIN * 60)
		to->late_s = REGISTER_LATE_MAX_MIN * 60;
}

static enum rc put(struct marks *m, const struct item *it, const struct register_mark *mark,
		   const struct register_state *from, int64_t at, struct error *e)
{
	struct register_state to;

	if (m->act.turn.attendance_id != it->session->id)
		TRY(register_next_session(&m->act, it->session, e));
	to = register_target(&m->act, mark, from);
	if (at != NO_TIME)
		put_arrival(it, mark, at, &to);
	return register_put(&m->act, it->row->person_id, from, &to, e);
}

static enum rc judge(struct marks *m, const struct item *it, struct error *e)
{
	const struct register_state from = register_state_of(&it->fact);
	const struct import_mark *row = it->row;
	const struct register_mark mark = { .person_id = row->person_id,
					    .version = REGISTER_ANY,
					    .mark = mark_from(row->status),
					    .has_late = row->late_min != COLUMN_NULL,
					    .late_min = row->late_min,
					    .has_remark = row->remark.n > 0,
					    .remark = row->remark };
	const enum reason fault = fault_of(m, it);
	int64_t at;

	if (fault != REASON_NONE) {
		const bool is_who = fault == REASON_IMPORT_NOT_ENROLLED;

		complain(m, it, is_who ? row->who_field : STR("session"), fault,
			 is_who ? row->who : STR(""));
		return RC_OK;
	}
	TRY(arrival_of(m, it, &at, e));
	if (register_is_there(&mark, &from) && (at == NO_TIME || at == from.happened_at)) {
		put_act(m, it, "same");
		return RC_OK;
	}
	if (mark.mark == MARK_ABSENT && from.excuse_id && from.mark != MARK_ABSENT) {
		complain(m, it, STR("status"), REASON_IMPORT_IS_EXCUSED, row->status);
		return RC_OK;
	}
	const bool locked = is_locked(m, row, it->session);

	m->n_locked += locked;
	if (m->is_run && is_changed(it)) {
		complain(m, it, STR("status"), REASON_IMPORT_CHANGED, STR(""));
		return RC_OK;
	}
	if (m->is_run && !m->b->import->why.n && locked) {
		complain(m, it, STR(""), REASON_REASON_MISSING, STR(""));
		return RC_OK;
	}
	put_act(m, it, from.mark == MARK_NONE ? "create" : "update");
	return m->is_run ? put(m, it, &mark, &from, at, e) : RC_OK;
}

/* ---- batches -------------------------------------------------------------------------------- */

static enum rc judge_all(struct marks *m, struct error *e)
{
	for (size_t i = 0; i < m->n; i++)
		TRY(judge(m, &m->items[i], e));
	TRY(json_end(&m->errors, &m->errors_out, e));
	TRY(json_end(&m->acts, &m->acts_out, e));
	return m->n_errors ? import_errors_insert(m->s, m->b->import->id, buf_str(&m->errors), e)
			   : RC_OK;
}

enum rc import_attendance_check(const struct import_batch *b, struct store *s, struct error *e)
{
	struct marks m;

	begin(&m, b, s, COLUMN_NULL);
	TRY(read_items(&m, e));
	TRY(judge_all(&m, e));
	if (m.n_locked)
		TRY(import_update_locked(s, b->import->id, m.n_locked, e));
	return import_attendance_checked(s, b->import->id, b->from, b->to, buf_str(&m.acts), e);
}

enum rc import_attendance_run(const struct import_batch *b, struct store *s, struct error *e)
{
	struct marks m;

	begin(&m, b, s, b->import->confirmed_by);
	m.is_run = true;
	TRY(read_items(&m, e));
	if (m.n_sessions)
		register_begin_locked(&m.act, &m.as, s, m.sessions, "attendance.imported",
				      b->import->why);
	m.act.method = "import";
	TRY(judge_all(&m, e));
	if (m.act.n)
		TRY(register_end(&m.act, NULL, e));
	return import_attendance_done(s, b->import->id, b->from, b->to, buf_str(&m.acts),
				      str_make((const char *)m.act.id, sizeof m.act.id), e);
}

/* ---- undoing -------------------------------------------------------------------------------- */

/* Takes one back, when it still stands. */
static enum rc put_back(struct marks *m, const struct import_mark_done *done, const struct item *it,
			int64_t *ret_change, struct error *e)
{
	struct json_out *o = &m->acts_out;
	bool stood = false;

	if (m->act.turn.attendance_id != it->session->id)
		TRY(register_next_session(&m->act, it->session, e));
	if (done->change.is_undone != 1)
		TRY(register_put_back(&m->act, &done->change, &it->fact, &stood, e));
	*ret_change = stood ? done->change.id : COLUMN_NULL;
	m->n_acts++;
	json_out_array(o);
	json_out_i64(o, done->row_no);
	json_out_str(o, stood ? STR("back") : STR("kept"));
	json_out_array_end(o);
	return RC_OK;
}

static int by_done(const void *a, const void *b)
{
	const struct import_mark_done *x = a, *y = b;

	if (x->attendance_id != y->attendance_id)
		return x->attendance_id < y->attendance_id ? -1 : 1;
	return x->row_no < y->row_no ? -1 : x->row_no > y->row_no;
}

/* The rows to take back by register, with sessions and facts; *ret: as many as m->n. */
static enum rc read_done(struct marks *m, const struct import_mark_done **ret, struct error *e)
{
	const struct import_batch *b = m->b;
	const struct import_mark_done *read;
	const struct register_fact *facts;
	struct import_mark_done *rows;
	struct import_mark *marks;
	int64_t *ids;

	TRY(import_attendance_undoable(m->s, b->import->id, b->from, b->to, m->as.arena, &read,
				       &m->n, e));
	rows = ARENA_ARRAY(m->as.arena, m->n, struct import_mark_done);
	marks = ARENA_ARRAY(m->as.arena, m->n, struct import_mark);
	m->items = ARENA_ARRAY(m->as.arena, m->n, struct item);
	ids = ARENA_ARRAY(m->as.arena, m->n, int64_t);
	if (!rows || !marks || !m->items || !ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < m->n; i++) {
		rows[i] = read[i];
		ids[i] = read[i].attendance_id;
	}
	if (m->n)
		qsort(rows, m->n, sizeof *rows, by_done);
	TRY(read_sessions(m, ids, m->n, true, e));
	for (size_t i = 0; i < m->n; i++) {
		marks[i].person_id = rows[i].change.person_id;
		m->items[i] = (struct item){ .row = &marks[i],
					     .session = session_of(m, rows[i].attendance_id) };
		BUG(!m->items[i].session);
	}
	TRY(read_facts(m, m->items, m->n, &facts, e));
	for (size_t i = 0; i < m->n; i++)
		m->items[i].fact = facts[i];
	*ret = rows;
	return RC_OK;
}

/* Registers that nobody needs any more, with an audit row each. */
static enum rc remove_unused(struct marks *m, struct error *e)
{
	const struct import_batch *b = m->b;
	struct audit_entry *entries;
	const int64_t *ids;
	struct str json;
	size_t n;

	TRY(import_attendance_unused(m->s, b->import->id, b->from, b->to, m->as.arena, &ids, &n,
				     e));
	if (n == 0)
		return RC_OK;
	entries = ARENA_ARRAY(m->as.arena, n, struct audit_entry);
	if (!entries)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct audit_entry){ .action = "attendance.removed",
						   .object = "attendance",
						   .object_id = ids[i],
						   .branch_id = b->import->branch_id };
	TRY(register_ids(ids, n, m->as.arena, &json, e));
	TRY(import_attendance_remove(m->s, json, e));
	return audit_add_many(m->s, &m->as, entries, n, e);
}

enum rc import_attendance_undo(const struct import_batch *b, struct store *s, struct error *e)
{
	const struct import_mark_done *rows = NULL;
	int64_t *changes;
	struct marks m;
	struct str json;

	begin(&m, b, s, b->import->undone_by);
	TRY(read_done(&m, &rows, e));
	if (m.n == 0)
		return remove_unused(&m, e);
	changes = ARENA_ARRAY(m.as.arena, m.n, int64_t);
	if (!changes)
		return ERROR_MEMORY(e);
	register_begin_locked(&m.act, &m.as, s, m.sessions, "attendance.undone", b->import->why);
	for (size_t i = 0; i < m.n; i++)
		TRY(put_back(&m, &rows[i], &m.items[i], &changes[i], e));
	TRY(json_end(&m.acts, &m.acts_out, e));
	TRY(register_end(&m.act, NULL, e));
	TRY(register_ids(changes, unique(changes, m.n), m.as.arena, &json, e));
	TRY(register_mark_undone(s, json, str_make((const char *)m.act.id, sizeof m.act.id), e));
	TRY(import_attendance_undone(s, b->import->id, buf_str(&m.acts), e));
	return remove_unused(&m, e);
}
