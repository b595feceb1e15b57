/*
 * What an admin does on one session: sign off, take that back, return, reopen with a reason.
 */
#include "core/session/completion.h"
#include "pages/oversight.h"
#include "pages/page.h"
#include "view/format.h"
#include "view/oversight.h"
#include "view/tpl_pages_reason.h"

struct review_in {
	int64_t id, version;
	struct str reason, next;
};
FIELDS(check_fields, review_in, FIELD(ID, review_in, id, PATH),
       FIELD(INT, review_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(reason_fields, review_in, FIELD(ID, review_in, id, PATH),
       FIELD(INT, review_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(LONG_TEXT, review_in, reason, FORM, .max = 1024 * 1024),
       FIELD(TEXT, review_in, next, ANY, .max = 2000));

enum rc page_check(struct req *q, struct resp *r, struct error *e)
{
	struct review_in in;

	TRY(req_read(q, &in, e));
	TRY(completion_check(&q->core, in.id, in.version, e));
	return page_redirect_session(q, r, in.id, FLASH_CHECKED, NULL, e);
}

enum rc page_uncheck(struct req *q, struct resp *r, struct error *e)
{
	struct review_in in;

	TRY(req_read(q, &in, e));
	TRY(completion_uncheck(&q->core, in.id, in.version, e));
	return page_redirect_session(q, r, in.id, FLASH_UNCHECKED, NULL, e);
}

/* ---- with a reason ------------------------------------------------------------------------- */

static const struct form_field reason_form_fields[] = { { "reason", "x-reason", N_("Reason") } };

static bool may(const struct session_detail *d, enum reason_act act)
{
	return act == REASON_ACT_RETURN ? d->may_return : d->may_reopen;
}

/* Values as they are now, for who was overtaken. */
static enum rc fill_changed(struct page *p, const struct session_detail *d, struct tpl *t,
			    struct view_changed *ret, struct error *e)
{
	struct view_changed_value *values = ARENA_ARRAY(p->arena, 3, struct view_changed_value);

	if (!values)
		return ERROR_MEMORY(e);
	values[0] = (struct view_changed_value){ page_text(p, N_("Start")),
						 fmt_tod(t, d->row.actual_start_tod) };
	values[1] = (struct view_changed_value){ page_text(p, N_("End")),
						 fmt_tod(t, d->row.actual_end_tod) };
	values[2] = (struct view_changed_value){ page_text(p, N_("Completion code")), d->row.code };
	*ret = (struct view_changed){ .who = d->checked_by.n ? d->checked_by : d->completed_by,
				      .at = NO_TIME,
				      .values = values,
				      .n_values = 3 };
	return RC_OK;
}

static enum rc show_reason(struct req *q, struct resp *r, const struct review_in *in,
			   enum reason_act act, const struct error *failed, struct error *e)
{
	struct view_reason v = { .act = act };
	struct tpl t = req_tpl(q, r);
	struct session_detail d;
	struct page p;

	TRY(session_get(&q->core, in->id, &d, e));
	if (!may(&d, act) && failed->rc != RC_OK) {
		*e = *failed;
		return e->rc;
	}
	if (!may(&d, act))
		return ERROR(e, RC_CONFLICT,
			     d.row.state == SESSION_CHECKED ? REASON_CHECKED : REASON_NOT_COMPLETED,
			     "occurrence %lld", (long long)in->id);
	TRY(page_init(&p, q,
		      act == REASON_ACT_RETURN ? req_text(q, N_("Return the session"))
					       : req_text(q, N_("Reopen the session")),
		      e));
	p.view.nav = NAV_SESSIONS;
	p.view.here = arena_printf(p.arena, "/sessions/%lld/%s", (long long)in->id,
				   act == REASON_ACT_RETURN ? "return" : "reopen");
	v.page = &p.view;
	v.d = &d;
	v.date = (struct view_today){ d.row.day, 0 };
	v.version = d.row.version;
	v.next = req_local_path(in->next, (struct str){ 0 });
	v.reason = failed->rc == RC_OK ? (struct str){ 0 } : req_raw(q, "reason");
	v.reason_error = field_error(p.arena, p.lang, failed, "reason", "x-reason-e");
	if (failed->rc != RC_OK)
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	if (failed->rc == RC_CONFLICT && failed->reason == REASON_CHANGED)
		TRY(fill_changed(&p, &d, &t, &v.changed, e));
	else
		v.errors = form_errors(p.arena, p.lang, failed, reason_form_fields,
				       ARRAY_LEN(reason_form_fields));
	tpl_pages_reason(&t, &v);
	return RC_OK;
}

static enum rc ask(struct req *q, struct resp *r, enum reason_act act, struct error *e)
{
	struct review_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show_reason(q, r, &in, act, &none, e);
}

enum rc page_return(struct req *q, struct resp *r, struct error *e)
{
	return ask(q, r, REASON_ACT_RETURN, e);
}

enum rc page_reopen_ask(struct req *q, struct resp *r, struct error *e)
{
	return ask(q, r, REASON_ACT_REOPEN, e);
}

enum rc page_return_send(struct req *q, struct resp *r, struct error *e)
{
	struct review_in in;
	enum rc rc = req_read(q, &in, e);
	struct str next;

	if (rc == RC_OK)
		rc = completion_return(&q->core, in.id, in.version, in.reason, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_reason(q, r, &in, REASON_ACT_RETURN, &failed, e);
	}
	TRY(rc);
	/* Back to the list it came from, which says what happened. */
	next = req_local_path(in.next, (struct str){ 0 });
	if (!str_starts(next, STR("/admin/completions?")))
		return page_redirect_session(q, r, in.id, FLASH_RETURNED, NULL, e);
	next = arena_printf(q->core.arena, "%.*s&done=returned&on=%lld:1", STR_ARG(next),
			    (long long)in.id);
	if (!next.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, next);
	return RC_OK;
}

/* Undoing needs no reason; opening again what is older, or somebody else's, does. */
static enum rc reopen(struct req *q, const struct review_in *in, struct error *e)
{
	struct session_detail d;

	TRY(session_get(&q->core, in->id, &d, e));
	if (d.may_undo && !in->reason.n)
		return completion_reopen(&q->core, in->id, in->version, e);
	if (d.may_reopen)
		return completion_reopen_for(&q->core, in->id, in->version, in->reason, e);
	return completion_reopen(&q->core, in->id, in->version, e);
}

enum rc page_reopen_send(struct req *q, struct resp *r, struct error *e)
{
	struct review_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = reopen(q, &in, e);
	if (page_is_form_error(rc) && !(rc == RC_CONFLICT && !req_has(q, "reason"))) {
		struct error failed = *e;

		error_init(e);
		return show_reason(q, r, &in, REASON_ACT_REOPEN, &failed, e);
	}
	TRY(rc);
	return page_redirect_session(q, r, in.id, FLASH_REOPENED, NULL, e);
}
