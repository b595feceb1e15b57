/* Shared parts of the timetable's pages; see timetable.h. */
#include "pages/timetable.h"

#include "codec/url.h"
#include "core/audit.h"
#include "core/wall.h"
#include "view/format.h"
#include "view/text.h"

#define CLASHES_SHOWN 20

struct str timetable_pair(struct page *p, const char *name, struct str value)
{
	struct buf b;

	if (!value.n)
		return STR("");
	buf_init(&b, p->arena, 64, 8192);
	buf_add(&b, str_from(name));
	buf_char(&b, '=');
	url_query(&b, value);
	buf_char(&b, '&');
	return buf_ok(&b) ? buf_str(&b) : STR("");
}

struct str timetable_id_pair(struct page *p, const char *name, int64_t id)
{
	return id ? arena_printf(p->arena, "%s=%lld&", name, (long long)id) : STR("");
}

struct view_pager timetable_pager(struct page *p, struct str base, int64_t page, int64_t size,
				  size_t n_rows, int64_t total)
{
	struct view_pager v = { .total = total };

	v.from = n_rows ? (page - 1) * size + 1 : 0;
	v.to = n_rows ? v.from + (int64_t)n_rows - 1 : 0;
	if (page > 1)
		v.prev =
			arena_printf(p->arena, "%.*spage=%lld", STR_ARG(base), (long long)page - 1);
	if (v.to < total && n_rows)
		v.next =
			arena_printf(p->arena, "%.*spage=%lld", STR_ARG(base), (long long)page + 1);
	return v;
}

enum rc timetable_clashes(struct page *p, const struct clash_list *list, struct view_clashes *ret,
			  struct error *e)
{
	size_t n = list->n_rows < CLASHES_SHOWN ? list->n_rows : CLASHES_SHOWN;
	struct view_clash_line *rows = ARENA_ARRAY(p->arena, n + 1, struct view_clash_line);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		unsigned kinds = list->rows[i].kinds;

		rows[i] = (struct view_clash_line){ &list->rows[i], (kinds & CLASH_ROOM) != 0,
						    (kinds & CLASH_TEACHER) != 0,
						    (kinds & CLASH_GROUP) != 0 };
	}
	*ret = (struct view_clashes){ rows, n, list->n, list->n - (int64_t)n };
	return RC_OK;
}

struct str timetable_fit(struct page *p, enum zone_fit fit, struct str zone, int64_t starts_at)
{
	char text[6];
	struct str time;

	if (fit == ZONE_FIT_OVERLAP)
		return page_text(p, N_("The clock is set back: this time comes twice, the first is "
				       "meant."));
	if (fit == ZONE_FIT_EXACT)
		return (struct str){ 0 };
	time = arena_str(p->arena, tod_format_hm(core_wall(p->core, zone, starts_at).tod, text));
	return TEXT_FILL(p->arena, p->lang,
			 N_("The clock is set forward over this time: it begins at {time}."),
			 { "time", time });
}

enum rc timetable_rooms(struct page *p, const struct room_stored *rooms, size_t n, int64_t chosen,
			struct view_options *ret, struct error *e)
{
	struct view_option *rows = ARENA_ARRAY(p->arena, n + 1, struct view_option);
	bool with_branch = false;

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 1; i < n; i++)
		with_branch = with_branch || rooms[i].branch_id != rooms[0].branch_id;
	for (size_t i = 0; i < n; i++) {
		struct str name = rooms[i].name;

		if (rooms[i].capacity != COLUMN_NULL)
			name = arena_printf(p->arena, "%.*s (%lld)", STR_ARG(name),
					    (long long)rooms[i].capacity);
		if (with_branch && name.p)
			name = arena_printf(p->arena, "%.*s: %.*s", STR_ARG(rooms[i].branch_name),
					    STR_ARG(name));
		if (!name.p)
			return ERROR_MEMORY(e);
		rows[i] = (struct view_option){ rooms[i].id, name, rooms[i].id == chosen };
	}
	*ret = (struct view_options){ rows, n, false };
	return RC_OK;
}

/* Monday first. */
static void put_days(struct tpl *t, struct buf *b, unsigned weekdays)
{
	bool is_first = true;

	for (int i = 1; i <= 7; i++) {
		if (!(weekdays >> (i % 7) & 1))
			continue;
		if (!is_first)
			buf_add(b, STR(", "));
		/* 4 January 1970 was a Sunday. */
		buf_add(b, fmt_weekday(t, 3 + i % 7));
		is_first = false;
	}
	buf_char(b, ' ');
}

static void put_times(struct buf *b, int32_t start, int32_t end)
{
	char text[6];

	buf_add(b, tod_format_hm(start, text));
	buf_add(b, STR("–"));
	buf_add(b, tod_format_hm(end, text));
}

struct str timetable_when(struct page *p, struct tpl *t, const struct schedule_line *line)
{
	const struct schedule_found *s = line->found;
	bool is_weekly = str_eq(s->recurrence, STR("weekly"));
	struct buf b;

	buf_init(&b, p->arena, 128, 4096);
	if (is_weekly) {
		put_days(t, &b, (unsigned)s->weekdays);
	} else if (str_eq(s->recurrence, STR("monthly"))) {
		struct str n = arena_printf(p->arena, "%lld", (long long)s->day_of_month);

		buf_add(&b, TEXT_FILL(p->arena, p->lang, N_("Day {n} of the month"), { "n", n }));
		buf_char(&b, ' ');
	} else {
		buf_add(&b, page_text(p, N_("Every day")));
		buf_char(&b, ' ');
	}
	put_times(&b, s->start_time, s->end_time);
	for (size_t i = 0; i < line->n_more; i++) {
		buf_add(&b, STR("; "));
		if (is_weekly)
			put_days(t, &b, line->more[i].weekdays);
		put_times(&b, line->more[i].start_tod, line->more[i].end_tod);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

enum rc timetable_changed(struct page *p, const struct error *failed, const char *object,
			  int64_t id, const struct view_changed_value *values, size_t n,
			  struct view_changed *ret, struct error *e)
{
	struct view_changed_value *kept = ARENA_ARRAY(p->arena, n, struct view_changed_value);
	const struct audit_row *rows;
	size_t n_rows;

	*ret = (struct view_changed){ 0 };
	if (failed->rc != RC_CONFLICT || failed->reason != REASON_CHANGED)
		return RC_OK;
	if (!kept)
		return ERROR_MEMORY(e);
	memcpy(kept, values, n * sizeof(*kept)); /* those of the caller go before the page */
	TRY(audit_trail(p->core, object, id, 0, 1, &rows, &n_rows, e));
	*ret = org_changed(failed, n_rows ? rows[0].actor_name : (struct str){ 0 },
			   n_rows ? rows[0].at : NO_TIME, kept, n);
	return RC_OK;
}
