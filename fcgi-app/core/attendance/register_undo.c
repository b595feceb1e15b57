/*
 * Taking an act of the register back.  See register.h and register_row.h.
 *
 * Whoever was changed since is left and counted.  An excuse goes back only with an act that
 * touched it: one that came or went beside it stays.
 */
#include "core/attendance/register_row.h"
#include "store/claim.h"

/* The state before the act, and after it; the excuse as it is now unless the act touched it. */
static enum rc read_states(const struct register_changed *ch, const struct register_state *now,
			   struct arena *a, struct register_state *ret_then,
			   struct register_state *ret_after, struct error *e)
{
	TRY(register_state_read(ch->old_row, a, ret_then, e));
	TRY(register_state_read(ch->new_row, a, ret_after, e));
	if (ret_then->excuse_id == ret_after->excuse_id)
		ret_then->excuse_id = ret_after->excuse_id = now->excuse_id;
	return RC_OK;
}

/* Is the student as the act left them? */
static enum rc still_stands(const struct register_state *after, const struct register_state *now,
			    struct arena *a, bool *ret, struct error *e)
{
	struct str was, is;

	TRY(register_state_write(after, a, &was, e));
	TRY(register_state_write(now, a, &is, e));
	*ret = !was.p == !is.p && str_eq(was, is);
	return RC_OK;
}

static enum rc check_act(const struct register_act *act, const struct register_changed *rows,
			 size_t n, struct error *e)
{
	const struct core *c = act->c;
	bool is_locked = register_is_locked(c, &act->session, c->now_us);

	if (!n)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no such act");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].is_undoable != 1)
			return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no act of people");
		if (rows[i].is_undone == 1)
			return ERROR(e, RC_CONFLICT, REASON_UNDONE, "attendance %lld",
				     (long long)act->session.id);
		if (is_locked && !act->why.p && !register_is_locked(c, &act->session, rows[i].at))
			return ERROR_FIELD(e, "why", REASON_REASON_MISSING, 0);
	}
	return RC_OK;
}

enum rc register_put_back(struct register_act *act, const struct register_changed *change,
			  const struct register_fact *f, bool *ret_stood, struct error *e)
{
	struct arena *a = act->c->arena;
	struct register_state now = register_state_of(f), then, after;

	TRY(read_states(change, &now, a, &then, &after, e));
	TRY(still_stands(&after, &now, a, ret_stood, e));
	return *ret_stood ? register_put(act, change->person_id, &now, &then, e) : RC_OK;
}

/* Puts back those that stand; *ret_ids: their changes. */
static enum rc put_back(struct register_act *act, const struct register_changed *rows, size_t n,
			struct register_done *done, struct str *ret_ids, struct error *e)
{
	struct arena *a = act->c->arena;
	int64_t *people = ARENA_ARRAY(a, n, int64_t);
	const struct register_fact *facts;
	size_t n_facts, n_back = 0;
	bool stood;

	if (!people)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		people[i] = rows[i].person_id;
	TRY(register_ids(people, n, a, ret_ids, e));
	TRY(register_facts(act->s, act->session.id, *ret_ids, n, a, &facts, &n_facts, e));
	BUG(n_facts != n);
	for (size_t i = 0; i < n; i++) {
		TRY(register_put_back(act, &rows[i], &facts[i], &stood, e));
		if (!stood) {
			register_note_conflict(done, &facts[i]);
			continue;
		}
		people[n_back++] = rows[i].id;
	}
	return register_ids(people, n_back, a, ret_ids, e);
}

enum rc register_take_back(struct register_act *act, struct str undo, struct register_done *done,
			   struct error *e)
{
	const struct str id = str_make((const char *)act->id, sizeof act->id);
	const struct register_changed *rows;
	struct str ids;
	size_t n;

	TRY(register_act_rows(act->s, act->session.id, undo, act->c->arena, &rows, &n, e));
	TRY(check_act(act, rows, n, e));
	TRY(put_back(act, rows, n, done, &ids, e));
	TRY(register_mark_undone(act->s, ids, id, e));
	if (done->n_conflicts < (int64_t)n)
		TRY(claim_follow_undo(act->s, undo, id, e));
	return RC_OK;
}
