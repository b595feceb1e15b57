/*
 * Who registered and waits, and who was refused: an admin decides with one button each.
 */
#include "pages/registrations.h"

#include "core/wall.h"
#include "pages/choose.h"
#include "pages/people_part.h"
#include "view/tpl_pages_registrations.h"

#define HOME "/admin/people/registrations"
/* With more, each row would carry them all: then it is chosen on the person's page. */
#define BRANCHES_OFFERED 50

struct registrations_in {
	struct str done;
	int64_t person;
	bool refused;
};
FIELDS(registrations_fields, registrations_in, FIELD(TEXT, registrations_in, done, QUERY),
       FIELD(ID, registrations_in, person, QUERY), FIELD(BOOL, registrations_in, refused, QUERY));

struct registration_decide_in {
	int64_t id, branch;
};
FIELDS(registration_decide_fields, registration_decide_in,
       FIELD(ID, registration_decide_in, id, PATH, .required = true),
       FIELD(ID, registration_decide_in, branch, FORM));

static const struct form_field form_fields[] = { { "branch", "", N_("Branch") } };

/* The same choice of branches with another one chosen. */
static enum rc choose(struct page *p, const struct view_options *all, int64_t chosen,
		      struct view_options *ret, struct error *e)
{
	struct view_option *rows = ARENA_ARRAY(p->arena, all->n_rows, struct view_option);

	*ret = *all;
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < all->n_rows; i++) {
		rows[i] = all->rows[i];
		rows[i].is_chosen = rows[i].id == chosen;
	}
	ret->rows = rows;
	return RC_OK;
}

static enum rc fill_rows(struct page *p, const struct registration_row *rows, size_t n,
			 struct view_registrations *v, struct error *e)
{
	struct view_registration *out = ARENA_ARRAY(p->arena, n, struct view_registration);
	struct view_options branches;

	if (!out)
		return ERROR_MEMORY(e);
	TRY(page_choose_branch(p, 0, &branches, e));
	if (branches.n_rows > BRANCHES_OFFERED)
		branches = (struct view_options){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct registration_row *r = &rows[i];
		const int64_t at = r->decided_at != NO_TIME ? r->decided_at : r->created_at;
		const struct wall wall = core_wall(p->core, STR(""), at);

		out[i] = (struct view_registration){
			.r = r,
			.name = people_name(p->arena, r->given_name, r->family_name, r->username),
			.at = at,
			.day = wall.day,
			.tod = wall.tod,
		};
		TRY(choose(p, &branches, r->branch_id, &out[i].branches, e));
	}
	v->rows = out;
	v->n_rows = n;
	return RC_OK;
}

static enum rc show(struct req *q, struct resp *r, const struct registrations_in *in,
		    const struct error *failed, struct error *e)
{
	struct view_registrations v = { .shows_refused = in->refused };
	const struct registration_row *rows;
	struct tpl t = req_tpl(q, r);
	struct page p;
	size_t n;

	TRY(registration_list(&q->core, in->refused ? REGISTRATION_REFUSED : REGISTRATION_WAITING,
			      &rows, &n, e));
	TRY(people_page_init(&p, q, req_text(q, N_("Registrations")), true, e));
	v.page = &p.view;
	v.errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	if (str_eq(in->done, STR("approved")))
		v.done = REGISTRATION_DONE_APPROVED;
	else if (str_eq(in->done, STR("refused")))
		v.done = REGISTRATION_DONE_REFUSED;
	if (in->person > 0)
		v.done_href = people_path(p.arena, in->person);
	TRY(fill_rows(&p, rows, n, &v, e));
	people_status(r, failed);
	tpl_pages_registrations(&t, &v);
	return RC_OK;
}

enum rc page_registrations(struct req *q, struct resp *r, struct error *e)
{
	struct registrations_in in;
	struct error none;

	error_init(&none);
	/* Bad values are empty in `in` and mean the default. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show(q, r, &in, &none, e);
}

static enum rc decide(struct req *q, struct resp *r, bool approve, struct error *e)
{
	struct registration_decide_in in;
	struct error failed;
	int64_t person_id;
	enum rc rc;

	rc = req_read(q, &in, e);
	if (rc != RC_OK && in.id <= 0)
		return rc;
	if (rc == RC_OK)
		rc = registration_decide(&q->core,
					 &(struct registration_decision){ .account_id = in.id,
									  .approve = approve,
									  .branch_id = in.branch },
					 &person_id, e);
	if (rc == RC_CONFLICT || rc == RC_INVALID) {
		failed = people_keep(e);
		return show(q, r, &(struct registrations_in){ .refused = false }, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, approve ? arena_printf(q->core.arena, HOME "?done=approved&person=%lld",
						(long long)person_id)
				 : STR(HOME "?done=refused"));
	return RC_OK;
}

enum rc page_registration_approve(struct req *q, struct resp *r, struct error *e)
{
	return decide(q, r, true, e);
}

enum rc page_registration_refuse(struct req *q, struct resp *r, struct error *e)
{
	return decide(q, r, false, e);
}
