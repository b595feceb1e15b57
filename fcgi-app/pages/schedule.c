/*
 * The form of a schedule.
 *
 * Three buttons: one more time slot, Check, Save.  What would happen is shown before it
 * does; clashes and rooms too small have to be accepted by a tick.  A slot whose inputs are
 * all empty is none.  What was typed is never lost.
 */
#include "core/wall.h"
#include "pages/schedules.h"
#include "pages/timetable.h"
#include "view/format.h"
#include "view/tpl_pages_schedule.h"
#include "view/tpl_partials_schedule_check.h"

#define LINES_MAX 400

struct slot_in {
	int32_t start, end;
	int64_t room;
	struct field_list days;
};
struct schedule_page_in {
	int64_t id, version, class_id, course_id, teacher_id, day_of_month, n_slots;
	struct str title, notes, done;
	enum recurrence kind;
	int32_t from, to;
	bool is_inactive, add, check, accept;
	struct slot_in slots[SLOTS_MAX];
};

#define MORE_SLOT(i, n)                                                                            \
	FIELD_AS(TOD, schedule_page_in, slots[i].start, "slot" n "_start", FORM),                  \
		FIELD_AS(TOD, schedule_page_in, slots[i].end, "slot" n "_end", FORM),              \
		FIELD_AS(ID, schedule_page_in, slots[i].room, "slot" n "_room", FORM),             \
		FIELD_AS(LIST, schedule_page_in, slots[i].days, "slot" n "_days", FORM)
#define FORM_FIELDS                                                                                \
	FIELD_AS(ID, schedule_page_in, class_id, "batch_id", FORM),                                \
		FIELD_AS(ID, schedule_page_in, course_id, "course_id", FORM),                      \
		FIELD_AS(ID, schedule_page_in, teacher_id, "faculty_id", FORM),                    \
		FIELD(TEXT, schedule_page_in, title, FORM, .max = 2000),                           \
		FIELD(LONG_TEXT, schedule_page_in, notes, FORM, .max = 100000),                    \
		FIELD_AS(CHOICE, schedule_page_in, kind, "recurrence", FORM, .words = kind_words,  \
			 .required = true),                                                        \
		FIELD_AS(DAY, schedule_page_in, from, "start_date", FORM),                         \
		FIELD_AS(DAY, schedule_page_in, to, "end_date", FORM),                             \
		FIELD(INT, schedule_page_in, day_of_month, FORM, .min = 1, .max = 31,              \
		      .fallback = 0),                                                              \
		FIELD(INT, schedule_page_in, n_slots, FORM, .min = 1, .max = SLOTS_MAX,            \
		      .fallback = 1),                                                              \
		FIELD_AS(BOOL, schedule_page_in, is_inactive, "inactive", FORM),                   \
		FIELD(BOOL, schedule_page_in, add, FORM),                                          \
		FIELD(BOOL, schedule_page_in, check, FORM),                                        \
		FIELD(BOOL, schedule_page_in, accept, FORM),                                       \
		FIELD_AS(TOD, schedule_page_in, slots[0].start, "start_time", FORM),               \
		FIELD_AS(TOD, schedule_page_in, slots[0].end, "end_time", FORM),                   \
		FIELD_AS(ID, schedule_page_in, slots[0].room, "room", FORM),                       \
		FIELD_AS(LIST, schedule_page_in, slots[0].days, "weekdays", FORM),                 \
		MORE_SLOT(1, "2"), MORE_SLOT(2, "3"), MORE_SLOT(3, "4"), MORE_SLOT(4, "5"),        \
		MORE_SLOT(5, "6"), MORE_SLOT(6, "7"), MORE_SLOT(7, "8")

static const char *const kind_words[] = { "daily", "weekly", "monthly", NULL };
FIELDS(schedule_look_fields, schedule_page_in, FIELD(ID, schedule_page_in, id, PATH),
       FIELD(TEXT, schedule_page_in, done, QUERY));
FIELDS(schedule_new_fields, schedule_page_in, FORM_FIELDS);
FIELDS(schedule_save_fields, schedule_page_in, FIELD(ID, schedule_page_in, id, PATH),
       FIELD(INT, schedule_page_in, version, FORM, .min = 0, .max = INT32_MAX), FORM_FIELDS);

static const char *const kind_names[] = { N_("Every day"), N_("Every week"), N_("Every month") };

#define SLOT_FIELDS(n)                                                                             \
	{ "slot" #n "_start", "slot" #n "_start", N_("Start") },                                   \
		{ "slot" #n "_end", "slot" #n "_end", N_("End") },                                 \
		{ "slot" #n "_days", "slot" #n "_days", N_("Weekdays") },                          \
	{                                                                                          \
		"slot" #n "_room", "slot" #n "_room", N_("Room")                                   \
	}
static const struct form_field form_fields[] = {
	{ "batch_id", "batch_id", N_("Group") },
	{ "course_id", "course_id", N_("Course") },
	{ "faculty_id", "faculty_id", N_("Teacher") },
	{ "title", "title", N_("Title") },
	{ "recurrence", "recurrence", N_("Repeats") },
	{ "day_of_month", "day_of_month", N_("Day of the month") },
	{ "start_date", "start_date", N_("First day") },
	{ "end_date", "end_date", N_("Last day") },
	{ "start_time", "start_time", N_("Start") },
	{ "end_time", "end_time", N_("End") },
	{ "weekdays", "weekdays", N_("Weekdays") },
	{ "room", "room", N_("Room") },
	SLOT_FIELDS(2),
	SLOT_FIELDS(3),
	SLOT_FIELDS(4),
	SLOT_FIELDS(5),
	SLOT_FIELDS(6),
	SLOT_FIELDS(7),
	SLOT_FIELDS(8),
	{ "notes", "notes", N_("Notes") },
};

/* One look at the form: what is stored, and what is typed. */
struct look {
	struct req *q;
	struct resp *r;
	struct page p;
	struct tpl t;
	const struct schedule_row *row;       /* NULL: a new one */
	const struct schedule_page_in *typed; /* NULL: as stored */
	size_t source[SLOTS_MAX]; /* where the inputs of a slot were: empty ones are left out */
	size_t n_typed;
	const struct room_stored *rooms;
	size_t n_rooms;
	struct view_schedule v;
};

static struct str schedule_path(struct arena *a, int64_t id)
{
	return id ? arena_printf(a, "/admin/schedules/%lld", (long long)id)
		  : STR("/admin/schedules/new");
}

/* ---- what was sent ------------------------------------------------------------------------- */

static unsigned days_of(const struct field_list *list)
{
	unsigned days = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].n == 1 && list->v[i].p[0] >= '0' && list->v[i].p[0] <= '6')
			days |= 1U << (list->v[i].p[0] - '0');
	return days;
}

/* Of the names of core; days 0 of a slot with a time is NO_WEEKDAY's to say. */
static bool is_empty(const struct slot_in *s)
{
	return s->start == NO_DAY && s->end == NO_DAY && !s->room && !s->days.n;
}

static size_t slots_of(const struct schedule_page_in *in, struct slot more[SLOTS_MAX])
{
	size_t n = 0;

	for (size_t i = 1; i < SLOTS_MAX; i++) {
		const struct slot_in *s = &in->slots[i];

		if (!is_empty(s))
			more[n++] = (struct slot){ days_of(&s->days), s->start, s->end, s->room };
	}
	return n;
}

/* more: room for SLOTS_MAX. */
static struct schedule_in in_of(const struct schedule_page_in *in, const struct schedule_row *row,
				struct slot *more)
{
	struct schedule_in s = {
		.class_id = in->class_id,
		.course_id = in->course_id,
		.teacher_id = in->teacher_id,
		.title = in->title,
		.room_id = in->slots[0].room,
		.rule = { in->kind, in->from, in->to, days_of(&in->slots[0].days),
			  (int)in->day_of_month },
		.start_tod = in->slots[0].start,
		.end_tod = in->slots[0].end,
		.more = more,
		.notes = in->notes,
		.is_inactive = in->is_inactive,
		.version = in->version,
		.stops_at_warnings = !in->accept,
	};

	s.n_more = slots_of(in, more);
	if (row) {
		s.subject_ids = row->subject_ids;
		s.student_ids = row->student_ids;
		/* A room that is only a text stays until one of the list is chosen. */
		if (!s.room_id && row->room_id == COLUMN_NULL)
			s.room = row->room;
	}
	return s;
}

/* ---- the inputs ------------------------------------------------------------------------------ */

static struct str hm(struct arena *a, int32_t tod)
{
	char text[6];

	return tod == NO_DAY ? (struct str){ 0 } : arena_str(a, tod_format_hm(tod, text));
}

static struct str day_text(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

/* A slot as stored; the first is the schedule's own. */
static struct slot stored_slot(const struct look *l, size_t i)
{
	const struct schedule_row *row = l->row;

	if (!row)
		return (struct slot){ .start_tod = NO_DAY, .end_tod = NO_DAY };
	if (i > 0)
		return row->more[i - 1];
	return (struct slot){ row->weekdays, row->start_tod, row->end_tod,
			      row->room_id == COLUMN_NULL ? 0 : row->room_id };
}

static void fill_days(struct look *l, struct view_slot *s, unsigned days)
{
	for (int i = 1; i <= 7; i++) {
		static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6" };

		/* 4 January 1970 was a Sunday. */
		s->days[i - 1] = (struct view_weekday){ str_from(digits[i % 7]),
							fmt_weekday(&l->t, 3 + i % 7),
							(days >> (i % 7) & 1) != 0 };
	}
	s->n_days = 7;
}

static enum rc fill_slot(struct look *l, size_t i, const struct error *failed, struct error *e)
{
	struct view_slot *s = &l->v.slots[i];
	struct slot stored = { .start_tod = NO_DAY, .end_tod = NO_DAY };
	struct arena *a = l->p.arena;

	s->number = (int64_t)i + 1;
	s->start_name = str_from(slot_field_name(i, SLOT_START));
	s->end_name = str_from(slot_field_name(i, SLOT_END));
	s->days_name = str_from(slot_field_name(i, SLOT_DAYS));
	s->room_name = str_from(slot_field_name(i, SLOT_ROOM));
	if (l->typed) {
		s->start = req_raw(l->q, slot_field_name(l->source[i], SLOT_START));
		s->end = req_raw(l->q, slot_field_name(l->source[i], SLOT_END));
		stored.weekdays = days_of(&l->typed->slots[l->source[i]].days);
		stored.room_id = l->typed->slots[l->source[i]].room;
	} else {
		stored = stored_slot(l, i);
		s->start = hm(a, stored.start_tod);
		s->end = hm(a, stored.end_tod);
	}
	fill_days(l, s, stored.weekdays);
	s->start_error = field_error(a, l->p.lang, failed, slot_field_name(i, SLOT_START),
				     arena_printf(a, "e-s%zu", i).p);
	s->end_error = field_error(a, l->p.lang, failed, slot_field_name(i, SLOT_END),
				   arena_printf(a, "e-e%zu", i).p);
	s->days_error = field_error(a, l->p.lang, failed, slot_field_name(i, SLOT_DAYS),
				    arena_printf(a, "e-d%zu", i).p);
	s->room_error = field_error(a, l->p.lang, failed, slot_field_name(i, SLOT_ROOM),
				    arena_printf(a, "e-r%zu", i).p);
	return timetable_rooms(&l->p, l->rooms, l->n_rooms, stored.room_id, &s->rooms, e);
}

static enum rc fill_choices(struct look *l, struct error *e)
{
	const struct schedule_page_in *in = l->typed;
	const struct schedule_row *row = l->row;
	int64_t ids[3] = { in    ? in->class_id
			   : row ? row->class_id
				 : 0,
			   in    ? in->course_id
			   : row ? row->course_id
				 : 0,
			   in    ? in->teacher_id
			   : row ? row->teacher_id
				 : 0 };
	enum recurrence kind = in ? in->kind : row ? row->recurrence : RECURRENCE_WEEKLY;
	struct view_choice *kinds = ARENA_ARRAY(l->p.arena, RECURRENCE__MAX, struct view_choice);
	int64_t branch = row ? row->branch_id : 0;

	if (!kinds)
		return ERROR_MEMORY(e);
	for (int k = 0; k < RECURRENCE__MAX; k++)
		kinds[k] = (struct view_choice){ str_from(kind_words[k]),
						 page_text(&l->p, kind_names[k]), (int)kind == k };
	l->v.kinds = kinds;
	l->v.n_kinds = RECURRENCE__MAX;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = ids[i] == COLUMN_NULL ? 0 : ids[i];
	TRY(page_choose(&l->p, &(struct org_query){ ORG_CLASS, branch, { 0 }, ids[0], 0 },
			&l->v.classes, e));
	TRY(page_choose(&l->p, &(struct org_query){ ORG_COURSE, branch, { 0 }, ids[1], 0 },
			&l->v.courses, e));
	TRY(page_choose(&l->p, &(struct org_query){ ORG_TEACHER, branch, { 0 }, ids[2], 0 },
			&l->v.teachers, e));
	return room_choices(l->p.core, branch, &l->rooms, &l->n_rooms, e);
}

static void fill_texts(struct look *l)
{
	const struct schedule_row *row = l->row;
	struct view_schedule *v = &l->v;
	struct arena *a = l->p.arena;

	if (l->typed) {
		v->title = req_raw(l->q, "title");
		v->notes = req_raw(l->q, "notes");
		v->start_date = req_raw(l->q, "start_date");
		v->end_date = req_raw(l->q, "end_date");
		v->day_of_month = req_raw(l->q, "day_of_month");
		v->is_inactive = l->typed->is_inactive;
	} else if (row) {
		v->title = row->title;
		v->notes = row->notes;
		v->start_date = day_text(a, row->start_date);
		v->end_date = day_text(a, row->end_date);
		if (row->day_of_month != COLUMN_NULL)
			v->day_of_month = arena_printf(a, "%lld", (long long)row->day_of_month);
		v->is_inactive = row->is_inactive;
	}
	if (!row)
		return;
	v->id = row->id;
	v->zone = row->zone;
	v->revision = row->version;
	v->n_sessions = row->n_occurrences;
	v->has_room_text = row->room_id == COLUMN_NULL && row->room.n > 0;
	v->room_text = row->room;
}

static void fill_errors(struct look *l, const struct error *failed)
{
	struct view_schedule *v = &l->v;
	struct arena *a = l->p.arena;
	const struct {
		const char *name, *id;
		struct view_field_error *to;
	} fields[] = {
		{ "batch_id", "e-class", &v->class_error },
		{ "course_id", "e-course", &v->course_error },
		{ "faculty_id", "e-teacher", &v->teacher_error },
		{ "title", "e-title", &v->title_error },
		{ "recurrence", "e-kind", &v->kind_error },
		{ "day_of_month", "e-day", &v->day_error },
		{ "start_date", "e-from", &v->from_error },
		{ "end_date", "e-to", &v->to_error },
		{ "notes", "e-notes", &v->notes_error },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		*fields[i].to = field_error(a, l->p.lang, failed, fields[i].name, fields[i].id);
	v->errors = form_errors(a, l->p.lang, failed, form_fields, ARRAY_LEN(form_fields));
}

static enum rc fill_changed(struct look *l, const struct error *failed, struct error *e)
{
	const struct schedule_row *row = l->row;
	struct view_changed_value now[6];

	if (!row || failed->rc != RC_CONFLICT || failed->reason != REASON_CHANGED)
		return RC_OK;
	now[0] = (struct view_changed_value){ page_text(&l->p, N_("Title")), row->title };
	now[1] = (struct view_changed_value){ page_text(&l->p, N_("Group")), row->class_name };
	now[2] = (struct view_changed_value){ page_text(&l->p, N_("Teacher")), row->teacher_name };
	now[3] = (struct view_changed_value){ page_text(&l->p, N_("First day")),
					      day_text(l->p.arena, row->start_date) };
	now[4] = (struct view_changed_value){ page_text(&l->p, N_("Last day")),
					      day_text(l->p.arena, row->end_date) };
	now[5] = (struct view_changed_value){ page_text(&l->p, N_("Time")),
					      arena_printf(l->p.arena, "%.*s–%.*s",
							   STR_ARG(hm(l->p.arena, row->start_tod)),
							   STR_ARG(hm(l->p.arena, row->end_tod))) };
	return timetable_changed(&l->p, failed, "schedule", row->id, now, ARRAY_LEN(now),
				 &l->v.changed, e);
}

/* ---- what it would do -------------------------------------------------------------------------
 */

static const char *const step_names[SCHEDULE_STEP__MAX] = {
	[SCHEDULE_STEP_INSERT] = N_("new"),
	[SCHEDULE_STEP_UPDATE] = N_("changed"),
	[SCHEDULE_STEP_REVIVE] = N_("comes back"),
	[SCHEDULE_STEP_KEEP] = N_("stays"),
	[SCHEDULE_STEP_SETTLED] = N_("left alone: completed, moved or cancelled by somebody"),
	[SCHEDULE_STEP_REMOVE] = N_("goes"),
	[SCHEDULE_STEP_CANCEL] = N_("is cancelled, what it holds stays"),
};

static enum rc fill_lines(struct look *l, const struct schedule_plan *plan, struct error *e)
{
	size_t n = plan->n_items < LINES_MAX ? plan->n_items : LINES_MAX;
	struct view_plan_line *lines = ARENA_ARRAY(l->p.arena, n + 1, struct view_plan_line);
	struct view_schedule_check *v = &l->v.check;

	if (!lines)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct schedule_item *item = &plan->items[i];

		lines[i] = (struct view_plan_line){
			.day = item->day,
			.start_tod = item->start_tod,
			.end_tod = item->end_tod,
			.step = page_text(&l->p, step_names[item->step]),
			.note = timetable_fit(&l->p, item->fit, plan->zone, item->starts_at),
			.is_kept = item->step == SCHEDULE_STEP_KEEP ||
				   item->step == SCHEDULE_STEP_SETTLED,
		};
	}
	v->lines = lines;
	v->n_lines = n;
	v->n_more = (int64_t)(plan->n_items - n);
	return RC_OK;
}

static enum rc fill_check(struct look *l, const struct schedule_plan *plan, struct error *e)
{
	struct view_schedule_check *v = &l->v.check;
	struct view_month *months =
		ARENA_ARRAY(l->p.arena, plan->n_missing_months + 1, struct view_month);

	if (!months)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < plan->n_missing_months; i++)
		months[i] = (struct view_month){ plan->missing_months[i] };
	v->is_shown = true;
	v->plan = plan;
	v->n_all = plan->effect.n_inserted + plan->effect.n_updated + plan->effect.n_revived +
		   plan->n_kept + plan->n_settled;
	v->months = months;
	v->n_months = plan->n_missing_months;
	v->closed = plan->closed;
	v->n_closed = plan->n_closed < LINES_MAX ? plan->n_closed : LINES_MAX;
	v->n_closed_more = (int64_t)(plan->n_closed - v->n_closed);
	v->small = plan->small_rooms;
	v->n_small = plan->n_small_rooms;
	v->needs_accept = plan->clashes.n > 0 || plan->n_small_rooms > 0;
	TRY(fill_lines(l, plan, e));
	return timetable_clashes(&l->p, &plan->clashes, &v->clashes, e);
}

/* ---- showing it ---------------------------------------------------------------------------------
 */

/* With is_read, empty slots are left out, and errors name those that are left. */
static void find_sources(struct look *l, bool is_read)
{
	size_t n_shown = (size_t)l->typed->n_slots;
	size_t n = 0;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		if (i == 0 || !is_empty(&l->typed->slots[i]) || (!is_read && i < n_shown))
			l->source[n++] = i;
	}
	l->n_typed = n;
	/* What comes behind is a new one: nothing was typed there. */
	for (size_t i = 1; i < SLOTS_MAX && n < SLOTS_MAX; i++)
		if (is_empty(&l->typed->slots[i]) && (is_read || i >= n_shown))
			l->source[n++] = i;
}

/* How many slots the form has: all that are typed or stored, and one more when asked for. */
static size_t n_slots_shown(const struct look *l, bool one_more)
{
	size_t n = l->row ? l->row->n_more + 1 : 1;

	if (l->typed)
		n = l->n_typed;
	if (one_more && n < SLOTS_MAX)
		n++;
	return n < 1 ? 1 : n;
}

/* plan: NULL, or what it would do.  failed: no error when there is none. */
static enum rc show(struct look *l, const struct schedule_plan *plan, const struct error *failed,
		    struct error *e)
{
	struct req *q = l->q;
	struct page *p = &l->p;

	TRY(org_page_init(p, q, l->row ? l->row->title : req_text(q, N_("Add a schedule")),
			  AREA_SCHEDULES, true, e));
	p->view.here = schedule_path(p->arena, l->row ? l->row->id : 0);
	l->t = req_tpl(q, l->r);
	l->v.page = &p->view;
	l->v.heading = p->view.title;
	TRY(fill_choices(l, e));
	fill_texts(l);
	l->v.n_slots = n_slots_shown(l, l->typed && l->typed->add);
	l->v.may_add = l->v.n_slots < SLOTS_MAX;
	for (size_t i = 0; i < l->v.n_slots; i++)
		TRY(fill_slot(l, i, failed, e));
	fill_errors(l, failed);
	TRY(fill_changed(l, failed, e));
	if (plan)
		TRY(fill_check(l, plan, e));
	org_set_status(l->r, failed);
	if (q->is_htmx) {
		l->v.check.errors = l->v.errors;
		tpl_partials_schedule_check(&l->t, &l->v.check);
		return RC_OK;
	}
	tpl_pages_schedule(&l->t, &l->v);
	return RC_OK;
}

enum rc page_schedule_new(struct req *q, struct resp *r, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);
	struct error none;

	if (!l)
		return ERROR_MEMORY(e);
	error_init(&none);
	*l = (struct look){ .q = q, .r = r };
	return show(l, NULL, &none, e);
}

enum rc page_schedule(struct req *q, struct resp *r, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);
	struct schedule_page_in in;
	struct schedule_row row;
	struct error none;

	if (!l)
		return ERROR_MEMORY(e);
	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(schedule_get(&q->core, in.id, &row, e));
	TRY(schedule_may_edit(&q->core, &row, e));
	*l = (struct look){ .q = q, .r = r, .row = &row };
	l->v.flash = (struct view_org_flash){ .kind = org_done_from(in.done), .name = row.title };
	return show(l, NULL, &none, e);
}

/* ---- sending it
 * ---------------------------------------------------------------------------------- */

/* Saves, or says what it would do: then *ret_plan is set. */
static enum rc act(struct req *q, const struct schedule_page_in *in, const struct schedule_in *s,
		   int64_t *ret_id, struct schedule_plan **ret_plan, struct error *e)
{
	struct schedule_plan *plan = ARENA_NEW(q->core.arena, struct schedule_plan);
	struct schedule_effect effect;
	enum rc rc;

	if (!plan)
		return ERROR_MEMORY(e);
	if (in->check) {
		TRY(schedule_check(&q->core, in->id, s, plan, e));
		*ret_plan = plan;
		return RC_OK;
	}
	*ret_id = in->id;
	rc = in->id ? schedule_update(&q->core, in->id, s, &effect, e)
		    : schedule_create(&q->core, s, ret_id, &effect, e);
	if (rc == RC_CONFLICT && e->reason == REASON_CLASHES) {
		struct error other;

		error_init(&other);
		if (schedule_check(&q->core, in->id, s, plan, &other) == RC_OK)
			*ret_plan = plan;
	}
	return rc;
}

enum rc page_schedule_save(struct req *q, struct resp *r, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);
	struct schedule_plan *plan = NULL;
	struct schedule_page_in in;
	struct slot more[SLOTS_MAX];
	struct schedule_row row;
	struct schedule_in s;
	struct error failed;
	int64_t id = 0;
	enum rc rc;

	if (!l)
		return ERROR_MEMORY(e);
	rc = req_read(q, &in, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	failed = org_keep(e);
	*l = (struct look){ .q = q, .r = r, .typed = &in };
	if (in.id) {
		TRY(schedule_get(&q->core, in.id, &row, e));
		TRY(schedule_may_edit(&q->core, &row, e));
		l->row = &row;
	}
	find_sources(l, rc == RC_OK);
	if (in.add) {
		error_init(&failed);
		return show(l, NULL, &failed, e);
	}
	if (rc != RC_OK)
		return show(l, NULL, &failed, e);
	s = in_of(&in, l->row, more);
	rc = act(q, &in, &s, &id, &plan, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc != RC_OK || plan) {
		failed = org_keep(e);
		if (in.id && rc != RC_OK)
			TRY(schedule_get(&q->core, in.id, &row, e));
		return show(l, plan, &failed, e);
	}
	return org_redirect(r, schedule_path(q->core.arena, id),
			    in.id ? ORG_DONE_SAVED : ORG_DONE_ADDED, q->core.arena, e);
}
