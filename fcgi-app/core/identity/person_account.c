/*
 * Accounts of people and devices; see the header.
 */
#include "core/identity/person_account.h"

#include "core/audit.h"
#include "core/identity/account_fields.h"
#include "core/identity/password.h"
#include "core/identity/sign_in.h"
#include "core/people/people.h"
#include "core/rights.h"
#include "store/account.h"
#include "sys/crypto.h"

bool person_account_may_give(const struct core *c, enum role role)
{
	switch (role) {
	case ROLE_SUPER_ADMIN:
	case ROLE_BRANCH_ADMIN:
		return c->who->role == ROLE_SUPER_ADMIN;
	case ROLE_FACULTY:
	case ROLE_EMPLOYEE:
	case ROLE_STUDENT:
		return who_is_admin(c->who);
	case ROLE_NONE:
	case ROLE_DEVICE:
	case ROLE__MAX:
		break;
	}
	return false;
}

/* May the viewer touch an account of this branch and role? */
static enum rc rights(const struct core *c, int64_t branch_id, struct str role, struct error *e)
{
	const enum role r = role_from(role);

	TRY(people_rights(c, branch_id, role, e));
	if (r == ROLE_BRANCH_ADMIN && c->who->role != ROLE_SUPER_ADMIN)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "a branch admin's");
	return RC_OK;
}

/* ---- what is typed ----------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t id, revision, person_id, branch_id;
	enum role role;
	struct str username, email; /* folded */
	char hash[CRYPTO_HASH_SIZE];
	bool is_device, sets_password;
	const struct person_in *person; /* made or changed along with it; NULL: no */
};

static enum rc fold(struct job *j, const struct person_account_in *in, struct error *e)
{
	j->role = in->role;
	j->username = sign_in_fold(j->c->arena, in->username);
	j->email = sign_in_fold(j->c->arena, in->email);
	if (j->username.p == NULL || j->email.p == NULL)
		return ERROR_MEMORY(e);
	return RC_OK;
}

static void check_role(const struct job *j, struct error *found)
{
	if (j->is_device)
		return;
	if (j->role == ROLE_NONE || j->role == ROLE_DEVICE)
		(void)ERROR_FIELD(found, "role", REASON_NOT_A_CHOICE, 0);
	else if (!person_account_may_give(j->c, j->role))
		(void)ERROR_FIELD(found, "role", REASON_SUPER_ADMIN_ONLY, 0);
}

/* Four groups of four signs without look-alikes: 79 bits, to be read aloud and typed. */
static struct str generate(struct arena *a)
{
	static const char signs[] = "23456789abcdefghjkmnpqrstuvwxyz";
	char out[19];

	for (size_t i = 0; i < sizeof out; i++)
		out[i] = i % 5 == 4 ? '-' : signs[crypto_random_below(sizeof signs - 1)];
	return arena_str(a, str_make(out, sizeof out));
}

/* The password that will hold, its hash in j, and what to show. */
static enum rc password_of(struct job *j, const struct person_account_in *in,
			   struct str *ret_password, struct error *e)
{
	struct str shown = { NULL, 0 };
	struct secret password = in->password;

	if (in->has_no_password) {
		j->hash[0] = '\0';
		*ret_password = shown;
		return RC_OK;
	}
	if (in->is_generated) {
		shown = generate(j->c->arena);
		if (shown.p == NULL)
			return ERROR_MEMORY(e);
		password = secret_make(shown);
	}
	TRY(password_hash(password_cost_of(j->c->config), j->c->shm, password, j->hash, e));
	*ret_password = shown;
	return RC_OK;
}

static enum rc check(struct job *j, const struct person_account_in *in, bool has_password,
		     struct error *e)
{
	struct error found, password;

	error_init(&found);
	error_init(&password);
	check_role(j, &found);
	account_check_names(j->username, j->email, &found);
	if (has_password && !in->is_generated && !in->has_no_password &&
	    password_check(j->c->config, in->password, j->username, j->email, "password",
			   &password) != RC_OK)
		(void)ERROR_FIELD(&found, "password", password.fields[0].reason,
				  password.fields[0].arg);
	if (found.rc != RC_OK)
		*e = found;
	return found.rc;
}

static enum rc duplicate(const struct error *failure, struct error *e)
{
	if (store_is_duplicate(failure, "account_username")) {
		error_init(e);
		return ERROR_FIELD(e, "username", REASON_USERNAME_TAKEN, 0);
	}
	if (store_is_duplicate(failure, "account_email")) {
		error_init(e);
		return ERROR_FIELD(e, "email", REASON_EMAIL_TAKEN, 0);
	}
	if (store_is_duplicate(failure, "account_one_person"))
		return ERROR(e, RC_CONFLICT, REASON_HAS_ACCOUNT, "the person has one");
	return person_duplicate(failure, e);
}

static enum rc audit(struct job *j, struct store *db, const char *action, struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "account", .object_id = j->id, .branch_id = j->branch_id
	};
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->role != ROLE_NONE)
		json_out_key_cz(&d.o, "role", role_name(j->role));
	if (j->person_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "person", j->person_id);
	if (j->username.n > 0)
		TRY(audit_detail_digest(&d, j->c, "username", j->username, e));
	if (j->email.n > 0)
		TRY(audit_detail_digest(&d, j->c, "email", j->email, e));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, j->c, &entry, e);
}

/* ---- a new one --------------------------------------------------------------------------- */

static enum rc insert(struct job *j, struct store *db, struct error *e)
{
	char uuid[ACCOUNT_UUID_SIZE];
	const struct account_new row = {
		.uuid = account_random_uuid(uuid),
		.role = str_from(role_name(j->role)),
		.username = j->username,
		.email = j->email.n > 0 ? j->email : (struct str){ NULL, 0 },
		.password_hash = str_from(j->hash),
		.person_id = j->person_id,
		.branch_id = j->role == ROLE_SUPER_ADMIN ? COLUMN_NULL : j->branch_id,
		.created_at = j->c->now_us,
	};

	TRY(account_insert(db, &row, &j->id, e));
	return audit(j, db, "account.created", e);
}

static enum rc create_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct person_row p;

	if (j->person != NULL)
		TRY(person_create_within(j->c, db, j->person, &j->person_id, e));
	TRY(person_lock(db, j->person_id, j->c->arena, &p, e));
	TRY(people_rights(j->c, p.branch_id, p.role, e));
	if (p.ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "person %lld", (long long)p.id);
	if (p.account_id != COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_HAS_ACCOUNT, "person %lld", (long long)p.id);
	j->branch_id = p.branch_id;
	return insert(j, db, e);
}

static enum rc create(struct job *j, const struct person_account_in *in, struct str *ret_password,
		      int64_t *ret_id, struct error *e)
{
	struct str shown;
	struct error failure;

	TRY(fold(j, in, e));
	TRY(check(j, in, true, e));
	TRY(password_of(j, in, &shown, e));
	error_init(&failure);
	if (store_tx(j->c->db, create_tx, j, &failure) != RC_OK)
		return duplicate(&failure, e);
	*ret_password = shown;
	*ret_id = j->id;
	return RC_OK;
}

enum rc person_account_create(struct core *c, int64_t person_id, const struct person_account_in *in,
			      struct str *ret_password, int64_t *ret_id, struct error *e)
{
	struct person_detail d;

	/* Before the costly hash, and again under the lock. */
	TRY(person_get(c, person_id, &d, e));
	TRY(people_rights(c, d.row.branch_id, d.row.role, e));
	return create(&(struct job){ .c = c, .person_id = person_id }, in, ret_password, ret_id, e);
}

enum rc user_create(struct core *c, const struct person_in *person,
		    const struct person_account_in *in, int64_t *ret_id, struct error *e)
{
	struct person_in clean;
	struct str shown;

	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, person->branch_id, e));
	TRY(person_clean(person, &clean, e));
	return create(&(struct job){ .c = c, .person = &clean }, in, &shown, ret_id, e);
}

/* ---- changes ----------------------------------------------------------------------------- */

static enum rc open(struct job *j, struct store *db, struct account_admin_row *ret, struct error *e)
{
	struct account_admin_row a;

	TRY(account_admin_read(db, j->id, j->c->arena, &a, e));
	TRY(rights(j->c, a.branch_id, a.role, e));
	TRY(account_admin_lock(db, j->id, j->c->arena, &a, e));
	TRY(rights(j->c, a.branch_id, a.role, e));
	if (j->revision != 0 && j->revision != a.revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "account %lld is at %lld, not %lld",
			     (long long)j->id, (long long)a.revision, (long long)j->revision);
	j->person_id = a.person_id;
	j->branch_id = a.branch_id;
	*ret = a;
	return RC_OK;
}

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct core *c = j->c;
	struct account_admin_row a;
	enum role was;

	if (j->person != NULL)
		TRY(person_change_within(j->c, db, j->person_id, j->person, e));
	TRY(open(j, db, &a, e));
	was = role_from(a.role);
	if (was == ROLE_DEVICE)
		j->role = ROLE_DEVICE;
	if (j->role != was) {
		if (j->id == c->who->account_id)
			return ERROR_FIELD(e, "role", REASON_NOT_YOURSELF, 0);
		if (was == ROLE_SUPER_ADMIN && a.disabled_at == NO_TIME)
			TRY(account_admin_not_last(db, c->arena, j->id, e));
	}
	TRY(account_admin_update(db, j->id, str_from(role_name(j->role)),
				 j->role == ROLE_SUPER_ADMIN ? COLUMN_NULL : a.branch_id,
				 j->username, j->email.n > 0 ? j->email : (struct str){ NULL, 0 },
				 j->role != was, c->now_us, c->who->account_id, e));
	if (j->sets_password)
		TRY(account_admin_set_password(db, j->id, str_from(j->hash), c->now_us,
					       c->who->account_id, e));
	return audit(j, db, "account.changed", e);
}

static enum rc change(struct job *j, const struct person_account_in *in, struct error *e)
{
	struct person_account_detail d;
	struct error failure;
	struct str shown;

	TRY(person_account_get(j->c, j->id, &d, e));
	TRY(rights(j->c, d.row.branch_id, d.row.role, e));
	j->is_device = role_from(d.row.role) == ROLE_DEVICE;
	TRY(fold(j, in, e));
	TRY(check(j, in, j->sets_password, e));
	if (j->sets_password)
		TRY(password_of(j, in, &shown, e));
	error_init(&failure);
	if (store_tx(j->c->db, change_tx, j, &failure) != RC_OK)
		return duplicate(&failure, e);
	return RC_OK;
}

enum rc person_account_change(struct core *c, int64_t id, int64_t revision,
			      const struct person_account_in *in, struct error *e)
{
	return change(&(struct job){ .c = c, .id = id, .revision = revision }, in, e);
}

enum rc user_change(struct core *c, int64_t person_id, int64_t account_id,
		    const struct person_in *person, const struct person_account_in *in,
		    struct error *e)
{
	struct person_in clean;

	TRY(person_clean(person, &clean, e));
	return change(&(struct job){ .c = c,
				     .id = account_id,
				     .person_id = person_id,
				     .person = &clean,
				     .sets_password = !in->has_no_password },
		      in, e);
}

static enum rc enable_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct account_admin_row a;

	TRY(open(j, db, &a, e));
	if (a.person_ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "its person");
	TRY(account_admin_set_disabled(db, j->id, NO_TIME, j->c->now_us, j->c->who->account_id, e));
	return audit(j, db, "account.enabled", e);
}

enum rc person_account_enable(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return store_tx(c->db, enable_tx, &(struct job){ .c = c, .id = id, .revision = revision },
			e);
}

static enum rc disable_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct account_admin_row a;

	TRY(open(j, db, &a, e));
	if (j->id == j->c->who->account_id)
		return ERROR(e, RC_CONFLICT, REASON_NOT_YOURSELF, "own account");
	if (a.disabled_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "is disabled already");
	if (role_from(a.role) == ROLE_SUPER_ADMIN)
		TRY(account_admin_not_last(db, j->c->arena, j->id, e));
	TRY(account_admin_set_disabled(db, j->id, j->c->now_us, j->c->now_us, j->c->who->account_id,
				       e));
	return audit(j, db, "account.disabled", e);
}

enum rc person_account_disable(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return store_tx(c->db, disable_tx, &(struct job){ .c = c, .id = id, .revision = revision },
			e);
}

static enum rc password_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct account_admin_row a;

	TRY(open(j, db, &a, e));
	TRY(account_admin_set_password(db, j->id, str_from(j->hash), j->c->now_us,
				       j->c->who->account_id, e));
	return audit(j, db, "account.password_set", e);
}

enum rc person_account_set_password(struct core *c, int64_t id, int64_t revision,
				    const struct person_account_in *in, struct str *ret_password,
				    struct error *e)
{
	struct job j = { .c = c, .id = id, .revision = revision };
	struct person_account_detail d;
	struct str shown;

	TRY(person_account_get(c, id, &d, e));
	TRY(rights(c, d.row.branch_id, d.row.role, e));
	if (!in->is_generated)
		TRY(password_check(c->config, in->password, d.row.username, d.row.email, "password",
				   e));
	TRY(password_of(&j, in, &shown, e));
	TRY(store_tx(c->db, password_tx, &j, e));
	*ret_password = shown;
	return RC_OK;
}

/* ---- reading ------------------------------------------------------------------------------ */

enum rc person_account_get(struct core *c, int64_t id, struct person_account_detail *ret,
			   struct error *e)
{
	struct person_account_detail d = { 0 };
	struct error hidden;

	TRY(account_admin_read(c->db, id, c->arena, &d.row, e));
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, d.row.branch_id, e));
	error_init(&hidden);
	d.may_change = rights(c, d.row.branch_id, d.row.role, &hidden) == RC_OK;
	d.is_self = c->who->account_id == id;
	*ret = d;
	return RC_OK;
}
