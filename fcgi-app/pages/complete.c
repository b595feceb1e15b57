/*
 * Saying what happened in a session.
 *
 * One form completes, saves a draft and edits.  What was typed is never lost:
 * each refusal shows the form again with it, and a change by somebody else is
 * shown beside it.
 */
#include "pages/complete.h"

#include "core/session/completion.h"
#include "core/wall.h"
#include "pages/page.h"
#include "view/complete.h"
#include "view/format.h"
#include "view/text.h"
#include "view/tpl_pages_cancel.h"
#include "view/tpl_pages_complete.h"
#include "view/tpl_partials_code_state.h"

struct complete_in {
	int64_t id, version;
	int32_t start, end;
	struct str code, notes;
	bool draft, regenerate;
};

/* Lengths are core's to judge, so that the sentence is the same at every door. */
FIELDS(complete_fields, complete_in, FIELD(ID, complete_in, id, PATH),
       FIELD(INT, complete_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TOD, complete_in, start, FORM), FIELD(TOD, complete_in, end, FORM),
       FIELD(TEXT, complete_in, code, FORM, .max = 2000),
       FIELD(LONG_TEXT, complete_in, notes, FORM, .max = 1024 * 1024),
       FIELD(BOOL, complete_in, draft, FORM), FIELD(BOOL, complete_in, regenerate, FORM));
FIELDS(complete_id_fields, complete_in, FIELD(ID, complete_in, id, PATH));

/* Names from the fields above and from core's structs lead to the same inputs. */
static const struct form_field form_fields[] = {
	{ "start", "c-start", N_("Actual start") },
	{ "actual_start", "c-start", N_("Actual start") },
	{ "end", "c-end", N_("Actual end") },
	{ "actual_end", "c-end", N_("Actual end") },
	{ "code", "c-code", N_("Completion code") },
	{ "completion_code", "c-code", N_("Completion code") },
	{ "notes", "c-notes", N_("Notes") },
};

/* What stands in the inputs. */
struct typed {
	struct str start, end, code, notes;
	int64_t version;
};

/* ---- the view --------------------------------------------------------------------------- */

static struct str hm(struct arena *a, int32_t tod)
{
	char text[6];

	return tod == NO_DAY ? (struct str){ 0 } : arena_str(a, tod_format_hm(tod, text));
}

/* "6 min late", as the script says it while typing. */
static struct str versus(struct page *p, struct str typed, int32_t plan)
{
	int32_t tod, minutes;

	if (!tod_parse(typed, &tod))
		return STR("–");
	minutes = (tod - plan) / 60;
	if (minutes == 0)
		return page_text(p, N_("On time"));
	return TEXT_FILL(p->arena, p->lang, minutes > 0 ? N_("{n} min late") : N_("{n} min early"),
			 { "n", arena_printf(p->arena, "%d", minutes > 0 ? minutes : -minutes) });
}

static struct str length_of(struct page *p, struct tpl *t, const struct typed *in)
{
	int32_t start, end;

	if (!tod_parse(in->start, &start) || !tod_parse(in->end, &end))
		return STR("–");
	if (end <= start)
		return page_text(p, N_("The end is before the start."));
	return fmt_minutes_hm(t, (end - start) / 60);
}

static void fill_texts(struct page *p, struct tpl *t, const struct typed *in,
		       struct view_complete *v)
{
	v->start = in->start;
	v->end = in->end;
	v->code = in->code;
	v->notes = in->notes;
	v->version = in->version;
	v->start_text = versus(p, in->start, v->d->row.start_tod);
	v->end_text = versus(p, in->end, v->d->row.end_tod);
	v->length_text = length_of(p, t, in);
	v->texts = (struct view_complete_texts){
		.late = page_text(p, N_("{n} min late")),
		.early = page_text(p, N_("{n} min early")),
		.hm = page_text(p, N_("{h} h {m} min")),
		.h = page_text(p, N_("{h} h")),
		.m = page_text(p, N_("{m} min")),
	};
}

/* The field is called one way by the form and another by core. */
static struct view_field_error either(struct page *p, const struct error *e, const char *name,
				      const char *other, const char *id)
{
	struct view_field_error f = field_error(p->arena, p->lang, e, name, id);

	return f.text.n > 0 ? f : field_error(p->arena, p->lang, e, other, id);
}

static void fill_errors(struct page *p, const struct error *e, struct view_complete *v)
{
	v->start_error = either(p, e, "start", "actual_start", "c-start-e");
	v->end_error = either(p, e, "end", "actual_end", "c-end-e");
	v->code_error = either(p, e, "code", "completion_code", "c-code-e");
	v->notes_error = field_error(p->arena, p->lang, e, "notes", "c-notes-e");
	v->errors = form_errors(p->arena, p->lang, e, form_fields, ARRAY_LEN(form_fields));
	v->has_changed = e->rc == RC_CONFLICT;
}

/* failed: no error when the form is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, const struct session_detail *d,
		    const struct typed *in, const struct error *failed, struct error *e)
{
	struct view_complete v = { .d = d };
	struct tpl t = req_tpl(q, r);
	struct wall from;
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Complete a session")), e));
	p.view.nav = NAV_SESSIONS;
	p.view.has_htmx = true;
	p.view.module = MODULE_COMPLETION;
	p.view.here = arena_printf(p.arena, "/sessions/%lld/complete", (long long)d->row.id);
	v.page = &p.view;
	v.row = session_row_view(&d->row, false);
	v.date = (struct view_today){ d->row.day, 0 };
	v.is_edit = d->row.state == SESSION_COMPLETED;
	v.enrolled = d->row.n_enrolled;
	from = core_wall(p.core, d->zone, d->complete_from);
	v.from_day = from.day;
	v.from_tod = from.tod;
	fill_errors(&p, failed, &v);
	fill_texts(&p, &t, in, &v);
	/* Sending again over somebody's change is meant to replace it. */
	if (v.has_changed)
		v.version = d->row.version;
	TRY(session_last_time(&q->core, d, &v.last, e));
	if (failed->rc != RC_OK)
		r->status = 422;
	tpl_pages_complete(&t, &v);
	return RC_OK;
}

/* ---- the first look ----------------------------------------------------------------------- */

static enum rc no_form(const struct session_detail *d, struct error *e)
{
	if (d->row.state == SESSION_CANCELLED)
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "form of a cancelled one");
	if (d->row.state == SESSION_CHECKED)
		return ERROR(e, RC_CONFLICT, REASON_CHECKED, "form of a checked one");
	return ERROR(e, RC_DENIED, REASON_DENIED, "may not complete");
}

static bool has_form(const struct session_detail *d)
{
	return d->may_complete || d->may_edit || d->may_save_draft;
}

/* The planned times, the stored draft, and a code to begin with. */
static enum rc first_values(struct req *q, const struct session_detail *d, struct typed *ret,
			    struct error *e)
{
	const struct session_row *row = &d->row;
	struct arena *a = q->core.arena;
	bool has_times = row->actual_start_tod != NO_DAY || row->actual_end_tod != NO_DAY;

	*ret = (struct typed){ .code = row->code, .notes = d->notes, .version = row->version };
	ret->start = hm(a, has_times ? row->actual_start_tod : row->start_tod);
	ret->end = hm(a, has_times ? row->actual_end_tod : row->end_tod);
	if (ret->code.n == 0)
		TRY(code_suggest(&q->core, row->id, &ret->code, e));
	return RC_OK;
}

enum rc page_complete(struct req *q, struct resp *r, struct error *e)
{
	struct error none;
	struct complete_in in;
	struct session_detail d;
	struct typed typed;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(session_get(&q->core, in.id, &d, e));
	if (!has_form(&d))
		return no_form(&d, e);
	TRY(first_values(q, &d, &typed, e));
	return show(q, r, &d, &typed, &none, e);
}

/* ---- sending it ----------------------------------------------------------------------------- */

static struct typed typed_of(const struct req *q, const struct complete_in *in)
{
	return (struct typed){ req_raw(q, "start"), req_raw(q, "end"), req_raw(q, "code"),
			       req_raw(q, "notes"), in->version };
}

/* The form again, on the state of now. */
static enum rc show_again(struct req *q, struct resp *r, const struct complete_in *in,
			  const struct error *failed, struct error *e)
{
	struct session_detail d;
	struct typed typed = typed_of(q, in);

	TRY(session_get(&q->core, in->id, &d, e));
	/* Nothing can be sent again where there is no form: the error page says why. */
	if (!has_form(&d)) {
		*e = *failed;
		return e->rc;
	}
	return show(q, r, &d, &typed, failed, e);
}

static enum rc new_code(struct req *q, struct resp *r, const struct complete_in *in,
			struct error *e)
{
	struct error none;
	struct session_detail d;
	struct typed typed = typed_of(q, in);

	error_init(&none);
	TRY(session_get(&q->core, in->id, &d, e));
	if (!has_form(&d))
		return no_form(&d, e);
	TRY(code_suggest(&q->core, in->id, &typed.code, e));
	return show(q, r, &d, &typed, &none, e);
}

static enum rc act(struct req *q, const struct complete_in *in, bool is_edit, struct error *e)
{
	struct completion_in c = { in->id, in->version, in->start, in->end, in->code, in->notes };
	struct completion_result done;

	if (in->draft)
		return completion_save_draft(&q->core, &c, &done, e);
	if (is_edit)
		return completion_edit(&q->core, &c, &done, e);
	return completion_complete(&q->core, &c, &done, e);
}

static enum rc redirect_list(struct req *q, struct resp *r, const char *tab, int64_t id,
			     enum flash_kind done, struct error *e)
{
	struct str path = arena_printf(q->core.arena, "/sessions?tab=%s&done=%.*s&on=%lld", tab,
				       STR_ARG(flash_name(done)), (long long)id);

	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

enum rc page_complete_send(struct req *q, struct resp *r, struct error *e)
{
	struct session_detail d = { 0 };
	struct complete_in in;
	bool is_edit = false;
	enum rc rc = req_read(q, &in, e);

	if (in.regenerate && (rc == RC_OK || rc == RC_INVALID)) {
		error_init(e);
		return new_code(q, r, &in, e);
	}
	if (rc == RC_OK)
		rc = session_get(&q->core, in.id, &d, e);
	if (rc == RC_OK) {
		/* Of a signed-off one the edit says why not. */
		is_edit = (d.row.state == SESSION_COMPLETED && d.may_edit) ||
			  d.row.state == SESSION_CHECKED;
		rc = act(q, &in, is_edit, e);
	}
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_again(q, r, &in, &failed, e);
	}
	TRY(rc);
	if (is_edit)
		return page_redirect_session(q, r, in.id, FLASH_SAVED, NULL, e);
	if (in.draft)
		return page_redirect_session(q, r, in.id, FLASH_DRAFT, NULL, e);
	return redirect_list(q, r, "completed", in.id, FLASH_COMPLETED, e);
}

/* ---- the code while typing ---------------------------------------------------------------------
 */

struct code_in {
	int64_t id;
	struct str code;
};
FIELDS(code_fields, code_in, FIELD(ID, code_in, id, PATH),
       FIELD(TEXT, code_in, code, QUERY, .max = 2000));

enum rc page_code_state(struct req *q, struct resp *r, struct error *e)
{
	struct view_code_state v = { .state = CODE_STATE_INVALID };
	struct tpl t = req_tpl(q, r);
	struct code_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		TRY(code_available(&q->core, in.code, in.id, &v.state, e));
	else if (rc != RC_INVALID)
		return rc;
	error_init(e);
	tpl_partials_code_state(&t, &v);
	return RC_OK;
}

/* ---- not held
 * --------------------------------------------------------------------- */

struct cancel_in {
	int64_t id, version;
	struct str reason;
};
FIELDS(cancel_fields, cancel_in, FIELD(ID, cancel_in, id, PATH),
       FIELD(INT, cancel_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(LONG_TEXT, cancel_in, reason, FORM, .max = 1024 * 1024));

static const struct form_field cancel_form_fields[] = { { "reason", "x-reason", N_("Reason") } };

static enum rc show_cancel(struct req *q, struct resp *r, int64_t id, struct str reason,
			   const struct error *failed, struct error *e)
{
	struct view_cancel v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct session_detail d;
	struct page p;

	TRY(session_get(&q->core, id, &d, e));
	if (!d.may_cancel && failed->rc != RC_OK) {
		*e = *failed;
		return e->rc;
	}
	if (!d.may_cancel)
		return no_form(&d, e);
	TRY(page_init(&p, q, req_text(q, N_("Session was not held")), e));
	p.view.nav = NAV_SESSIONS;
	p.view.here = arena_printf(p.arena, "/sessions/%lld/cancel", (long long)id);
	v.page = &p.view;
	v.d = &d;
	v.date = (struct view_today){ d.row.day, 0 };
	v.version = d.row.version;
	v.reason = reason;
	v.reason_error = field_error(p.arena, p.lang, failed, "reason", "x-reason-e");
	v.errors = form_errors(p.arena, p.lang, failed, cancel_form_fields,
			       ARRAY_LEN(cancel_form_fields));
	if (failed->rc != RC_OK)
		r->status = 422;
	tpl_pages_cancel(&t, &v);
	return RC_OK;
}

enum rc page_cancel(struct req *q, struct resp *r, struct error *e)
{
	struct cancel_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show_cancel(q, r, in.id, (struct str){ 0 }, &none, e);
}

enum rc page_cancel_send(struct req *q, struct resp *r, struct error *e)
{
	struct cancel_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = completion_cancel(&q->core, in.id, in.version, in.reason, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_cancel(q, r, in.id, req_raw(q, "reason"), &failed, e);
	}
	TRY(rc);
	return redirect_list(q, r, "history", in.id, FLASH_CANCELLED, e);
}
