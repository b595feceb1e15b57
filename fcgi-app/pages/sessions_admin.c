/*
 * The sessions of an admin: the list, and the form of one.
 *
 * What clashes is shown before it is saved, and has to be accepted by a tick.  What was typed is
 * never lost.
 */
#include "pages/sessions_admin.h"

#include "core/people/room.h"
#include "pages/requests_view.h"
#include "pages/sessions_view.h"
#include "view/tpl_pages_admin_session.h"
#include "view/tpl_pages_admin_sessions.h"
#include "view/tpl_pages_admin_sessions_results.h"
#include "view/tpl_partials_request_check.h"
#include "web/worker.h"

#define PAGE_MAX  100000
#define PAGE_SIZE 50

/* ---- the list ---------------------------------------------------------------------------------
 */

struct list_in {
	struct str tab, q, period, done;
	int64_t course, group, teacher, page;
};
FIELDS(sessions_admin_fields, list_in, FIELD(TEXT, list_in, tab, QUERY),
       FIELD(TEXT, list_in, q, QUERY, .max = 1000), FIELD(TEXT, list_in, period, QUERY),
       FIELD(TEXT, list_in, done, QUERY), FIELD(ID, list_in, course, QUERY),
       FIELD(ID, list_in, group, QUERY), FIELD(ID, list_in, teacher, QUERY),
       FIELD(INT, list_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1));

static struct session_query query_of(const struct list_in *in)
{
	struct session_query q = { .search = in->q,
				   .course_id = in->course,
				   .class_id = in->group,
				   .teacher_id = in->teacher,
				   .page = in->page,
				   .page_size = PAGE_SIZE };

	if (!sessions_tab_from(in->tab, &q.tab))
		q.tab = SESSION_TAB_UPCOMING;
	if (!period_from(in->period, &q.period) || q.period == PERIOD_RANGE)
		q.period = PERIOD_DEFAULT;
	return q;
}

static enum rc fill_rows(struct page *p, const struct session_list *list,
			 struct view_session_admin *v, struct error *e)
{
	struct view_session_line *rows =
		ARENA_ARRAY(p->arena, list->n_rows + 1, struct view_session_line);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_rows; i++) {
		const struct session_row *s = &list->rows[i];

		rows[i] = (struct view_session_line){ s, session_row_view(s, true),
						      s->state == SESSION_PLANNED ||
							      s->state == SESSION_LIVE ||
							      s->state == SESSION_TO_COMPLETE ||
							      s->state == SESSION_RETURNED };
	}
	v->rows = rows;
	v->n_rows = list->n_rows;
	return RC_OK;
}

static enum rc fill_tabs(struct page *p, const struct session_list *list,
			 struct view_session_admin *v, struct error *e)
{
	static const char *const names[] = { N_("Upcoming"), N_("Held and completed"),
					     N_("History") };
	struct view_request_tab *rows =
		ARENA_ARRAY(p->arena, SESSION_TAB__MAX, struct view_request_tab);

	if (!rows)
		return ERROR_MEMORY(e);
	for (enum session_tab t = 0; t < SESSION_TAB__MAX; t++)
		rows[t] = (struct view_request_tab){ arena_printf(p->arena,
								  "/admin/sessions?tab=%.*s",
								  STR_ARG(sessions_tab_name(t))),
						     page_text(p, names[t]), list->summary.n_tab[t],
						     t == list->query.tab };
	v->tabs = rows;
	v->n_tabs = SESSION_TAB__MAX;
	return RC_OK;
}

static enum rc fill_filters(struct page *p, const struct list_in *in, struct view_session_admin *v,
			    struct error *e)
{
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_COURSE, .with_id = in->course },
			&v->courses, e));
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_CLASS, .with_id = in->group },
			&v->classes, e));
	return page_choose(p, &(struct org_query){ .kind = ORG_TEACHER, .with_id = in->teacher },
			   &v->teachers, e);
}

static struct str base_of(struct page *p, const struct list_in *in, struct str tab)
{
	return arena_printf(p->arena, "/admin/sessions?tab=%.*s&%.*s%.*s%.*s%.*s%.*s", STR_ARG(tab),
			    STR_ARG(timetable_pair(p, "q", in->q)),
			    STR_ARG(timetable_pair(p, "period", in->period)),
			    STR_ARG(timetable_id_pair(p, "course", in->course)),
			    STR_ARG(timetable_id_pair(p, "group", in->group)),
			    STR_ARG(timetable_id_pair(p, "teacher", in->teacher)));
}

enum rc page_sessions_admin(struct req *q, struct resp *r, struct error *e)
{
	struct view_session_admin v = { 0 };
	struct view_sessions lists = { 0 };
	struct session_query query;
	struct session_list list;
	struct tpl t = req_tpl(q, r);
	struct list_in in;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	query = query_of(&in);
	TRY(session_list(&q->core, &query, q->worker->sessions, &list, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Sessions")), AREA_SESSIONS, false, e));
	v.page = &p.view;
	v.search = list.query.search;
	v.tab = sessions_tab_name(list.query.tab);
	v.is_filtered = in.q.n || in.course || in.group || in.teacher || in.period.n;
	v.pager = timetable_pager(&p, base_of(&p, &in, v.tab), list.page, list.page_size,
				  list.n_rows, list.total);
	TRY(fill_rows(&p, &list, &v, e));
	if (q->is_htmx) {
		tpl_pages_admin_sessions_results(&t, &v);
		return RC_OK;
	}
	TRY(sessions_view_periods(&p, &list, &lists, e));
	v.periods = lists.periods;
	v.n_periods = lists.n_periods;
	TRY(fill_tabs(&p, &list, &v, e));
	TRY(fill_filters(&p, &in, &v, e));
	v.flash.kind = org_done_from(in.done);
	tpl_pages_admin_sessions(&t, &v);
	return RC_OK;
}

/* ---- the form ----------------------------------------------------------------------------------
 */

struct form_in {
	int64_t id, version, course, group, teacher, room;
	struct str title, room_name, done;
	int32_t date, start, end;
	bool check, accept;
};
#define FORM_FIELDS                                                                                \
	FIELD(TEXT, form_in, title, FORM, .max = 2000), FIELD(ID, form_in, course, FORM),          \
		FIELD(ID, form_in, group, FORM), FIELD(ID, form_in, teacher, FORM),                \
		FIELD(ID, form_in, room, FORM), FIELD(BOOL, form_in, check, FORM),                 \
		FIELD(BOOL, form_in, accept, FORM)
FIELDS(session_admin_new_fields, form_in, FIELD(DAY, form_in, date, QUERY));
FIELDS(session_admin_add_fields, form_in, FORM_FIELDS, FIELD(DAY, form_in, date, FORM),
       FIELD(TOD, form_in, start, FORM), FIELD(TOD, form_in, end, FORM));
FIELDS(session_admin_id_fields, form_in, FIELD(ID, form_in, id, PATH),
       FIELD(TEXT, form_in, done, QUERY));
FIELDS(session_admin_save_fields, form_in, FIELD(ID, form_in, id, PATH),
       FIELD(INT, form_in, version, FORM, .min = 0, .max = INT32_MAX), FORM_FIELDS);

static const struct form_field form_fields[] = {
	{ "title", "title", N_("Title") }, { "course", "course", N_("Course") },
	{ "group", "group", N_("Group") }, { "teacher", "teacher", N_("Teacher") },
	{ "day", "date", N_("Date") },     { "date", "date", N_("Date") },
	{ "start", "start", N_("Start") }, { "end", "end", N_("End") },
	{ "room", "room", N_("Room") },
};

struct look {
	struct req *q;
	struct resp *r;
	struct page p;
	struct tpl t;
	bool is_typed;
	struct form_in in;
	const struct session_detail *d; /* NULL: a new one */
	struct view_session_form v;
};

static struct str day_text(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

static void fill_texts(struct look *l)
{
	struct view_session_form *v = &l->v;

	if (l->is_typed) {
		v->title = req_raw(l->q, "title");
		v->date = req_raw(l->q, "date");
		v->start = req_raw(l->q, "start");
		v->end = req_raw(l->q, "end");
	} else {
		v->title = l->d ? l->d->row.title : (struct str){ 0 };
		v->date = day_text(l->p.arena, l->in.date);
	}
	if (!l->d)
		return;
	v->id = l->d->row.id;
	v->d = l->d;
	v->revision = l->d->row.version;
	v->room = l->d->row.room;
}

static int64_t chosen(int64_t typed, int64_t stored, bool is_typed)
{
	if (is_typed)
		return typed;
	return stored == COLUMN_NULL ? 0 : stored;
}

static enum rc fill_choices(struct look *l, struct error *e)
{
	struct view_session_form *v = &l->v;
	const struct session_row *row = l->d ? &l->d->row : NULL;
	int64_t class_id = chosen(l->in.group, row ? row->class_id : 0, l->is_typed);
	int64_t course_id = chosen(l->in.course, row ? row->course_id : 0, l->is_typed);
	int64_t teacher_id = chosen(l->in.teacher, row ? row->teacher_id : 0, l->is_typed);
	int64_t room_id = l->in.room;
	const struct room_stored *rooms;
	size_t n;

	TRY(page_choose(&l->p, &(struct org_query){ .kind = ORG_CLASS, .with_id = class_id },
			&v->classes, e));
	TRY(page_choose(&l->p, &(struct org_query){ .kind = ORG_COURSE, .with_id = course_id },
			&v->courses, e));
	TRY(page_choose(&l->p, &(struct org_query){ .kind = ORG_TEACHER, .with_id = teacher_id },
			&v->teachers, e));
	TRY(room_choices(l->p.core, 0, &rooms, &n, e));
	for (size_t i = 0; row && !l->is_typed && i < n; i++)
		if (str_eq(rooms[i].name, row->room))
			room_id = rooms[i].id;
	return timetable_rooms(&l->p, rooms, n, room_id, &v->rooms, e);
}

static void fill_errors(struct look *l, const struct error *failed)
{
	struct view_session_form *v = &l->v;
	struct arena *a = l->p.arena;

	v->title_error = field_error(a, l->p.lang, failed, "title", "e-title");
	v->course_error = field_error(a, l->p.lang, failed, "course", "e-course");
	v->group_error = field_error(a, l->p.lang, failed, "group", "e-group");
	v->teacher_error = field_error(a, l->p.lang, failed, "teacher", "e-teacher");
	v->room_error = field_error(a, l->p.lang, failed, "room", "e-room");
	v->date_error = field_error(a, l->p.lang, failed, "day", "e-date");
	if (!v->date_error.text.n)
		v->date_error = field_error(a, l->p.lang, failed, "date", "e-date");
	v->start_error = field_error(a, l->p.lang, failed, "start", "e-start");
	v->end_error = field_error(a, l->p.lang, failed, "end", "e-end");
	v->errors = form_errors(a, l->p.lang, failed, form_fields, ARRAY_LEN(form_fields));
}

/* plan: NULL, or what stands against it.  failed: no error when there is none. */
static enum rc show(struct look *l, const struct session_make_plan *plan, bool needs_accept,
		    const struct error *failed, struct error *e)
{
	TRY(org_page_init(&l->p, l->q, l->d ? l->d->row.title : req_text(l->q, N_("New session")),
			  AREA_SESSIONS, true, e));
	l->p.view.here =
		l->d ? arena_printf(l->p.arena, "/admin/sessions/%lld", (long long)l->d->row.id)
		     : STR("/admin/sessions/new");
	l->t = req_tpl(l->q, l->r);
	l->v.page = &l->p.view;
	l->v.check.is_for_admin = true;
	if (plan)
		TRY(requests_view_check(&l->p, plan, &l->v.check, e));
	fill_errors(l, failed);
	org_set_status(l->r, failed);
	if (l->q->is_htmx) {
		l->v.check.errors = l->v.errors;
		tpl_partials_request_check(&l->t, &l->v.check);
		return RC_OK;
	}
	l->v.needs_accept = needs_accept;
	TRY(fill_choices(l, e));
	fill_texts(l);
	tpl_pages_admin_session(&l->t, &l->v);
	return RC_OK;
}

static enum rc new_look(struct req *q, struct resp *r, struct look **ret, struct error *e)
{
	struct look *l = ARENA_NEW(q->core.arena, struct look);

	if (!l)
		return ERROR_MEMORY(e);
	*l = (struct look){ .q = q, .r = r };
	*ret = l;
	return RC_OK;
}

enum rc page_session_admin_new(struct req *q, struct resp *r, struct error *e)
{
	struct error none;
	struct look *l;

	error_init(&none);
	TRY(new_look(q, r, &l, e));
	if (req_read(q, &l->in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show(l, NULL, false, &none, e);
}

static struct session_make_in make_of(const struct form_in *in)
{
	return (struct session_make_in){ .class_id = in->group,
					 .course_id = in->course,
					 .teacher_id = in->teacher,
					 .title = in->title,
					 .room = in->room_name,
					 .room_id = in->room,
					 .days = &in->date,
					 .n_days = 1,
					 .start_tod = in->start,
					 .end_tod = in->end,
					 .version = in->version,
					 .stops_at_warnings = !in->accept };
}

/* Makes it, or says what stands against it: then *ret_checked. */
static enum rc add(struct look *l, struct session_make_plan *plan, int64_t *ret_id,
		   bool *ret_checked, struct error *e)
{
	struct session_make_in make = make_of(&l->in);
	struct error other;
	enum rc rc;

	if (l->in.check) {
		TRY(session_make_check(&l->q->core, &make, plan, e));
		*ret_checked = true;
		return RC_OK;
	}
	rc = session_create(&l->q->core, &make, ret_id, e);
	error_init(&other);
	if (rc == RC_CONFLICT && e->reason == REASON_CLASHES)
		*ret_checked = session_make_check(&l->q->core, &make, plan, &other) == RC_OK;
	return rc;
}

enum rc page_session_admin_add(struct req *q, struct resp *r, struct error *e)
{
	struct session_make_plan plan;
	bool is_checked = false;
	struct error failed;
	struct look *l;
	int64_t id = 0;
	enum rc rc;

	TRY(new_look(q, r, &l, e));
	l->is_typed = true;
	rc = req_read(q, &l->in, e);
	if (rc == RC_OK)
		rc = add(l, &plan, &id, &is_checked, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc == RC_OK && !is_checked)
		return org_redirect(
			r, arena_printf(q->core.arena, "/admin/sessions/%lld", (long long)id),
			ORG_DONE_ADDED, q->core.arena, e);
	failed = org_keep(e);
	return show(l, is_checked ? &plan : NULL, false, &failed, e);
}

/* ---- changing
 * ------------------------------------------------------------------------------------ */

enum rc page_session_admin(struct req *q, struct resp *r, struct error *e)
{
	struct session_detail d;
	struct error none;
	struct look *l;

	error_init(&none);
	TRY(new_look(q, r, &l, e));
	TRY(req_read(q, &l->in, e));
	TRY(session_get(&q->core, l->in.id, &d, e));
	l->d = &d;
	l->v.flash =
		(struct view_org_flash){ .kind = org_done_from(l->in.done), .name = d.row.title };
	return show(l, NULL, false, &none, e);
}

enum rc page_session_admin_save(struct req *q, struct resp *r, struct error *e)
{
	struct session_make_in make;
	struct session_detail d;
	struct error failed;
	struct look *l;
	enum rc rc;

	TRY(new_look(q, r, &l, e));
	l->is_typed = true;
	rc = req_read(q, &l->in, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	failed = org_keep(e);
	TRY(session_get(&q->core, l->in.id, &d, e));
	l->d = &d;
	if (rc == RC_OK) {
		/* A room that is only a text stays until one of the list is chosen. */
		if (!l->in.room)
			l->in.room_name = req_has(q, "keep_room") ? d.row.room : STR("");
		make = make_of(&l->in);
		rc = session_edit(&q->core, l->in.id, &make, e);
		if (rc != RC_OK && !page_is_form_error(rc))
			return rc;
		failed = org_keep(e);
	}
	if (rc == RC_OK)
		return org_redirect(
			r, arena_printf(q->core.arena, "/admin/sessions/%lld", (long long)l->in.id),
			ORG_DONE_SAVED, q->core.arena, e);
	TRY(session_get(&q->core, l->in.id, &d, e));
	return show(l, NULL, failed.reason == REASON_CLASHES, &failed, e);
}
