/*
 * Closures: list, add, change, remove.
 *
 * A closure that cancels sessions is saved at the second step: the form comes again with how
 * many fall on it.
 */
#include "pages/closures.h"

#include "pages/timetable.h"
#include "view/tpl_pages_closure.h"
#include "view/tpl_pages_closures.h"
#include "view/tpl_partials_closure_check.h"

struct closures_in {
	struct str done;
	int64_t branch;
};
FIELDS(closures_fields, closures_in, FIELD(TEXT, closures_in, done, QUERY),
       FIELD(ID, closures_in, branch, QUERY));

struct closure_page_in {
	int64_t id, version, branch;
	struct str name, done;
	int32_t from, to;
	bool check, accept;
};
FIELDS(closure_fields, closure_page_in, FIELD(ID, closure_page_in, id, PATH),
       FIELD(TEXT, closure_page_in, done, QUERY));
FIELDS(closure_new_fields, closure_page_in, FIELD(ID, closure_page_in, branch, FORM),
       FIELD(TEXT, closure_page_in, name, FORM, .max = 2000),
       FIELD(DAY, closure_page_in, from, FORM), FIELD(DAY, closure_page_in, to, FORM),
       FIELD(BOOL, closure_page_in, check, FORM), FIELD(BOOL, closure_page_in, accept, FORM));
FIELDS(closure_save_fields, closure_page_in, FIELD(ID, closure_page_in, id, PATH),
       FIELD(INT, closure_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, closure_page_in, name, FORM, .max = 2000),
       FIELD(DAY, closure_page_in, from, FORM), FIELD(DAY, closure_page_in, to, FORM),
       FIELD(BOOL, closure_page_in, check, FORM), FIELD(BOOL, closure_page_in, accept, FORM));

static const struct form_field form_fields[] = {
	{ "name", "k-name", N_("Name") },
	{ "from", "k-from", N_("First day") },
	{ "to", "k-to", N_("Last day") },
	{ "branch", "k-branch", N_("Branch") },
};

static struct str closure_path(struct arena *a, int64_t id)
{
	return arena_printf(a, "/admin/closures/%lld", (long long)id);
}

/* ---- the list ------------------------------------------------------------------------------ */

static enum rc fill_rows(struct core *c, int64_t branch, bool past,
			 const struct view_closure_row **ret, size_t *ret_n, struct error *e)
{
	const struct closure_row *rows;
	struct view_closure_row *out;
	size_t n;

	TRY(closure_list(c, branch, past, &rows, &n, e));
	out = ARENA_ARRAY(c->arena, n + 1, struct view_closure_row);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i].c = &rows[i];
	*ret = out;
	*ret_n = n;
	return RC_OK;
}

enum rc page_closures(struct req *q, struct resp *r, struct error *e)
{
	struct view_closures v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct closures_in in;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(fill_rows(&q->core, in.branch, false, &v.coming, &v.n_coming, e));
	TRY(fill_rows(&q->core, in.branch, true, &v.past, &v.n_past, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Closures")), AREA_CLOSURES, false, e));
	TRY(page_choose_branch(&p, in.branch, &v.branches, e));
	v.page = &p.view;
	v.branch = in.branch;
	v.flash.kind = org_done_from(in.done);
	tpl_pages_closures(&t, &v);
	return RC_OK;
}

/* ---- one ----------------------------------------------------------------------------------- */

static struct str day_text(struct arena *a, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(a, day_format(day, text));
}

static void fill_typed(struct req *q, struct view_closure *v, bool is_typed)
{
	struct arena *a = q->core.arena;

	v->name = is_typed ? req_raw(q, "name") : v->closure.name;
	v->from = is_typed ? req_raw(q, "from") : day_text(a, v->closure.from_date);
	v->to = is_typed ? req_raw(q, "to") : day_text(a, v->closure.to_date);
}

static enum rc fill_changed(struct page *p, struct view_closure *v, const struct error *failed,
			    struct error *e)
{
	const struct view_changed_value now[] = {
		{ page_text(p, N_("Name")), v->closure.name },
		{ page_text(p, N_("First day")), day_text(p->arena, v->closure.from_date) },
		{ page_text(p, N_("Last day")), day_text(p->arena, v->closure.to_date) },
	};

	return timetable_changed(p, failed, "closure", v->closure.id, now, ARRAY_LEN(now),
				 &v->changed, e);
}

/* failed: no error when the form is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, struct view_closure *v, int64_t branch,
		    bool is_typed, const struct error *failed, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(org_page_init(&p, q, v->closure.id ? v->closure.name : req_text(q, N_("Add a closure")),
			  AREA_CLOSURES, true, e));
	p.view.here =
		v->closure.id ? closure_path(p.arena, v->closure.id) : STR("/admin/closures/new");
	v->page = &p.view;
	v->has_branch = !v->closure.id && q->who.role == ROLE_SUPER_ADMIN;
	if (v->has_branch)
		TRY(page_choose(&p, &(struct org_query){ .kind = ORG_BRANCH, .with_id = branch },
				&v->branches, e));
	fill_typed(q, v, is_typed);
	v->errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->name_error = field_error(p.arena, p.lang, failed, "name", "k-name-e");
	v->from_error = field_error(p.arena, p.lang, failed, "from", "k-from-e");
	v->to_error = field_error(p.arena, p.lang, failed, "to", "k-to-e");
	v->branch_error = field_error(p.arena, p.lang, failed, "branch", "k-branch-e");
	TRY(fill_changed(&p, v, failed, e));
	v->revision = v->closure.version;
	org_set_status(r, failed);
	if (q->is_htmx) {
		v->check.errors = v->errors;
		tpl_partials_closure_check(&t, &v->check);
		return RC_OK;
	}
	tpl_pages_closure(&t, v);
	return RC_OK;
}

static struct view_closure new_closure(void)
{
	return (struct view_closure){
		.closure = { .branch_id = COLUMN_NULL, .from_date = NO_DAY, .to_date = NO_DAY }
	};
}

enum rc page_closure_new(struct req *q, struct resp *r, struct error *e)
{
	struct view_closure v = new_closure();
	struct error none;

	error_init(&none);
	return show(q, r, &v, 0, false, &none, e);
}

enum rc page_closure(struct req *q, struct resp *r, struct error *e)
{
	struct view_closure v = { 0 };
	struct closure_page_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(closure_get(&q->core, in.id, &v.closure, e));
	return show(q, r, &v, 0, false, &none, e);
}

/* Does it, or says what it would do: then *ret_check is shown. */
static enum rc act(struct req *q, const struct closure_page_in *in,
		   struct view_closure_check *ret_check, struct error *e)
{
	struct closure_in c = { in->branch, in->name, in->from, in->to, in->version };
	struct closure_effect effect;
	int64_t id;

	TRY(closure_check(&q->core, in->id, &c, &effect, e));
	if (in->check || (effect.n_cancelled && !in->accept)) {
		*ret_check = (struct view_closure_check){ .is_shown = true, .effect = effect };
		return RC_OK;
	}
	if (in->id)
		return closure_update(&q->core, in->id, &c, &effect, e);
	return closure_create(&q->core, &c, &id, &effect, e);
}

enum rc page_closure_save(struct req *q, struct resp *r, struct error *e)
{
	struct view_closure v = new_closure();
	struct closure_page_in in;
	struct error failed;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = act(q, &in, &v.check, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc != RC_OK || v.check.is_shown) {
		failed = org_keep(e);
		if (in.id)
			TRY(closure_get(&q->core, in.id, &v.closure, e));
		return show(q, r, &v, in.branch, true, &failed, e);
	}
	return org_redirect(r, STR("/admin/closures"), in.id ? ORG_DONE_SAVED : ORG_DONE_ADDED,
			    q->core.arena, e);
}

enum rc page_closure_remove(struct req *q, struct resp *r, struct error *e)
{
	struct closure_effect effect;
	struct closure_page_in in;

	TRY(req_read(q, &in, e));
	TRY(closure_remove(&q->core, in.id, &effect, e));
	return org_redirect(r, STR("/admin/closures"), ORG_DONE_DELETED, q->core.arena, e);
}
