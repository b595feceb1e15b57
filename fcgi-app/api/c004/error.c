/*
 * Errors at the 004 door: one place that finds the words.
 *
 * The message is the contract's, fixed and English; `errors` says more in the
 * reader's language.  Nothing private is shown: no detail, no file, no statement.
 */
#include "api/c004/c004.h"
#include "api/c004/door.h"
#include "view/page.h"

const char *const c004_prefixes[] = { "/api/session_completion.php", "/api/schedule_batch.php",
				      "/api/auth.php", NULL };

static const struct c004_actions *actions_of(const struct req *q)
{
	if (q->route && q->route->handler == c004_session)
		return &c004_session_actions;
	if (q->route && q->route->handler == c004_schedule_batch)
		return &c004_schedule_actions;
	return NULL;
}

/* Ours: the client can do nothing about it. */
static bool is_fault(const struct error *e)
{
	if (e->rc == RC_DEPENDENCY)
		return e->reason != REASON_FILE_SCAN;
	return e->rc == RC_INTERNAL || e->rc == RC_NO_MEMORY || e->rc == RC_TIMEOUT;
}

static bool has_reason(const struct error *e, enum reason reason)
{
	for (size_t i = 0; i < e->n_fields; i++)
		if (e->fields[i].reason == reason)
			return true;
	return e->reason == reason;
}

static bool is_missing(const struct error *e)
{
	return has_reason(e, REASON_REQUIRED) || has_reason(e, REASON_EMPTY_NOTE) ||
	       has_reason(e, REASON_FILE_MISSING);
}

/* faculty_id or employee_id that is nobody of ours. */
static bool is_person_missing(const struct error *e)
{
	for (size_t i = 0; i < e->n_fields; i++)
		if (str_eq(str_from(e->fields[i].field), STR("faculty_id")) ||
		    str_eq(str_from(e->fields[i].field), STR("employee_id")))
			return true;
	return false;
}

static const char *action_message(const struct c004_actions *actions, const struct c004_action *a,
				  const struct error *e)
{
	if (e->rc == RC_DENIED && actions->says_forbidden)
		return "Forbidden";
	if (has_reason(e, REASON_CODE_TAKEN))
		return "Completion code already used";
	if (actions == &c004_session_actions && is_person_missing(e))
		return "Missing user context for completion";
	return a->missing && is_missing(e) ? a->missing : a->failed;
}

static struct str message_of(const struct req *q, const struct error *e)
{
	const struct c004_actions *actions = actions_of(q);
	const struct c004_action *a = actions ? c004_action_of(q, actions) : NULL;

	if (e->rc == RC_NOT_SIGNED_IN)
		return STR("Unauthorized");
	if (e->rc == RC_DENIED && e->reason == REASON_CSRF)
		return STR("Invalid CSRF token");
	if (e->rc == RC_DENIED && !who_is_staff(&q->who))
		return STR("Forbidden");
	if (is_fault(e))
		return STR("Server error");
	if (e->rc == RC_BUSY)
		return web_error_text(q, e);
	if (a)
		return str_from(action_message(actions, a, e));
	if (e->rc == RC_NOT_FOUND)
		return STR("Not found");
	return e->reason == REASON_METHOD ? STR("Method not allowed") : STR("Bad request");
}

/* ---- what `errors` says ----------------------------------------------------------------- */

/* core's names of fields as 004 calls them. */
static const char *field_name(const char *field)
{
	static const char *const names[][2] = {
		{ "actual_start", "actual_start_time" },
		{ "actual_end", "actual_end_time" },
		{ "text", "note_text" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(str_from(field), str_from(names[i][0])))
			return names[i][1];
	return field;
}

static bool was_named(const struct error *e, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(str_from(e->fields[i].field), str_from(e->fields[at].field)))
			return true;
	return false;
}

static void write_errors(struct req *q, struct json_out *o, const struct error *e)
{
	if (e->rc == RC_NOT_FOUND || e->rc == RC_BUSY || e->rc == RC_NOT_SIGNED_IN ||
	    e->reason == REASON_CSRF || e->reason == REASON_METHOD)
		return;
	json_out_key_object(o, "errors");
	for (size_t i = 0; i < e->n_fields; i++)
		if (!was_named(e, i))
			json_out_key_str(o, field_name(e->fields[i].field),
					 reason_sentence(q->core.arena, q->lang,
							 e->fields[i].reason, e->fields[i].arg));
	if (e->n_fields == 0)
		json_out_key_str(o, is_fault(e) ? "exception" : "reason", web_error_text(q, e));
	json_out_object_end(o);
}

/* ---- the renderer ------------------------------------------------------------------------- */

/* Always 200, but where the contract says otherwise and for paths that are not ours. */
static int status_of(const struct req *q, const struct error *e, int status)
{
	if (e->rc == RC_NOT_SIGNED_IN)
		return 401;
	if (e->rc == RC_DENIED && e->reason == REASON_CSRF)
		return 403;
	return q->route || e->reason == REASON_METHOD ? 200 : status;
}

enum rc c004_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	struct json_out o;

	(void)ret_e; /* appending sticks */
	if (c004_is_auth(q)) {
		c004_auth_error(q, r, e);
		return RC_OK;
	}
	r->status = status_of(q, e, r->status);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_bool(&o, e->rc == RC_NOT_SIGNED_IN ? "status" : "success", false);
	json_out_key_str(&o, "message", message_of(q, e));
	write_errors(q, &o, e);
	json_out_object_end(&o);
	return RC_OK;
}
