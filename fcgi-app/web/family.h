/*
 * Families: one place that turns an error into the answer its clients expect.
 *
 * A family owns paths by prefix (for what no route matches) and renders errors.
 * Pages and 004 give their renderers to main, so that web includes neither.
 */
#ifndef WEB_FAMILY_H
#define WEB_FAMILY_H

#include "web/route.h"

/*
 * Fills r, whose status is set from e already (web_status) and may be changed.
 * DENIED comes as NOT_FOUND where hides_denied.  A failure of its own gives the plain
 * text of last resort.
 */
typedef enum rc family_render(struct req *q, struct resp *r, const struct error *e,
			      struct error *ret_e);

struct family {
	const char *const *prefixes; /* NULL-terminated; the longest prefix of all families wins */
	bool hides_denied;           /* DENIED is shown as 404 */
	bool is_json;                /* never a redirect to the sign-in page, never a form again */
	family_render *render_error;
	const char *name; /* for monitors: "pages" */
	/* Its requests may say who they are by a bearer token; then they need no CSRF token. */
	bool takes_tokens;
};

/* The HTTP status of an error. */
int web_status(const struct error *e);
/* RFC 9457 problem+json, with "reason" and "fields"; for FAMILY_OWN and whoever wants JSON. */
enum rc family_problem_json(struct req *q, struct resp *r, const struct error *e,
			    struct error *ret_e);
/* The sentence of an error in the request's language, {n} filled in. */
struct str web_error_text(const struct req *q, const struct error *e);

/*
 * Pages' part in three moments of the router (the request is read, q->form is there).
 * Each fills r (status 401, 403 or 503 is set) and returns RC_OK.
 */
struct web_hooks {
	/* A form came, but its session has ended: sign in here, and what was typed is kept. */
	route_handler *form_without_session;
	/* Signed in, but the CSRF token is missing or wrong: look at it and send it again. */
	route_handler *form_without_token;
	/* The database is away: nothing was stored, look at it and send it again. */
	route_handler *form_without_database;
};

#endif
