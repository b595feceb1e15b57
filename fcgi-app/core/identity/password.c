/*
 * Which passwords are taken, and changing one's own.
 */
#include "core/identity/password.h"

#include "core/audit.h"
#include "core/identity/sign_in.h"
#include "store/web_session.h"

struct password_cost password_cost_of(const struct config *config)
{
	return (struct password_cost){ .memory_kib = (uint32_t)config->argon2_memory_kib,
				       .time = (uint32_t)config->argon2_time };
}

enum rc password_check(const struct config *config, struct secret password, struct str username,
		       struct str email, const char *field, struct error *e)
{
	const struct str s = secret_reveal(password);

	if (s.n == 0)
		return ERROR_FIELD(e, field, REASON_REQUIRED, 0);
	if (s.n > PASSWORD_MAX_BYTES)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, PASSWORD_MAX_BYTES);
	if (!utf8_valid(s))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	if (utf8_length(s) < (size_t)config->password_min_length)
		return ERROR_FIELD(e, field, REASON_TOO_SHORT, config->password_min_length);
	if (password_is_common(password) || str_eq_nocase(s, username) || str_eq_nocase(s, email))
		return ERROR_FIELD(e, field, REASON_PASSWORD_COMMON, 0);
	return RC_OK;
}

struct change_arg {
	struct core *c;
	const struct throttle_subject *subject;
	struct str hash;
};

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	const struct change_arg *a = arg;
	const struct who *who = a->c->who;

	TRY(sign_in_forget(db, a->subject, e));
	TRY(account_update_password(db, who->account_id, a->hash, a->c->now_us, e));
	TRY(web_session_follow_epoch(db, who->web_session_id, e));
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = "account.password_changed",
						.object = "account",
						.object_id = who->account_id,
						.branch_id = who->branch_id },
			 e);
}

static enum rc check_wanted(struct core *c, struct secret current, struct secret wanted,
			    struct secret repeat, struct error *e)
{
	TRY(password_check(c->config, wanted, c->who->username, c->who->email, "new_password", e));
	if (crypto_equal_str(secret_reveal(current), secret_reveal(wanted)))
		return ERROR_FIELD(e, "new_password", REASON_PASSWORD_SAME, 0);
	if (!crypto_equal_str(secret_reveal(wanted), secret_reveal(repeat)))
		return ERROR_FIELD(e, "repeat_password", REASON_PASSWORD_REPEAT, 0);
	return RC_OK;
}

enum rc password_change(struct core *c, struct secret current, struct secret wanted,
			struct secret repeat, struct error *e)
{
	const struct password_cost cost = password_cost_of(c->config);
	struct account_sign_in account;
	struct throttle_subject subject;
	char hash[CRYPTO_HASH_SIZE];
	bool match, again;

	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	TRY(check_wanted(c, current, wanted, repeat, e));
	TRY(account_get(c->db, c->who->account_id, c->arena, &account, e));
	TRY(sign_in_wait(c, &account, account.username, &subject, e));
	TRY(password_verify(cost, c->shm, account.password_hash, current, &match, &again, e));
	if (!match) {
		TRY(sign_in_failed(c, &account, &subject, "account.password_wrong", e));
		return ERROR_FIELD(e, "current_password", REASON_PASSWORD_WRONG, 0);
	}
	TRY(password_hash(cost, c->shm, wanted, hash, e));
	return store_tx(c->db, change_tx,
			&(struct change_arg){ .c = c, .subject = &subject, .hash = str_from(hash) },
			e);
}
