/*
 * The rules of branches; see branch.h.
 *
 * A change takes the branch's row lock first and raises the versions before it touches sessions,
 * as every transaction that writes them does (store/occurrence.h).
 */
#include "core/people/branch.h"

#include "core/audit.h"
#include "core/rights.h"
#include "core/session/change.h"

#define PIECE       2000 /* sessions of one statement */
#define PIECE_BYTES ((size_t)PIECE * 100 + 1024)

int64_t branch_n_live(const struct branch_info_row *b)
{
	return b->n_people + b->n_accounts + b->n_departments + b->n_classes + b->n_courses +
	       b->n_schedules + b->n_coming;
}

enum rc branch_all(struct core *c, bool with_ended, const struct branch_info_row **ret_rows,
		   size_t *ret_n, struct error *e)
{
	TRY(rights_branch(c->who, ACTION_BRANCH_MANAGE, COLUMN_NULL, e));
	return branch_info_rows(c->db, with_ended, c->now_us, BRANCHES_MAX, c->arena, ret_rows,
				ret_n, e);
}

enum rc branch_get(struct core *c, int64_t id, struct branch_info_row *ret, struct error *e)
{
	TRY(rights_branch(c->who, ACTION_BRANCH_MANAGE, id, e));
	return branch_info_read(c->db, id, c->now_us, c->arena, ret, e);
}

struct job {
	struct core *c;
	struct branch_in in;
	const struct zone *zone;
	int64_t id, n_moved;
	bool is_restore;
};

/* Under the lock, with its revision compared. */
static enum rc open_row(struct job *j, struct store *s, struct branch_info_row *ret,
			struct error *e)
{
	TRY(branch_lock(s, j->in.id, j->c->arena, e));
	TRY(branch_info_read(s, j->in.id, j->c->now_us, j->c->arena, ret, e));
	if (j->in.revision && j->in.revision != ret->revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "revision %lld, not %lld",
			     (long long)ret->revision, (long long)j->in.revision);
	return RC_OK;
}

static enum rc audit(struct job *j, struct store *s, const char *action, struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "branch", .object_id = j->id, .branch_id = j->id
	};
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->zone) {
		json_out_key_str(&d.o, "zone", zone_name(j->zone));
		json_out_key_i64(&d.o, "moved", j->n_moved);
	}
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

static enum rc name_error(enum rc rc, struct error *e)
{
	if (rc != RC_OK && store_is_duplicate(e, "branch_name")) {
		error_init(e);
		return ERROR_FIELD(e, "name", REASON_NAME_TAKEN, 0);
	}
	return rc;
}

/* ---- the zone ------------------------------------------------------------------------------ */

/* "2026-11-20 09:30:00" */
static void put_instant(struct json_out *o, const char *key, int64_t us)
{
	char day[11], tod[9], text[20];

	memcpy(text, day_format(us_day(us), day).p, 10);
	text[10] = ' ';
	memcpy(text + 11, tod_format((int32_t)(us_in_day(us) / US_PER_S), tod).p, 8);
	json_out_key_str(o, key, str_make(text, 19));
}

static enum rc rezone_piece(struct job *j, struct store *s, const struct branch_coming_row *rows,
			    size_t n, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, j->c->arena, n * 90 + 16, PIECE_BYTES);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		const struct branch_coming_row *r = &rows[i];

		json_out_object(&o);
		json_out_key_i64(&o, "id", r->id);
		put_instant(&o, "s", zone_to_utc(j->zone, r->session_date, r->start_time, NULL));
		put_instant(&o, "e", zone_to_utc(j->zone, r->session_date, r->end_time, NULL));
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return branch_rezone(s, buf_str(&b), zone_name(j->zone), e);
}

static enum rc rezone(struct job *j, struct store *s, struct error *e)
{
	int64_t after = 0;

	TRY(branch_touch_all(s, j->in.id, e));
	for (;;) {
		const struct branch_coming_row *rows;
		size_t n;

		TRY(branch_coming(s, j->in.id, j->c->now_us, after, PIECE, j->c->arena, &rows, &n,
				  e));
		if (n == 0)
			return RC_OK;
		TRY(rezone_piece(j, s, rows, n, e));
		after = rows[n - 1].id;
		j->n_moved += (int64_t)n;
	}
}

/* ---- changing ------------------------------------------------------------------------------ */

static enum rc save_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct branch_in *in = &j->in;
	struct branch_info_row old;
	int64_t me = j->c->who->account_id;

	j->n_moved = 0;
	j->id = in->id;
	if (in->id == 0) {
		TRY(name_error(branch_add(s, in->name, in->zone, me, j->c->now_us, &j->id, e), e));
		return audit(j, s, "branch.created", e);
	}
	TRY(open_row(j, s, &old, e));
	if (old.ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "branch %lld", (long long)in->id);
	if (!str_eq(old.zone, in->zone)) {
		if (old.n_coming > 0 && !in->is_confirmed)
			return ERROR_FIELD(e, "confirm", REASON_ZONE_CONFIRM, old.n_coming);
		TRY(rezone(j, s, e));
	}
	TRY(name_error(branch_write(s, in->id, in->name, in->zone, me, j->c->now_us, e), e));
	return audit(j, s, "branch.changed", e);
}

enum rc branch_save(struct core *c, const struct branch_in *in, int64_t *ret_id,
		    int64_t *ret_n_moved, struct error *e)
{
	struct job j = { .c = c, .in = *in };
	struct error unknown;
	enum rc rcs[2];

	TRY(rights_branch(c->who, ACTION_BRANCH_MANAGE, in->id ? in->id : COLUMN_NULL, e));
	rcs[0] = line_clean(in->name, BRANCH_NAME_MAX, "name", &j.in.name, e);
	if (rcs[0] == RC_OK && j.in.name.n == 0)
		rcs[0] = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	error_init(&unknown);
	j.in.zone = str_trim(in->zone);
	rcs[1] = j.in.zone.n ? zones_get(c->zones, j.in.zone, &j.zone, &unknown) : RC_INVALID;
	if (rcs[1] != RC_OK)
		rcs[1] = ERROR_FIELD(e, "zone", j.in.zone.n ? REASON_ZONE_UNKNOWN : REASON_REQUIRED,
				     0);
	TRY(rcs[0]);
	TRY(rcs[1]);
	TRY(store_tx(c->db, save_tx, &j, e));
	*ret_id = j.id;
	if (ret_n_moved)
		*ret_n_moved = j.n_moved;
	return RC_OK;
}

static enum rc end_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct branch_info_row old;
	int64_t ended_at = j->is_restore ? NO_TIME : j->c->now_us;
	enum rc rc;

	j->id = j->in.id;
	TRY(open_row(j, s, &old, e));
	if (j->is_restore != (old.ended_at != NO_TIME))
		return ERROR(e, RC_CONFLICT, j->is_restore ? REASON_NOT_ENDED : REASON_ENDED,
			     "branch %lld", (long long)j->id);
	if (!j->is_restore && branch_n_live(&old) > 0)
		return ERROR(e, RC_CONFLICT, REASON_BRANCH_IN_USE, "%lld things are live",
			     (long long)branch_n_live(&old));
	rc = branch_set_end(s, j->id, ended_at, j->c->who->account_id, j->c->now_us, e);
	if (rc != RC_OK && store_is_duplicate(e, "branch_name"))
		return ERROR(e, RC_CONFLICT, REASON_NAME_TAKEN, "branch %lld", (long long)j->id);
	TRY(rc);
	return audit(j, s, j->is_restore ? "branch.restored" : "branch.ended", e);
}

static enum rc end_or_restore(struct core *c, int64_t id, int64_t revision, bool is_restore,
			      struct error *e)
{
	struct job j = { .c = c,
			 .in = { .id = id, .revision = revision },
			 .is_restore = is_restore };

	TRY(rights_branch(c->who, ACTION_BRANCH_MANAGE, id, e));
	return store_tx(c->db, end_tx, &j, e);
}

enum rc branch_end(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return end_or_restore(c, id, revision, false, e);
}

enum rc branch_restore(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return end_or_restore(c, id, revision, true, e);
}
