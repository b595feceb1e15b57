/*
 * One session and its notes.
 */
#include "pages/session.h"

#include "pages/session_view.h"
#include "view/tpl_pages_follow_ups.h"
#include "view/tpl_pages_note.h"
#include "view/tpl_partials_notes.h"

/* ---- the page --------------------------------------------------------------------------- */

static const char *const note_filter_words[] = { "all",   "general",     "followup",
						 "issue", "achievement", NULL };
static const char *const note_words[] = { "general", "followup", "issue", "achievement", NULL };
static const char *const audit_words[] = { "short", "all", NULL };

struct session_in {
	int64_t id, n;
	int notes, audit;
	struct str done;
};

FIELDS(session_fields, session_in, FIELD(ID, session_in, id, PATH),
       FIELD(CHOICE, session_in, notes, QUERY, .words = note_filter_words),
       FIELD(CHOICE, session_in, audit, QUERY, .words = audit_words),
       FIELD(TEXT, session_in, done, QUERY),
       FIELD(INT, session_in, n, QUERY, .min = 1, .max = 1000, .fallback = 1));

enum rc page_session(struct req *q, struct resp *r, struct error *e)
{
	struct session_page s;
	struct session_in in;
	struct session_look look;
	enum rc rc = req_read(q, &in, e);

	/* Bad words in the query mean the default; a bad id does not exist. */
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	look = (struct session_look){ in.id, in.notes, in.audit == 1 };
	TRY(session_page_read(q, &look, &s, e));
	s.v.flash.kind = flash_from(in.done);
	s.v.flash.n = in.n;
	session_page_draw(q, r, &s);
	return RC_OK;
}

/* ---- notes --------------------------------------------------------------------------------- */

struct note_form_in {
	int64_t id, version;
	enum note_type type;
	struct str text, back;
	int32_t due;
};

/* Length and emptiness are core's to judge, so that the sentence is the same at every door. */
#define NOTE_BYTES_MAX (1024 * 1024)

FIELDS(session_note_fields, note_form_in, FIELD(ID, note_form_in, id, PATH),
       FIELD(CHOICE, note_form_in, type, FORM, .words = note_words),
       FIELD(DAY, note_form_in, due, FORM),
       FIELD(LONG_TEXT, note_form_in, text, FORM, .max = NOTE_BYTES_MAX));
FIELDS(note_fields, note_form_in, FIELD(ID, note_form_in, id, PATH),
       FIELD(CHOICE, note_form_in, type, FORM, .words = note_words),
       FIELD(DAY, note_form_in, due, FORM), FIELD(ID, note_form_in, version, FORM),
       FIELD(LONG_TEXT, note_form_in, text, FORM, .max = NOTE_BYTES_MAX));
FIELDS(note_id_fields, note_form_in, FIELD(ID, note_form_in, id, PATH));
FIELDS(note_settle_fields, note_form_in, FIELD(ID, note_form_in, id, PATH),
       FIELD(ID, note_form_in, version, FORM), FIELD(TEXT, note_form_in, back, FORM));

static const struct form_field note_form_fields[] = { { "text", "n-text", N_("Note") },
						      { "due", "n-due", N_("Due date") },
						      { "type", "n-text", N_("Type") } };

static struct note_in note_in_of(const struct note_form_in *in)
{
	return (struct note_in){ in->version, in->type, in->text, in->due };
}

static void fill_note_form(struct page *p, const struct req *q, const struct note_form_in *in,
			   const struct error *e, struct view_note_form *form)
{
	form->type = in->type;
	form->text = req_raw(q, "text");
	form->due = req_raw(q, "due");
	form->text_error = field_error(p->arena, p->lang, e, "text", "n-text-e");
	form->due_error = field_error(p->arena, p->lang, e, "due", "n-due-e");
}

/* The page again with what was typed, or, for htmx, its notes. */
static enum rc show_notes(struct req *q, struct resp *r, const struct note_form_in *in,
			  const struct error *failed, struct error *e)
{
	struct session_look look = { .id = in->id };
	struct session_page s;
	struct tpl t;

	TRY(session_page_read(q, &look, &s, e));
	s.page.view.here = arena_printf(q->core.arena, "/sessions/%lld", (long long)in->id);
	if (failed) {
		r->status = 422;
		fill_note_form(&s.page, q, in, failed, &s.v.note_form);
		s.v.errors = form_errors(s.page.arena, s.page.lang, failed, note_form_fields,
					 ARRAY_LEN(note_form_fields));
	}
	if (!q->is_htmx) {
		session_page_draw(q, r, &s);
		return RC_OK;
	}
	s.v.note_form.was_added = !failed;
	s.v.page = &s.page.view;
	t = req_tpl(q, r);
	tpl_partials_notes(&t, &s.v);
	return RC_OK;
}

enum rc page_note_add(struct req *q, struct resp *r, struct error *e)
{
	struct note_form_in in;
	struct note_in note;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	note = note_in_of(&in);
	if (rc == RC_OK)
		rc = note_add(&q->core, in.id, &note, &id, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_notes(q, r, &in, &failed, e);
	}
	TRY(rc);
	if (q->is_htmx)
		return show_notes(q, r, &in, NULL, e);
	return page_redirect_session(q, r, in.id, FLASH_NOTE_ADDED, "notes", e);
}

/* The note out of those of its session: with its history. */
static enum rc find_note(struct req *q, int64_t id, struct note_row *ret, struct error *e)
{
	const struct note_row *rows;
	size_t n;

	TRY(note_get(&q->core, id, ret, e));
	TRY(note_list(&q->core, ret->occurrence_id, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			*ret = rows[i];
	return RC_OK;
}

static struct str iso_day(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

/* What the other one made of the note meanwhile. */
static enum rc fill_changed(struct page *p, const struct note_row *n, struct view_changed *ret,
			    struct error *e)
{
	struct view_changed_value *values = ARENA_ARRAY(p->arena, 3, struct view_changed_value);
	const struct note_version *last = n->n_history ? &n->history[n->n_history - 1] : NULL;

	if (!values)
		return ERROR_MEMORY(e);
	values[0] = (struct view_changed_value){ page_text(p, N_("Text")), n->text };
	values[1] = (struct view_changed_value){ page_text(p, N_("Due date")),
						 iso_day(p->arena, n->due_day) };
	values[2] = (struct view_changed_value){ page_text(p, N_("Settled by")), n->resolver_name };
	*ret = (struct view_changed){ last ? last->editor_name : n->resolver_name,
				      last ? last->edited_at : n->resolved_at, values,
				      n->type == NOTE_FOLLOWUP ? 3 : 1 };
	return RC_OK;
}

/* failed: NULL for the form as it is stored. */
static enum rc show_note(struct req *q, struct resp *r, const struct note_form_in *in,
			 const struct error *failed, struct error *e)
{
	struct view_note_page v = { 0 };
	struct session_detail d;
	struct note_row note;
	struct page p;
	struct tpl t = req_tpl(q, r);

	TRY(find_note(q, in->id, &note, e));
	if (!note.may_edit)
		return ERROR(e, RC_DENIED, REASON_DENIED, "note of somebody else");
	TRY(session_get(&q->core, note.occurrence_id, &d, e));
	TRY(page_init(&p, q, req_text(q, N_("Edit note")), e));
	p.view.nav = NAV_SESSIONS;
	v.page = &p.view;
	v.title = d.row.title;
	TRY(note_view(&q->core, d.zone, &note, &v.note, e));
	v.form = (struct view_note_form){ .session_id = note.occurrence_id,
					  .type = note.type,
					  .text = note.text,
					  .due = iso_day(p.arena, note.due_day),
					  .version = note.version,
					  .is_edit = true };
	v.form.text_error.id = "n-text-e";
	v.form.due_error.id = "n-due-e";
	if (failed) {
		fill_note_form(&p, q, in, failed, &v.form);
		if (failed->rc == RC_CONFLICT && failed->reason == REASON_CHANGED) {
			r->status = 409;
			TRY(fill_changed(&p, &note, &v.changed, e));
		} else {
			r->status = 422;
			v.errors = form_errors(p.arena, p.lang, failed, note_form_fields,
					       ARRAY_LEN(note_form_fields));
		}
	}
	tpl_pages_note(&t, &v);
	return RC_OK;
}

enum rc page_note(struct req *q, struct resp *r, struct error *e)
{
	struct note_form_in in;

	TRY(req_read(q, &in, e));
	return show_note(q, r, &in, NULL, e);
}

enum rc page_note_edit(struct req *q, struct resp *r, struct error *e)
{
	struct note_row note;
	struct note_form_in in;
	struct note_in new;
	enum rc rc = req_read(q, &in, e);

	new = note_in_of(&in);
	if (rc == RC_OK)
		rc = note_edit(&q->core, in.id, &new, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_note(q, r, &in, &failed, e);
	}
	TRY(rc);
	TRY(note_get(&q->core, in.id, &note, e));
	return page_redirect_session(q, r, note.occurrence_id, FLASH_NOTE_CHANGED, "notes", e);
}

enum rc page_note_delete(struct req *q, struct resp *r, struct error *e)
{
	struct note_row note;
	struct note_form_in in;

	TRY(req_read(q, &in, e));
	TRY(note_get(&q->core, in.id, &note, e));
	TRY(note_delete(&q->core, in.id, e));
	return page_redirect_session(q, r, note.occurrence_id, FLASH_NOTE_DELETED, "notes", e);
}

/* ---- follow-ups ------------------------------------------------------------------------------ */

/* Back to the session, or to the list it was done in. */
static enum rc settle(struct req *q, struct resp *r, bool is_resolved, struct error *e)
{
	struct note_form_in in;
	struct note_row note;

	TRY(req_read(q, &in, e));
	TRY(note_get(&q->core, in.id, &note, e));
	TRY(note_resolve(&q->core, in.id, in.version, is_resolved, e));
	if (str_eq(in.back, STR("follow-ups"))) {
		resp_redirect(r, STR("/follow-ups?done=1"));
		return RC_OK;
	}
	return page_redirect_session(q, r, note.occurrence_id,
				     is_resolved ? FLASH_NOTE_RESOLVED : FLASH_NOTE_REOPENED,
				     "notes", e);
}

enum rc page_note_resolve(struct req *q, struct resp *r, struct error *e)
{
	return settle(q, r, true, e);
}

enum rc page_note_reopen(struct req *q, struct resp *r, struct error *e)
{
	return settle(q, r, false, e);
}

struct follow_ups_in {
	int64_t page;
	bool done;
};
FIELDS(follow_ups_fields, follow_ups_in,
       FIELD(INT, follow_ups_in, page, QUERY, .min = 1, .max = 1000, .fallback = 1),
       FIELD(BOOL, follow_ups_in, done, QUERY));

enum rc page_follow_ups(struct req *q, struct resp *r, struct error *e)
{
	struct view_follow_ups v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct follow_ups_in in;
	struct page p;
	bool is_more;
	enum rc rc = req_read(q, &in, e);

	/* Bad values mean the default. */
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	if (in.page < 1)
		in.page = 1;
	TRY(note_list_open(&q->core, in.page, &v.rows, &v.n_rows, &is_more, e));
	TRY(page_init(&p, q, req_text(q, N_("Open follow-ups")), e));
	p.view.nav = NAV_SESSIONS;
	v.page = &p.view;
	v.is_done = in.done;
	if (in.page > 1)
		v.prev = arena_printf(p.arena, "/follow-ups?page=%lld", (long long)in.page - 1);
	if (is_more)
		v.next = arena_printf(p.arena, "/follow-ups?page=%lld", (long long)in.page + 1);
	tpl_pages_follow_ups(&t, &v);
	return RC_OK;
}
