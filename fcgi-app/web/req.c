/*
 * What handlers ask of a request.  Must not know: how it came.
 */
#include "web/req.h"

#include "base/num.h"
#include "codec/cookie.h"
#include "sys/shm.h"
#include "web/serve.h"

enum rc req_read_as(struct req *q, const struct fields *f, void *in, struct error *e)
{
	struct field_sources from = { &q->path_pairs, &q->query_pairs, &q->form };

	BUG(!f);
	q->fields = f;
	error_init(e);
	return fields_read(f, &from, &q->worker->arena, in, e);
}

enum rc req_read(struct req *q, void *in, struct error *e)
{
	return req_read_as(q, q->route->fields, in, e);
}

static const struct pair *find(const struct req *q, const char *name)
{
	const struct pair *p = pairs_find(&q->form, str_from(name), 0);

	return p ? p : pairs_find(&q->query_pairs, str_from(name), 0);
}

struct str req_raw(const struct req *q, const char *name)
{
	const struct pair *p = find(q, name);

	return p ? p->value : (struct str){ 0 };
}

bool req_has(const struct req *q, const char *name)
{
	return find(q, name) != NULL;
}

struct str req_cookie(const struct req *q, const char *name)
{
	struct str value;

	return cookie_find(q->cookies, str_from(name), &value) ? value : (struct str){ 0 };
}

struct tpl req_tpl(const struct req *q, struct resp *r)
{
	return (struct tpl){ .out = &r->body,
			     .arena = &q->worker->arena,
			     .lang = q->lang,
			     .asset_base = q->worker->web->asset_base,
			     .csrf = str_from(q->who.csrf) };
}

struct str req_local_path(struct str path, struct str otherwise)
{
	if (path.n == 0 || path.n > 2000 || path.p[0] != '/')
		return otherwise;
	if (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'))
		return otherwise;
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] <= ' ' || path.p[i] == '\\' || path.p[i] == 0x7F)
			return otherwise;
	return path;
}

enum rc req_rate(struct req *q, const char *rule, bool by_address, int64_t limit, int64_t window_s,
		 struct error *e)
{
	struct arena *a = &q->worker->arena;
	bool is_account = !by_address && q->who.role != ROLE_NONE;
	struct str key;
	int64_t retry_s;

	if (limit == 0 || !q->core.shm)
		return RC_OK;
	if (is_account)
		key = arena_printf(a, "%s:a%lld", rule, (long long)q->who.account_id);
	else
		key = arena_printf(a, "%s:%.*s", rule, STR_ARG(q->address));
	if (!key.p)
		return ERROR_MEMORY(e);
	if (rate_take(q->core.shm, key, limit, window_s, q->core.now_us, &retry_s))
		return RC_OK;
	log_event(&q->worker->log, LOGGED_RATE_LIMITED, LOG_CZ("rule", rule),
		  LOG_I64("account", is_account ? q->who.account_id : 0),
		  LOG_STR("address", q->address), LOG_I64("retry_s", retry_s));
	ERROR(e, RC_BUSY, REASON_RATE, "rate limit %s", rule);
	e->retry_s = retry_s;
	e->arg = retry_s;
	return RC_BUSY;
}

struct str req_file_bytes(const struct req *q, const struct req_file *f)
{
	return str_sub(q->body, (size_t)f->offset, (size_t)f->n);
}
