/*
 * What a monitor may read.
 */
#include "core/monitor.h"

#include "base/num.h"
#include "sys/crypto.h"

#define TOKEN_MIN 16
#define BEARER    STR("Bearer ")

bool monitor_is_loopback(struct str address)
{
	struct str rest = address, part;
	int64_t n, first = 0;
	int parts = 0;

	if (str_eq(address, STR("::1")))
		return true;
	if (str_starts(address, STR("::ffff:")))
		rest = str_from_pos(address, 7);
	while (rest.n && str_split(&rest, '.', &part)) {
		if (part.n > 3 || !num_i64(part, 0, 255, &n))
			return false;
		if (parts++ == 0)
			first = n;
	}
	return parts == 4 && first == 127;
}

static enum rc refused(struct error *e, const char *why)
{
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "metrics: %s", why);
}

enum rc monitor_allowed(const struct core *c, const struct monitor_who *who, struct error *e)
{
	struct secret token;

	if (!who->authorization.n) {
		if (!who->forwarded.n && monitor_is_loopback(who->address))
			return RC_OK;
		return refused(e, "neither this machine nor a token");
	}
	if (!c->config->metrics_token_file.n)
		return refused(e, "no token is set");
	TRY(config_secret_read(c->arena, c->config->metrics_token_file, &token, e));
	if (secret_reveal(token).n < TOKEN_MIN)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "metrics_token_file holds less than %d characters", TOKEN_MIN);
	if (!str_starts(who->authorization, BEARER) ||
	    !crypto_equal_str(str_from_pos(who->authorization, BEARER.n), secret_reveal(token)))
		return refused(e, "another token");
	return RC_OK;
}

void monitor_look(struct core *c, const struct meter *meter, const struct files *files,
		  struct monitor *ret)
{
	struct error ignored; /* what is down is told as down */

	error_init(&ignored);
	*ret = (struct monitor){ .health = health_look(c, files) };
	if (meter)
		meter_sum(meter, &ret->counts);
	if (!ret->health.has_database)
		return;
	ret->has_chain = chain_lag(c, &ret->lag, &ignored) == RC_OK &&
			 job_list(c, &ret->jobs, &ret->n_jobs, &ignored) == RC_OK;
	ret->has_events = relay_lag(c, &ret->events, &ignored) == RC_OK;
}
