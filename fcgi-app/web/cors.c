/*
 * Cross-origin access; see cors.h.  Must not know: handlers, contracts.
 */
#include "web/cors.h"

#include "codec/header.h"
#include "sys/guard.h"
#include "web/router.h"

#define ASKED_HEADERS_MAX 1024

/* When a browser asks for none, or for what cannot be said again. */
static const struct str usual_headers = STR_INIT("Authorization, Content-Type");
static const struct str all_methods = STR_INIT("GET, HEAD, POST, PUT, PATCH, DELETE");
static const struct str exposed = STR_INIT("Allow, Content-Disposition, ETag, Location, "
					   "Retry-After, WWW-Authenticate, X-Request-Id");

bool cors_is_foreign(const struct serving *s)
{
	return s->in->origin.n &&
	       !guard_origin_allowed(s->in->origin, (struct str){ 0 }, s->in->host);
}

static bool is_listed(const struct serving *s, struct str origin)
{
	const struct config_list *list = &s->q.core.config->cors_origins;

	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], origin))
			return true;
	return false;
}

bool cors_is_allowed(const struct serving *s)
{
	return cors_is_foreign(s) && (is_listed(s, STR("*")) || is_listed(s, s->in->origin));
}

/* ---- preflight ----------------------------------------------------------------------- */

static bool is_preflight(const struct serving *s)
{
	return s->q.method == METHOD_OPTIONS && s->in->origin.n && s->in->asked_method.n &&
	       (s->e.reason == REASON_METHOD || s->e.reason == REASON_NOT_FOUND);
}

/* Of the row that would take the request itself; a path may be of two families. */
static const struct family *family_asked(const struct serving *s, const struct family *otherwise)
{
	const struct web *web = s->q.worker->web;
	const struct route *route;
	struct pairs pairs;
	struct str allow;
	struct error e;

	error_init(&e);
	if (router_match(web->router, method_from(s->in->asked_method), s->q.path,
			 &s->q.query_pairs, FAMILY_003, &s->q.worker->arena, &route, &pairs, &allow,
			 &e) != RC_OK)
		return otherwise;
	return &web->families[route->family];
}

bool cors_preflight(struct serving *s, const struct family *f)
{
	struct str headers = s->in->asked_headers;

	if (!is_preflight(s) || !family_asked(s, f)->takes_tokens || !cors_is_allowed(s))
		return false;
	if (!headers.n || headers.n > ASKED_HEADERS_MAX || !header_value_safe(headers))
		headers = usual_headers;
	resp_reset(&s->r);
	resp_no_content(&s->r);
	resp_header(&s->r, "Access-Control-Allow-Methods", s->allow.n ? s->allow : all_methods);
	resp_header(&s->r, "Access-Control-Allow-Headers", headers);
	resp_header(&s->r, "Access-Control-Max-Age", STR("600"));
	resp_header(&s->r, "Vary",
		    STR("Access-Control-Request-Method, Access-Control-Request-Headers"));
	s->is_door = true;
	return resp_ok(&s->r);
}

/* ---- every answer -------------------------------------------------------------------- */

void cors_headers(struct serving *s, const struct family *f)
{
	if (!s->is_door && !f->takes_tokens)
		return;
	resp_header(&s->r, "Vary", STR("Origin"));
	if (!cors_is_allowed(s))
		return;
	resp_header(&s->r, "Access-Control-Expose-Headers", exposed);
	/* The list of all origins is for what needs no credentials. */
	if (is_listed(s, STR("*"))) {
		resp_header(&s->r, "Access-Control-Allow-Origin", STR("*"));
		return;
	}
	resp_header(&s->r, "Access-Control-Allow-Origin", s->in->origin);
	resp_header(&s->r, "Access-Control-Allow-Credentials", STR("true"));
}
