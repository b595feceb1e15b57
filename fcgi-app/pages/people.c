/*
 * GET /admin/people: the list with its search and filters, all kept in the address.
 *
 * Words that make no sense are as if they were not given; a branch or a section that is not the
 * viewer's is not found.
 */
#include "pages/people.h"

#include "codec/url.h"
#include "pages/choose.h"
#include "pages/people_part.h"
#include "view/tpl_pages_people.h"
#include "view/tpl_pages_people_results.h"

#define ADDRESS_MAX 2048

struct people_in {
	struct str q, kind, account, done;
	int64_t branch, section, page;
	bool ended;
};
FIELDS(people_fields, people_in, FIELD(TEXT, people_in, q, QUERY, .max = 1000),
       FIELD(TEXT, people_in, kind, QUERY), FIELD(TEXT, people_in, account, QUERY),
       FIELD(TEXT, people_in, done, QUERY), FIELD(ID, people_in, branch, QUERY),
       FIELD(ID, people_in, section, QUERY),
       FIELD(INT, people_in, page, QUERY, .min = 1, .max = PEOPLE_PAGES_MAX, .fallback = 1),
       FIELD(BOOL, people_in, ended, QUERY));

static const struct {
	const char *word, *label;
} kinds[PEOPLE_KIND__MAX] = {
	[PEOPLE_KIND_ALL] = { "", N_("Everybody") },
	[PEOPLE_KIND_STUDENT] = { "student", N_("Students") },
	[PEOPLE_KIND_TEACHER] = { "teacher", N_("Teachers") },
	[PEOPLE_KIND_EMPLOYEE] = { "employee", N_("Employees") },
	[PEOPLE_KIND_BRANCH_ADMIN] = { "branch_admin", N_("Administrators of a branch") },
	[PEOPLE_KIND_SUPER_ADMIN] = { "super_admin", N_("Administrators of the institution") },
}, accounts[PEOPLE_ACCOUNT__MAX] = {
	[PEOPLE_ACCOUNT_ALL] = { "", N_("With and without account") },
	[PEOPLE_ACCOUNT_WITH] = { "with", N_("With an account") },
	[PEOPLE_ACCOUNT_WITHOUT] = { "without", N_("Without an account") },
	[PEOPLE_ACCOUNT_DISABLED] = { "disabled", N_("Account disabled") },
};

static struct people_query query_of(const struct people_in *in)
{
	struct people_query q = { .search = in->q,
				  .branch_id = in->branch,
				  .section_id = in->section,
				  .is_ended = in->ended,
				  .page = in->page };

	for (enum people_kind k = 0; k < PEOPLE_KIND__MAX; k++)
		if (str_eq(in->kind, str_from(kinds[k].word)))
			q.kind = k;
	for (enum people_account a = 0; a < PEOPLE_ACCOUNT__MAX; a++)
		if (str_eq(in->account, str_from(accounts[a].word)))
			q.account = a;
	return q;
}

/* The same list at another page; only what differs from the default is named. */
static struct str address(struct arena *a, const struct people_query *q, int64_t page)
{
	struct buf b;

	buf_init(&b, a, 128, ADDRESS_MAX);
	BUF_LIT(&b, "/admin/people?q=");
	url_query(&b, q->search);
	if (q->kind != PEOPLE_KIND_ALL)
		buf_printf(&b, "&kind=%s", kinds[q->kind].word);
	if (q->account != PEOPLE_ACCOUNT_ALL)
		buf_printf(&b, "&account=%s", accounts[q->account].word);
	if (q->branch_id > 0)
		buf_printf(&b, "&branch=%lld", (long long)q->branch_id);
	if (q->section_id > 0)
		buf_printf(&b, "&section=%lld", (long long)q->section_id);
	if (q->is_ended)
		BUF_LIT(&b, "&ended=1");
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static enum rc fill_rows(struct page *p, const struct people_list *list, struct view_people *v,
			 struct error *e)
{
	struct view_people_row *rows = ARENA_ARRAY(p->arena, list->n_rows, struct view_people_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n_rows; i++) {
		const struct people_row *row = &list->rows[i];

		rows[i] = (struct view_people_row){
			.p = row,
			.name = people_name(p->arena, row->given_name, row->family_name,
					    row->username),
			.href = row->id != COLUMN_NULL
					? people_path(p->arena, row->id)
					: arena_printf(p->arena, "/admin/accounts/%lld",
						       (long long)row->account_id),
			.role = people_role(p, row->role),
		};
	}
	v->rows = rows;
	v->n_rows = list->n_rows;
	return RC_OK;
}

static enum rc fill(struct page *p, const struct people_query *q, const struct people_list *list,
		    struct view_people *v, struct error *e)
{
	v->page = &p->view;
	v->search = q->search;
	v->is_ended = q->is_ended;
	v->is_filtered = q->search.n > 0 || q->kind != PEOPLE_KIND_ALL ||
			 q->account != PEOPLE_ACCOUNT_ALL || q->branch_id > 0 ||
			 q->section_id > 0 || q->is_ended;
	v->is_cut = list->is_cut;
	v->from = (q->page - 1) * PEOPLE_PAGE + 1;
	v->to = v->from + (int64_t)list->n_rows - 1;
	if (q->page > 1)
		v->prev = address(p->arena, q, q->page - 1);
	if (list->has_more)
		v->next = address(p->arena, q, q->page + 1);
	return fill_rows(p, list, v, e);
}

static enum rc fill_filters(struct page *p, const struct people_query *q, struct view_people *v,
			    struct error *e)
{
	struct view_choice *k = ARENA_ARRAY(p->arena, PEOPLE_KIND__MAX, struct view_choice);
	struct view_choice *a = ARENA_ARRAY(p->arena, PEOPLE_ACCOUNT__MAX, struct view_choice);

	if (!k || !a)
		return ERROR_MEMORY(e);
	for (enum people_kind i = 0; i < PEOPLE_KIND__MAX; i++)
		k[i] = (struct view_choice){ str_from(kinds[i].word), page_text(p, kinds[i].label),
					     i == q->kind };
	for (enum people_account i = 0; i < PEOPLE_ACCOUNT__MAX; i++)
		a[i] = (struct view_choice){ str_from(accounts[i].word),
					     page_text(p, accounts[i].label), i == q->account };
	v->kinds = k;
	v->n_kinds = PEOPLE_KIND__MAX;
	v->accounts = a;
	v->n_accounts = PEOPLE_ACCOUNT__MAX;
	TRY(page_choose_branch(p, q->branch_id, &v->branches, e));
	return page_choose(p,
			   &(struct org_query){ .kind = ORG_SECTION,
						.branch_id = q->branch_id,
						.with_id = q->section_id },
			   &v->sections, e);
}

enum rc page_people(struct req *q, struct resp *r, struct error *e)
{
	struct people_in in;
	struct people_query query;
	struct people_list list;
	struct view_people v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	/* Bad values are empty in `in` and mean the default. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	query = query_of(&in);
	TRY(people_list(&q->core, &query, &list, e));
	TRY(people_page_init(&p, q, req_text(q, N_("People")), false, e));
	TRY(fill(&p, &query, &list, &v, e));
	if (q->is_htmx) {
		tpl_pages_people_results(&t, &v);
		return RC_OK;
	}
	p.view.has_htmx = true;
	v.flash.done = people_done_from(in.done);
	TRY(registration_waiting(&q->core, &v.n_registrations, e));
	TRY(fill_filters(&p, &query, &v, e));
	tpl_pages_people(&t, &v);
	return RC_OK;
}
