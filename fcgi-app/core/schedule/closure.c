/* Closures; see closure.h. */
#include "core/schedule/closure.h"

#include "core/event/notify_sum.h"
#include "core/schedule/schedule.h"
#include "core/session/change.h"
#include "core/wall.h"

static enum rc may_manage(const struct core *c, struct error *e)
{
	if (rights_scope(c->who->role, ACTION_ORG_MANAGE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	return RC_OK;
}

enum rc closure_list(struct core *c, int64_t branch_id, bool past,
		     const struct closure_row **ret_rows, size_t *ret_n, struct error *e)
{
	int64_t branch = c->who->role == ROLE_BRANCH_ADMIN ? c->who->branch_id : branch_id;
	int32_t today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	const struct closure_stored *stored;
	struct closure_row *rows;
	struct error ignored;
	size_t n;

	TRY(may_manage(c, e));
	TRY(closure_rows(c->db, branch, today, past, CLOSURE_LIST_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n + 1, struct closure_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		error_init(&ignored);
		rows[i].s = stored[i];
		rows[i].may_change = rights_branch(c->who, ACTION_ORG_MANAGE, stored[i].branch_id,
						   &ignored) == RC_OK;
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

static enum rc read_own(struct core *c, struct store *s, int64_t id, struct closure_stored *ret,
			struct error *e)
{
	TRY(may_manage(c, e));
	TRY(closure_read(s, id, c->arena, ret, e));
	return rights_branch(c->who, ACTION_ORG_MANAGE, ret->branch_id, e);
}

enum rc closure_get(struct core *c, int64_t id, struct closure_stored *ret, struct error *e)
{
	struct closure_stored row;

	TRY(read_own(c, c->db, id, &row, e));
	*ret = row;
	return RC_OK;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

struct job {
	struct core *c;
	const struct closure_in *in; /* NULL: remove */
	int64_t id;                  /* 0: create */
	struct closure_stored row;   /* as it will be */
	struct closure_effect effect;
};

static enum rc check_in(struct job *j, struct error *e)
{
	const struct closure_in *in = j->in;
	enum rc rc = line_clean(in->name, CLOSURE_NAME_MAX, "name", &j->row.name, e);

	if (rc == RC_OK && !j->row.name.n)
		rc = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	j->row.from_date = in->from_day;
	j->row.to_date = in->to_day == NO_DAY ? in->from_day : in->to_day;
	if (in->from_day == NO_DAY)
		rc = ERROR_FIELD(e, "from", REASON_REQUIRED, 0);
	else if (j->row.to_date < in->from_day)
		rc = ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	else if ((int64_t)j->row.to_date - in->from_day >= CLOSURE_DAYS_MAX)
		rc = ERROR_FIELD(e, "to", REASON_RANGE_TOO_LONG, CLOSURE_DAYS_MAX);
	return rc;
}

/* Whose it is: a branch admin's own branch, or what a super admin chose. */
static enum rc check_branch(struct job *j, struct error *e)
{
	const struct who *w = j->c->who;

	j->row.branch_id = j->in->branch_id ? j->in->branch_id : COLUMN_NULL;
	if (w->role != ROLE_BRANCH_ADMIN)
		return RC_OK;
	if (j->in->branch_id && j->in->branch_id != w->branch_id)
		return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	j->row.branch_id = w->branch_id;
	return RC_OK;
}

static enum rc count(struct job *j, struct store *s, struct error *e)
{
	struct closure_count n;

	TRY(closure_counts(s, j->row.branch_id, j->row.from_date, j->row.to_date, j->c->arena, &n,
			   e));
	j->effect.n_cancelled = n.n_untouched;
	j->effect.n_kept = n.n_kept;
	if (n.n_untouched > CLOSURE_SESSIONS_MAX)
		return ERROR_FIELD(e, "to", REASON_TOO_MANY_SESSIONS, CLOSURE_SESSIONS_MAX);
	return RC_OK;
}

static enum rc finish(struct job *j, struct store *s, const char *action, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "closure",
				     .object_id = j->id,
				     .branch_id = j->row.branch_id };
	struct audit_detail d;
	char from[11], to[11];

	audit_detail_begin(&d, j->c->arena);
	json_out_key_str(&d.o, "from", day_format(j->row.from_date, from));
	json_out_key_str(&d.o, "to", day_format(j->row.to_date, to));
	json_out_key_i64(&d.o, "cancelled", j->effect.n_cancelled);
	json_out_key_i64(&d.o, "revived", j->effect.n_revived);
	json_out_key_i64(&d.o, "inserted", j->effect.n_made);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* Everybody who is concerned by sessions that the closure cancelled, or no longer cancels. */
static enum rc tell(struct job *j, struct store *s, enum notify_kind kind,
		    const struct closure_session *rows, size_t n, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(j->c->arena, n + 1, int64_t);
	struct notify_sum sum = { .kind = kind,
				  .branch_id = j->row.branch_id,
				  .closure = j->row.name,
				  .ids = ids,
				  .n_ids = n };

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(notify_sum_events(j->c, s, &sum, e));
	return notify_sum(j->c, s, &sum, e);
}

static enum rc cancel(struct job *j, struct store *s, struct error *e)
{
	const struct closure_session *rows;
	size_t n;

	TRY(closure_cancel(s, &j->row, j->c->now_us, &j->effect.n_cancelled, e));
	if (!j->effect.n_cancelled)
		return RC_OK;
	TRY(closure_cancelled(s, j->id, j->c->now_us, j->c->arena, &rows, &n, e));
	return tell(j, s, NOTIFY_SESSION_CANCELLED, rows, n, e);
}

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	j->effect = (struct closure_effect){ 0 };
	TRY(count(j, s, e));
	TRY(closure_touch(s, j->row.branch_id, j->row.from_date, j->row.to_date, e));
	TRY(closure_insert(s, &j->row, j->c->who->account_id, j->c->now_us, &j->id, e));
	j->row.id = j->id;
	TRY(cancel(j, s, e));
	return finish(j, s, "closure.created", e);
}

/* What the old days had and the new ones do not comes back: revived, or made for the first time. */
static enum rc open_again(struct job *j, struct store *s, const struct closure_stored *old,
			  bool is_removed, struct error *e)
{
	const int32_t from = is_removed ? NO_DAY : j->row.from_date;
	const int32_t to = is_removed ? NO_DAY : j->row.to_date;
	const struct closure_session *rows;
	size_t n;

	TRY(closure_hand_on(s, j->id, from, to, j->c->arena, &rows, &n, e));
	TRY(closure_revive(s, j->id, from, to, &j->effect.n_revived, e));
	TRY(tell(j, s, NOTIFY_SESSION_RESTORED, rows, n, e));
	return schedule_refill(j->c, s, old->branch_id, old->from_date, old->to_date,
			       &j->effect.n_made, e);
}

static enum rc check_old(struct job *j, struct store *s, struct closure_stored *old,
			 struct error *e)
{
	TRY(read_own(j->c, s, j->id, old, e));
	if (j->in->version && j->in->version != old->version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "closure %lld is at %lld, not %lld",
			     (long long)j->id, (long long)old->version, (long long)j->in->version);
	j->row.id = j->id;
	j->row.branch_id = old->branch_id;
	return RC_OK;
}

static enum rc update_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct closure_stored old;

	j->effect = (struct closure_effect){ 0 };
	TRY(closure_lock(s, j->id, j->c->arena, e));
	TRY(check_old(j, s, &old, e));
	TRY(count(j, s, e));
	TRY(closure_touch(s, old.branch_id,
			  old.from_date < j->row.from_date ? old.from_date : j->row.from_date,
			  old.to_date > j->row.to_date ? old.to_date : j->row.to_date, e));
	TRY(closure_write(s, &j->row, e));
	if (old.from_date != j->row.from_date || old.to_date != j->row.to_date)
		TRY(open_again(j, s, &old, false, e));
	TRY(cancel(j, s, e));
	return finish(j, s, "closure.updated", e);
}

static enum rc remove_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	j->effect = (struct closure_effect){ 0 };
	TRY(closure_lock(s, j->id, j->c->arena, e));
	TRY(read_own(j->c, s, j->id, &j->row, e));
	TRY(closure_touch(s, j->row.branch_id, j->row.from_date, j->row.to_date, e));
	TRY(closure_end(s, j->id, j->c->now_us, e));
	TRY(open_again(j, s, &j->row, true, e));
	return finish(j, s, "closure.removed", e);
}

enum rc closure_check(struct core *c, int64_t id, const struct closure_in *in,
		      struct closure_effect *ret, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };
	struct closure_stored old;
	enum rc rc;

	TRY(may_manage(c, e));
	rc = check_in(&j, e);
	if (id)
		TRY(check_old(&j, c->db, &old, e));
	else if (check_branch(&j, e) != RC_OK)
		rc = RC_INVALID;
	TRY(rc);
	TRY(count(&j, c->db, e));
	*ret = j.effect;
	return RC_OK;
}

enum rc closure_create(struct core *c, const struct closure_in *in, int64_t *ret_id,
		       struct closure_effect *ret, struct error *e)
{
	struct job j = { .c = c, .in = in };
	enum rc rc;

	TRY(may_manage(c, e));
	rc = check_in(&j, e);
	if (check_branch(&j, e) != RC_OK)
		rc = RC_INVALID;
	TRY(rc);
	rc = store_tx(c->db, create_tx, &j, e);
	/* The foreign key knows whether there is such a branch. */
	if (rc == RC_CONFLICT && e->reason == REASON_CHANGED) {
		error_init(e);
		return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	*ret_id = j.id;
	*ret = j.effect;
	return RC_OK;
}

enum rc closure_update(struct core *c, int64_t id, const struct closure_in *in,
		       struct closure_effect *ret, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };
	struct closure_stored old;

	TRY(read_own(c, c->db, id, &old, e));
	TRY(check_in(&j, e));
	TRY(store_tx(c->db, update_tx, &j, e));
	*ret = j.effect;
	return RC_OK;
}

enum rc closure_remove(struct core *c, int64_t id, struct closure_effect *ret, struct error *e)
{
	struct job j = { .c = c, .id = id };

	TRY(may_manage(c, e));
	TRY(store_tx(c->db, remove_tx, &j, e));
	*ret = j.effect;
	return RC_OK;
}
