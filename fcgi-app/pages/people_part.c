/*
 * Small parts of the pages of people; see people_part.h.
 */
#include "pages/people_part.h"

static const char *const done_names[PEOPLE_DONE__MAX] = {
	[PEOPLE_DONE_NONE] = "",
	[PEOPLE_DONE_ADDED] = "added",
	[PEOPLE_DONE_SAVED] = "saved",
	[PEOPLE_DONE_ENDED] = "ended",
	[PEOPLE_DONE_RESTORED] = "restored",
	[PEOPLE_DONE_REMOVED] = "removed",
	[PEOPLE_DONE_ACCOUNT] = "account",
	[PEOPLE_DONE_ENABLED] = "enabled",
	[PEOPLE_DONE_DISABLED] = "disabled",
	[PEOPLE_DONE_PASSWORD] = "password",
	[PEOPLE_DONE_GROUP] = "group",
	[PEOPLE_DONE_COURSE] = "course",
	[PEOPLE_DONE_MEMBER_SAVED] = "dates",
	[PEOPLE_DONE_MEMBER_REMOVED] = "taken-out",
};

enum rc people_page_init(struct page *p, struct req *q, struct str title, bool is_below,
			 struct error *e)
{
	TRY(page_init(p, q, title, e));
	p->view.nav = NAV_INSTITUTION;
	p->view.area = AREA_PEOPLE;
	p->view.nav_current = is_below ? STR("true") : STR("page");
	return RC_OK;
}

enum people_done people_done_from(struct str name)
{
	for (enum people_done d = PEOPLE_DONE_NONE + 1; d < PEOPLE_DONE__MAX; d++)
		if (str_eq(name, str_from(done_names[d])))
			return d;
	return PEOPLE_DONE_NONE;
}

enum rc people_redirect(struct req *q, struct resp *r, struct str path, enum people_done done,
			const char *fragment, struct error *e)
{
	const struct str to =
		arena_printf(q->core.arena, "%.*s%cdone=%s%s%s", STR_ARG(path),
			     str_find_char(path, '?') == SIZE_MAX ? '?' : '&', done_names[done],
			     fragment ? "#" : "", fragment ? fragment : "");

	if (!path.p || !to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}

struct str people_name(struct arena *a, struct str given, struct str family, struct str otherwise)
{
	struct str both = str_trim(arena_printf(a, "%.*s %.*s", STR_ARG(given), STR_ARG(family)));

	return both.n > 0 ? both : otherwise;
}

struct str people_role(const struct page *p, struct str role)
{
	const enum role r = role_from(role);

	return r == ROLE_NONE ? (struct str){ 0 } : page_text(p, page_role_label(r));
}

struct str people_path(struct arena *a, int64_t person_id)
{
	return arena_printf(a, "/admin/people/%lld", (long long)person_id);
}

struct str people_day(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

void people_status(struct resp *r, const struct error *failed)
{
	if (failed->rc == RC_CONFLICT)
		r->status = 409;
	else if (failed->rc != RC_OK)
		r->status = 422;
}

struct error people_keep(struct error *e)
{
	const struct error kept = *e;

	error_init(e);
	return kept;
}

struct view_changed people_changed(const struct error *failed, struct str who, int64_t at,
				   const struct view_changed_value *values, size_t n)
{
	if (failed->rc != RC_CONFLICT || failed->reason != REASON_CHANGED)
		return (struct view_changed){ 0 };
	return (struct view_changed){ who, at, values, n };
}
