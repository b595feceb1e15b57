/*
 * One student in one session: the mark with minutes and a remark, and its history.
 */
#include "core/wall.h"
#include "pages/attendance_part.h"
#include "pages/console.h"
#include "view/tpl_pages_attendance_student.h"

static const char *const mark_words[] = { "n", "p", "l", "e", "a", NULL };

struct student_in {
	int64_t id, person, version, late;
	int mark;
	struct str remark, why;
};
FIELDS(student_fields, student_in, FIELD(ID, student_in, id, PATH),
       FIELD(ID, student_in, person, PATH));
/* Lengths are core's to judge. */
FIELDS(student_save_fields, student_in, FIELD(ID, student_in, id, PATH),
       FIELD(ID, student_in, person, PATH),
       FIELD(INT, student_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(CHOICE, student_in, mark, FORM, .words = mark_words, .required = true),
       FIELD(INT, student_in, late, FORM, .min = 0, .max = 600, .fallback = -1),
       FIELD(TEXT, student_in, remark, FORM, .max = 10000),
       FIELD(TEXT, student_in, why, FORM, .max = 10000));

static const struct form_field student_form_fields[] = {
	{ "mark", "late", N_("Mark") },
	{ "late", "late", N_("Minutes late") },
	{ "late_min", "late", N_("Minutes late") },
	{ "remark", "remark", N_("Remark") },
	{ "why", "why", N_("Reason for the change") },
};

struct student_page {
	struct page page;
	struct attendance s;
	struct register_list l;
	struct view_register_student v;
};

static enum rc fill_history(struct student_page *x, int64_t person, struct error *e)
{
	const struct register_change *rows;
	struct view_student_change *out;
	size_t n;

	TRY(register_history(x->page.core, x->s.id, person, &rows, &n, e));
	out = ARENA_ARRAY(x->page.arena, n, struct view_student_change);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct wall at = core_wall(x->page.core, x->s.zone, rows[i].at);

		out[i] = (struct view_student_change){
			&rows[i], at.day, at.tod,
			attendance_mark_label(x->v.marks, rows[i].old_mark),
			attendance_mark_label(x->v.marks, rows[i].new_mark)
		};
	}
	x->v.changes = out;
	x->v.n_changes = n;
	return RC_OK;
}

static enum rc read_student(struct req *q, const struct student_in *in, struct student_page *x,
			    struct error *e)
{
	const struct register_row *row = NULL;

	x->v = (struct view_register_student){ 0 };
	TRY(attendance_get(&q->core, in->id, &x->s, e));
	TRY(register_get(&q->core, &x->s, &x->l, e));
	for (size_t i = 0; i < x->l.n_rows; i++)
		if (x->l.rows[i].person_id == in->person)
			row = &x->l.rows[i];
	if (!row)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "person %lld",
			     (long long)in->person);
	TRY(page_init(&x->page, q,
		      attendance_name(q->core.arena, row->given_name, row->family_name), e));
	x->page.view.nav = NAV_ATTENDANCE;
	TRY(attendance_marks(&q->core, q->lang, x->v.marks, e));
	x->v.n_marks = 4;
	x->v.page = &x->page.view;
	x->v.s = &x->s;
	x->v.row = attendance_row(&q->core, q->lang, &x->s, x->v.marks, row);
	x->v.chosen = row->mark;
	if (x->v.row.late_min > 0)
		x->v.late = arena_printf(q->core.arena, "%lld", (long long)x->v.row.late_min);
	x->v.remark = row->remark;
	x->v.version = row->version;
	x->v.is_locked = x->s.session_date + x->s.lock_days < us_day(q->core.now_us);
	x->v.late_error.id = "late-e";
	x->v.remark_error.id = "remark-e";
	x->v.why_error.id = "why-e";
	x->v.mark_error.id = "mark-e";
	return fill_history(x, in->person, e);
}

enum rc page_register_student(struct req *q, struct resp *r, struct error *e)
{
	struct student_page x;
	struct student_in in;
	struct tpl t = req_tpl(q, r);

	TRY(req_read(q, &in, e));
	TRY(read_student(q, &in, &x, e));
	tpl_pages_attendance_student(&t, &x.v);
	return RC_OK;
}

/* What the other one made of it. */
static enum rc fill_changed(struct student_page *x, struct error *e)
{
	struct view_changed_value *values =
		ARENA_ARRAY(x->page.arena, 2, struct view_changed_value);
	const struct register_row *row = x->v.row.r;

	if (!values)
		return ERROR_MEMORY(e);
	values[0] = (struct view_changed_value){ page_text(&x->page, N_("Mark")),
						 attendance_mark_label(x->v.marks, row->mark) };
	values[1] = (struct view_changed_value){ page_text(&x->page, N_("Remark")), row->remark };
	x->v.changed = (struct view_changed){ row->set_by_name, row->updated_at, values, 2 };
	return RC_OK;
}

/* failed->rc RC_OK: somebody else was first. */
static enum rc show_again(struct req *q, struct resp *r, const struct student_in *in,
			  const struct error *failed, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct student_page x;
	struct arena *a = q->core.arena;

	TRY(read_student(q, in, &x, e));
	if (in->mark >= 0)
		x.v.chosen = (enum mark)in->mark;
	x.v.late = req_raw(q, "late");
	x.v.remark = req_raw(q, "remark");
	x.v.why = req_raw(q, "why");
	x.page.view.here = arena_printf(a, "/attendance/%lld/students/%lld", (long long)in->id,
					(long long)in->person);
	if (failed->rc == RC_OK) {
		r->status = 409;
		TRY(fill_changed(&x, e));
	} else {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		x.v.late_error = field_error(a, q->lang, failed, "late", "late-e");
		if (!x.v.late_error.text.n)
			x.v.late_error = field_error(a, q->lang, failed, "late_min", "late-e");
		x.v.remark_error = field_error(a, q->lang, failed, "remark", "remark-e");
		x.v.why_error = field_error(a, q->lang, failed, "why", "why-e");
		x.v.mark_error = field_error(a, q->lang, failed, "mark", "mark-e");
		x.v.errors = form_errors(a, q->lang, failed, student_form_fields,
					 ARRAY_LEN(student_form_fields));
	}
	tpl_pages_attendance_student(&t, &x.v);
	return RC_OK;
}

enum rc page_register_student_save(struct req *q, struct resp *r, struct error *e)
{
	struct register_done done = { 0 };
	struct register_mark mark;
	struct student_in in;
	struct attendance s;
	struct error failed;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	TRY(attendance_get_to_work(&q->core, in.id, &s, e));
	*e = failed;
	mark = (struct register_mark){ .person_id = in.person,
				       .version = in.version,
				       .mark = in.mark < 0 ? MARK_NONE : (enum mark)in.mark,
				       .has_late = in.late >= 0 && in.mark == MARK_LATE,
				       .late_min = in.late,
				       .has_remark = in.mark != MARK_NONE,
				       .remark = in.remark };
	if (rc == RC_OK)
		rc = register_set(&q->core, in.id, &mark, 1, in.why, &done, e);
	if (page_is_form_error(rc)) {
		failed = *e;
		error_init(e);
		return show_again(q, r, &in, &failed, e);
	}
	TRY(rc);
	error_init(&failed);
	if (done.n_conflicts > 0)
		return show_again(q, r, &in, &failed, e);
	return attendance_redirect(q, r, in.id, AFLASH_MARKED, done.n_changed, 0, done.act, e);
}
