/*
 * From what core lets choose to the options of a select.
 */
#include "pages/choose.h"

static bool has_branches(const struct org_option *o, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (o[i].branch_id != o[0].branch_id)
			return true;
	return false;
}

static struct str option_text(struct arena *a, enum org_kind kind, const struct org_option *o,
			      bool with_branch)
{
	struct str name = o->name;

	if (kind == ORG_COURSE)
		name = arena_printf(a, "%.*s %.*s", STR_ARG(o->detail), STR_ARG(o->name));
	else if (o->detail.n)
		name = arena_printf(a, "%.*s (%.*s)", STR_ARG(o->name), STR_ARG(o->detail));
	if (with_branch && name.p)
		name = arena_printf(a, "%.*s: %.*s", STR_ARG(o->branch_name), STR_ARG(name));
	return name;
}

enum rc page_choose(struct page *p, const struct org_query *q, struct view_options *ret,
		    struct error *e)
{
	const struct org_option *options;
	struct view_option *rows;
	bool has_more = false, with_branch;
	size_t n = 0;

	TRY(org_options(p->core, q, &options, &n, &has_more, e));
	rows = ARENA_ARRAY(p->arena, n, struct view_option);
	if (!rows)
		return ERROR_MEMORY(e);
	with_branch = q->kind != ORG_BRANCH && has_branches(options, n);
	for (size_t i = 0; i < n; i++) {
		struct str name = option_text(p->arena, q->kind, &options[i], with_branch);

		if (!name.p)
			return ERROR_MEMORY(e);
		rows[i] = (struct view_option){ options[i].id, name, options[i].id == q->with_id };
	}
	*ret = (struct view_options){ rows, n, has_more };
	return RC_OK;
}

enum rc page_choose_branch(struct page *p, int64_t chosen, struct view_options *ret,
			   struct error *e)
{
	struct view_options all = { 0 };
	int64_t bound = 0;

	TRY(org_scope(p->core, &bound, e));
	*ret = all;
	if (bound)
		return RC_OK;
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_BRANCH, .with_id = chosen }, &all, e));
	if (all.n_rows > 1)
		*ret = all;
	return RC_OK;
}
