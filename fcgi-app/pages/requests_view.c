/*
 * Rows, words and checks of requests; see requests_view.h.
 */
#include "pages/requests_view.h"

#include "view/format.h"
#include "view/text.h"

static const char *const kind_names[REQUEST_KIND__MAX] = {
	[REQUEST_COURSE] = N_("Lecture"),
	[REQUEST_TD] = N_("Tutorial"),
	[REQUEST_TP] = N_("Lab"),
	[REQUEST_EXAM] = N_("Exam"),
	[REQUEST_WORKSHOP] = N_("Workshop"),
};
static const char *const flash_names[REQUEST_FLASH__MAX] = {
	[REQUEST_FLASH_NONE] = "",
	[REQUEST_FLASH_SENT] = "sent",
	[REQUEST_FLASH_WITHDRAWN] = "withdrawn",
	[REQUEST_FLASH_ANSWERED] = "answered",
	[REQUEST_FLASH_APPROVED] = "approve",
	[REQUEST_FLASH_REJECTED] = "reject",
	[REQUEST_FLASH_ASKED] = "ask",
	[REQUEST_FLASH_SETTLED] = "settled",
};

struct str request_kind_text(const struct page *p, struct str kind)
{
	for (size_t i = 0; i < REQUEST_KIND__MAX; i++)
		if (str_eq(kind, str_from(request_kinds[i])))
			return page_text(p, kind_names[i]);
	return kind;
}

enum rc request_kind_choices(struct page *p, struct str chosen, const struct view_choice **ret,
			     size_t *ret_n, struct error *e)
{
	struct view_choice *rows = ARENA_ARRAY(p->arena, REQUEST_KIND__MAX, struct view_choice);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < REQUEST_KIND__MAX; i++)
		rows[i] = (struct view_choice){ str_from(request_kinds[i]),
						page_text(p, kind_names[i]),
						str_eq(chosen, str_from(request_kinds[i])) };
	*ret = rows;
	*ret_n = REQUEST_KIND__MAX;
	return RC_OK;
}

enum request_flash request_flash_from(struct str name)
{
	for (enum request_flash f = REQUEST_FLASH_NONE + 1; f < REQUEST_FLASH__MAX; f++)
		if (str_eq(name, str_from(flash_names[f])))
			return f;
	return REQUEST_FLASH_NONE;
}

const char *request_flash_name(enum request_flash f)
{
	return flash_names[f];
}

/* ---- rows -------------------------------------------------------------------------------------
 */

/* Monday first. */
static struct str weekdays_text(struct page *p, struct tpl *t, unsigned weekdays)
{
	struct buf b;

	buf_init(&b, p->arena, 64, 512);
	for (int i = 1; i <= 7; i++) {
		if (!(weekdays >> (i % 7) & 1))
			continue;
		if (b.n)
			buf_add(&b, STR(", "));
		/* 4 January 1970 was a Sunday. */
		buf_add(&b, fmt_weekday(t, 3 + i % 7));
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static struct str repeats_text(struct page *p, struct tpl *t, const struct request *r)
{
	struct str n;

	if (!r->is_series)
		return (struct str){ 0 };
	if (r->recurrence == RECURRENCE_DAILY)
		return page_text(p, N_("Every day"));
	if (r->recurrence == RECURRENCE_WEEKLY)
		return TEXT_FILL(p->arena, p->lang, N_("Every week: {days}"),
				 { "days", weekdays_text(p, t, (unsigned)r->row.weekdays) });
	n = arena_printf(p->arena, "%lld", (long long)r->row.day_of_month);
	return TEXT_FILL(p->arena, p->lang, N_("Day {n} of the month"), { "n", n });
}

/* "Databases, Fri 27 Nov, 09:00–10:30 (room A112, teacher)" */
static struct str clash_text(struct page *p, struct tpl *t, const struct request_clash_row *c)
{
	char start[6], end[6];
	bool is_first = true;
	struct buf b;

	buf_init(&b, p->arena, 128, 4096);
	buf_printf(&b, "%.*s, %.*s, ", STR_ARG(c->title),
		   STR_ARG(fmt_day_short(t, c->session_date)));
	buf_add(&b, tod_format_hm(c->start_time, start));
	buf_add(&b, STR("–"));
	buf_add(&b, tod_format_hm(c->end_time, end));
	for (int bit = CLASH_ROOM; bit <= CLASH_GROUP; bit <<= 1) {
		struct str what = bit == CLASH_ROOM      ? c->room
				  : bit == CLASH_TEACHER ? c->teacher_name
							 : c->class_name;

		if (!(c->kind & bit))
			continue;
		buf_add(&b, is_first ? STR(" (") : STR(", "));
		buf_add(&b, what);
		is_first = false;
	}
	if (!is_first)
		buf_char(&b, ')');
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

struct str requests_view_rooms(struct page *p, const struct request_room_row *rooms, size_t n)
{
	struct buf b;

	buf_init(&b, p->arena, 64, 8192);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add(&b, STR(", "));
		buf_add(&b, rooms[i].name);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

enum rc requests_view_rows(struct page *p, struct tpl *t, const struct request *rows,
			   const struct request_beside *beside, size_t n,
			   struct view_request_row **ret, struct error *e)
{
	struct view_request_row *v = ARENA_ARRAY(p->arena, n + 1, struct view_request_row);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct view_request_row){
			.r = &rows[i],
			.pick = arena_printf(p->arena, "%lld-%lld", (long long)rows[i].row.id,
					     (long long)rows[i].row.version),
			.kind = request_kind_text(p, rows[i].row.kind),
			.repeats = repeats_text(p, t, &rows[i]),
		};
		if (!v[i].pick.p)
			return ERROR_MEMORY(e);
		if (!beside)
			continue;
		v[i].n_clashes = (int64_t)beside[i].n_clashes;
		if (beside[i].n_clashes)
			v[i].clash = clash_text(p, t, &beside[i].clashes[0]);
		v[i].free = requests_view_rooms(p, beside[i].rooms, beside[i].n_rooms);
	}
	*ret = v;
	return RC_OK;
}

/* ---- checks and choices -------------------------------------------------------------------------
 */

enum rc requests_view_check(struct page *p, const struct session_make_plan *plan,
			    struct view_request_check *ret, struct error *e)
{
	ret->is_shown = true;
	ret->plan = plan;
	ret->needs_accept = session_make_warns(plan);
	ret->note = timetable_fit(p, plan->fit, plan->zone, plan->starts_at);
	ret->free = requests_view_rooms(p, plan->free_rooms, plan->n_free_rooms);
	return timetable_clashes(p, &plan->clashes, &ret->clashes, e);
}

enum rc requests_view_room_options(struct page *p, const struct request_room_row *rooms, size_t n,
				   int64_t wished, struct str wished_name, int64_t chosen,
				   struct view_options *ret, struct error *e)
{
	struct view_option *rows = ARENA_ARRAY(p->arena, n + 1, struct view_option);
	bool has_wished = wished == 0;
	size_t n_rows = 0;

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		has_wished = has_wished || rooms[i].id == wished;
	if (!has_wished)
		rows[n_rows++] = (struct view_option){ wished, wished_name, wished == chosen };
	for (size_t i = 0; i < n; i++)
		rows[n_rows++] =
			(struct view_option){ rooms[i].id, rooms[i].name, rooms[i].id == chosen };
	*ret = (struct view_options){ rows, n_rows, false };
	return RC_OK;
}

enum rc requests_view_choices(struct page *p, const struct request_choice_row *rows, size_t n,
			      bool with_code, int64_t chosen, struct view_options *ret,
			      struct error *e)
{
	struct view_option *v = ARENA_ARRAY(p->arena, n + 1, struct view_option);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct str name = rows[i].name;

		if (with_code)
			name = arena_printf(p->arena, "%.*s %.*s", STR_ARG(rows[i].detail),
					    STR_ARG(rows[i].name));
		if (!name.p)
			return ERROR_MEMORY(e);
		v[i] = (struct view_option){ rows[i].id, name, rows[i].id == chosen };
	}
	*ret = (struct view_options){ v, n, false };
	return RC_OK;
}
