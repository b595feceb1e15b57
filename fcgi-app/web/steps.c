/*
 * The steps before the handler.  Must not know: how errors look, handlers.
 */
#include "base/num.h"
#include "codec/header.h"
#include "codec/url.h"
#include "core/identity/device.h"
#include "core/identity/token.h"
#include "sys/guard.h"
#include "web/body.h"
#include "web/cors.h"
#include "web/router.h"
#include "web/serving.h"

bool steps_changes(const struct serving *s)
{
	return s->q.method != METHOD_GET && s->q.method != METHOD_HEAD &&
	       s->q.method != METHOD_OPTIONS;
}

static bool prefers_json(struct str accept)
{
	size_t json = str_find(accept, STR("application/json"));
	size_t html = str_find(accept, STR("text/html"));

	return json != SIZE_MAX && (html == SIZE_MAX || json < html);
}

static void take_headers(struct serving *s)
{
	const struct web_in *in = s->in;
	struct req *q = &s->q;

	q->method = method_from(in->method);
	q->target = in->target;
	q->host = in->host;
	q->address = in->address;
	q->user_agent = in->user_agent;
	q->content_type = in->content_type;
	q->accept = in->accept;
	q->if_none_match = in->if_none_match;
	q->range = in->range;
	q->authorization = in->authorization;
	q->forwarded = in->forwarded;
	q->cookies = in->cookie;
	q->device_key = in->device_key;
	q->webhook_signature = in->webhook_signature;
	q->tus = (struct req_tus){ in->tus_resumable, in->upload_length,   in->upload_defer_length,
				   in->upload_offset, in->upload_metadata, in->upload_checksum };
	q->is_htmx = str_eq(in->hx_request, STR("true"));
	q->is_ajax = str_eq_nocase(in->requested_with, STR("XMLHttpRequest"));
	q->wants_json = prefers_json(in->accept) ||
			str_eq_nocase(header_media_type(in->content_type), STR("application/json"));
	q->path = STR("/");
}

static enum rc check_host(struct serving *s, struct error *e)
{
	const struct config_list *allowed = &s->q.core.config->allowed_hosts;
	struct str name;

	if (!guard_host_name(s->in->host, &name))
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "Host header");
	s->q.host = name;
	if (!guard_host_allowed(name, allowed->items, allowed->n))
		return ERROR(e, RC_INVALID, REASON_HOST, "host %.*s", STR_ARG(name));
	return RC_OK;
}

/* ---- tokens --------------------------------------------------------------------------- */

/* "Bearer x": the signature alone, before the row is looked for, since it may depend on it. */
static void read_token(struct serving *s)
{
	struct req *q = &s->q;
	const struct str scheme = STR("Bearer ");

	if (!str_eq_nocase(str_sub(q->authorization, 0, scheme.n), scheme))
		return;
	if (token_read(&q->core, str_trim(str_from_pos(q->authorization, scheme.n)), &q->token,
		       &s->token) != RC_OK)
		q->token.family = TOKEN_NONE;
}

static bool takes_tokens(const struct serving *s)
{
	return s->q.route && s->q.worker->web->families[s->q.route->family].takes_tokens;
}

/* Whether a token came to a door that takes them: the cookie is not looked at then. */
static bool has_token(const struct serving *s)
{
	return takes_tokens(s) && (s->q.token.family != TOKEN_NONE || s->token.rc != RC_OK);
}

static enum rc find_who_by_token(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	struct who who;
	enum rc rc;

	if (q->token.family == TOKEN_NONE)
		return RC_OK;
	if (q->route->claims_only && !q->token.is_refresh) {
		token_claims_who(&q->core, &q->token, &q->who);
		q->who_unverified = true;
		return RC_OK;
	}
	if (!q->core.db)
		return ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "not connected yet");
	rc = token_who(&q->core, &q->token, &who, e);
	if (rc == RC_NOT_SIGNED_IN) {
		s->token = *e;
		error_init(e);
		return RC_OK;
	}
	TRY(rc);
	q->who = who;
	return RC_OK;
}

/* ---- who ---------------------------------------------------------------------------- */

static enum rc find_who(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	struct who who;
	enum rc rc;

	if (has_token(s))
		return find_who_by_token(s, e);
	/* A page elsewhere never acts by the cookie of who looks at it. */
	if (takes_tokens(s) && cors_is_foreign(s))
		return RC_OK;
	q->session_token = req_cookie(q, q->worker->web->is_tls ? "__Host-muster" : "muster");
	if (!q->session_token.n)
		return RC_OK;
	if (!q->core.db)
		return ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "not connected yet");
	rc = auth_session(&q->core, q->session_token, &who, e);
	if (rc == RC_NOT_SIGNED_IN) {
		q->session_ended = true;
		error_init(e);
		return RC_OK;
	}
	TRY(rc);
	q->who = who;
	return RC_OK;
}

void steps_language(struct serving *s)
{
	struct req *q = &s->q;
	struct str tags[LANG__MAX], theme = req_cookie(q, "theme");
	struct str preferred = config_language(q->core.config);
	enum lang order[LANG__MAX], first = LANG_EN;
	size_t n = 0;

	if (q->who.role != ROLE_NONE)
		q->theme = q->who.theme;
	else if (str_eq(theme, STR("light")))
		q->theme = THEME_LIGHT;
	else if (str_eq(theme, STR("dark")))
		q->theme = THEME_DARK;
	if (q->who.language.n && lang_from_tag(q->who.language, &q->lang))
		return;
	if (lang_from_tag(req_cookie(q, "lang"), &q->lang))
		return;
	if (!lang_from_tag(preferred, &first))
		first = LANG_EN;
	order[n++] = first; /* what is taken when nothing fits */
	for (int l = 0; l < LANG__MAX; l++)
		if ((enum lang)l != first)
			order[n++] = (enum lang)l;
	for (size_t i = 0; i < n; i++)
		tags[i] = lang_tag(order[i]);
	q->lang = order[header_language(s->in->accept_language, tags, n)];
}

/* People who took the wrong door are told whose it is; programs get the one word. */
static enum reason not_for(const struct route *route, enum role role)
{
	if (route->family != FAMILY_PAGES)
		return REASON_DENIED;
	if (route->may == MAY_STUDENT)
		return REASON_FOR_STUDENTS;
	return role == ROLE_STUDENT ? REASON_FOR_STAFF : REASON_DENIED;
}

/* A row for devices and a key: whose it is, steps_device finds out. */
static bool is_for_key(const struct serving *s)
{
	return s->q.route->may == MAY_DEVICE && s->q.device_key.n > 0 && !has_token(s) &&
	       s->q.who.role == ROLE_NONE;
}

static enum rc check_may(struct serving *s, struct error *e)
{
	const struct who *who = &s->q.who;

	if (s->q.route->may == MAY_PUBLIC || is_for_key(s))
		return RC_OK;
	if (who->role == ROLE_NONE && has_token(s)) {
		*e = s->token;
		return e->rc;
	}
	if (who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN,
			     s->q.session_ended ? REASON_SESSION_ENDED : REASON_SIGN_IN,
			     "nobody is signed in");
	if ((s->q.route->may == MAY_STAFF && !who_is_staff(who)) ||
	    (s->q.route->may == MAY_ADMIN && !who_is_admin(who)) ||
	    (s->q.route->may == MAY_STUDENT && who->role != ROLE_STUDENT) ||
	    (s->q.route->may == MAY_DEVICE && who->role != ROLE_DEVICE))
		return ERROR(e, RC_DENIED, not_for(s->q.route, who->role), "role %s",
			     role_name(who->role));
	return RC_OK;
}

/* ---- all of them ---------------------------------------------------------------------- */

/* Of paths that 000 and 003 own together. */
static enum route_family door_of(const struct req *q)
{
	return q->token.family == TOKEN_000 ? FAMILY_000 : FAMILY_003;
}

/* POST in the name of another method, where a row takes that; else it is a POST. */
static bool find_overridden(struct serving *s)
{
	struct req *q = &s->q;
	enum method m = method_from(s->in->method_override);
	const struct route *route;
	struct pairs pairs;
	struct str allow;
	struct error e;

	if (q->method != METHOD_POST || m == METHOD_OTHER)
		return false;
	error_init(&e);
	if (router_match(q->worker->web->router, m, q->path, &q->query_pairs, door_of(q),
			 &q->worker->arena, &route, &pairs, &allow, &e) != RC_OK ||
	    !route->takes_override)
		return false;
	q->method = m;
	q->route = route;
	q->path_pairs = pairs;
	return true;
}

static enum rc find_route(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	struct arena *a = &q->worker->arena;

	TRY(router_path(q->target, a, &q->path, &q->query, e));
	TRY(form_parse(q->query, a, REQ_PAIRS_MAX, &q->query_pairs, e));
	if (find_overridden(s))
		return RC_OK;
	return router_match(q->worker->web->router, q->method, q->path, &q->query_pairs, door_of(q),
			    a, &q->route, &q->path_pairs, &s->allow, e);
}

/*
 * Whether this request can do nothing that its page could not do with what it was given: it
 * does not say who it is by a cookie, and its door gives none.  Where it comes from is no
 * question then.
 */
static bool is_free_of_cookies(const struct serving *s)
{
	const enum route_family f = s->q.route->family;

	return has_token(s) || (takes_tokens(s) && cors_is_allowed(s)) ||
	       ((f == FAMILY_000 || f == FAMILY_001 || f == FAMILY_002 || f == FAMILY_003) &&
		s->q.who.role == ROLE_NONE);
}

/* The limit of the row, and that of all requests of an account. */
static enum rc take_rates(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	const struct route *route = q->route;
	struct str rule;

	if (route->rate > 0 && q->core.config->contract_rate_limits) {
		rule = arena_printf(&q->worker->arena, "%s %s", method_name(q->method),
				    route->pattern);
		if (!rule.p)
			return ERROR_MEMORY(e);
		TRY(req_rate(q, rule.p, false, route->rate, 60, e));
	}
	if (q->who.role == ROLE_NONE)
		return RC_OK;
	return req_rate(q, "requests", false, q->core.config->requests_per_account_per_minute, 60,
			e);
}

enum rc steps_before_body(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	struct error who_error;
	enum rc rc, who_rc;
	bool is_theirs;

	take_headers(s);
	error_init(&who_error);
	rc = check_host(s, e);
	read_token(s);
	if (rc == RC_OK)
		rc = find_route(s, e);
	/* A page that says "not found" says it to the person who is signed in. */
	is_theirs = rc == RC_OK || rc == RC_NOT_FOUND || e->reason == REASON_METHOD;
	who_rc = is_theirs ? find_who(s, &who_error) : RC_OK;
	steps_language(s);
	TRY(rc);
	if (who_rc != RC_OK && !q->route->without_database) {
		*e = who_error;
		return who_rc;
	}
	if (!q->core.db && !q->route->without_database)
		return ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "not connected yet");
	/* Before the question who it is: what another site sent is never kept for the sign-in. */
	if (steps_changes(s) && !is_free_of_cookies(s) &&
	    !guard_origin_allowed(s->in->origin, s->in->fetch_site, s->in->host))
		return ERROR(e, RC_DENIED, REASON_CSRF, "origin %.*s", STR_ARG(s->in->origin));
	TRY(check_may(s, e));
	if (!s->is_gate)
		TRY(take_rates(s, e));
	return steps_changes(s) ? body_check_length(s->in, route_body_max(q->route), e) : RC_OK;
}

enum rc steps_body(struct serving *s, bool *ret_token_ok, struct error *e)
{
	struct req *q = &s->q;
	struct str token = s->in->csrf_token;
	bool is_form =
		!q->route->is_raw && (q->method == METHOD_POST || q->route->body == BODY_MEMORY);

	*ret_token_ok = true;
	if (!steps_changes(s))
		return RC_OK;
	TRY(body_read(q, s->in, route_body_max(q->route), is_form, e));
	if (q->route->csrf == CSRF_NONE || q->who.role == ROLE_NONE || has_token(s))
		return RC_OK;
	if (!token.n) {
		const struct pair *p = pairs_find(&q->form, STR("csrf_token"), 0);

		token = p ? p->value : (struct str){ 0 };
	}
	*ret_token_ok = guard_token_equal(token, str_from(q->who.csrf));
	return RC_OK;
}

enum rc steps_device(struct serving *s, struct error *e)
{
	struct req *q = &s->q;
	struct who who;

	if (!is_for_key(s))
		return RC_OK;
	TRY(device_authenticate(&q->core, req_raw(q, "device_id"), q->device_key, &who,
				&q->device_id, e));
	q->who = who;
	return RC_OK;
}
