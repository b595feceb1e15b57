/*
 * Moving one session.  Clashes, a closure on the day and a room too small are shown before,
 * and have to be accepted by a tick.
 */
#include "pages/move.h"

#include "pages/timetable.h"
#include "view/tpl_pages_move.h"
#include "view/tpl_partials_move_check.h"

struct move_page_in {
	int64_t id, version;
	int32_t day, start, end;
	struct str room, reason;
	bool check, accept;
};
FIELDS(move_id_fields, move_page_in, FIELD(ID, move_page_in, id, PATH));
FIELDS(move_fields, move_page_in, FIELD(ID, move_page_in, id, PATH),
       FIELD(INT, move_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(DAY, move_page_in, day, FORM), FIELD(TOD, move_page_in, start, FORM),
       FIELD(TOD, move_page_in, end, FORM), FIELD(TEXT, move_page_in, room, FORM, .max = 2000),
       FIELD(LONG_TEXT, move_page_in, reason, FORM, .max = 10000),
       FIELD(BOOL, move_page_in, check, FORM), FIELD(BOOL, move_page_in, accept, FORM));
FIELDS(move_back_fields, move_page_in, FIELD(ID, move_page_in, id, PATH),
       FIELD(INT, move_page_in, version, FORM, .min = 0, .max = INT32_MAX));

static const struct form_field form_fields[] = {
	{ "day", "m-day", N_("Day") },          { "start", "m-start", N_("Start") },
	{ "end", "m-end", N_("End") },          { "room", "m-room", N_("Room") },
	{ "reason", "m-reason", N_("Reason") },
};

static struct str hm(struct arena *a, int32_t tod)
{
	char text[6];

	return arena_str(a, tod_format_hm(tod, text));
}

static void fill_typed(struct req *q, const struct session_row *row, bool is_typed,
		       struct view_move *v)
{
	struct arena *a = q->core.arena;
	char day[11];

	v->day = is_typed ? req_raw(q, "day") : arena_str(a, day_format(row->day, day));
	v->start = is_typed ? req_raw(q, "start") : hm(a, row->start_tod);
	v->end = is_typed ? req_raw(q, "end") : hm(a, row->end_tod);
	v->room = is_typed ? req_raw(q, "room") : row->room;
	v->reason = req_raw(q, "reason");
	v->version = row->version;
}

static void fill_errors(struct page *p, const struct error *failed, struct view_move *v)
{
	v->day_error = field_error(p->arena, p->lang, failed, "day", "m-day-e");
	v->start_error = field_error(p->arena, p->lang, failed, "start", "m-start-e");
	v->end_error = field_error(p->arena, p->lang, failed, "end", "m-end-e");
	v->room_error = field_error(p->arena, p->lang, failed, "room", "m-room-e");
	v->reason_error = field_error(p->arena, p->lang, failed, "reason", "m-reason-e");
	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
}

static enum rc fill_check(struct page *p, const struct session_detail *d,
			  const struct session_move_plan *plan, struct view_move_check *v,
			  struct error *e)
{
	v->is_shown = true;
	v->closure = plan->closure;
	v->room_capacity = plan->room_capacity == COLUMN_NULL ? 0 : plan->room_capacity;
	v->n_members = plan->n_members;
	v->note = timetable_fit(p, plan->fit, d->zone, plan->starts_at);
	v->needs_accept = session_move_warns(plan);
	return timetable_clashes(p, &plan->clashes, &v->clashes, e);
}

/* plan: NULL, or what is to be said before.  failed: no error when there is none. */
static enum rc show(struct req *q, struct resp *r, const struct session_detail *d, bool is_typed,
		    const struct session_move_plan *plan, const struct error *failed,
		    struct error *e)
{
	struct view_move v = { .d = d };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Move the session")), e));
	p.view.nav = NAV_SESSIONS;
	p.view.has_htmx = true;
	p.view.here = arena_printf(p.arena, "/sessions/%lld/move", (long long)d->row.id);
	v.page = &p.view;
	v.date = (struct view_today){ d->row.day, 0 };
	fill_typed(q, &d->row, is_typed, &v);
	fill_errors(&p, failed, &v);
	TRY(session_move_rooms(&q->core, d, &v.rooms, &v.n_rooms, e));
	if (plan)
		TRY(fill_check(&p, d, plan, &v.check, e));
	org_set_status(r, failed);
	if (q->is_htmx) {
		v.check.errors = v.errors;
		tpl_partials_move_check(&t, &v.check);
		return RC_OK;
	}
	tpl_pages_move(&t, &v);
	return RC_OK;
}

static enum rc no_form(const struct session_detail *d, struct error *e)
{
	if (d->row.state == SESSION_CANCELLED)
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "move of a cancelled one");
	if (d->row.state == SESSION_COMPLETED || d->row.state == SESSION_CHECKED)
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_COMPLETED, "move of a completed one");
	return ERROR(e, RC_DENIED, REASON_DENIED, "may not move");
}

enum rc page_move(struct req *q, struct resp *r, struct error *e)
{
	struct session_detail d;
	struct move_page_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(session_get(&q->core, in.id, &d, e));
	if (!d.may_move)
		return no_form(&d, e);
	return show(q, r, &d, false, NULL, &none, e);
}

/* Does it, or says what stands against it: then *ret_checked. */
static enum rc act(struct req *q, const struct move_page_in *in, struct session_move_plan *plan,
		   bool *ret_checked, struct error *e)
{
	struct session_move_in m = { in->id,  in->version, in->day,    in->start,
				     in->end, in->room,    in->reason, !in->accept };
	struct error other;
	enum rc rc;

	if (in->check) {
		TRY(session_move_check(&q->core, &m, plan, e));
		*ret_checked = true;
		return RC_OK;
	}
	rc = session_move(&q->core, &m, e);
	error_init(&other);
	if (rc == RC_CONFLICT && e->reason == REASON_CLASHES)
		*ret_checked = session_move_check(&q->core, &m, plan, &other) == RC_OK;
	return rc;
}

enum rc page_move_send(struct req *q, struct resp *r, struct error *e)
{
	struct session_move_plan plan;
	bool is_checked = false;
	struct session_detail d;
	struct move_page_in in;
	struct error failed;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = act(q, &in, &plan, &is_checked, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc == RC_OK && !is_checked)
		return page_redirect_session(q, r, in.id, FLASH_MOVED, NULL, e);
	failed = org_keep(e);
	TRY(session_get(&q->core, in.id, &d, e));
	/* Nothing can be sent again where there is no form: the error page says why. */
	if (!d.may_move) {
		if (failed.rc == RC_OK)
			return no_form(&d, e);
		*e = failed;
		return e->rc;
	}
	return show(q, r, &d, true, is_checked ? &plan : NULL, &failed, e);
}

enum rc page_move_back(struct req *q, struct resp *r, struct error *e)
{
	struct move_page_in in;

	TRY(req_read(q, &in, e));
	TRY(session_move_back(&q->core, in.id, in.version, e));
	return page_redirect_session(q, r, in.id, FLASH_MOVED_BACK, NULL, e);
}
