/*
 * Small parts of the institution's pages; see org_part.h.
 */
#include "pages/org_part.h"

static const char *const done_names[ORG_DONE__MAX] = {
	[ORG_DONE_NONE] = "",
	[ORG_DONE_ADDED] = "added",
	[ORG_DONE_SAVED] = "saved",
	[ORG_DONE_ENDED] = "ended",
	[ORG_DONE_RESTORED] = "restored",
	[ORG_DONE_DELETED] = "deleted",
	[ORG_DONE_ENROLLED] = "enrolled",
};

enum rc org_page_init(struct page *p, struct req *q, struct str title, enum page_area area,
		      bool is_below, struct error *e)
{
	TRY(page_init(p, q, title, e));
	p->view.nav = NAV_INSTITUTION;
	p->view.area = area;
	p->view.nav_current = is_below ? STR("true") : STR("page");
	p->view.has_htmx = true;
	return RC_OK;
}

enum org_done org_done_from(struct str name)
{
	for (enum org_done d = ORG_DONE_NONE + 1; d < ORG_DONE__MAX; d++)
		if (str_eq(name, str_from(done_names[d])))
			return d;
	return ORG_DONE_NONE;
}

enum rc org_redirect(struct resp *r, struct str path, enum org_done done, struct arena *a,
		     struct error *e)
{
	struct str to = arena_printf(a, "%.*s?done=%s", STR_ARG(path), done_names[done]);

	if (!path.p || !to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}

void org_set_status(struct resp *r, const struct error *failed)
{
	if (failed->rc == RC_CONFLICT)
		r->status = 409;
	else if (failed->rc != RC_OK)
		r->status = 422;
}

struct view_changed org_changed(const struct error *failed, struct str who, int64_t at,
				const struct view_changed_value *values, size_t n)
{
	if (failed->rc != RC_CONFLICT || failed->reason != REASON_CHANGED)
		return (struct view_changed){ 0 };
	return (struct view_changed){ who, at, values, n };
}

struct error org_keep(struct error *e)
{
	struct error kept = *e;

	error_init(e);
	return kept;
}
