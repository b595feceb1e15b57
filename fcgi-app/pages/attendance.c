/*
 * Attendance sessions: the list, opening, closing, settings.
 */
#include "pages/attendance.h"

#include "base/num.h"
#include "core/wall.h"
#include "pages/attendance_form.h"
#include "pages/attendance_part.h"
#include "view/tpl_pages_attendance.h"
#include "view/tpl_pages_attendance_ask.h"

#define CLOSED_SHOWN 10
#define EXTEND_MIN   5
#define REOPEN_MIN   10

/* ---- the list ------------------------------------------------------------------------------- */

static enum rc fill_list(struct page *p, enum attendance_show show, size_t limit,
			 const struct view_running **ret, size_t *ret_n, struct error *e)
{
	const struct attendance_query query = { .show = show, .limit = limit };
	const struct attendance *rows;
	struct view_running *out;
	size_t n;

	TRY(attendance_list(p->core, &query, &rows, &n, e));
	out = ARENA_ARRAY(p->arena, n, struct view_running);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct view_running){
			.s = &rows[i],
			.state = str_from(attendance_state_name(rows[i].state)),
			.closes_tod = core_wall(p->core, rows[i].zone, rows[i].closes_at).tod,
			.n_here = rows[i].n_present + rows[i].n_late,
			.is_live = attendance_is_live(&rows[i]),
		};
	*ret = out;
	*ret_n = n;
	return RC_OK;
}

enum rc page_attendance(struct req *q, struct resp *r, struct error *e)
{
	struct view_attendance_list v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Attendance")), e));
	TRY(fill_list(&p, ATTENDANCE_SHOW_RUNNING, 100, &v.running, &v.n_running, e));
	if (v.n_running == 1)
		return attendance_redirect(q, r, v.running[0].s->id, AFLASH_NONE, 0, 0, NULL, e);
	TRY(claim_waiting(&q->core, 0, &v.n_claims, e));
	TRY(fill_list(&p, ATTENDANCE_SHOW_CLOSED, CLOSED_SHOWN, &v.closed, &v.n_closed, e));
	p.view.nav = NAV_ATTENDANCE;
	p.view.nav_current = STR("page");
	v.page = &p.view;
	tpl_pages_attendance(&t, &v);
	return RC_OK;
}

/* ---- one button ----------------------------------------------------------------------------- */

struct act_in {
	int64_t id;
};
FIELDS(attendance_id_fields, act_in, FIELD(ID, act_in, id, PATH));
FIELDS(attendance_act_fields, act_in, FIELD(ID, act_in, id, PATH));

enum rc page_attendance_extend(struct req *q, struct resp *r, struct error *e)
{
	struct act_in in;

	TRY(req_read(q, &in, e));
	TRY(attendance_extend(&q->core, in.id, 0, EXTEND_MIN, e));
	return attendance_redirect(q, r, in.id, AFLASH_EXTENDED, 0, 0, NULL, e);
}

enum rc page_attendance_pause(struct req *q, struct resp *r, struct error *e)
{
	struct act_in in;

	TRY(req_read(q, &in, e));
	TRY(attendance_pause(&q->core, in.id, 0, e));
	return attendance_redirect(q, r, in.id, AFLASH_PAUSED, 0, 0, NULL, e);
}

enum rc page_attendance_resume(struct req *q, struct resp *r, struct error *e)
{
	struct act_in in;

	TRY(req_read(q, &in, e));
	TRY(attendance_resume(&q->core, in.id, 0, e));
	return attendance_redirect(q, r, in.id, AFLASH_RESUMED, 0, 0, NULL, e);
}

/* ---- closing and reopening ------------------------------------------------------------------ */

static enum rc begin_ask(struct req *q, int64_t id, const char *title, struct attendance *s,
			 struct page *p, struct view_attendance_ask *v, struct error *e)
{
	TRY(attendance_get(&q->core, id, s, e));
	TRY(page_init(p, q, req_text(q, title), e));
	p->view.nav = NAV_ATTENDANCE;
	*v = (struct view_attendance_ask){ .page = &p->view, .s = s };
	v->n_unmarked = s->n_expected - s->n_present - s->n_late - s->n_excused - s->n_absent -
			s->n_flagged;
	if (v->n_unmarked < 0)
		v->n_unmarked = 0;
	return RC_OK;
}

enum rc page_attendance_close_ask(struct req *q, struct resp *r, struct error *e)
{
	struct view_attendance_ask v;
	struct tpl t = req_tpl(q, r);
	struct attendance s;
	struct act_in in;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(begin_ask(q, in.id, N_("Close check-in"), &s, &p, &v, e));
	if (!s.may_close)
		return ERROR(e, s.may_work ? RC_CONFLICT : RC_DENIED,
			     s.may_work ? REASON_ATTENDANCE_CLOSED : REASON_DENIED,
			     "attendance %lld", (long long)in.id);
	tpl_pages_attendance_ask(&t, &v);
	return RC_OK;
}

enum rc page_attendance_close(struct req *q, struct resp *r, struct error *e)
{
	struct attendance_closed done;
	struct act_in in;

	TRY(req_read(q, &in, e));
	TRY(attendance_close(&q->core, in.id, "person", &done, e));
	return attendance_redirect(q, r, in.id, done.was_closed ? AFLASH_WAS_CLOSED : AFLASH_CLOSED,
				   done.n_absent, done.n_open, NULL, e);
}

struct reopen_in {
	int64_t id, version, minutes;
	struct str reason;
};
FIELDS(attendance_reopen_fields, reopen_in, FIELD(ID, reopen_in, id, PATH),
       FIELD(INT, reopen_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(INT, reopen_in, minutes, FORM, .min = 1, .max = 240, .fallback = REOPEN_MIN),
       FIELD(LONG_TEXT, reopen_in, reason, FORM, .max = 1024 * 1024));

static const struct form_field reopen_form_fields[] = {
	{ "reason", "x-reason", N_("Reason") },
	{ "minutes", "minutes", N_("Open for, in minutes") },
};

static enum rc show_reopen(struct req *q, struct resp *r, int64_t id, const struct error *failed,
			   struct error *e)
{
	struct view_attendance_ask v;
	struct tpl t = req_tpl(q, r);
	struct attendance s;
	struct page p;

	TRY(begin_ask(q, id, N_("Reopen check-in"), &s, &p, &v, e));
	if (!s.may_reopen)
		return ERROR(e, s.may_work ? RC_CONFLICT : RC_DENIED,
			     s.may_work ? REASON_ATTENDANCE_OPEN : REASON_DENIED, "attendance %lld",
			     (long long)id);
	v.is_reopen = true;
	v.minutes = failed ? req_raw(q, "minutes") : arena_printf(p.arena, "%d", REOPEN_MIN);
	v.reason_error.id = "x-reason-e";
	v.minutes_error.id = "minutes-e";
	if (failed) {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		v.reason = req_raw(q, "reason");
		v.reason_error = field_error(p.arena, p.lang, failed, "reason", "x-reason-e");
		v.minutes_error = field_error(p.arena, p.lang, failed, "minutes", "minutes-e");
		v.errors = form_errors(p.arena, p.lang, failed, reopen_form_fields,
				       ARRAY_LEN(reopen_form_fields));
	}
	p.view.here = arena_printf(p.arena, "/attendance/%lld/reopen", (long long)id);
	tpl_pages_attendance_ask(&t, &v);
	return RC_OK;
}

enum rc page_attendance_reopen_ask(struct req *q, struct resp *r, struct error *e)
{
	struct act_in in;

	TRY(req_read_as(q, &attendance_id_fields, &in, e));
	return show_reopen(q, r, in.id, NULL, e);
}

enum rc page_attendance_reopen(struct req *q, struct resp *r, struct error *e)
{
	struct reopen_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = attendance_reopen(&q->core, in.id, in.version, in.minutes, in.reason, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_reopen(q, r, in.id, &failed, e);
	}
	TRY(rc);
	return attendance_redirect(q, r, in.id, AFLASH_REOPENED, 0, 0, NULL, e);
}
