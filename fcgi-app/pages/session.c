/*
 * One session and its notes.
 */
#include "pages/session.h"

#include "pages/session_view.h"
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

struct note_in {
	int64_t id;
	enum note_type type;
	struct str text;
};

/* Length and emptiness are core's to judge, so that the sentence is the same at every door. */
#define NOTE_BYTES_MAX (1024 * 1024)

FIELDS(session_note_fields, note_in, FIELD(ID, note_in, id, PATH),
       FIELD(CHOICE, note_in, type, FORM, .words = note_words),
       FIELD(LONG_TEXT, note_in, text, FORM, .max = NOTE_BYTES_MAX));
FIELDS(note_fields, note_in, FIELD(ID, note_in, id, PATH),
       FIELD(CHOICE, note_in, type, FORM, .words = note_words),
       FIELD(LONG_TEXT, note_in, text, FORM, .max = NOTE_BYTES_MAX));
FIELDS(note_id_fields, note_in, FIELD(ID, note_in, id, PATH));

static const struct form_field note_form_fields[] = { { "text", "n-text", N_("Note") },
						      { "type", "n-text", N_("Type") } };

static void fill_note_form(struct page *p, const struct req *q, const struct note_in *in,
			   const struct error *e, struct view_note_form *form)
{
	form->type = in->type;
	form->text = req_raw(q, "text");
	form->text_error = field_error(p->arena, p->lang, e, "text", "n-text-e");
}

/* The page again with what was typed, or, for htmx, its notes. */
static enum rc show_notes(struct req *q, struct resp *r, const struct note_in *in,
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
	struct note_in in;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = note_add(&q->core, in.id, in.type, in.text, &id, e);
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

/* failed: NULL for the form as it is stored. */
static enum rc show_note(struct req *q, struct resp *r, const struct note_in *in,
			 const struct error *failed, struct error *e)
{
	struct view_note_page v = { 0 };
	struct session_detail d;
	struct note_row note;
	struct page p;
	struct tpl t = req_tpl(q, r);

	TRY(note_get(&q->core, in->id, &note, e));
	if (!note.may_edit)
		return ERROR(e, RC_DENIED, REASON_DENIED, "note of somebody else");
	TRY(session_get(&q->core, note.occurrence_id, &d, e));
	TRY(page_init(&p, q, req_text(q, N_("Edit note")), e));
	p.view.nav = NAV_SESSIONS;
	v.page = &p.view;
	v.title = d.row.title;
	v.note = note_view(&q->core, d.zone, &note);
	v.form = (struct view_note_form){ .session_id = note.occurrence_id,
					  .type = note.type,
					  .text = note.text,
					  .is_edit = true };
	v.form.text_error.id = "n-text-e";
	if (failed) {
		r->status = 422;
		fill_note_form(&p, q, in, failed, &v.form);
		v.errors = form_errors(p.arena, p.lang, failed, note_form_fields,
				       ARRAY_LEN(note_form_fields));
	}
	tpl_pages_note(&t, &v);
	return RC_OK;
}

enum rc page_note(struct req *q, struct resp *r, struct error *e)
{
	struct note_in in;

	TRY(req_read(q, &in, e));
	return show_note(q, r, &in, NULL, e);
}

enum rc page_note_edit(struct req *q, struct resp *r, struct error *e)
{
	struct note_row note;
	struct note_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = note_edit(&q->core, in.id, in.type, in.text, e);
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
	struct note_in in;

	TRY(req_read(q, &in, e));
	TRY(note_get(&q->core, in.id, &note, e));
	TRY(note_delete(&q->core, in.id, e));
	return page_redirect_session(q, r, note.occurrence_id, FLASH_NOTE_DELETED, "notes", e);
}
