/*
 * The register on paper, and the blank sheet to sign.
 */
#include "core/attendance/course_report.h"
#include "core/session/code.h"
#include "core/wall.h"
#include "pages/attendance.h"
#include "pages/register_paper.h"
#include "view/tpl_pages_register.h"
#include "web/worker.h"

struct register_in {
	int64_t id;
};
FIELDS(register_fields, register_in, FIELD(ID, register_in, id, PATH));

static struct str joined(struct arena *a, struct str one, struct str two)
{
	if (!one.n || !two.n)
		return one.n ? one : two;
	return arena_printf(a, "%.*s, %.*s", STR_ARG(one), STR_ARG(two));
}

/* A session of the timetable that was not opened yet: who would be expected. */
static enum rc read_expected(struct register_paper *x, struct error *e)
{
	const struct expected_row *people;
	struct register_row *rows;
	size_t n;

	TRY(expected_list(x->page.core, x->d.row.id, &people, &n, e));
	rows = ARENA_ARRAY(x->page.arena, n, struct register_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct register_row){ .person_id = people[i].person_id,
						 .given_name = people[i].given_name,
						 .family_name = people[i].family_name,
						 .student_code = people[i].student_code,
						 .is_expected = true };
	x->l = (struct register_list){ .rows = rows, .n_rows = n };
	return RC_OK;
}

static enum rc read_sources(struct req *q, int64_t id, bool is_occurrence, bool is_sheet,
			    struct register_paper *x, struct error *e)
{
	enum rc rc;

	if (is_occurrence)
		rc = attendance_of_occurrence(&q->core, id, &x->s, e);
	else
		rc = attendance_get(&q->core, id, &x->s, e);
	if (rc == RC_NOT_FOUND && is_occurrence && is_sheet) {
		error_init(e);
		x->s = (struct attendance){ 0 };
		TRY(session_get(&q->core, id, &x->d, e));
		x->v.d = &x->d;
		return RC_OK;
	}
	TRY(rc);
	x->v.s = &x->s;
	if (x->s.occurrence_id == COLUMN_NULL)
		return RC_OK;
	rc = session_get(&q->core, x->s.occurrence_id, &x->d, e);
	if (rc == RC_NOT_FOUND) {
		error_init(e);
		return RC_OK;
	}
	x->v.d = rc == RC_OK ? &x->d : NULL;
	return rc;
}

static void fill_facts(struct register_paper *x)
{
	struct view_paper *v = &x->v;
	struct arena *a = x->page.arena;

	if (v->s) {
		v->title = x->s.title;
		v->room = x->s.room;
		v->group = joined(a, x->s.course_code,
				  x->s.class_name.n ? x->s.class_name : x->s.section_name);
		v->teacher = x->s.teacher_name;
		v->day = x->s.session_date;
		v->start_tod = x->s.start_tod;
		v->end_tod = x->s.end_tod;
		v->zone = x->s.zone;
	} else {
		v->title = x->d.row.title;
		v->room = x->d.row.room;
		v->group = joined(a, x->d.row.course_code, x->d.row.class_name);
		v->teacher = x->d.row.teacher_name;
		v->day = x->d.row.day;
		v->start_tod = x->d.row.start_tod;
		v->end_tod = x->d.row.end_tod;
		v->zone = x->d.zone;
	}
}

static void fill_links(struct register_paper *x, int64_t id, bool is_occurrence)
{
	const char *base = is_occurrence ? "/sessions" : "/attendance";
	struct view_paper *v = &x->v;
	struct arena *a = x->page.arena;
	long long n = (long long)id;

	v->back = arena_printf(a, "%s/%lld", base, n);
	v->sheet = arena_printf(a, "%s/%lld/sheet", base, n);
	v->csv = arena_printf(a, "%s/%lld/register.csv", base, n);
	v->xlsx = arena_printf(a, "%s/%lld/register.xlsx", base, n);
	if (v->s && x->s.course_id != COLUMN_NULL)
		v->course = arena_printf(a, "/courses/%lld/attendance", (long long)x->s.course_id);
}

static enum rc fill_rows(struct register_paper *x, struct error *e)
{
	struct view_paper *v = &x->v;
	struct view_register_row *rows;

	TRY(register_view_rows(x->page.core, x->page.lang, &x->s, &x->l, v->marks, &rows, e));
	v->rows = rows;
	v->n_rows = x->l.n_rows;
	v->guests = x->l.guests;
	v->n_guests = x->l.n_guests;
	v->n_marks = 4;
	for (size_t i = 0; i < 4; i++)
		v->marks[i].n = x->l.n[v->marks[i].mark];
	v->n_unmarked = x->l.n[MARK_NONE];
	v->n_here = x->l.n[MARK_PRESENT] + x->l.n[MARK_LATE];
	v->n_expected = (int64_t)x->l.n_rows;
	v->percent = v->n_expected > 0 ? v->n_here * 100 / v->n_expected : 0;
	return RC_OK;
}

enum rc register_paper_read(struct req *q, int64_t id, bool is_occurrence, bool is_sheet,
			    struct register_paper *ret, struct error *e)
{
	struct wall now;

	ret->v = (struct view_paper){ .is_sheet = is_sheet };
	TRY(page_init(
		&ret->page, q,
		is_sheet ? req_text(q, N_("Attendance sheet")) : req_text(q, N_("Attendance")), e));
	TRY(read_sources(q, id, is_occurrence, is_sheet, ret, e));
	fill_facts(ret);
	fill_links(ret, id, is_occurrence);
	TRY(attendance_marks(&q->core, q->lang, ret->v.marks, e));
	if (ret->v.s)
		TRY(register_get(&q->core, &ret->s, &ret->l, e));
	else
		TRY(read_expected(ret, e));
	TRY(fill_rows(ret, e));
	now = core_wall(&q->core, ret->v.zone, q->core.now_us);
	ret->v.now_day = now.day;
	ret->v.now_tod = now.tod;
	ret->v.page = &ret->page.view;
	return RC_OK;
}

/* Where the code of a held session is checked. */
static void fill_verify(struct req *q, struct register_paper *x)
{
	const struct session_row *row = &x->d.row;

	if (!x->v.is_sheet && x->v.d && x->d.code_generated && code_is_long(row->code) &&
	    (row->state == SESSION_COMPLETED || row->state == SESSION_CHECKED))
		x->v.verify = arena_printf(x->page.arena, "%.*s/verify/%.*s", STR_ARG(q->host),
					   STR_ARG(row->code));
}

static enum rc show(struct req *q, struct resp *r, bool is_occurrence, bool is_sheet,
		    struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct register_paper x;
	struct register_in in;

	TRY(req_read(q, &in, e));
	TRY(register_paper_read(q, in.id, is_occurrence, is_sheet, &x, e));
	fill_verify(q, &x);
	tpl_pages_register(&t, &x.v);
	return RC_OK;
}

enum rc page_register(struct req *q, struct resp *r, struct error *e)
{
	return show(q, r, true, false, e);
}

enum rc page_register_of(struct req *q, struct resp *r, struct error *e)
{
	return show(q, r, false, false, e);
}

enum rc page_sheet(struct req *q, struct resp *r, struct error *e)
{
	return show(q, r, true, true, e);
}

enum rc page_sheet_of(struct req *q, struct resp *r, struct error *e)
{
	return show(q, r, false, true, e);
}
