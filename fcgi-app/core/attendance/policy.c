/*
 * Policies of branches and courses, networks, shared machines, marks.  See policy.h.
 */
#include "core/attendance/policy.h"

#include "core/audit.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "store/branch.h"
#include "store/policy.h"

#define COURSES_MAX 500

const struct policy policy_built_in = {
	.early_min = 15,
	.late_after_s = 900,
	.close_after_min = 20,
	.code = POLICY_MUST,
	.place = POLICY_OFF,
	.network = POLICY_OFF,
	.photo = POLICY_OFF,
	.browser = POLICY_FLAG,
	.radius_m = 100,
	.code_period_s = 15,
	.max_tries = 5,
	.lock_days = 14,
	.claim_days = 14,
	.aim_percent = 80,
	.evidence_days = 30,
};

/* The numbers of a policy, by the names of their fields. */
static const struct {
	const char *name;
	size_t offset;
	int64_t min, max;
} numbers[] = {
#define NUMBER(member, min, max)                                                                   \
	{                                                                                          \
#member, offsetof(struct policy, member), min, max                                 \
	}
	NUMBER(early_min, 0, 120),       NUMBER(late_after_s, 0, 14400),
	NUMBER(close_after_min, 1, 720), NUMBER(radius_m, 10, 1000),
	NUMBER(code_period_s, 5, 120),   NUMBER(max_tries, 1, 50),
	NUMBER(lock_days, 0, 365),       NUMBER(claim_days, 0, 365),
	NUMBER(aim_percent, 0, 100),     NUMBER(evidence_days, 1, 365),
#undef NUMBER
};
/* The levels likewise. */
static const struct {
	const char *name;
	size_t offset;
} levels[] = {
#define LEVEL(member)                                                                              \
	{                                                                                          \
#member, offsetof(struct policy, member)                                           \
	}
	LEVEL(code), LEVEL(place), LEVEL(network), LEVEL(photo), LEVEL(browser),
#undef LEVEL
};

static int64_t number_of(const struct policy *p, size_t i)
{
	int64_t v;

	memcpy(&v, (const char *)p + numbers[i].offset, sizeof v);
	return v;
}

static enum policy_level level_of(const struct policy *p, size_t i)
{
	enum policy_level v;

	memcpy(&v, (const char *)p + levels[i].offset, sizeof v);
	return v;
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct policy from_stored(const struct policy_stored *t)
{
	return (struct policy){
		.early_min = t->early_min,
		.late_after_s = t->late_after_s,
		.close_after_min = t->close_after_min,
		.code = policy_level_from(t->code_level),
		.place = policy_level_from(t->place_level),
		.network = policy_level_from(t->network_level),
		.photo = policy_level_from(t->photo_level),
		.browser = policy_level_from(t->device_level),
		.radius_m = t->radius_m,
		.code_period_s = t->code_period_s,
		.max_tries = t->max_tries,
		.lock_days = t->lock_days,
		.claim_days = t->claim_days,
		.aim_percent = t->aim_percent,
		.evidence_days = t->evidence_days,
		.auto_open = t->auto_open != 0,
		.names_on_screen = t->names_on_screen != 0,
		.version = t->version,
	};
}

enum rc policy_in_force(struct store *s, struct arena *a, int64_t branch_id, int64_t course_id,
			struct policy *ret, struct error *e)
{
	const struct policy_stored *rows;
	size_t n;

	TRY(policy_rows(s, branch_id, course_id, a, &rows, &n, e));
	*ret = n ? from_stored(&rows[0]) : policy_built_in;
	return RC_OK;
}

/* The row of exactly this scope; NULL: it has none. */
static const struct policy_stored *own_row(const struct policy_stored *rows, size_t n,
					   int64_t course_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].course_id == course_id)
			return &rows[i];
	return NULL;
}

static enum rc may_manage(struct core *c, struct store *s, int64_t branch_id, int64_t course_id,
			  struct error *e)
{
	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	return policy_scope_check(s, branch_id, course_id, c->arena, e);
}

enum rc policy_get(struct core *c, int64_t branch_id, int64_t course_id, struct policy *ret,
		   struct error *e)
{
	const struct policy_stored *rows;
	size_t n;

	TRY(may_manage(c, c->db, branch_id, course_id, e));
	TRY(policy_rows(c->db, branch_id, course_id, c->arena, &rows, &n, e));
	*ret = n ? from_stored(&rows[0]) : policy_built_in;
	if (!own_row(rows, n, course_id))
		ret->version = 0;
	return RC_OK;
}

enum rc policy_courses(struct core *c, int64_t branch_id, const struct policy_course **ret_rows,
		       size_t *ret_n, struct error *e)
{
	const struct policy_course_stored *stored;
	struct policy_course *rows;
	size_t n;

	TRY(may_manage(c, c->db, branch_id, COLUMN_NULL, e));
	TRY(policy_course_rows(c->db, branch_id, COURSES_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct policy_course);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct policy_course){ stored[i].course_id, stored[i].code,
						  stored[i].title };
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- changing -------------------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t branch_id, course_id;
	const struct policy *in;
};

static enum rc check_in(const struct policy *in, struct error *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t v = number_of(in, i);

		if (v < numbers[i].min)
			rc = ERROR_FIELD(e, numbers[i].name, REASON_TOO_SMALL, numbers[i].min);
		else if (v > numbers[i].max)
			rc = ERROR_FIELD(e, numbers[i].name, REASON_TOO_LARGE, numbers[i].max);
	}
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if ((unsigned)level_of(in, i) >= POLICY_LEVEL__MAX)
			rc = ERROR_FIELD(e, levels[i].name, REASON_NOT_A_CHOICE, 0);
	return rc;
}

static struct policy_stored to_stored(const struct job *j)
{
	const struct policy *in = j->in;

	return (struct policy_stored){
		.branch_id = j->branch_id,
		.course_id = j->course_id,
		.early_min = in->early_min,
		.late_after_s = in->late_after_s,
		.close_after_min = in->close_after_min,
		.code_level = str_from(policy_level_name(in->code)),
		.place_level = str_from(policy_level_name(in->place)),
		.network_level = str_from(policy_level_name(in->network)),
		.photo_level = str_from(policy_level_name(in->photo)),
		.device_level = str_from(policy_level_name(in->browser)),
		.radius_m = in->radius_m,
		.code_period_s = in->code_period_s,
		.max_tries = in->max_tries,
		.lock_days = in->lock_days,
		.claim_days = in->claim_days,
		.aim_percent = in->aim_percent,
		.auto_open = in->auto_open,
		.names_on_screen = in->names_on_screen,
		.evidence_days = in->evidence_days,
	};
}

/* What changed, with its new value. */
static void put_changes(struct audit_detail *d, const struct policy *from, const struct policy *to)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (number_of(from, i) != number_of(to, i))
			json_out_key_i64(&d->o, numbers[i].name, number_of(to, i));
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (level_of(from, i) != level_of(to, i))
			json_out_key_cz(&d->o, levels[i].name, policy_level_name(level_of(to, i)));
	if (from->auto_open != to->auto_open)
		json_out_key_bool(&d->o, "auto_open", to->auto_open);
	if (from->names_on_screen != to->names_on_screen)
		json_out_key_bool(&d->o, "names_on_screen", to->names_on_screen);
}

static enum rc audit(const struct job *j, struct store *s, const char *action,
		     const struct policy *from, const struct policy *to, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "branch",
				     .object_id = j->branch_id,
				     .branch_id = j->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->course_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "course", j->course_id);
	put_changes(&d, from, to);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* The lock of the branch stands for that of a row that may not be there yet. */
static enum rc open_scope(const struct job *j, struct store *s, const struct policy_stored **ret,
			  struct policy *ret_before, struct error *e)
{
	const struct policy_stored *rows;
	size_t n;

	TRY(rights_branch(j->c->who, ACTION_POLICY_MANAGE, j->branch_id, e));
	TRY(branch_lock(s, j->branch_id, j->c->arena, e));
	TRY(policy_scope_check(s, j->branch_id, j->course_id, j->c->arena, e));
	TRY(policy_rows(s, j->branch_id, j->course_id, j->c->arena, &rows, &n, e));
	*ret = own_row(rows, n, j->course_id);
	*ret_before = n ? from_stored(&rows[0]) : policy_built_in;
	return RC_OK;
}

static enum rc save_tx(struct store *s, void *arg, struct error *e)
{
	const struct job *j = arg;
	struct policy_stored row = to_stored(j);
	const struct policy_stored *own;
	struct policy before;

	TRY(open_scope(j, s, &own, &before, e));
	if (j->in->version != (own ? own->version : 0))
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "policy of branch %lld at %lld",
			     (long long)j->branch_id, (long long)(own ? own->version : 0));
	if (own) {
		row.id = own->id;
		TRY(policy_write(s, &row, j->c->now_us, e));
	} else {
		TRY(policy_insert(s, &row, j->c->now_us, &row.id, e));
	}
	return audit(j, s, "policy.changed", &before, j->in, e);
}

enum rc policy_save(struct core *c, int64_t branch_id, int64_t course_id, const struct policy *in,
		    struct error *e)
{
	struct job j = { .c = c, .branch_id = branch_id, .course_id = course_id, .in = in };

	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	TRY(check_in(in, e));
	return store_tx(c->db, save_tx, &j, e);
}

static enum rc remove_tx(struct store *s, void *arg, struct error *e)
{
	const struct job *j = arg;
	const struct policy_stored *own;
	struct policy before;

	TRY(open_scope(j, s, &own, &before, e));
	if (!own)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "branch %lld has no policy there",
			     (long long)j->branch_id);
	TRY(policy_delete(s, own->id, e));
	return audit(j, s, "policy.removed", &before, &before, e);
}

enum rc policy_remove(struct core *c, int64_t branch_id, int64_t course_id, struct error *e)
{
	struct job j = { .c = c, .branch_id = branch_id, .course_id = course_id };

	return store_tx(c->db, remove_tx, &j, e);
}
