/*
 * GET /admin/classes and /admin/courses: lists with filters kept in the address.
 */
#include "pages/units.h"

#include "codec/url.h"
#include "core/people/unit.h"
#include "pages/org_part.h"
#include "view/tpl_pages_units.h"
#include "view/tpl_pages_units_results.h"

#define ADDRESS_MAX 1024

static const char *const state_words[] = { "live", "ended", "all", NULL };

struct units_in {
	struct str q, done;
	int64_t branch, section, person, page;
	int state;
};
FIELDS(units_fields, units_in, FIELD(TEXT, units_in, q, QUERY, .max = 1000),
       FIELD(TEXT, units_in, done, QUERY), FIELD(ID, units_in, branch, QUERY),
       FIELD(ID, units_in, section, QUERY), FIELD(ID, units_in, person, QUERY),
       FIELD(CHOICE, units_in, state, QUERY, .words = state_words),
       FIELD(INT, units_in, page, QUERY, .min = 1, .max = 100000, .fallback = 1));

static struct str address(struct arena *a, const char *path, const struct units_in *in,
			  int64_t page)
{
	struct buf b;

	buf_init(&b, a, 128, ADDRESS_MAX);
	buf_printf(&b, "%s?state=%s", path, state_words[in->state]);
	if (in->q.n > 0) {
		BUF_LIT(&b, "&q=");
		url_query(&b, in->q);
	}
	if (in->branch > 0)
		buf_printf(&b, "&branch=%lld", (long long)in->branch);
	if (in->section > 0)
		buf_printf(&b, "&section=%lld", (long long)in->section);
	if (in->person > 0)
		buf_printf(&b, "&person=%lld", (long long)in->person);
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static enum rc fill_filters(struct page *p, const struct units_in *in, struct view_units *v,
			    struct error *e)
{
	struct org_query sections = { .kind = ORG_SECTION,
				      .branch_id = in->branch,
				      .with_id = in->section };
	struct org_query people = { .kind = v->is_course ? ORG_TEACHER : ORG_STAFF,
				    .branch_id = in->branch,
				    .with_id = in->person };

	TRY(page_choose_branch(p, in->branch, &v->branches, e));
	TRY(page_choose(p, &sections, &v->sections, e));
	return page_choose(p, &people, &v->people, e);
}

enum rc page_units(struct req *q, struct resp *r, struct error *e)
{
	bool is_course = strcmp(q->route->pattern, "/admin/courses") == 0;
	const char *path = is_course ? "/admin/courses" : "/admin/classes";
	struct view_units v = { .is_course = is_course };
	struct tpl t = req_tpl(q, r);
	struct unit_query query;
	struct units_in in;
	struct page p;

	/* Bad values are empty in `in` and mean the default. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	query = (struct unit_query){ is_course ? UNIT_COURSE : UNIT_CLASS,
				     in.branch,
				     in.section,
				     in.person,
				     in.q,
				     in.state,
				     in.page };
	TRY(unit_list(&q->core, &query, &v.rows, &v.n_rows, &v.total, e));
	TRY(org_page_init(&p, q, req_text(q, is_course ? N_("Courses") : N_("Classes")),
			  is_course ? AREA_COURSES : AREA_GROUPS, false, e));
	TRY(fill_filters(&p, &in, &v, e));
	v.page = &p.view;
	v.q = in.q;
	v.ended = in.state;
	v.is_filtered = in.q.n || in.branch || in.section || in.person || in.state || in.page > 1;
	v.flash.kind = org_done_from(in.done);
	v.clear = str_from(path);
	v.from = (in.page - 1) * UNIT_PAGE + 1;
	v.to = (in.page - 1) * UNIT_PAGE + (int64_t)v.n_rows;
	if (in.page > 1)
		v.prev = address(p.arena, path, &in, in.page - 1);
	if (v.to < v.total)
		v.next = address(p.arena, path, &in, in.page + 1);
	if (q->is_htmx)
		tpl_pages_units_results(&t, &v);
	else
		tpl_pages_units(&t, &v);
	return RC_OK;
}
