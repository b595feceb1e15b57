/*
 * GET /admin/groups: departments, their batches and the sections of those, as one tree.
 */
#include "pages/groups.h"

#include "core/people/group.h"
#include "pages/org_part.h"
#include "view/tpl_pages_groups.h"
#include "view/tpl_pages_groups_results.h"

struct groups_in {
	struct str q, done;
	int64_t branch;
	bool ended;
};
FIELDS(groups_fields, groups_in, FIELD(TEXT, groups_in, q, QUERY, .max = 1000),
       FIELD(TEXT, groups_in, done, QUERY), FIELD(ID, groups_in, branch, QUERY),
       FIELD(BOOL, groups_in, ended, QUERY));

/* Rows come by department, batch and section; a new id begins a new one. */
struct tree {
	struct view_tree_department *departments;
	struct view_tree_batch *batches;
	struct view_tree_section *sections;
	size_t n_departments, n_batches, n_sections;
};

static void add_row(struct tree *t, const struct group_tree_row *r, bool with_branch)
{
	struct view_tree_department *d = t->departments + t->n_departments;
	struct view_tree_batch *b;

	if (t->n_departments == 0 || d[-1].id != r->department_id) {
		*d = (struct view_tree_department){ .id = r->department_id,
						    .name = r->department_name,
						    .is_ended = r->department_ended > 0,
						    .batches = t->batches + t->n_batches };
		if (with_branch)
			d->branch_name = r->branch_name;
		t->n_departments++;
		d++;
	}
	if (r->batch_id == COLUMN_NULL)
		return;
	b = t->batches + t->n_batches;
	if (d[-1].n_batches == 0 || b[-1].id != r->batch_id) {
		*b = (struct view_tree_batch){ .id = r->batch_id,
					       .name = r->batch_name,
					       .is_ended = r->batch_ended > 0,
					       .sections = t->sections + t->n_sections };
		t->n_batches++;
		d[-1].n_batches++;
		b++;
	}
	if (r->section_id == COLUMN_NULL)
		return;
	t->sections[t->n_sections++] =
		(struct view_tree_section){ r->section_id, r->section_name, r->section_ended > 0,
					    r->n_members };
	b[-1].n_sections++;
	d[-1].n_members += r->n_members;
}

static enum rc fill_tree(struct page *p, const struct group_tree_row *rows, size_t n,
			 struct view_groups *v, struct error *e)
{
	struct tree t = { .departments = ARENA_ARRAY(p->arena, n, struct view_tree_department),
			  .batches = ARENA_ARRAY(p->arena, n, struct view_tree_batch),
			  .sections = ARENA_ARRAY(p->arena, n, struct view_tree_section) };

	if (!t.departments || !t.batches || !t.sections)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		add_row(&t, &rows[i], v->branches.n_rows > 0);
	v->departments = t.departments;
	v->n_departments = t.n_departments;
	return RC_OK;
}

enum rc page_groups(struct req *q, struct resp *r, struct error *e)
{
	const struct group_tree_row *rows;
	struct view_groups v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct groups_in in;
	struct page p;
	size_t n = 0;

	/* Bad values are empty in `in` and mean the default. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(group_tree(&q->core, &(struct group_query){ in.branch, in.q, in.ended }, &rows, &n,
		       &v.has_more, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Groups")), AREA_GROUPS, false, e));
	TRY(page_choose_branch(&p, in.branch, &v.branches, e));
	TRY(fill_tree(&p, rows, n, &v, e));
	v.page = &p.view;
	v.q = in.q;
	v.with_ended = in.ended;
	v.is_filtered = in.q.n > 0 || in.branch > 0;
	v.flash.kind = org_done_from(in.done);
	if (q->is_htmx)
		tpl_pages_groups_results(&t, &v);
	else
		tpl_pages_groups(&t, &v);
	return RC_OK;
}
