/*
 * What the files of the 004 door share: its actions, its envelope, its errors.
 *
 * A door is a table of actions; the word comes in `action` (contracts 5.2, 5.4).
 * Handlers answer what went well and return an error otherwise: c004_error finds
 * the action's own words for it, so that no handler spells a failure.
 */
#ifndef API_C004_DOOR_H
#define API_C004_DOOR_H

#include "web/route.h"

struct c004_action {
	const char *name;
	bool is_change; /* by POST; the others by GET */
	route_handler *run;
	const char *failed;  /* message of every refusal */
	const char *missing; /* where a field that must be there is not; NULL: failed */
};

struct c004_actions {
	const struct c004_action *v;
	size_t n;
	bool says_forbidden; /* to staff who may not do it; else the action's `failed` */
};

extern const struct c004_actions c004_session_actions, c004_schedule_actions;
extern const struct fields c004_schedule_id_fields, c004_meta_fields, c004_login_fields;

/* The action that is asked for: list by GET, create by POST unless another is named; NULL. */
const struct c004_action *c004_action_of(const struct req *q, const struct c004_actions *actions);
/* Runs it. */
enum rc c004_run(struct req *q, struct resp *r, const struct c004_actions *actions,
		 struct error *e) MUST_CHECK;

/* ---- answers ------------------------------------------------------------------------ */

/* {"success":…,"message":…} */
enum rc c004_say(struct resp *r, bool success, const char *message);
/* {"success":true,"message":…,"data":{key:id}} */
enum rc c004_say_id(struct resp *r, const char *message, const char *key, int64_t id);
/* {"success":true,"message":…,"data": and what the caller writes; message NULL: none. */
struct json_out c004_data(struct resp *r, const char *message);
/* } */
enum rc c004_end(struct json_out *o);

/* ---- input -------------------------------------------------------------------------- */

/*
 * An id that may be missing: "", "0", "null" and "undefined" (what scripts send for
 * nothing) give COLUMN_NULL.  Anything else that is no id: NOT_A_CHOICE at `field`.
 */
enum rc c004_optional_id(struct str text, const char *field, int64_t *ret_id,
			 struct error *e) MUST_CHECK;

/* ---- signing in --------------------------------------------------------------------- */

/* Whether the request is at api/auth.php, whose envelope has `status` for `success`. */
bool c004_is_auth(const struct req *q);
void c004_auth_error(struct req *q, struct resp *r, const struct error *e);

#endif
