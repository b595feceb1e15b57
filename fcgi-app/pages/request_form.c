/*
 * Asking for a session: the form, what stands against it, sending it.
 *
 * What was typed is never lost.  Clashes do not keep a request from being sent: the admin sees
 * them too.
 */
#include "pages/requests.h"
#include "pages/requests_view.h"
#include "view/format.h"
#include "view/tpl_pages_request_new.h"
#include "view/tpl_partials_request_check.h"

#define EARLIER_SHOWN 8

struct form_in {
	int64_t from; /* an earlier one */
	struct str title, kind, notes;
	int64_t course, group, room, day_of_month;
	int32_t date, start, end, until;
	enum { REPEATS_NO, REPEATS_DAILY, REPEATS_WEEKLY, REPEATS_MONTHLY } repeats;
	struct field_list weekdays;
	bool check;
};
static const char *const repeat_words[] = { "no", "daily", "weekly", "monthly", NULL };
static const char *const repeat_names[] = { N_("Once"), N_("Every day"), N_("Every week"),
					    N_("Every month") };

FIELDS(request_new_fields, form_in, FIELD(ID, form_in, from, QUERY));
FIELDS(request_send_fields, form_in, FIELD(TEXT, form_in, title, FORM, .max = 2000),
       FIELD(TEXT, form_in, kind, FORM), FIELD(LONG_TEXT, form_in, notes, FORM, .max = 100000),
       FIELD(ID, form_in, course, FORM), FIELD(ID, form_in, group, FORM),
       FIELD(ID, form_in, room, FORM), FIELD(DAY, form_in, date, FORM),
       FIELD(TOD, form_in, start, FORM), FIELD(TOD, form_in, end, FORM),
       FIELD(CHOICE, form_in, repeats, FORM, .words = repeat_words),
       FIELD(DAY, form_in, until, FORM), FIELD(LIST, form_in, weekdays, FORM),
       FIELD(INT, form_in, day_of_month, FORM, .min = 1, .max = 31),
       FIELD(BOOL, form_in, check, FORM));

static const struct form_field form_fields[] = {
	{ "title", "title", N_("Title") },
	{ "kind", "kind", N_("Type") },
	{ "course", "course", N_("Course") },
	{ "group", "group", N_("Group") },
	{ "room", "room", N_("Room") },
	{ "date", "date", N_("Date") },
	{ "start", "start", N_("Start") },
	{ "end", "end", N_("End") },
	{ "repeats", "repeats", N_("Repeats") },
	{ "until", "until", N_("Last day") },
	{ "weekdays", "weekdays", N_("Weekdays") },
	{ "day_of_month", "day_of_month", N_("Day of the month") },
	{ "notes", "notes", N_("Notes for the administrator") },
};

static unsigned weekdays_of(const struct field_list *list)
{
	unsigned days = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].n == 1 && list->v[i].p[0] >= '0' && list->v[i].p[0] <= '6')
			days |= 1U << (list->v[i].p[0] - '0');
	return days;
}

static struct request_in wish_of(const struct form_in *in)
{
	static const enum recurrence kinds[] = { RECURRENCE_DAILY, RECURRENCE_DAILY,
						 RECURRENCE_WEEKLY, RECURRENCE_MONTHLY };

	return (struct request_in){ .title = in->title,
				    .kind = in->kind,
				    .notes = in->notes,
				    .course_id = in->course,
				    .room_id = in->room,
				    .class_id = in->group,
				    .day = in->date,
				    .start_tod = in->start,
				    .end_tod = in->end,
				    .is_series = in->repeats != REPEATS_NO,
				    .recurrence = kinds[in->repeats],
				    .until_day = in->until,
				    .weekdays = weekdays_of(&in->weekdays),
				    .day_of_month = (int)in->day_of_month };
}

/* ---- the form -------------------------------------------------------------------------------- */

/* One look at it: typed, or begun with an earlier one. */
struct look {
	struct req *q;
	struct resp *r;
	struct page p;
	struct tpl t;
	bool is_typed;
	struct request_in wish;
	struct view_request_form v;
};

static struct str day_text(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

static struct str tod_text(struct arena *a, int32_t tod)
{
	char text[6];

	return tod == NO_DAY ? (struct str){ 0 } : arena_str(a, tod_format_hm(tod, text));
}

static void fill_texts(struct look *l)
{
	struct view_request_form *v = &l->v;
	const struct request_in *wish = &l->wish;
	struct arena *a = l->p.arena;

	if (l->is_typed) {
		v->title = req_raw(l->q, "title");
		v->notes = req_raw(l->q, "notes");
		v->date = req_raw(l->q, "date");
		v->start = req_raw(l->q, "start");
		v->end = req_raw(l->q, "end");
		v->until = req_raw(l->q, "until");
		v->day_of_month = req_raw(l->q, "day_of_month");
		return;
	}
	v->title = wish->title;
	v->notes = wish->notes;
	v->date = day_text(a, wish->day);
	v->start = tod_text(a, wish->start_tod);
	v->end = tod_text(a, wish->end_tod);
	v->until = day_text(a, wish->until_day);
	if (wish->day_of_month)
		v->day_of_month = arena_printf(a, "%d", wish->day_of_month);
}

static void fill_weekdays(struct look *l)
{
	static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6" };

	for (int i = 1; i <= 7; i++)
		/* 4 January 1970 was a Sunday. */
		l->v.weekdays[i - 1] =
			(struct view_weekday){ str_from(digits[i % 7]),
					       fmt_weekday(&l->t, 3 + i % 7),
					       (l->wish.weekdays >> (i % 7) & 1) != 0 };
	l->v.n_weekdays = 7;
}

static enum rc fill_choices(struct look *l, struct error *e)
{
	struct view_request_form *v = &l->v;
	struct view_choice *repeats =
		ARENA_ARRAY(l->p.arena, ARRAY_LEN(repeat_names), struct view_choice);
	size_t chosen = l->wish.is_series ? (size_t)l->wish.recurrence + 1 : 0;
	struct request_choices choices;

	if (!repeats)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(repeat_names); i++)
		repeats[i] = (struct view_choice){ str_from(repeat_words[i]),
						   page_text(&l->p, repeat_names[i]), i == chosen };
	v->repeats = repeats;
	v->n_repeats = ARRAY_LEN(repeat_names);
	TRY(request_choices(l->p.core, &choices, e));
	v->today = day_text(l->p.arena, choices.today);
	TRY(request_kind_choices(&l->p, l->wish.kind, &v->kinds, &v->n_kinds, e));
	TRY(requests_view_choices(&l->p, choices.courses, choices.n_courses, true,
				  l->wish.course_id, &v->courses, e));
	TRY(requests_view_choices(&l->p, choices.classes, choices.n_classes, false,
				  l->wish.class_id, &v->classes, e));
	return timetable_rooms(&l->p, choices.rooms, choices.n_rooms, l->wish.room_id, &v->rooms,
			       e);
}

static void fill_errors(struct look *l, const struct error *failed)
{
	struct view_request_form *v = &l->v;
	struct arena *a = l->p.arena;
	const struct {
		const char *name, *id;
		struct view_field_error *to;
	} fields[] = {
		{ "title", "e-title", &v->title_error },
		{ "kind", "e-kind", &v->kind_error },
		{ "course", "e-course", &v->course_error },
		{ "group", "e-group", &v->group_error },
		{ "room", "e-room", &v->room_error },
		{ "date", "e-date", &v->date_error },
		{ "start", "e-start", &v->start_error },
		{ "end", "e-end", &v->end_error },
		{ "until", "e-until", &v->until_error },
		{ "weekdays", "e-weekdays", &v->weekdays_error },
		{ "day_of_month", "e-day", &v->day_error },
		{ "notes", "e-notes", &v->notes_error },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		*fields[i].to = field_error(a, l->p.lang, failed, fields[i].name, fields[i].id);
	v->errors = form_errors(a, l->p.lang, failed, form_fields, ARRAY_LEN(form_fields));
}

/* The earlier ones beside the form, to be used again. */
static enum rc fill_earlier(struct look *l, struct error *e)
{
	const struct request_query q = { .tab = REQUEST_TAB_ALL,
					 .kind = -1,
					 .from_day = NO_DAY,
					 .to_day = NO_DAY,
					 .page_size = EARLIER_SHOWN };
	struct request_list list;

	TRY(request_list_own(l->p.core, &q, &list, e));
	l->v.counts = list.counts;
	l->v.n_waiting = list.counts.n_pending + list.counts.n_question;
	l->v.n_rows = list.n_rows;
	return requests_view_rows(&l->p, &l->t, list.rows, NULL, list.n_rows, &l->v.rows, e);
}

static enum rc fill_check(struct look *l, const struct request_plan *plan, struct error *e)
{
	struct view_request_check *v = &l->v.check;

	v->n_days = (int64_t)plan->n_days;
	v->n_closed = (int64_t)plan->n_closed;
	v->is_series = l->wish.is_series;
	v->knows_class = plan->knows_class;
	return requests_view_check(&l->p, &plan->make, v, e);
}

/* plan: NULL, or what stands against it.  failed: no error when there is none. */
static enum rc show(struct look *l, const struct request_plan *plan, const struct error *failed,
		    struct error *e)
{
	TRY(page_init(&l->p, l->q, req_text(l->q, N_("Request a session")), e));
	l->p.view.nav = NAV_REQUESTS;
	l->p.view.has_htmx = true;
	l->p.view.here = STR("/requests/new");
	l->t = req_tpl(l->q, l->r);
	l->v.page = &l->p.view;
	if (plan)
		TRY(fill_check(l, plan, e));
	fill_errors(l, failed);
	org_set_status(l->r, failed);
	if (l->q->is_htmx) {
		l->v.check.errors = l->v.errors;
		tpl_partials_request_check(&l->t, &l->v.check);
		return RC_OK;
	}
	TRY(fill_choices(l, e));
	fill_texts(l);
	fill_weekdays(l);
	TRY(fill_earlier(l, e));
	tpl_pages_request_new(&l->t, &l->v);
	return RC_OK;
}

enum rc page_request_new(struct req *q, struct resp *r, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);
	struct form_in in;
	struct error none;

	if (!l)
		return ERROR_MEMORY(e);
	if (who_is_admin(&q->who)) {
		resp_redirect(r, STR("/admin/sessions/new"));
		return RC_OK;
	}
	error_init(&none);
	TRY(req_read(q, &in, e));
	*l = (struct look){ .q = q,
			    .r = r,
			    .wish = { .day = NO_DAY,
				      .start_tod = NO_DAY,
				      .end_tod = NO_DAY,
				      .until_day = NO_DAY } };
	if (in.from)
		TRY(request_again(&q->core, in.from, &l->wish, e));
	return show(l, NULL, &none, e);
}

enum rc page_request_send(struct req *q, struct resp *r, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);
	struct request_plan plan;
	struct form_in in;
	struct error failed;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	if (!l)
		return ERROR_MEMORY(e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	*l = (struct look){ .q = q, .r = r, .is_typed = true, .wish = wish_of(&in) };
	if (rc == RC_OK && in.check)
		rc = request_check(&q->core, &l->wish, &plan, e);
	else if (rc == RC_OK)
		rc = request_send(&q->core, &l->wish, &id, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc == RC_OK && !in.check) {
		struct str to = arena_printf(q->core.arena, "/requests/%lld?done=%s", (long long)id,
					     request_flash_name(REQUEST_FLASH_SENT));

		if (!to.p)
			return ERROR_MEMORY(e);
		resp_redirect(r, to);
		return RC_OK;
	}
	failed = org_keep(e);
	return show(l, rc == RC_OK ? &plan : NULL, &failed, e);
}
