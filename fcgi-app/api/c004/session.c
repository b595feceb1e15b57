/*
 * api/session_completion.php: the table of actions, and what reads.
 */
#include "api/c004/session.h"

#include "api/c004/c004.h"
#include "api/c004/door.h"
#include "api/c004/render.h"
#include "api/c004/target.h"

/* Newest first: what is older is found by its id, or on our pages. */
#define LIST_MAX        2000
#define OCCURRENCES_MAX 5000

/* ---- list, occurrences ---------------------------------------------------------------- */

static enum rc list(struct req *q, struct resp *r, struct error *e)
{
	const struct completion_row *rows;
	const struct c004_children none = { 0 };
	struct json_out o;
	size_t n;

	TRY(completion_list(&q->core, LIST_MAX, &rows, &n, e));
	o = c004_data(r, NULL);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c004_completion(&o, &q->core, &rows[i], &none);
	json_out_array_end(&o);
	return c004_end(&o);
}

/* Anything but these two words means all. */
static enum session_scope scope_of(const struct req *q)
{
	struct str word = req_raw(q, "scope");

	if (str_eq(word, STR("today")))
		return SESSION_SCOPE_TODAY;
	return str_eq(word, STR("upcoming")) ? SESSION_SCOPE_UPCOMING : SESSION_SCOPE_ALL;
}

static enum rc occurrences(struct req *q, struct resp *r, struct error *e)
{
	const struct session_occurrence *rows;
	struct json_out o;
	size_t n;

	TRY(session_occurrences(&q->core, scope_of(q), OCCURRENCES_MAX, &rows, &n, e));
	o = c004_data(r, NULL);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c004_occurrence(&o, &q->core, &rows[i]);
	json_out_array_end(&o);
	return c004_end(&o);
}

/* ---- get, get_by_occurrence -------------------------------------------------------------- */

static enum rc read_children(struct core *c, int64_t completion_id, bool notes_are_text,
			     struct c004_children *ret, struct error *e)
{
	struct c004_children got = { .has_children = true, .notes_are_text = notes_are_text };

	TRY(attachment_list_of_completion(c, completion_id, &got.attachments, &got.n_attachments,
					  e));
	TRY(note_list_of_completion(c, completion_id, &got.notes, &got.n_notes, e));
	*ret = got;
	return RC_OK;
}

struct get_in {
	int64_t id;
};
FIELDS(c004_get_fields, get_in, FIELD(ID, get_in, id, ANY, .required = true));

static enum rc get(struct req *q, struct resp *r, struct error *e)
{
	struct c004_children children;
	struct c004_target t;
	struct get_in in;
	struct json_out o;

	TRY(req_read_as(q, &c004_get_fields, &in, e));
	TRY(c004_target_either(&q->core, in.id, &t, e));
	if (!t.row)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "occurrence %lld has no completion",
			     (long long)in.id);
	TRY(read_children(&q->core, t.row->id, false, &children, e));
	o = c004_data(r, NULL);
	c004_completion(&o, &q->core, t.row, &children);
	return c004_end(&o);
}

struct by_occurrence_in {
	int64_t occurrence_id;
};
FIELDS(c004_by_occurrence_fields, by_occurrence_in,
       FIELD(ID, by_occurrence_in, occurrence_id, ANY, .required = true));

/* An occurrence that does not exist, or may not be seen, has no completions. */
static enum rc get_by_occurrence(struct req *q, struct resp *r, struct error *e)
{
	const struct completion_row *rows = NULL;
	struct c004_children *children;
	struct by_occurrence_in in;
	struct json_out o;
	size_t n = 0;
	enum rc rc;

	TRY(req_read_as(q, &c004_by_occurrence_fields, &in, e));
	rc = completion_by_occurrence(&q->core, in.occurrence_id, &rows, &n, e);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	children = ARENA_ARRAY(q->core.arena, n, struct c004_children);
	if (!children)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		TRY(read_children(&q->core, rows[i].id, true, &children[i], e));
	o = c004_data(r, NULL);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c004_completion(&o, &q->core, &rows[i], &children[i]);
	json_out_array_end(&o);
	return c004_end(&o);
}

/* ---- the table ---------------------------------------------------------------------------- */

static const struct c004_action actions[] = {
	{ "list", false, list, "Failed to list sessions", NULL },
	{ "get", false, get, "Session not found", NULL },
	{ "get_by_occurrence", false, get_by_occurrence, "Missing occurrence_id", NULL },
	{ "occurrences", false, occurrences, "Failed to list occurrences", NULL },
	{ "create", true, c004_create, "Failed to create session", NULL },
	{ "update", true, c004_update, "Failed to update", NULL },
	{ "complete", true, c004_complete, "Failed to complete", NULL },
	{ "cancel", true, c004_cancel, "Failed to cancel", NULL },
	{ "add_note", true, c004_add_note, "Failed to add note", "Missing required fields" },
	{ "delete_note", true, c004_delete_note, "Failed to delete", NULL },
	{ "upload_attachment", true, c004_upload_attachment, "File upload failed",
	  "Missing file or completion_id" },
	{ "delete_attachment", true, c004_delete_attachment, "Failed to delete", NULL },
};
const struct c004_actions c004_session_actions = { actions, ARRAY_LEN(actions), false };

/* Who may send no file has no use for a body beyond that of a form: it is refused unread. */
enum rc c004_session_gate(struct req *q, struct error *e)
{
	bool is_form = q->body_n != ROUTE_LENGTH_UNSAID && q->body_n <= ROUTE_BODY_MAX;

	if (who_is_staff(&q->who) || is_form)
		return RC_OK;
	return ERROR(e, RC_TOO_BIG, REASON_BODY_TOO_BIG, "%lld bytes from a %s",
		     (long long)q->body_n, role_name(q->who.role));
}

enum rc c004_session(struct req *q, struct resp *r, struct error *e)
{
	return c004_run(q, r, &c004_session_actions, e);
}
