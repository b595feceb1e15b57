/*
 * Registers as files: of one session, and of a course over a time.
 */
#include "core/attendance/course_report.h"
#include "core/wall.h"
#include "pages/attendance.h"
#include "pages/course_attendance.h"
#include "pages/register_paper.h"
#include "pages/table_export.h"

static struct xlsx_cell text_cell(struct str s)
{
	return (struct xlsx_cell){ XLSX_TEXT, s, 0 };
}

static struct xlsx_cell minutes_cell(enum mark mark, int64_t late_s)
{
	if (mark != MARK_LATE || late_s <= 0)
		return (struct xlsx_cell){ .kind = XLSX_EMPTY };
	return (struct xlsx_cell){ XLSX_NUMBER, { 0 }, late_s / 60 };
}

/* "09:03"; empty for NO_DAY. */
static struct xlsx_cell tod_cell(struct arena *a, int32_t tod)
{
	char hm[6];

	return text_cell(tod == NO_DAY ? (struct str){ 0 } : arena_str(a, tod_format_hm(tod, hm)));
}

static enum rc heads_of(const struct page *p, const char *const *names, size_t n,
			const struct str **ret, struct error *e)
{
	struct str *out = ARENA_ARRAY(p->arena, n, struct str);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] = page_text(p, names[i]);
	*ret = out;
	return RC_OK;
}

/* ---- one session ---------------------------------------------------------------------------- */

static const char *const one_heads[] = { N_("Family name"), N_("Given name"), N_("Student code"),
					 N_("Mark"),        N_("Time"),       N_("Minutes late"),
					 N_("Source"),      N_("Remark") };
static const int one_widths[] = { 24, 24, 14, 12, 10, 14, 22, 40 };

/* Guests stand below the students. */
static enum rc one_row(void *arg, size_t i, struct arena *a, struct xlsx_cell *cells,
		       struct error *e)
{
	const struct register_paper *x = arg;
	const struct view_register_row *row;

	(void)e;
	if (i >= x->v.n_rows) {
		const struct register_guest *g = &x->v.guests[i - x->v.n_rows];

		cells[0] = text_cell(g->name);
		cells[6] = text_cell(page_text(&x->page, N_("Guest")));
		cells[7] = text_cell(g->remark);
		return RC_OK;
	}
	row = &x->v.rows[i];
	cells[0] = text_cell(row->r->family_name);
	cells[1] = text_cell(row->r->given_name);
	cells[2] = text_cell(row->r->student_code);
	cells[3] = text_cell(attendance_mark_label(x->v.marks, row->r->mark));
	cells[4] = tod_cell(a, row->here_tod);
	cells[5] = minutes_cell(row->r->mark, row->r->late_s);
	cells[6] = text_cell(attendance_source(x->page.lang, row->r->method));
	cells[7] = text_cell(row->r->remark);
	return RC_OK;
}

typedef enum rc table_send(struct req *q, struct resp *r, const struct table *t, struct error *e);

static enum rc send_one(struct req *q, struct resp *r, bool is_occurrence, table_send *send,
			struct error *e)
{
	struct register_paper *x = ARENA_NEW(q->core.arena, struct register_paper);
	struct table t = {
		.widths = one_widths, .n_columns = ARRAY_LEN(one_heads), .row = one_row, .arg = x
	};
	struct {
		int64_t id;
	} in;
	char day[11];

	if (!x)
		return ERROR_MEMORY(e);
	TRY(req_read(q, &in, e));
	TRY(register_paper_read(q, in.id, is_occurrence, false, x, e));
	TRY(heads_of(&x->page, one_heads, ARRAY_LEN(one_heads), &t.heads, e));
	t.n_rows = x->v.n_rows + x->v.n_guests;
	t.sheet = page_text(&x->page, N_("Attendance"));
	t.name = arena_printf(q->core.arena, "attendance-%lld-%s", (long long)x->s.id,
			      day_format(x->v.day, day).p);
	if (!t.name.p)
		return ERROR_MEMORY(e);
	return send(q, r, &t, e);
}

enum rc page_register_csv(struct req *q, struct resp *r, struct error *e)
{
	return send_one(q, r, true, table_send_csv, e);
}

enum rc page_register_csv_of(struct req *q, struct resp *r, struct error *e)
{
	return send_one(q, r, false, table_send_csv, e);
}

enum rc page_register_xlsx(struct req *q, struct resp *r, struct error *e)
{
	return send_one(q, r, true, table_send_xlsx, e);
}

enum rc page_register_xlsx_of(struct req *q, struct resp *r, struct error *e)
{
	return send_one(q, r, false, table_send_xlsx, e);
}

/* ---- a course ------------------------------------------------------------------------------- */

struct course_file {
	struct page page;
	struct view_mark marks[4];
	const struct history_row *rows;
};

static const char *const course_heads[] = {
	N_("Date"), N_("Start"), N_("Session"),      N_("Student"), N_("Student code"),
	N_("Mark"), N_("Time"),  N_("Minutes late"), N_("Source"),  N_("Remark"),
};
static const int course_widths[] = { 12, 8, 36, 30, 14, 12, 10, 14, 12, 40 };

static enum rc course_row(void *arg, size_t i, struct arena *a, struct xlsx_cell *cells,
			  struct error *e)
{
	const struct course_file *x = arg;
	const struct history_row *row = &x->rows[i];
	bool is_here = row->mark == MARK_PRESENT || row->mark == MARK_LATE;

	(void)e;
	cells[0] = (struct xlsx_cell){ XLSX_DAY, { 0 }, row->session_date };
	cells[1] = tod_cell(a, row->start_tod);
	cells[2] = text_cell(row->title);
	cells[3] = text_cell(row->student_name);
	cells[4] = text_cell(row->student_code);
	cells[5] = text_cell(attendance_mark_label(x->marks, row->mark));
	cells[6] = tod_cell(
		a, is_here ? core_wall(x->page.core, (struct str){ 0 }, row->happened_at).tod
			   : NO_DAY);
	cells[7] = minutes_cell(row->mark, row->late_s);
	cells[8] = text_cell(attendance_source(x->page.lang, row->method));
	cells[9] = text_cell(row->remark);
	return RC_OK;
}

static enum rc send_course(struct req *q, struct resp *r, table_send *send, struct error *e)
{
	struct course_file *x = ARENA_NEW(q->core.arena, struct course_file);
	struct table t = { .widths = course_widths,
			   .n_columns = ARRAY_LEN(course_heads),
			   .row = course_row,
			   .arg = x };
	struct history_query query = { .limit = HISTORY_EXPORT_MAX };
	struct course_report head;
	struct course_in in;

	if (!x)
		return ERROR_MEMORY(e);
	TRY(req_read(q, &in, e));
	TRY(page_init(&x->page, q, STR(""), e));
	TRY(course_report_head(&q->core, in.id, in.from, in.to, &head, e));
	query.course_id = in.id;
	query.from_day = in.from;
	query.to_day = in.to;
	TRY(history_list(&q->core, &query, &x->rows, &t.n_rows, e));
	if (t.n_rows == HISTORY_EXPORT_MAX)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "course %lld", (long long)in.id);
	TRY(attendance_marks(&q->core, q->lang, x->marks, e));
	TRY(heads_of(&x->page, course_heads, ARRAY_LEN(course_heads), &t.heads, e));
	t.sheet = page_text(&x->page, N_("Attendance"));
	t.name = arena_printf(q->core.arena, "attendance-course-%lld", (long long)in.id);
	if (!t.name.p)
		return ERROR_MEMORY(e);
	return send(q, r, &t, e);
}

enum rc page_course_attendance_csv(struct req *q, struct resp *r, struct error *e)
{
	return send_course(q, r, table_send_csv, e);
}

enum rc page_course_attendance_xlsx(struct req *q, struct resp *r, struct error *e)
{
	return send_course(q, r, table_send_xlsx, e);
}
