/*
 * Registrations; see the header.
 */
#include "core/identity/registration.h"

#include "core/audit.h"
#include "core/identity/account_fields.h"
#include "core/identity/password.h"
#include "core/identity/sign_in.h"
#include "core/people/people.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "store/account.h"
#include "store/account_admin.h"
#include "sys/crypto.h"

#define USERNAME_STEM  60
#define USERNAME_TRIES 4
#define RATE_WINDOW_S  60
#define NAME_CHARS     (2 * PERSON_NAME_MAX)

static const char *const state_names[REGISTRATION_STATE__MAX] = { "waiting", "approved",
								  "refused" };

const char *registration_state_name(enum registration_state s)
{
	BUG((unsigned)s >= REGISTRATION_STATE__MAX);
	return state_names[s];
}

/* ---- asking -------------------------------------------------------------------------------- */

struct asking {
	struct core *c;
	struct str given, family, email, username, asked_role;
	char hash[CRYPTO_HASH_SIZE];
};

/* "Amina Khelifi": the given name is the first word, as clients have one field for both. */
static enum rc take_name(struct asking *k, struct str name, struct error *e)
{
	struct str clean, rest;
	size_t blank;

	TRY(line_clean(name, NAME_CHARS, "name", &clean, e));
	if (!clean.n)
		return ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	blank = str_find_char(clean, ' ');
	rest = blank == SIZE_MAX ? STR("") : str_trim(str_from_pos(clean, blank));
	TRY(line_clean(str_sub(clean, 0, blank == SIZE_MAX ? clean.n : blank), PERSON_NAME_MAX,
		       "name", &k->given, e));
	return line_clean(rest, PERSON_NAME_MAX, "name", &k->family, e);
}

/* What stands before the '@', as far as a username may hold it. */
static enum rc take_username(struct asking *k, struct error *e)
{
	struct buf b;

	buf_init(&b, k->c->arena, USERNAME_STEM, USERNAME_STEM);
	for (size_t i = 0; i < k->email.n && k->email.p[i] != '@' && b.n < USERNAME_STEM; i++) {
		const char ch = k->email.p[i];

		if (ascii_is_alnum(ch) || ch == '.' || ch == '_' || ch == '-')
			buf_char(&b, ch);
	}
	if (!b.n)
		BUF_LIT(&b, "student");
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	k->username = buf_str(&b);
	return RC_OK;
}

/* Another one, since somebody has that: "amina-7k3q". */
static enum rc change_username(struct asking *k, struct error *e)
{
	static const char signs[] = "23456789abcdefghjkmnpqrstuvwxyz";
	char tail[4];

	TRY(take_username(k, e));
	for (size_t i = 0; i < sizeof tail; i++)
		tail[i] = signs[crypto_random_below(sizeof signs - 1)];
	k->username = arena_printf(k->c->arena, "%.*s-%.*s", STR_ARG(k->username), (int)sizeof tail,
				   tail);
	return k->username.p ? RC_OK : ERROR_MEMORY(e);
}

static enum rc check(struct asking *k, const struct registration_in *in, struct error *e)
{
	struct error found, one;

	error_init(&found);
	error_init(&one);
	if (take_name(k, in->name, &one) != RC_OK)
		found = one;
	k->email = sign_in_fold(k->c->arena, in->email);
	if (!k->email.p)
		return ERROR_MEMORY(e);
	TRY(take_username(k, e));
	if (!k->email.n)
		(void)ERROR_FIELD(&found, "email", REASON_REQUIRED, 0);
	else
		account_check_names(k->username, k->email, &found);
	error_init(&one);
	if (password_check(k->c->config, in->password, k->username, k->email, "password", &one) !=
	    RC_OK)
		(void)ERROR_FIELD(&found, "password", one.fields[0].reason, one.fields[0].arg);
	if (found.rc != RC_OK)
		*e = found;
	return found.rc;
}

static enum rc take_rate(const struct core *c, struct str address, struct error *e)
{
	int64_t retry_s = 0;
	struct str key;

	if (!c->shm || !address.n)
		return RC_OK;
	key = arena_printf(c->arena, "register:%.*s", STR_ARG(address));
	if (!key.p)
		return ERROR_MEMORY(e);
	if (rate_take(c->shm, key, c->config->sign_in_per_address_per_minute, RATE_WINDOW_S,
		      clock_read_us(c->clock), &retry_s))
		return RC_OK;
	(void)ERROR(e, RC_BUSY, REASON_RATE, "registrations of one address");
	e->arg = e->retry_s = retry_s;
	return RC_BUSY;
}

static enum rc add_person(struct asking *k, struct store *s, int64_t branch_id, int64_t *ret_id,
			  struct error *e)
{
	const struct core *c = k->c;
	const struct person_fields f = { .branch_id = branch_id,
					 .given_name = k->given,
					 .family_name = k->family,
					 .now_us = c->now_us,
					 .by = COLUMN_NULL };

	TRY(person_insert_all(s, &f, ret_id, e));
	return person_update_ended(s, *ret_id, c->now_us, c->now_us, COLUMN_NULL, e);
}

static enum rc audit_asked(struct asking *k, struct store *s, int64_t account_id, int64_t branch_id,
			   struct error *e)
{
	struct audit_entry entry = { .action = "account.registered",
				     .object = "account",
				     .object_id = account_id,
				     .branch_id = branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, k->c->arena);
	json_out_key_str(&d.o, "asked", k->asked_role);
	TRY(audit_detail_digest(&d, k->c, "email", k->email, e));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, k->c, &entry, e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct asking *k = arg;
	const struct core *c = k->c;
	char uuid[ACCOUNT_UUID_SIZE];
	struct account_new row = { .uuid = account_random_uuid(uuid),
				   .role = str_from(role_name(ROLE_STUDENT)),
				   .username = k->username,
				   .email = k->email,
				   .password_hash = str_from(k->hash),
				   .created_at = c->now_us };
	int64_t id;

	TRY(registration_branch(s, c->arena, &row.branch_id, e));
	TRY(add_person(k, s, row.branch_id, &row.person_id, e));
	TRY(account_insert(s, &row, &id, e));
	TRY(registration_disable(s, id, c->now_us, e));
	TRY(registration_insert(s, id, k->asked_role, c->now_us, e));
	return audit_asked(k, s, id, row.branch_id, e);
}

static enum rc store_it(struct asking *k, struct error *e)
{
	struct error mine;
	enum rc rc;

	for (int i = 0; i < USERNAME_TRIES; i++) {
		error_init(&mine);
		rc = store_tx(k->c->db, add_tx, k, &mine);
		if (rc == RC_OK)
			return RC_OK;
		if (!store_is_duplicate(&mine, "account_username"))
			break;
		TRY(change_username(k, e));
	}
	if (store_is_duplicate(&mine, "account_email"))
		return ERROR_FIELD(e, "email", REASON_EMAIL_TAKEN, 0);
	if (mine.rc == RC_NOT_FOUND)
		return ERROR(e, RC_DENIED, REASON_REGISTRATION_CLOSED, "there is no branch");
	*e = mine;
	return mine.rc;
}

enum rc registration_add(struct core *c, const struct registration_in *in, struct error *e)
{
	static const struct who nobody = { .role = ROLE_NONE };
	struct core as = *c;
	struct asking k = { .c = &as,
			    .asked_role = in->asks_teacher ? STR("teacher") : STR("student") };
	struct account_sign_in there;
	struct error ignored;
	int64_t n;

	as.who = &nobody;
	if (!c->config->registration)
		return ERROR(e, RC_DENIED, REASON_REGISTRATION_CLOSED, "by the settings");
	TRY(take_rate(c, in->address, e));
	TRY(check(&k, in, e));
	TRY(registration_count(c->db, 0, c->arena, &n, e));
	if (n >= REGISTRATIONS_WAIT_MAX)
		return ERROR(e, RC_BUSY, REASON_REGISTRATIONS_WAIT, "%lld wait", (long long)n);
	/* Before the costly hash; the unique key has the last word. */
	error_init(&ignored);
	if (account_get_by_name(c->db, k.email, c->arena, &there, &ignored) == RC_OK)
		return ERROR_FIELD(e, "email", REASON_EMAIL_TAKEN, 0);
	TRY(password_hash(password_cost_of(c->config), c->shm, in->password, k.hash, e));
	return store_it(&k, e);
}

/* ---- deciding ------------------------------------------------------------------------------- */

/* Whose registrations the viewer sees; 0: all. */
static enum rc reach(const struct core *c, int64_t *ret_branch_id, struct error *e)
{
	switch (rights_scope(c->who->role, ACTION_PEOPLE_MANAGE)) {
	case SCOPE_ALL:
		*ret_branch_id = 0;
		return RC_OK;
	case SCOPE_BRANCH:
		/* A branch admin without a branch has the branch 0, which is none: not all. */
		*ret_branch_id = c->who->branch_id > 0 ? c->who->branch_id : -1;
		return RC_OK;
	case SCOPE_NONE:
	case SCOPE_AUTHOR:
	case SCOPE_CLASS:
	case SCOPE__MAX:
		break;
	}
	return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "role %s", role_name(c->who->role));
}

enum rc registration_list(struct core *c, enum registration_state state,
			  const struct registration_row **ret_rows, size_t *ret_n, struct error *e)
{
	int64_t branch_id;

	TRY(reach(c, &branch_id, e));
	return registration_rows(c->db, branch_id, str_from(registration_state_name(state)),
				 REGISTRATIONS_SHOWN, c->arena, ret_rows, ret_n, e);
}

enum rc registration_waiting(struct core *c, int64_t *ret_n, struct error *e)
{
	int64_t branch_id;

	TRY(reach(c, &branch_id, e));
	return registration_count(c->db, branch_id, c->arena, ret_n, e);
}

struct deciding {
	struct core *c;
	struct registration_decision in;
	int64_t person_id;
};

static enum rc audit_decided(const struct deciding *d, struct store *s,
			     const struct registration_row *r, struct error *e)
{
	return audit_add(s, d->c,
			 &(struct audit_entry){ .action = d->in.approve ? "account.approved"
									: "account.refused",
						.object = "account",
						.object_id = r->account_id,
						.branch_id = r->branch_id },
			 e);
}

/* A refused one can be approved; nothing else comes back. */
static enum rc move(const struct deciding *d, struct store *s, const struct registration_row *r,
		    struct error *e)
{
	const struct str from =
		d->in.approve && str_eq(r->state, STR("refused")) ? STR("refused") : STR("waiting");
	int64_t n;

	TRY(registration_move(s, r->account_id, from,
			      d->in.approve ? STR("approved") : STR("refused"), d->c->now_us,
			      d->c->who->account_id, &n, e));
	if (n != 1)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "registration %lld is %.*s",
			     (long long)r->account_id, STR_ARG(r->state));
	return RC_OK;
}

/* Those who register stand in the first branch; it is the admin who knows where they belong. */
static enum rc put_into(const struct deciding *d, struct store *s, const struct registration_row *r,
			struct error *e)
{
	struct person_row p;

	if (d->in.branch_id == 0 || d->in.branch_id == r->branch_id)
		return RC_OK;
	TRY(person_read(s, r->person_id, d->c->arena, &p, e));
	return person_change_within(d->c, s, r->person_id,
				    &(struct person_in){ .branch_id = d->in.branch_id,
							 .given_name = p.given_name,
							 .family_name = p.family_name,
							 .student_code = p.student_code,
							 .teacher_code = p.teacher_code },
				    e);
}

static enum rc decide_tx(struct store *s, void *arg, struct error *e)
{
	struct deciding *d = arg;
	struct core *c = d->c;
	struct registration_row r;

	TRY(registration_read(s, d->in.account_id, c->arena, &r, e));
	TRY(people_rights(c, r.branch_id, STR("student"), e));
	TRY(move(d, s, &r, e));
	d->person_id = r.person_id;
	if (d->in.approve) {
		TRY(person_touch(s, r.person_id, e));
		TRY(person_update_ended(s, r.person_id, NO_TIME, c->now_us, c->who->account_id, e));
		TRY(account_admin_set_disabled(s, r.account_id, NO_TIME, c->now_us,
					       c->who->account_id, e));
		TRY(put_into(d, s, &r, e));
	}
	return audit_decided(d, s, &r, e);
}

enum rc registration_decide(struct core *c, const struct registration_decision *in,
			    int64_t *ret_person_id, struct error *e)
{
	struct deciding d = { .c = c, .in = *in };

	TRY(store_tx(c->db, decide_tx, &d, e));
	*ret_person_id = d.person_id;
	return RC_OK;
}
