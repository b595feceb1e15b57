/*
 * The rules of people; see the header.
 */
#include "core/people/people.h"

#include "core/audit.h"
#include "core/people/membership.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "store/account_admin.h"
#include "store/registration.h"

enum rc people_rights(const struct core *c, int64_t branch_id, struct str role, struct error *e)
{
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, branch_id, e));
	if (c->who->role != ROLE_SUPER_ADMIN && role_from(role) == ROLE_SUPER_ADMIN)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "a super admin's");
	return RC_OK;
}

/* ---- what is typed ----------------------------------------------------------------------- */

static void clean(struct str in, size_t max, const char *field, struct str *ret, struct error *e)
{
	struct error one;

	error_init(&one);
	if (line_clean(in, max, field, ret, &one) != RC_OK)
		(void)ERROR_FIELD(e, field, one.fields[0].reason, one.fields[0].arg);
}

enum rc person_clean(const struct person_in *in, struct person_in *ret, struct error *e)
{
	struct person_in p = { .branch_id = in->branch_id };
	struct error found;

	error_init(&found);
	clean(in->given_name, PERSON_NAME_MAX, "given_name", &p.given_name, &found);
	clean(in->family_name, PERSON_NAME_MAX, "family_name", &p.family_name, &found);
	clean(in->student_code, PERSON_CODE_MAX, "student_code", &p.student_code, &found);
	clean(in->teacher_code, PERSON_CODE_MAX, "teacher_code", &p.teacher_code, &found);
	if (str_empty(str_trim(in->given_name)) && str_empty(str_trim(in->family_name)))
		(void)ERROR_FIELD(&found, "family_name", REASON_REQUIRED, 0);
	if (found.rc != RC_OK) {
		*e = found;
		return found.rc;
	}
	*ret = p;
	return RC_OK;
}

enum rc person_duplicate(const struct error *failure, struct error *e)
{
	if (store_is_duplicate(failure, "person_student_code")) {
		error_init(e);
		return ERROR_FIELD(e, "student_code", REASON_STUDENT_CODE_TAKEN, 0);
	}
	if (store_is_duplicate(failure, "person_teacher_code")) {
		error_init(e);
		return ERROR_FIELD(e, "teacher_code", REASON_TEACHER_CODE_TAKEN, 0);
	}
	*e = *failure;
	return failure->rc;
}

static struct str or_null(struct str s)
{
	return s.n > 0 ? s : (struct str){ NULL, 0 };
}

static struct person_fields fields_of(const struct core *c, const struct person_in *in)
{
	return (struct person_fields){
		.branch_id = in->branch_id,
		.given_name = in->given_name,
		.family_name = in->family_name,
		.student_code = or_null(in->student_code),
		.teacher_code = or_null(in->teacher_code),
		.now_us = c->now_us,
		.by = c->who->role == ROLE_NONE ? COLUMN_NULL : c->who->account_id,
	};
}

/* ---- changes ----------------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t id, revision;
	struct person_in in;
};

static enum rc audit(struct job *j, struct store *db, const char *action, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "person",
				     .object_id = j->id,
				     .branch_id = j->in.branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "branch", j->in.branch_id);
	if (j->in.student_code.n > 0)
		json_out_key_str(&d.o, "student_code", j->in.student_code);
	if (j->in.teacher_code.n > 0)
		json_out_key_str(&d.o, "teacher_code", j->in.teacher_code);
	if (j->in.given_name.n > 0 || j->in.family_name.n > 0)
		TRY(audit_detail_digest(&d, j->c, "name",
					arena_printf(j->c->arena, "%.*s\n%.*s",
						     STR_ARG(j->in.given_name),
						     STR_ARG(j->in.family_name)),
					e));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, j->c, &entry, e);
}

/* The branch as the field "branch": one that is there, goes on, and that the viewer manages. */
static enum rc branch_check(struct core *c, struct store *db, int64_t branch_id, struct error *e)
{
	struct error hidden;
	int64_t ended_at;
	enum rc rc;

	error_init(&hidden);
	if (rights_branch(c->who, ACTION_PEOPLE_MANAGE, branch_id, &hidden) == RC_NOT_FOUND)
		return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, branch_id, e));
	rc = account_admin_branch(db, branch_id, c->arena, &ended_at, e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && ended_at != NO_TIME)) {
		error_init(e);
		return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	}
	return rc;
}

static enum rc create_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct person_fields f = fields_of(j->c, &j->in);

	TRY(branch_check(j->c, db, j->in.branch_id, e));
	TRY(person_insert_all(db, &f, &j->id, e));
	return audit(j, db, "person.created", e);
}

enum rc person_create_within(struct core *c, struct store *db, const struct person_in *in,
			     int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = *in };

	TRY(create_tx(db, &j, e));
	*ret_id = j.id;
	return RC_OK;
}

enum rc person_create(struct core *c, const struct person_in *in, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c };
	struct error failure;

	TRY(person_clean(in, &j.in, e));
	error_init(&failure);
	if (store_tx(c->db, create_tx, &j, &failure) != RC_OK)
		return person_duplicate(&failure, e);
	*ret_id = j.id;
	return RC_OK;
}

/* Rights, lock and revision; versions are raised before the lock, as everywhere. */
static enum rc open(struct job *j, struct store *db, struct person_row *ret, struct error *e)
{
	struct person_row p;

	TRY(person_read(db, j->id, j->c->arena, &p, e));
	TRY(people_rights(j->c, p.branch_id, p.role, e));
	TRY(person_touch(db, j->id, e));
	TRY(person_lock(db, j->id, j->c->arena, &p, e));
	TRY(people_rights(j->c, p.branch_id, p.role, e));
	if (j->revision != 0 && j->revision != p.revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "person %lld is at %lld, not %lld",
			     (long long)j->id, (long long)p.revision, (long long)j->revision);
	*ret = p;
	return RC_OK;
}

static enum rc use_of(struct core *c, struct store *db, const struct person_row *p,
		      struct person_use_row *ret, struct error *e)
{
	return person_use(db, p->id, p->branch_id, core_wall(c, p->zone, c->now_us).day, c->now_us,
			  c->arena, ret, e);
}

/* Counters follow a person who comes or goes. */
static enum rc settle(struct core *c, struct store *db, int64_t branch_id, struct error *e)
{
	return membership_settle(c, db, branch_id, NULL, e);
}

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct person_fields f = fields_of(j->c, &j->in);
	struct person_use_row use;
	struct person_row p;

	TRY(open(j, db, &p, e));
	if (p.ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "person %lld", (long long)j->id);
	if (p.branch_id != j->in.branch_id) {
		TRY(branch_check(j->c, db, j->in.branch_id, e));
		TRY(use_of(j->c, db, &p, &use, e));
		if (use.n_members + use.n_enrolments > 0)
			return ERROR_FIELD(e, "branch", REASON_OPEN_MEMBERS, 0);
		/* They would go on seeing sessions of the old branch. */
		if (use.n_staff + use.n_planned > 0)
			return ERROR_FIELD(e, "branch", REASON_OPEN_STAFF, 0);
		TRY(person_update_account_branch(db, j->id, j->in.branch_id, e));
	}
	TRY(person_update(db, j->id, &f, e));
	return audit(j, db, "person.changed", e);
}

enum rc person_change_within(struct core *c, struct store *db, int64_t id,
			     const struct person_in *in, struct error *e)
{
	return change_tx(db, &(struct job){ .c = c, .id = id, .in = *in }, e);
}

enum rc person_change(struct core *c, int64_t id, int64_t revision, const struct person_in *in,
		      struct error *e)
{
	struct job j = { .c = c, .id = id, .revision = revision };
	struct error failure;

	TRY(person_clean(in, &j.in, e));
	error_init(&failure);
	if (store_tx(c->db, change_tx, &j, &failure) != RC_OK)
		return person_duplicate(&failure, e);
	return RC_OK;
}

static enum rc not_oneself(const struct job *j, struct error *e)
{
	if (j->c->who->person_id == j->id)
		return ERROR(e, RC_CONFLICT, REASON_NOT_YOURSELF, "person %lld", (long long)j->id);
	return RC_OK;
}

/* Ending, restoring and removing reach the account, and that of an admin is a super admin's. */
static enum rc account_rights(const struct core *c, const struct person_row *p, struct error *e)
{
	if (c->who->role != ROLE_SUPER_ADMIN && role_from(p->role) == ROLE_BRANCH_ADMIN)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "a branch admin's");
	return RC_OK;
}

static enum rc end_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct core *c = j->c;
	struct person_row p;

	TRY(not_oneself(j, e));
	TRY(open(j, db, &p, e));
	TRY(account_rights(c, &p, e));
	if (p.ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "has ended already");
	if (p.account_id != COLUMN_NULL && p.disabled_at == NO_TIME) {
		TRY(account_admin_not_last(db, c->arena, p.account_id, e));
		TRY(account_admin_set_disabled(db, p.account_id, c->now_us, c->now_us,
					       c->who->account_id, e));
	}
	TRY(person_update_ended(db, j->id, c->now_us, c->now_us, c->who->account_id, e));
	TRY(settle(j->c, db, p.branch_id, e));
	j->in.branch_id = p.branch_id;
	return audit(j, db, "person.ended", e);
}

enum rc person_end(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return store_tx(c->db, end_tx, &(struct job){ .c = c, .id = id, .revision = revision }, e);
}

static enum rc restore_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct core *c = j->c;
	struct person_row p;

	TRY(open(j, db, &p, e));
	TRY(account_rights(c, &p, e));
	if (p.ended_at == NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_NOT_ENDED, "person %lld", (long long)j->id);
	/* Only the account that ending disabled; one disabled before stays so. */
	if (p.account_id != COLUMN_NULL && p.disabled_at == p.ended_at)
		TRY(account_admin_set_disabled(db, p.account_id, NO_TIME, c->now_us,
					       c->who->account_id, e));
	TRY(person_update_ended(db, j->id, NO_TIME, c->now_us, c->who->account_id, e));
	TRY(settle(j->c, db, p.branch_id, e));
	j->in.branch_id = p.branch_id;
	return audit(j, db, "person.restored", e);
}

enum rc person_restore(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	struct job j = { .c = c, .id = id, .revision = revision };
	struct error failure;

	error_init(&failure);
	if (store_tx(c->db, restore_tx, &j, &failure) != RC_OK)
		return person_duplicate(&failure, e);
	return RC_OK;
}

#define ER_ROW_IS_REFERENCED 1451

static enum rc remove_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct person_use_row use;
	struct person_row p;

	TRY(not_oneself(j, e));
	TRY(open(j, db, &p, e));
	TRY(account_rights(j->c, &p, e));
	TRY(use_of(j->c, db, &p, &use, e));
	if (use.has_history != 0)
		return ERROR(e, RC_CONFLICT, REASON_HAS_HISTORY, "person %lld", (long long)j->id);
	if (p.account_id != COLUMN_NULL && p.disabled_at == NO_TIME)
		TRY(account_admin_not_last(db, j->c->arena, p.account_id, e));
	TRY(registration_delete(db, j->id, e));
	TRY(person_delete_account(db, j->id, e));
	TRY(person_delete(db, j->id, e));
	j->in.branch_id = p.branch_id;
	return audit(j, db, "person.removed", e);
}

enum rc person_remove(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	struct job j = { .c = c, .id = id, .revision = revision };
	const enum rc rc = store_tx(c->db, remove_tx, &j, e);

	/* Something that the question above does not know refers to the person. */
	if (rc == RC_CONFLICT && e->foreign == ER_ROW_IS_REFERENCED)
		return ERROR(e, RC_CONFLICT, REASON_HAS_HISTORY, "person %lld", (long long)id);
	return rc;
}

enum rc person_leave(struct core *c, int64_t id, struct error *e)
{
	const enum rc rc = person_remove(c, id, 0, e);

	if (rc != RC_CONFLICT || e->reason != REASON_HAS_HISTORY)
		return rc;
	error_init(e);
	return person_end(c, id, 0, e);
}

/* ---- reading ------------------------------------------------------------------------------ */

enum rc person_get(struct core *c, int64_t id, struct person_detail *ret, struct error *e)
{
	struct person_detail d = { 0 };
	struct error hidden;

	TRY(person_read(c->db, id, c->arena, &d.row, e));
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, d.row.branch_id, e));
	TRY(use_of(c, c->db, &d.row, &d.use, e));
	error_init(&hidden);
	d.may_change = people_rights(c, d.row.branch_id, d.row.role, &hidden) == RC_OK;
	d.is_self = c->who->person_id == id;
	*ret = d;
	return RC_OK;
}

enum rc person_audit(struct core *c, const struct person_detail *d, size_t limit,
		     const struct person_trail_row **ret_rows, size_t *ret_n, struct error *e)
{
	BUG(limit == 0 || limit > 100);
	return person_trail(c->db, d->row.id, d->row.account_id, limit, c->arena, ret_rows, ret_n,
			    e);
}
