/*
 * Wrong passwords and the delay they bring.
 */
#include "core/identity/sign_in.h"

#include "core/audit.h"
#include "store/throttle.h"
#include "sys/crypto.h"

static struct str digest_of(const struct throttle_subject *s)
{
	return str_make((const char *)s->digest, sizeof s->digest);
}

enum rc sign_in_wait(struct core *c, const struct account_sign_in *account, struct str name,
		     struct throttle_subject *ret, struct error *e)
{
	struct throttle_subject subject = { .has_failures = true };
	struct throttle_row row;
	struct str key;

	key = account != NULL ? arena_printf(c->arena, "account:%lld", (long long)account->id)
			      : arena_printf(c->arena, "name:%.*s", STR_ARG(name));
	if (key.p == NULL)
		return ERROR_MEMORY(e);
	TRY(crypto_sha256(key, subject.digest, e));
	const enum rc rc = throttle_get(c->db, digest_of(&subject), c->arena, &row, e);
	if (rc == RC_NOT_FOUND) {
		subject.has_failures = false;
	} else if (rc != RC_OK) {
		return rc;
	} else if (row.until_at > c->now_us) {
		const int64_t wait_s = (row.until_at - c->now_us + US_PER_S - 1) / US_PER_S;
		ERROR(e, RC_BUSY, REASON_SIGN_IN_DELAY, "%lld failures", (long long)row.n_failures);
		e->arg = e->retry_s = wait_s;
		return RC_BUSY;
	}
	*ret = subject;
	return RC_OK;
}

struct failed_arg {
	struct core *c;
	const struct account_sign_in *account;
	const struct throttle_subject *subject;
	const char *action;
};

static enum rc failed_tx(struct store *db, void *arg, struct error *e)
{
	const struct failed_arg *a = arg;

	TRY(throttle_fail(db, digest_of(a->subject), a->c->now_us,
			  a->c->config->sign_in_delay_after, e));
	if (a->account == NULL)
		return RC_OK;
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = a->action,
						.object = "account",
						.object_id = a->account->id,
						.branch_id = a->account->branch_id },
			 e);
}

enum rc sign_in_failed(struct core *c, const struct account_sign_in *account,
		       const struct throttle_subject *subject, const char *action, struct error *e)
{
	struct failed_arg arg = { c, account, subject, action };

	return store_tx(c->db, failed_tx, &arg, e);
}

enum rc sign_in_forget(struct store *db, const struct throttle_subject *subject, struct error *e)
{
	if (!subject->has_failures)
		return RC_OK;
	return throttle_clear(db, digest_of(subject), e);
}

struct str sign_in_fold(struct arena *a, struct str name)
{
	const struct str trimmed = str_trim(name);
	char *p = arena_alloc(a, trimmed.n);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < trimmed.n; i++)
		p[i] = ascii_lower(trimmed.p[i]);
	return str_make(p, trimmed.n);
}
