/*
 * Today and the history, for students.
 */
#include "pages/student.h"

#include "core/wall.h"
#include "pages/check_in_flow.h"
#include "view/format.h"
#include "view/student.h"
#include "view/text.h"
#include "view/tpl_pages_history.h"
#include "view/tpl_pages_today.h"

#define STROKES_TODAY   12
#define STROKES_HISTORY 30
#define HISTORY_MAX     5000
#define PAGE_ROWS       20
#define ASK_DAYS        60 /* what is older is hardly ever asked about; the rule is core's */

/* ---- marks ---------------------------------------------------------------------------------- */

static const char *const mark_words[MARK__MAX] = {
	[MARK_NONE] = N_("Not marked"), [MARK_PRESENT] = N_("Present"), [MARK_LATE] = N_("Late"),
	[MARK_EXCUSED] = N_("Excused"), [MARK_ABSENT] = N_("Absent"),
};

/* What the institution calls it, else the catalogue. */
static struct view_mark mark_view(const struct page *p, const struct status_set *set,
				  enum mark mark)
{
	struct str own = set->v[mark].label;

	return (struct view_mark){ mark, own.n ? own : page_text(p, mark_words[mark]) };
}

/* ---- the rate ---------------------------------------------------------------------------------
 */

static struct str stroke_title(const struct page *p, struct tpl *t, const struct history_row *row,
			       struct str mark)
{
	return TEXT_FILL(p->arena, p->lang, N_("{title}, {day}: {mark}"), { "title", row->title },
			 { "day", fmt_day_short(t, row->session_date) }, { "mark", mark });
}

/* The last closed sessions, oldest first as time runs; rows come newest first. */
static enum rc fill_strokes(struct page *p, struct tpl *t, const struct status_set *set,
			    const struct history_row *rows, size_t n, size_t max,
			    struct view_rate *v, struct error *e)
{
	int64_t counts[MARK__MAX] = { 0 };
	int64_t slot;

	v->strokes = ARENA_ARRAY(p->arena, max, struct view_stroke);
	if (!v->strokes)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n && v->n_strokes < max; i++) {
		if (!rows[i].is_closed)
			continue;
		v->strokes[v->n_strokes++] = (struct view_stroke){
			.mark = rows[i].mark,
			.title = stroke_title(p, t, &rows[i], mark_view(p, set, rows[i].mark).label)
		};
		counts[rows[i].mark]++;
	}
	slot = v->n_strokes ? 10000 / (int64_t)v->n_strokes : 0;
	for (size_t i = 0; i < v->n_strokes; i++) {
		int64_t place = (int64_t)(p->is_rtl ? i : v->n_strokes - 1 - i);

		v->strokes[i].x = place * slot + slot / 14;
		v->strokes[i].width = slot * 6 / 7;
	}
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		struct view_mark mark = mark_view(p, set, m);

		v->keys[v->n_keys++] = mark;
		v->strokes_label =
			arena_printf(p->arena, "%.*s%s%lld %.*s", STR_ARG(v->strokes_label),
				     v->strokes_label.n ? ", " : "", (long long)counts[m],
				     STR_ARG(mark.label));
		if (!v->strokes_label.p)
			return ERROR_MEMORY(e);
	}
	return RC_OK;
}

static struct view_rate_row rate_row(const struct page *p, const struct history_rate *r)
{
	struct view_rate_row v = { .title = r->course_title.n ? r->course_title : r->course_code,
				   .percent = r->percent,
				   .aim_x = r->aim_percent,
				   .aim = r->aim_percent,
				   .next = r->percent_if_next };

	v.is_below = r->percent >= 0 && r->percent < r->aim_percent;
	if (p->is_rtl) {
		v.aim_x = 100 - r->aim_percent;
		v.x = r->percent > 0 ? 100 - r->percent : 0;
	}
	return v;
}

/* rates[0] is all together. */
static enum rc fill_rates(struct page *p, const struct status_set *set,
			  const struct history_rate *rates, size_t n, struct view_rate *v,
			  struct error *e)
{
	const struct history_rate none = { .percent = -1 }, *all = n ? &rates[0] : &none;

	v->percent = all->percent;
	v->aim = all->aim_percent;
	v->n_counted = all->n_counted;
	v->points = all->points;
	v->rows = ARENA_ARRAY(p->arena, n ? n : 1, struct view_rate_row);
	if (!v->rows)
		return ERROR_MEMORY(e);
	for (size_t i = 1; i < n; i++)
		v->rows[v->n_rows++] = rate_row(p, &rates[i]);
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++)
		v->marks[v->n_marks++] = (struct view_points){ .label = mark_view(p, set, m).label,
							       .percent = set->v[m].points,
							       .is_counted = set->v[m].is_counted,
							       .n = all->n[m] };
	return RC_OK;
}

/* ---- today ------------------------------------------------------------------------------------
 */

static struct view_now now_view(const struct page *p, const struct checkin_open *o)
{
	struct view_now v = { .id = o->attendance_id,
			      .title = o->title,
			      .room = o->room,
			      .teacher = o->teacher_name,
			      .start_tod = o->start_tod,
			      .end_tod = o->end_tod,
			      .opens_tod = core_wall(p->core, o->zone, o->opens_at).tod,
			      .closes_tod = core_wall(p->core, o->zone, o->closes_at).tod,
			      .state = o->state,
			      .mark = o->mark,
			      .is_in = flow_is_done(o) && !o->is_waiting,
			      .is_waiting = o->is_waiting };

	if (o->attempt_id)
		v.receipt = flow_receipt(p->arena, o->attendance_id, o->attempt_id);
	return v;
}

static struct view_agenda_row agenda_view(const struct page *p, const struct status_set *set,
					  const struct agenda_row *row)
{
	struct view_agenda_row v = { .row = row, .where = row->room };

	if (row->room.n && row->teacher_name.n)
		v.where = TEXT_FILL(p->arena, p->lang, N_("{room}, {name}"), { "room", row->room },
				    { "name", row->teacher_name });
	else if (row->teacher_name.n)
		v.where = row->teacher_name;
	if (row->mark != MARK_NONE)
		v.mark = mark_view(p, set, row->mark);
	v.may_ask =
		row->mark == MARK_NONE && !row->is_cancelled && !row->may_open && !row->is_waiting;
	if (row->attendance_id != COLUMN_NULL && row->attempt_id != COLUMN_NULL)
		v.receipt = flow_receipt(p->arena, row->attendance_id, row->attempt_id);
	return v;
}

static enum rc fill_day(struct page *p, const struct status_set *set, struct view_today_page *v,
			struct error *e)
{
	const struct checkin_open *open;
	const struct agenda_row *rows;
	size_t n_open, n;

	TRY(checkin_open_list(p->core, &open, &n_open, e));
	TRY(agenda_of_day(p->core, v->day, &rows, &n, e));
	v->now = ARENA_ARRAY(p->arena, n_open ? n_open : 1, struct view_now);
	v->rows = ARENA_ARRAY(p->arena, n ? n : 1, struct view_agenda_row);
	if (!v->now || !v->rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_open; i++)
		v->now[v->n_now++] = now_view(p, &open[i]);
	for (size_t i = 0; i < n; i++)
		v->rows[v->n_rows++] = agenda_view(p, set, &rows[i]);
	return RC_OK;
}

/* "Amina" of "Amina Benali". */
static struct str first_word(struct str name)
{
	struct str part;

	return str_split(&name, ' ', &part) && part.n ? part : name;
}

enum rc page_today(struct req *q, struct resp *r, struct error *e)
{
	struct history_query query = { .person_id = q->who.person_id,
				       .from_day = NO_DAY,
				       .to_day = NO_DAY,
				       .limit = STROKES_TODAY * 2 };
	struct view_today_page v = { 0 };
	const struct history_rate *rates;
	const struct history_row *rows;
	struct tpl t = req_tpl(q, r);
	struct status_set set;
	size_t n_rates, n_rows;
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Today")), e));
	p.view.nav = NAV_TODAY;
	v.page = &p.view;
	v.given = first_word(q->who.name);
	v.day = core_wall(&q->core, (struct str){ 0 }, q->core.now_us).day;
	TRY(status_set_get(&q->core, &set, e));
	TRY(fill_day(&p, &set, &v, e));
	TRY(history_rates(&q->core, 0, &rates, &n_rates, e));
	TRY(fill_rates(&p, &set, rates, n_rates, &v.rate, e));
	TRY(history_list(&q->core, &query, &rows, &n_rows, e));
	TRY(fill_strokes(&p, &t, &set, rows, n_rows, STROKES_TODAY, &v.rate, e));
	tpl_pages_today(&t, &v);
	return RC_OK;
}

/* ---- history ------------------------------------------------------------------------------------
 */

struct history_in {
	int64_t course, page;
};
FIELDS(history_fields, history_in, FIELD(ID, history_in, course, QUERY),
       FIELD(INT, history_in, page, QUERY, .min = 1, .max = 100000, .fallback = 1));

static enum rc fill_rows(struct page *p, const struct status_set *set,
			 const struct history_row *rows, size_t n, int64_t page,
			 struct view_history *v, struct error *e)
{
	size_t first = (size_t)(page - 1) * PAGE_ROWS;
	int32_t oldest = core_wall(p->core, (struct str){ 0 }, p->core->now_us).day - ASK_DAYS;

	v->total = (int64_t)n;
	v->rows = ARENA_ARRAY(p->arena, PAGE_ROWS, struct view_history_row);
	if (!v->rows)
		return ERROR_MEMORY(e);
	for (size_t i = first; i < n && v->n_rows < PAGE_ROWS; i++) {
		struct view_history_row row = { .row = &rows[i] };

		if (rows[i].mark != MARK_NONE)
			row.mark = mark_view(p, set, rows[i].mark);
		row.may_ask = rows[i].session_date >= oldest && rows[i].mark != MARK_PRESENT;
		if (rows[i].mark == MARK_LATE && rows[i].late_s > 0)
			row.late_min = rows[i].late_s / 60;
		v->rows[v->n_rows++] = row;
	}
	v->first = v->n_rows ? (int64_t)first + 1 : 0;
	v->last = (int64_t)(first + v->n_rows);
	v->previous = page > 1 ? page - 1 : 0;
	v->next = first + v->n_rows < n ? page + 1 : 0;
	return RC_OK;
}

enum rc page_history(struct req *q, struct resp *r, struct error *e)
{
	struct history_query query = { .person_id = q->who.person_id,
				       .from_day = NO_DAY,
				       .to_day = NO_DAY,
				       .limit = HISTORY_MAX };
	struct view_history v = { 0 };
	const struct history_rate *rates;
	const struct history_row *rows;
	struct tpl t = req_tpl(q, r);
	struct status_set set;
	size_t n_rates, n_rows;
	struct history_in in;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	if (in.page < 1)
		in.page = 1;
	TRY(page_init(&p, q, req_text(q, N_("Your attendance")), e));
	p.view.nav = NAV_ATTENDANCE;
	v.page = &p.view;
	v.course_id = in.course;
	query.course_id = in.course;
	TRY(status_set_get(&q->core, &set, e));
	TRY(history_rates(&q->core, 0, &rates, &n_rates, e));
	TRY(fill_rates(&p, &set, rates, n_rates, &v.rate, e));
	v.courses = n_rates ? rates + 1 : rates;
	v.n_courses = n_rates ? n_rates - 1 : 0;
	TRY(history_list(&q->core, &query, &rows, &n_rows, e));
	TRY(fill_strokes(&p, &t, &set, rows, n_rows, STROKES_HISTORY, &v.rate, e));
	TRY(fill_rows(&p, &set, rows, n_rows, in.page, &v, e));
	tpl_pages_history(&t, &v);
	return RC_OK;
}
