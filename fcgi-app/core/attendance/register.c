/*
 * Marks: setting several, setting the rest, and taking an act back.  See register.h.
 */
#include "core/attendance/register_row.h"

#include "base/num.h"
#include "core/session/change.h"

#include <stdlib.h>

#define LATE_MAX_S (REGISTER_LATE_MAX_MIN * 60)

struct job {
	struct core *c;
	int64_t attendance_id;
	struct register_mark *marks; /* by person */
	size_t n;
	enum mark rest;
	uint8_t undo[REGISTER_ACT_BYTES];
	struct str why;
	struct register_done done;
};

/* ---- one mark ------------------------------------------------------------------------------- */

static bool same_text(struct str a, struct str b)
{
	return a.n == b.n && str_eq(a, b);
}

bool register_is_there(const struct register_mark *m, const struct register_state *from)
{
	if (m->mark != from->mark)
		return false;
	if (m->mark == MARK_NONE)
		return true;
	if (m->has_remark && !same_text(m->remark, from->remark))
		return false;
	return m->mark != MARK_LATE || !m->has_late || from->late_s == m->late_min * 60;
}

/* Made late without minutes: as late as it is now, while it runs. */
static int64_t late_now(const struct register_act *act)
{
	const struct attendance_stored *s = &act->session;
	int64_t from = s->starts_at != NO_TIME ? s->starts_at : s->opens_at;
	int64_t late_s = (act->c->now_us - from) / US_PER_S;

	if (str_eq(s->state, STR("closed")) || late_s < 0)
		return COLUMN_NULL;
	return late_s < LATE_MAX_S ? late_s : LATE_MAX_S;
}

static bool is_here(enum mark m)
{
	return m == MARK_PRESENT || m == MARK_LATE;
}

struct register_state register_target(const struct register_act *act, const struct register_mark *m,
				      const struct register_state *from)
{
	struct register_state to = *from;

	if (m->mark == MARK_NONE)
		return (struct register_state){ .late_s = COLUMN_NULL,
						.attempt_id = COLUMN_NULL,
						.set_by = COLUMN_NULL,
						.excuse_id = from->excuse_id };
	if (m->mark != from->mark) {
		to.mark = m->mark;
		to.open_attempt_id = 0;
		to.method = str_from(act->method);
		to.set_by = act->c->who->account_id;
		to.attempt_id = COLUMN_NULL;
		to.late_s = m->mark == MARK_LATE ? late_now(act) : COLUMN_NULL;
		/* When the student came stays. */
		if (!is_here(from->mark) || !is_here(m->mark))
			to.happened_at = act->c->now_us;
	}
	if (m->mark == MARK_LATE && m->has_late)
		to.late_s = m->late_min * 60;
	if (m->has_remark)
		to.remark = m->remark.n ? m->remark : (struct str){ NULL, 0 };
	return to;
}

void register_note_conflict(struct register_done *done, const struct register_fact *f)
{
	if (done->n_conflicts++)
		return;
	done->conflict_person_id = f->person_id;
	done->conflict_by = f->last_by_name;
	done->conflict_mark = mark_from(f->status);
}

static enum rc put_mark(struct job *j, struct register_act *act, const struct register_mark *m,
			const struct register_fact *f, struct error *e)
{
	const struct register_state from = register_state_of(f);
	struct register_state to;

	TRY(register_fits(&act->session, f, e));
	if (register_is_there(m, &from))
		return RC_OK;
	if (m->version != REGISTER_ANY &&
	    m->version != register_version(f->record_id, f->version)) {
		register_note_conflict(&j->done, f);
		return RC_OK;
	}
	to = register_target(act, m, &from);
	return register_put(act, f->person_id, &from, &to, e);
}

static enum rc finish(struct job *j, struct register_act *act, struct error *e)
{
	struct buf hex;

	TRY(register_end(act, NULL, e));
	j->done.n_changed = act->n;
	if (!act->n)
		return RC_OK;
	buf_init(&hex, j->c->arena, 33, 33);
	buf_hex(&hex, act->id, sizeof act->id);
	if (!buf_ok(&hex))
		return ERROR_MEMORY(e);
	memcpy(j->done.act, hex.p, hex.n);
	return RC_OK;
}

/* ---- several -------------------------------------------------------------------------------- */

static int by_person(const void *a, const void *b)
{
	const struct register_mark *x = a, *y = b;

	return x->person_id < y->person_id ? -1 : x->person_id > y->person_id;
}

static enum rc check_mark(struct register_mark *m, struct error *e)
{
	enum rc rc = RC_OK;

	if ((unsigned)m->mark >= MARK__MAX)
		return ERROR_FIELD(e, "status", REASON_NOT_A_CHOICE, 0);
	if (m->mark == MARK_LATE && m->has_late && m->late_min < 0)
		rc = ERROR_FIELD(e, "late_min", REASON_TOO_SMALL, 0);
	else if (m->mark == MARK_LATE && m->has_late && m->late_min > LATE_MAX_S / 60)
		rc = ERROR_FIELD(e, "late_min", REASON_TOO_LARGE, LATE_MAX_S / 60);
	if (m->has_remark)
		TRY(line_clean(m->remark, REGISTER_REMARK_MAX, "remark", &m->remark, e));
	return rc;
}

/* A copy, cleaned and sorted. */
static enum rc take_marks(struct job *j, const struct register_mark *marks, size_t n,
			  struct error *e)
{
	if (n > REGISTER_MARK_MAX)
		return ERROR_FIELD(e, "person_id", REASON_TOO_LARGE, REGISTER_MARK_MAX);
	j->marks = ARENA_ARRAY(j->c->arena, n, struct register_mark);
	if (!j->marks)
		return ERROR_MEMORY(e);
	j->n = n;
	for (size_t i = 0; i < n; i++) {
		j->marks[i] = marks[i];
		TRY(check_mark(&j->marks[i], e));
	}
	if (n)
		qsort(j->marks, n, sizeof *j->marks, by_person);
	for (size_t i = 1; i < n; i++)
		if (j->marks[i].person_id == j->marks[i - 1].person_id)
			return ERROR_FIELD(e, "person_id", REASON_REPEATED, 0);
	return RC_OK;
}

/* Both by person, each once. */
static enum rc put_marks(struct job *j, struct register_act *act, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(j->c->arena, j->n, int64_t);
	const struct register_fact *facts;
	struct str json;
	size_t n;

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < j->n; i++)
		ids[i] = j->marks[i].person_id;
	TRY(register_ids(ids, j->n, j->c->arena, &json, e));
	TRY(register_facts(act->s, j->attendance_id, json, j->n, j->c->arena, &facts, &n, e));
	BUG(n != j->n);
	for (size_t i = 0; i < n; i++)
		TRY(put_mark(j, act, &j->marks[i], &facts[i], e));
	return RC_OK;
}

static enum rc set_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct register_act act;

	j->done = (struct register_done){ 0 };
	TRY(register_begin(&act, j->c, s, j->attendance_id, "attendance.marked", j->why, e));
	if (j->n)
		TRY(put_marks(j, &act, e));
	return finish(j, &act, e);
}

static enum rc run(struct job *j, enum rc (*fn)(struct store *, void *, struct error *),
		   struct register_done *ret, struct error *e)
{
	TRY(store_tx(j->c->db, fn, j, e));
	*ret = j->done;
	return RC_OK;
}

enum rc register_set(struct core *c, int64_t attendance_id, const struct register_mark *marks,
		     size_t n, struct str why, struct register_done *ret, struct error *e)
{
	struct job j = { .c = c, .attendance_id = attendance_id };

	TRY(take_marks(&j, marks, n, e));
	TRY(text_clean(c->arena, why, REGISTER_WHY_MAX, "why", &j.why, e));
	return run(&j, set_tx, ret, e);
}

/* ---- the rest ------------------------------------------------------------------------------- */

static enum rc rest_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct register_fact *facts;
	struct register_act act;
	size_t n;

	j->done = (struct register_done){ 0 };
	TRY(register_begin(&act, j->c, s, j->attendance_id, "attendance.rest", j->why, e));
	TRY(register_rest_facts(s, j->attendance_id, j->c->arena, &facts, &n, e));
	for (size_t i = 0; i < n; i++) {
		const struct register_mark mark = { .person_id = facts[i].person_id,
						    .version = REGISTER_ANY,
						    .mark = j->rest };

		TRY(put_mark(j, &act, &mark, &facts[i], e));
	}
	return finish(j, &act, e);
}

enum rc register_rest(struct core *c, int64_t attendance_id, enum mark mark, struct str why,
		      struct register_done *ret, struct error *e)
{
	struct job j = { .c = c, .attendance_id = attendance_id, .rest = mark };

	if (mark == MARK_NONE || (unsigned)mark >= MARK__MAX)
		return ERROR_FIELD(e, "status", REASON_NOT_A_CHOICE, 0);
	TRY(text_clean(c->arena, why, REGISTER_WHY_MAX, "why", &j.why, e));
	return run(&j, rest_tx, ret, e);
}

/* ---- undo ----------------------------------------------------------------------------------- */

static enum rc undo_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct str undo = str_make((const char *)j->undo, sizeof j->undo);
	struct register_act act;
	struct attendance_stored session;

	j->done = (struct register_done){ 0 };
	TRY(attendance_begin(j->c, s, j->attendance_id, 0, ACTION_ATTENDANCE_WORK, &session, e));
	register_begin_locked(&act, j->c, s, &session, "attendance.undone", STR(""));
	TRY(register_take_back(&act, undo, &j->done, e));
	return finish(j, &act, e);
}

enum rc register_undo(struct core *c, int64_t attendance_id, struct str act,
		      struct register_done *ret, struct error *e)
{
	struct job j = { .c = c, .attendance_id = attendance_id };

	if (act.n != sizeof j.undo * 2 || !num_hex(act, j.undo, sizeof j.undo))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no id of an act");
	return run(&j, undo_tx, ret, e);
}

enum rc register_last_act(struct core *c, int64_t attendance_id, char ret_act[33], struct error *e)
{
	struct attendance session;
	struct str act;

	TRY(attendance_see(c, attendance_id, &session, e));
	TRY(register_last(c->db, attendance_id, c->who->account_id, c->arena, &act, e));
	BUG(act.n && act.n != 32);
	memcpy(ret_act, act.p, act.n);
	ret_act[act.n] = '\0';
	return RC_OK;
}
