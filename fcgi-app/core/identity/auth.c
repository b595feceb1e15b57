/*
 * Signing in and out.  Reading the session of a request is in auth_session.c.
 */
#include "core/identity/auth.h"

#include "core/audit.h"
#include "core/identity/password.h"
#include "core/identity/sign_in.h"
#include "store/web_session.h"

#define NAME_MAX_BYTES   254 /* of an e-mail, the longer of the two */
#define RATE_WINDOW_S    60
#define USER_AGENT_CHARS 200
#define SECONDS_PER_DAY  86400

bool auth_role_filter(struct str word, unsigned *ret_roles)
{
	static const struct {
		struct str word;
		unsigned roles;
	} words[] = {
		{ STR_INIT("student"), ROLE_BIT(ROLE_STUDENT) },
		{ STR_INIT("employee_faculty"), ROLE_BIT(ROLE_EMPLOYEE) | ROLE_BIT(ROLE_FACULTY) },
		{ STR_INIT("admin"), ROLE_BIT(ROLE_SUPER_ADMIN) | ROLE_BIT(ROLE_BRANCH_ADMIN) },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(word, words[i].word)) {
			*ret_roles = words[i].roles;
			return true;
		}
	}
	return false;
}

const char *token_family_name(enum token_family f)
{
	static const char *const names[TOKEN__MAX] = { "", "000", "001", "002", "003", "own" };

	BUG((unsigned)f >= TOKEN__MAX);
	return names[f];
}

static enum rc take_rate(struct core *c, struct str address, struct error *e)
{
	int64_t retry_s = 0;

	if (c->shm == NULL || address.n == 0)
		return RC_OK;
	const struct str key = arena_printf(c->arena, "sign-in:%.*s", STR_ARG(address));
	if (key.p == NULL)
		return ERROR_MEMORY(e);
	if (rate_take(c->shm, key, c->config->sign_in_per_address_per_minute, RATE_WINDOW_S,
		      clock_read_us(c->clock), &retry_s))
		return RC_OK;
	ERROR(e, RC_BUSY, REASON_RATE, "sign-ins of one address");
	e->arg = e->retry_s = retry_s;
	return RC_BUSY;
}

/* *ret_found false: nobody has this name (or it cannot be one). */
static enum rc find(struct core *c, struct str name, struct account_sign_in *ret, bool *ret_found,
		    struct error *e)
{
	*ret_found = false;
	if (name.n == 0 || name.n > NAME_MAX_BYTES || !utf8_valid(name))
		return RC_OK;
	const enum rc rc = account_get_by_name(c->db, name, c->arena, ret, e);
	*ret_found = rc == RC_OK;
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Everything but the password. */
static bool may_enter(const struct core *c, const struct sign_in_in *in,
		      const struct account_sign_in *account)
{
	const enum role role = role_from(account->role);
	const unsigned all = ~(ROLE_BIT(ROLE_NONE) | ROLE_BIT(ROLE_DEVICE));
	const unsigned roles = in->roles != 0 ? in->roles & all : all;

	return account->disabled_at == NO_TIME && (roles & ROLE_BIT(role)) != 0 &&
	       (!account->is_demo || config_is_loopback(c->config));
}

/* The other contracts know no such answer. */
static bool tells_waiting(const struct sign_in_in *in)
{
	return in->family == TOKEN_NONE || in->family == TOKEN_001;
}

struct enter_arg {
	struct core *c;
	const struct account_sign_in *account;
	const struct throttle_subject *subject;
	struct web_session_new row;
	struct str rehash;   /* empty: the hash stays */
	struct str old_hash; /* of the token that came along; empty: none */
	int64_t id;
};

static enum rc enter_tx(struct store *db, void *arg, struct error *e)
{
	struct enter_arg *a = arg;
	/* The actor is who signs in, though the request came from nobody yet. */
	const struct who who = { .role = role_from(a->account->role),
				 .account_id = a->account->id };
	struct core as = *a->c;

	as.who = &who;
	TRY(sign_in_forget(db, a->subject, e));
	if (a->old_hash.n > 0)
		TRY(web_session_finish_token(db, a->old_hash, a->c->now_us, e));
	if (a->rehash.n > 0)
		TRY(account_rehash(db, a->account->id, a->account->epoch, a->rehash, e));
	TRY(web_session_insert(db, &a->row, &a->id, e));
	return audit_add(db, &as,
			 &(struct audit_entry){ .action = "account.signed_in",
						.object = "account",
						.object_id = a->account->id,
						.branch_id = a->account->branch_id },
			 e);
}

/* How long a sign-in by a contract's door lasts, used or not. */
static int64_t door_s(const struct config *c, enum token_family family, enum role role)
{
	const int64_t refresh = c->token_003_refresh_minutes, access = c->token_000_minutes;

	if (family == TOKEN_002)
		return role == ROLE_STUDENT ? c->token_002_student_s : c->token_002_teacher_s;
	if (family == TOKEN_001)
		return c->token_001_refresh_minutes * 60;
	return (family == TOKEN_003 && refresh > access ? refresh : access) * 60;
}

static void set_times(const struct core *c, const struct sign_in_in *in, enum role role,
		      struct web_session_new *row, int64_t *ret_max_age_s)
{
	int64_t ends_s = c->config->session_max_hours * 3600;
	int64_t keep_s = c->config->keep_signed_in_days * SECONDS_PER_DAY;

	*ret_max_age_s = 0;
	row->idle_s = c->config->session_idle_minutes * 60;
	if (in->family != TOKEN_NONE) {
		row->idle_s = ends_s = door_s(c->config, in->family, role);
	} else if (in->keep && keep_s > 0) {
		ends_s = keep_s < ends_s ? keep_s : ends_s;
		row->idle_s = *ret_max_age_s = ends_s;
	}
	row->created_at = c->now_us;
	row->ends_at = c->now_us + ends_s * US_PER_S;
	row->expires_at = c->now_us + (row->idle_s < ends_s ? row->idle_s : ends_s) * US_PER_S;
}

/* A header may be anything; what is no text is left out. */
static struct str clean_user_agent(struct str s)
{
	return utf8_valid(s) ? utf8_prefix(s, USER_AGENT_CHARS) : STR("");
}

static enum rc enter(struct core *c, const struct sign_in_in *in,
		     const struct account_sign_in *account, const struct throttle_subject *subject,
		     struct str rehash, struct sign_in *ret, struct error *e)
{
	uint8_t hash[CRYPTO_SHA256_SIZE], old_hash[CRYPTO_SHA256_SIZE], csrf[32];
	struct sign_in out = { .max_age_s = 0 };
	struct enter_arg arg = { .c = c, .account = account, .subject = subject, .rehash = rehash };

	const struct str token = crypto_random_token(out.token);
	TRY(crypto_sha256(token, hash, e));
	crypto_random(csrf, sizeof csrf);
	if (in->old_token.n > 0 && in->family == TOKEN_NONE) {
		TRY(crypto_sha256(in->old_token, old_hash, e));
		arg.old_hash = str_make((const char *)old_hash, sizeof old_hash);
	}
	arg.row.token_hash = str_make((const char *)hash, sizeof hash);
	arg.row.csrf = str_make((const char *)csrf, sizeof csrf);
	arg.row.account_id = account->id;
	arg.row.epoch = account->epoch;
	arg.row.user_agent = clean_user_agent(in->user_agent);
	arg.row.family = str_from(token_family_name(in->family));
	set_times(c, in, role_from(account->role), &arg.row, &out.max_age_s);
	TRY(store_tx(c->db, enter_tx, &arg, e));
	if (in->family != TOKEN_NONE) {
		out.token[0] = '\0';
		TRY(auth_session_id(c, arg.id, account->id, &out.who, e));
	} else {
		TRY(auth_session(c, token, &out.who, e));
	}
	*ret = out;
	return RC_OK;
}

enum rc auth_sign_in(struct core *c, const struct sign_in_in *in, struct sign_in *ret,
		     struct error *e)
{
	const struct password_cost cost = password_cost_of(c->config);
	struct account_sign_in account;
	struct throttle_subject subject;
	char rehash[CRYPTO_HASH_SIZE];
	bool found, match, again;

	TRY(take_rate(c, in->address, e));
	const struct str name = sign_in_fold(c->arena, in->name);
	if (name.p == NULL)
		return ERROR_MEMORY(e);
	TRY(find(c, name, &account, &found, e));
	TRY(sign_in_wait(c, found ? &account : NULL, name, &subject, e));
	TRY(password_verify(cost, c->shm, found ? account.password_hash : STR(""), in->password,
			    &match, &again, e));
	if (found && match && account.is_waiting != 0 && tells_waiting(in))
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_ACCOUNT_WAITING, "account %lld",
			     (long long)account.id);
	if (!found || !match || !may_enter(c, in, &account)) {
		TRY(sign_in_failed(c, found ? &account : NULL, &subject, "account.sign_in_failed",
				   e));
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_CREDENTIALS, "%s",
			     !found   ? "no such name"
			     : !match ? "wrong password"
				      : "disabled, demo, or not by this door");
	}
	rehash[0] = '\0';
	if (again)
		TRY(password_hash(cost, c->shm, in->password, rehash, e));
	return enter(c, in, &account, &subject, str_from(rehash), ret, e);
}

struct out_arg {
	struct core *c;
	int64_t web_session_id;
	bool everywhere;
	enum token_family family; /* not TOKEN_NONE: all of that door */
	int64_t n;
};

static enum rc out_tx(struct store *db, void *arg, struct error *e)
{
	struct out_arg *a = arg;
	const struct who *who = a->c->who;

	if (a->everywhere)
		TRY(account_raise_epoch(db, who->account_id, e));
	if (a->family != TOKEN_NONE)
		TRY(web_session_finish_family(db, who->account_id,
					      str_from(token_family_name(a->family)), a->c->now_us,
					      &a->n, e));
	else
		TRY(web_session_finish(db, a->web_session_id, who->account_id, a->c->now_us, &a->n,
				       e));
	if (a->n == 0 && !a->everywhere)
		return RC_OK;
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = a->everywhere
								  ? "account.signed_out_everywhere"
								  : "account.signed_out",
						.object = "account",
						.object_id = who->account_id,
						.branch_id = who->branch_id },
			 e);
}

static enum rc sign_out(struct core *c, struct out_arg *arg, struct error *e)
{
	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	return store_tx(c->db, out_tx, arg, e);
}

enum rc auth_sign_out(struct core *c, struct error *e)
{
	return sign_out(c, &(struct out_arg){ .c = c, .web_session_id = c->who->web_session_id },
			e);
}

enum rc auth_sign_out_everywhere(struct core *c, struct error *e)
{
	return sign_out(c,
			&(struct out_arg){ .c = c,
					   .web_session_id = c->who->web_session_id,
					   .everywhere = true },
			e);
}

enum rc auth_sign_out_family(struct core *c, enum token_family family, struct error *e)
{
	BUG(family == TOKEN_NONE);
	return sign_out(c, &(struct out_arg){ .c = c, .family = family }, e);
}

enum rc auth_session_end(struct core *c, int64_t web_session_id, struct error *e)
{
	struct out_arg arg = { .c = c, .web_session_id = web_session_id };

	TRY(sign_out(c, &arg, e));
	if (arg.n == 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "session %lld",
			     (long long)web_session_id);
	return RC_OK;
}
