/*
 * Attendance of a course over a time, by student.
 */
#include "pages/course_attendance.h"

#include "core/attendance/course_report.h"
#include "pages/attendance.h"
#include "pages/attendance_part.h"
#include "view/tpl_pages_course_attendance.h"

FIELDS(course_attendance_fields, course_in, FIELD(ID, course_in, id, PATH),
       FIELD(DAY, course_in, from, QUERY), FIELD(DAY, course_in, to, QUERY));

static struct str address(struct arena *a, const struct course_in *in, const char *ending)
{
	char day[11];
	struct buf b;

	buf_init(&b, a, 96, 256);
	buf_printf(&b, "/courses/%lld/attendance%s", (long long)in->id, ending);
	if (in->from != NO_DAY)
		buf_printf(&b, "?from=%s", day_format(in->from, day).p);
	if (in->to != NO_DAY)
		buf_printf(&b, "%cto=%s", in->from != NO_DAY ? '&' : '?',
			   day_format(in->to, day).p);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static struct str day_text(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

static enum rc fill_rows(struct page *p, const struct course_report *c,
			 struct view_course_report *v, struct error *e)
{
	struct view_course_row *rows = ARENA_ARRAY(p->arena, c->n_rows, struct view_course_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < c->n_rows; i++) {
		const struct course_report_row *from = &c->rows[i];
		struct view_mark *counts = ARENA_ARRAY(p->arena, 4, struct view_mark);

		if (!counts)
			return ERROR_MEMORY(e);
		memcpy(counts, v->marks, sizeof v->marks);
		for (size_t k = 0; k < 4; k++)
			counts[k].n = from->n[counts[k].mark];
		rows[i] = (struct view_course_row){
			.name = attendance_name(p->arena, from->given_name, from->family_name),
			.code = from->student_code,
			.person_id = from->person_id,
			.counts = counts,
			.n_counts = 4,
			.n_unmarked = from->n[MARK_NONE],
			.percent = from->percent,
			.is_low = from->percent >= 0 && from->percent < c->aim_percent,
		};
	}
	v->rows = rows;
	v->n_rows = c->n_rows;
	return RC_OK;
}

/* Dates that make no sense are as if they were not given, and said to be. */
static enum rc read_report(struct req *q, struct resp *r, struct page *p, struct course_in *in,
			   struct view_course_report *v, struct course_report *c, struct error *e)
{
	struct error failed;
	enum rc rc = req_read(q, in, e);

	if (rc == RC_OK)
		rc = course_report(&q->core, in->id, in->from, in->to, c, e);
	if (rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	r->status = 422;
	v->from_error = field_error(p->arena, p->lang, &failed, "from", "f-from-e");
	v->to_error = field_error(p->arena, p->lang, &failed, "to", "f-to-e");
	in->from = in->to = NO_DAY;
	return course_report(&q->core, in->id, NO_DAY, NO_DAY, c, e);
}

enum rc page_course_attendance(struct req *q, struct resp *r, struct error *e)
{
	struct view_course_report v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct course_report c;
	struct course_in in;
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Attendance")), e));
	TRY(read_report(q, r, &p, &in, &v, &c, e));
	p.view.nav = NAV_ATTENDANCE;
	v.page = &p.view;
	v.id = in.id;
	v.code = c.code;
	v.title = c.title;
	v.from = day_text(p.arena, in.from);
	v.to = day_text(p.arena, in.to);
	if (!v.from_error.id)
		v.from_error.id = "f-from-e";
	if (!v.to_error.id)
		v.to_error.id = "f-to-e";
	v.csv = address(p.arena, &in, ".csv");
	v.xlsx = address(p.arena, &in, ".xlsx");
	v.n_sessions = c.n_sessions;
	v.aim_percent = c.aim_percent;
	v.counts_excused = c.counts_excused;
	TRY(attendance_marks(&q->core, q->lang, v.marks, e));
	v.n_marks = 4;
	TRY(fill_rows(&p, &c, &v, e));
	tpl_pages_course_attendance(&t, &v);
	return RC_OK;
}
