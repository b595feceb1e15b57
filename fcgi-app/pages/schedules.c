/*
 * Schedules: the list, and ending one.  The form is in pages/schedule.c.
 */
#include "pages/schedules.h"

#include "pages/timetable.h"
#include "view/tpl_pages_schedule_end.h"
#include "view/tpl_pages_schedules.h"
#include "view/tpl_pages_schedules_results.h"

#define PAGE_MAX 100000

struct schedules_in {
	struct str q, done;
	int64_t branch, group, teacher, room, page;
	enum schedule_state_filter state;
};
static const char *const state_words[] = { "running", "over", "ended", "any", NULL };
FIELDS(schedules_fields, schedules_in, FIELD(TEXT, schedules_in, q, QUERY),
       FIELD(TEXT, schedules_in, done, QUERY), FIELD(ID, schedules_in, branch, QUERY),
       FIELD(ID, schedules_in, group, QUERY), FIELD(ID, schedules_in, teacher, QUERY),
       FIELD(ID, schedules_in, room, QUERY),
       FIELD(INT, schedules_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),
       FIELD(CHOICE, schedules_in, state, QUERY, .words = state_words));

struct schedule_id_in {
	int64_t id;
};
FIELDS(schedule_id_fields, schedule_id_in, FIELD(ID, schedule_id_in, id, PATH));

static const char *const state_names[] = { N_("Running or to come"), N_("Over"), N_("Ended"),
					   N_("All") };

static struct str base_of(struct page *p, const struct schedules_in *in)
{
	return arena_printf(p->arena, "/admin/schedules?%.*s%.*s%.*s%.*s%.*sstate=%s&",
			    STR_ARG(timetable_pair(p, "q", in->q)),
			    STR_ARG(timetable_id_pair(p, "branch", in->branch)),
			    STR_ARG(timetable_id_pair(p, "group", in->group)),
			    STR_ARG(timetable_id_pair(p, "teacher", in->teacher)),
			    STR_ARG(timetable_id_pair(p, "room", in->room)),
			    state_words[in->state]);
}

static enum rc fill_rows(struct page *p, struct tpl *t, const struct schedule_lines *lines,
			 struct view_schedules *v, struct error *e)
{
	struct view_schedule_row *rows =
		ARENA_ARRAY(p->arena, lines->n_rows + 1, struct view_schedule_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < lines->n_rows; i++)
		rows[i] = (struct view_schedule_row){ lines->rows[i].found,
						      timetable_when(p, t, &lines->rows[i]) };
	v->rows = rows;
	v->n_rows = lines->n_rows;
	return RC_OK;
}

static enum rc fill_filters(struct page *p, const struct schedules_in *in, struct view_schedules *v,
			    struct error *e)
{
	struct view_choice *states =
		ARENA_ARRAY(p->arena, ARRAY_LEN(state_names), struct view_choice);
	const struct room_stored *rooms;
	size_t n;

	if (!states)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(state_names); i++)
		states[i] = (struct view_choice){ str_from(state_words[i]),
						  page_text(p, state_names[i]),
						  (size_t)in->state == i };
	v->states = states;
	v->n_states = ARRAY_LEN(state_names);
	TRY(page_choose_branch(p, in->branch, &v->branches, e));
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_CLASS, .with_id = in->group },
			&v->classes, e));
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_TEACHER, .with_id = in->teacher },
			&v->teachers, e));
	TRY(room_choices(p->core, 0, &rooms, &n, e));
	return timetable_rooms(p, rooms, n, in->room, &v->rooms, e);
}

enum rc page_schedules(struct req *q, struct resp *r, struct error *e)
{
	struct view_schedules v = { 0 };
	struct schedule_lines lines;
	struct tpl t = req_tpl(q, r);
	struct schedules_in in;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(schedule_search_lines(&q->core,
				  &(struct schedule_query){ in.branch, in.group, in.teacher,
							    in.room, in.state, in.q, in.page },
				  &lines, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Schedules")), AREA_SCHEDULES, false, e));
	v.page = &p.view;
	v.search = in.q;
	v.branch = in.branch;
	v.is_filtered = in.q.n || in.branch || in.group || in.teacher || in.room || in.state;
	v.pager = timetable_pager(&p, base_of(&p, &in), in.page, SCHEDULE_PAGE_SIZE, lines.n_rows,
				  lines.total);
	TRY(fill_rows(&p, &t, &lines, &v, e));
	if (q->is_htmx) {
		tpl_pages_schedules_results(&t, &v);
		return RC_OK;
	}
	TRY(fill_filters(&p, &in, &v, e));
	v.flash.kind = org_done_from(in.done);
	tpl_pages_schedules(&t, &v);
	return RC_OK;
}

/* ---- ending ---------------------------------------------------------------------------------- */

enum rc page_schedule_ask(struct req *q, struct resp *r, struct error *e)
{
	struct view_schedule_end v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct schedule_id_in in;
	struct schedule_row row;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(schedule_get(&q->core, in.id, &row, e));
	TRY(schedule_check_delete(&q->core, in.id, &v.plan, e));
	TRY(org_page_init(&p, q, req_text(q, N_("End the schedule")), AREA_SCHEDULES, true, e));
	v.page = &p.view;
	v.id = in.id;
	v.title = row.title;
	tpl_pages_schedule_end(&t, &v);
	return RC_OK;
}

enum rc page_schedule_end(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_effect effect;
	struct schedule_id_in in;

	TRY(req_read(q, &in, e));
	TRY(schedule_delete(&q->core, in.id, &effect, e));
	return org_redirect(r, STR("/admin/schedules"), ORG_DONE_ENDED, q->core.arena, e);
}
