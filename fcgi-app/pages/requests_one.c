/*
 * The page of one request; see requests_one.h.
 */
#include "pages/requests_one.h"

#include "core/wall.h"
#include "pages/requests_view.h"
#include "view/tpl_pages_request.h"

static const struct form_field form_fields[] = {
	{ "response", "response", N_("Response") }, { "room", "room", N_("Room") },
	{ "group", "group", N_("Group") },          { "days", "days", N_("Days") },
	{ "text", "answer", N_("Answer") },
};

struct look {
	const struct request_one *one;
	struct page p;
	struct tpl t;
	struct request_detail d;
	struct view_request v;
};

static const char *step_name(struct str action)
{
	static const char *const names[][2] = {
		{ "sent", N_("Sent") },
		{ "asked", N_("Question") },
		{ "answered", N_("Answer") },
		{ "approved", N_("Approved") },
		{ "rejected", N_("Rejected") },
		{ "withdrawn", N_("Withdrawn") },
		{ "settled", N_("Session made") },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(action, str_from(names[i][0])))
			return names[i][1];
	return names[0][1];
}

static enum rc fill_steps(struct look *l, struct error *e)
{
	const struct request_detail *d = &l->d;
	struct view_request_step *rows =
		ARENA_ARRAY(l->p.arena, d->n_steps + 1, struct view_request_step);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < d->n_steps; i++) {
		struct wall at = core_wall(l->p.core, (struct str){ 0 }, d->steps[i].at);

		rows[i] = (struct view_request_step){ &d->steps[i], at.day, at.tod,
						      page_text(&l->p,
								step_name(d->steps[i].action)) };
	}
	l->v.steps = rows;
	l->v.n_steps = d->n_steps;
	return RC_OK;
}

static bool is_chosen(const struct request_one *one, int32_t day)
{
	for (size_t i = 0; i < one->n_days; i++)
		if (one->days[i] == day)
			return true;
	return !one->with_days;
}

static enum rc fill_days(struct look *l, struct error *e)
{
	const struct request_detail *d = &l->d;
	int32_t today = core_wall(l->p.core, d->r.row.zone, l->p.core->now_us).day;
	struct view_request_day *rows =
		ARENA_ARRAY(l->p.arena, d->n_days + 1, struct view_request_day);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < d->n_days; i++) {
		char text[11];
		int32_t day = d->days[i].session_date;

		rows[i] = (struct view_request_day){ day,
						     arena_str(l->p.arena, day_format(day, text)),
						     day < today, is_chosen(l->one, day) };
	}
	l->v.days = rows;
	l->v.n_days = d->n_days;
	return RC_OK;
}

/* Rooms that are free then, and, where the class is not known, those there are. */
static enum rc fill_choices(struct look *l, struct error *e)
{
	const struct request_stored *row = &l->d.r.row;
	const struct request_room_row *rooms;
	int64_t wished = row->room_id == COLUMN_NULL ? 0 : row->room_id;
	size_t n;

	TRY(request_rooms(l->p.core, &l->d, &rooms, &n, e));
	TRY(requests_view_room_options(&l->p, rooms, n, wished, row->room_name,
				       l->one->is_typed ? l->one->room_id : wished, &l->v.rooms,
				       e));
	if (row->class_id != COLUMN_NULL)
		return RC_OK;
	return page_choose(&l->p,
			   &(struct org_query){ .kind = ORG_CLASS,
						.branch_id = row->branch_id,
						.with_id = l->one->class_id },
			   &l->v.classes, e);
}

static enum rc fill_changed(struct look *l, const struct error *failed, struct error *e)
{
	const struct request_stored *row = &l->d.r.row;
	static const char *const names[REQUEST_STATE__MAX] = {
		[REQUEST_PENDING] = N_("Pending"),     [REQUEST_QUESTION] = N_("Question"),
		[REQUEST_APPROVED] = N_("Approved"),   [REQUEST_REJECTED] = N_("Rejected"),
		[REQUEST_WITHDRAWN] = N_("Withdrawn"),
	};
	struct view_changed_value *now = ARENA_ARRAY(l->p.arena, 2, struct view_changed_value);
	const struct request_step_row *last = l->d.n_steps ? &l->d.steps[l->d.n_steps - 1] : NULL;

	if (!now)
		return ERROR_MEMORY(e);
	now[0] = (struct view_changed_value){ page_text(&l->p, N_("State")),
					      page_text(&l->p, names[l->d.r.state]) };
	now[1] = (struct view_changed_value){ page_text(&l->p, N_("Response")), row->response };
	l->v.changed = org_changed(failed, last ? last->actor_name : (struct str){ 0 },
				   last ? last->at : NO_TIME, now, row->response.n ? 2 : 1);
	return RC_OK;
}

static void fill_errors(struct look *l, const struct error *failed)
{
	struct arena *a = l->p.arena;
	struct view_request *v = &l->v;

	v->response_error = field_error(a, l->p.lang, failed, "response", "e-response");
	v->room_error = field_error(a, l->p.lang, failed, "room", "e-room");
	v->group_error = field_error(a, l->p.lang, failed, "group", "e-group");
	v->days_error = field_error(a, l->p.lang, failed, "days", "e-days");
	v->text_error = field_error(a, l->p.lang, failed, "text", "e-text");
	/* What somebody else did meanwhile is said by partials/changed. */
	if (failed->reason != REASON_CHANGED)
		v->errors = form_errors(a, l->p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->needs_accept = failed->reason == REASON_CLASHES;
}

static enum rc begin(struct look *l, struct error *e)
{
	const struct request *r = &l->d.r;
	struct view_request_row *rows;

	TRY(page_init(&l->p, l->one->q, r->row.title, e));
	l->p.view.nav = NAV_REQUESTS;
	l->p.view.has_htmx = true;
	l->t = req_tpl(l->one->q, l->one->r);
	l->v.page = &l->p.view;
	l->v.d = &l->d;
	l->v.flash.kind = l->one->done;
	l->v.is_admin = who_is_admin(&l->one->q->who);
	l->v.waits = r->state == REQUEST_PENDING || r->state == REQUEST_QUESTION;
	l->p.view.here =
		arena_printf(l->p.arena, l->v.is_admin ? "/admin/requests/%lld" : "/requests/%lld",
			     (long long)r->row.id);
	TRY(requests_view_rows(&l->p, &l->t, r, &l->d.beside, 1, &rows, e));
	l->v.row = rows[0];
	return RC_OK;
}

enum rc requests_one_show(const struct request_one *one, const struct error *failed,
			  struct error *e)
{
	struct look *l = ARENA_NEW(one->q->core.arena, struct look);

	if (!l)
		return ERROR_MEMORY(e);
	*l = (struct look){ .one = one };
	TRY(request_open(&one->q->core, one->id, &l->d, e));
	TRY(begin(l, e));
	TRY(fill_steps(l, e));
	TRY(fill_days(l, e));
	if (l->d.r.may_decide)
		TRY(fill_choices(l, e));
	if (one->is_typed) {
		l->v.response = req_raw(one->q, "response");
		l->v.text = req_raw(one->q, "text");
		l->v.with_days = one->with_days;
	}
	fill_errors(l, failed);
	TRY(fill_changed(l, failed, e));
	org_set_status(one->r, failed);
	tpl_pages_request(&l->t, &l->v);
	return RC_OK;
}
