/*
 * Deciding what students ask, taking a decision back, withdrawing.  See claim.h.
 *
 * Locks in this order: occurrence, attendance session, item.
 */
#include "core/attendance/claim_row.h"

#include "core/attendance/register_row.h"
#include "core/audit.h"
#include "core/session/change.h"
#include "store/excuse.h"

struct job {
	struct core *c;
	enum claim_verb verb;
	struct claim_pick pick;
	struct str why;
};

/* What approving or taking it back made of the register. */
struct made {
	bool has_act;
	uint8_t act[REGISTER_ACT_BYTES];
	int64_t excuse_id; /* COLUMN_NULL: none */
};

/* ---- the item ------------------------------------------------------------------------------- */

/* Reads it under all locks that deciding takes; the rights are asked. */
static enum rc open_item(const struct job *j, struct store *s, struct claim_row *ret,
			 struct error *e)
{
	struct core *c = j->c;
	struct claim_stored *t = ARENA_ARRAY(c->arena, 1, struct claim_stored);
	enum occurrence_seen seen;
	struct claim_locked item;
	struct subject subject;
	int64_t seen_id;

	if (!t)
		return ERROR_MEMORY(e);
	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(claim_read(s, j->pick.id, c->who->person_id, c->arena, t, e));
	if (t->occurrence_id != COLUMN_NULL)
		TRY(occurrence_lock(s, t->occurrence_id, c->arena, e));
	if (t->attendance_id != COLUMN_NULL)
		TRY(attendance_lock(s, t->attendance_id, c->arena, e));
	TRY(claim_lock(s, j->pick.id, c->arena, &item, e));
	TRY(claim_read(s, j->pick.id, c->who->person_id, c->arena, t, e));
	subject = claim_subject(t);
	TRY(rights_check(c->who, ACTION_ATTENDANCE_WORK, &subject, e));
	if (j->pick.version && j->pick.version != t->version)
		return ERROR(e, RC_CONFLICT, REASON_CLAIM_DECIDED, "claim item %lld is at %lld",
			     (long long)t->id, (long long)t->version);
	claim_fill(c, t, ret);
	return RC_OK;
}

static enum rc need_state(const struct claim_row *r, bool is_waiting, struct error *e)
{
	bool is_decided = r->state == CLAIM_IS_APPROVED || r->state == CLAIM_IS_REJECTED;

	if (is_waiting ? r->state == CLAIM_IS_WAITING : is_decided)
		return RC_OK;
	return ERROR(e, RC_CONFLICT, REASON_CLAIM_DECIDED, "claim item %lld is %.*s",
		     (long long)r->s->id, STR_ARG(r->s->state));
}

/* ---- approving ------------------------------------------------------------------------------ */

/* The mark as asked, set by who decides. */
static enum rc set_mark(const struct job *j, struct store *s, const struct claim_row *r,
			struct made *m, struct error *e)
{
	const struct register_mark mark = { .person_id = r->s->person_id,
					    .version = REGISTER_ANY,
					    .mark = r->wants };
	struct register_state from, to;
	struct register_fact f;
	struct register_act act;

	TRY(register_begin(&act, j->c, s, r->s->attendance_id, "attendance.marked", j->why, e));
	TRY(register_fact_of(s, r->s->attendance_id, r->s->person_id, j->c->arena, &f, e));
	TRY(register_fits(&act.session, &f, e));
	from = register_state_of(&f);
	if (register_is_there(&mark, &from))
		return RC_OK;
	to = register_target(&act, &mark, &from);
	TRY(register_put(&act, r->s->person_id, &from, &to, e));
	TRY(register_end(&act, NULL, e));
	m->has_act = true;
	memcpy(m->act, act.id, sizeof m->act);
	return RC_OK;
}

/* Excused already by an excuse in force: nothing is to be done. */
static enum rc is_excused(const struct job *j, struct store *s, const struct claim_row *r,
			  bool *ret, struct error *e)
{
	int64_t excuse_id;

	TRY(excuse_live(s, r->s->occurrence_id, r->s->person_id, j->c->arena, &excuse_id, e));
	*ret = excuse_id && (r->s->attendance_id == COLUMN_NULL || r->mark == MARK_EXCUSED ||
			     r->mark == MARK_PRESENT);
	return RC_OK;
}

static enum rc excuse(const struct job *j, struct store *s, const struct claim_row *r,
		      struct made *m, struct error *e)
{
	struct register_excusing x = { .c = j->c,
				       .occurrence_id = r->s->occurrence_id,
				       .person_id = r->s->person_id,
				       .is_excused = true,
				       .is_decided = true,
				       .remark = STR(""),
				       .why = j->why };
	bool is_there;

	TRY(is_excused(j, s, r, &is_there, e));
	if (is_there)
		return RC_OK;
	TRY(register_excuse_in(&x, s, e));
	m->excuse_id = x.excuse_id ? x.excuse_id : COLUMN_NULL;
	m->has_act = x.has_act;
	memcpy(m->act, x.act, sizeof m->act);
	return RC_OK;
}

/* core's name of the reason is "remark" where an excuse is entered. */
static enum rc as_why(enum rc rc, struct error *e)
{
	for (size_t i = 0; rc == RC_INVALID && i < e->n_fields; i++)
		if (strcmp(e->fields[i].field, "remark") == 0)
			e->fields[i].field = "why";
	return rc;
}

static enum rc approve(const struct job *j, struct store *s, const struct claim_row *r,
		       struct made *m, struct error *e)
{
	if (r->kind == CLAIM_EXCUSE && r->s->occurrence_id != COLUMN_NULL)
		return as_why(excuse(j, s, r, m, e), e);
	if (r->s->attendance_id == COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "attendance of claim item %lld",
			     (long long)r->s->id);
	return set_mark(j, s, r, m, e);
}

/* ---- taking back ---------------------------------------------------------------------------- */

/* The act goes back as by Undo in the register; the item then waits by itself. */
static enum rc undo_act(const struct job *j, struct store *s, const struct claim_row *r,
			struct error *e)
{
	struct register_done done = { 0 };
	struct attendance_stored session;
	struct register_act act;
	struct str undo;

	TRY(claim_act(s, r->s->id, j->c->arena, &undo, e));
	TRY(attendance_begin(j->c, s, r->s->attendance_id, 0, ACTION_ATTENDANCE_WORK, &session, e));
	register_begin_locked(&act, j->c, s, &session, "attendance.undone", j->why);
	TRY(register_take_back(&act, undo, &done, e));
	if (done.n_conflicts)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "mark of claim item %lld",
			     (long long)r->s->id);
	return register_end(&act, NULL, e);
}

/* An excuse that changed no record yet: it goes, if it is still the one in force. */
static enum rc undo_excuse(const struct job *j, struct store *s, const struct claim_row *r,
			   struct error *e)
{
	struct register_excusing x = { .c = j->c,
				       .occurrence_id = r->s->occurrence_id,
				       .person_id = r->s->person_id,
				       .remark = STR(""),
				       .why = j->why };
	int64_t excuse_id;

	TRY(excuse_live(s, x.occurrence_id, x.person_id, j->c->arena, &excuse_id, e));
	return excuse_id == r->s->excuse_id ? as_why(register_excuse_in(&x, s, e), e) : RC_OK;
}

static enum rc take_back(const struct job *j, struct store *s, const struct claim_row *r,
			 struct error *e)
{
	if (r->state != CLAIM_IS_APPROVED)
		return RC_OK;
	if (r->s->has_act == 1)
		return undo_act(j, s, r, e);
	return r->s->excuse_id != COLUMN_NULL ? undo_excuse(j, s, r, e) : RC_OK;
}

/* ---- one decision --------------------------------------------------------------------------- */

static enum rc audit(const struct job *j, struct store *s, const struct claim_row *r,
		     enum claim_state now, struct error *e)
{
	struct audit_entry entry = { .action = r->kind == CLAIM_EXCUSE ? "excuse.decided"
								       : "correction.decided",
				     .object = "claim",
				     .object_id = r->s->claim_id,
				     .branch_id = r->s->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "item", r->s->id);
	json_out_key_i64(&d.o, "student", r->s->person_id);
	json_out_key_cz(&d.o, "from", claim_state_name(r->state));
	json_out_key_cz(&d.o, "to", claim_state_name(now));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

static enum rc write_state(const struct job *j, struct store *s, const struct claim_row *r,
			   enum claim_state now, const struct made *m, struct error *e)
{
	const struct claim_decision d = {
		.item_id = r->s->id,
		.state = str_from(claim_state_name(now)),
		.why = j->why.n ? j->why : (struct str){ NULL, 0 },
		.account_id = j->c->who->account_id,
		.now_at = j->c->now_us,
		.act = m->has_act ? str_make((const char *)m->act, sizeof m->act)
				  : (struct str){ NULL, 0 },
		.excuse_id = m->excuse_id,
	};
	enum rc rc = claim_decide_write(s, &d, e);

	/* Asked again meanwhile: two cannot wait. */
	if (rc == RC_CONFLICT && e->foreign == 1062)
		e->reason = REASON_CHANGED;
	TRY(rc);
	TRY(audit(j, s, r, now, e));
	return now == CLAIM_IS_WITHDRAWN ? RC_OK : claim_tell_student(j->c, s, r, now, e);
}

static enum rc decide_tx(struct store *s, void *arg, struct error *e)
{
	const struct job *j = arg;
	struct made made = { .excuse_id = COLUMN_NULL };
	struct claim_row r;

	TRY(open_item(j, s, &r, e));
	TRY(need_state(&r, j->verb != CLAIM_REOPEN, e));
	switch (j->verb) {
	case CLAIM_APPROVE:
		TRY(approve(j, s, &r, &made, e));
		return write_state(j, s, &r, CLAIM_IS_APPROVED, &made, e);
	case CLAIM_REJECT:
		return write_state(j, s, &r, CLAIM_IS_REJECTED, &made, e);
	case CLAIM_REOPEN:
	case CLAIM_VERB__MAX:
		break;
	}
	TRY(take_back(j, s, &r, e));
	return write_state(j, s, &r, CLAIM_IS_WAITING, &made, e);
}

enum rc claim_decide(struct core *c, enum claim_verb verb, const struct claim_pick *picks, size_t n,
		     struct str why, bool why_optional, struct claim_done *ret, struct error *e)
{
	struct job j = { .c = c, .verb = verb };

	BUG((unsigned)verb >= CLAIM_VERB__MAX);
	*ret = (struct claim_done){ 0 };
	if (n == 0)
		return ERROR_FIELD(e, "pick", REASON_NOBODY_CHOSEN, 0);
	if (n > CLAIM_PICKS_MAX)
		return ERROR_FIELD(e, "pick", REASON_TOO_LARGE, CLAIM_PICKS_MAX);
	TRY(text_clean(c->arena, why, CLAIM_WHY_MAX, "why", &j.why, e));
	if (verb == CLAIM_REJECT && !j.why.n && !why_optional)
		return ERROR_FIELD(e, "why", REASON_REASON_MISSING, 0);
	for (size_t i = 0; i < n; i++) {
		enum rc rc;

		j.pick = picks[i];
		rc = store_tx(c->db, decide_tx, &j, e);
		if ((rc == RC_CONFLICT || rc == RC_INVALID) && n > 1) {
			if (!ret->n_left++)
				ret->reason = e->n_fields ? e->fields[0].reason : e->reason;
			error_init(e);
			continue;
		}
		TRY(rc);
		ret->n++;
	}
	return RC_OK;
}

/* ---- withdrawing ---------------------------------------------------------------------------- */

static enum rc withdraw_tx(struct store *s, void *arg, struct error *e)
{
	const struct job *j = arg;
	const struct made nothing = { .excuse_id = COLUMN_NULL };
	struct claim_locked item;
	struct claim_stored t;
	struct claim_row r;

	TRY(claim_lock(s, j->pick.id, j->c->arena, &item, e));
	if (j->c->who->role != ROLE_STUDENT || item.person_id != j->c->who->person_id)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "claim item %lld",
			     (long long)j->pick.id);
	TRY(claim_read(s, j->pick.id, COLUMN_NULL, j->c->arena, &t, e));
	claim_fill(j->c, &t, &r);
	TRY(need_state(&r, true, e));
	TRY(write_state(j, s, &r, CLAIM_IS_WITHDRAWN, &nothing, e));
	return claim_drop_file(s, item.claim_id, e);
}

enum rc claim_withdraw(struct core *c, int64_t item_id, struct error *e)
{
	struct job j = { .c = c, .pick = { .id = item_id } };

	return store_tx(c->db, withdraw_tx, &j, e);
}
