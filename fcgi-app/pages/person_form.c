/*
 * The form of a person: add and change.
 */
#include "pages/choose.h"
#include "pages/people.h"
#include "pages/people_part.h"
#include "view/tpl_pages_person_form.h"

struct person_form_in {
	int64_t id, version, branch;
	struct str given_name, family_name, student_code, teacher_code;
};
/* Lengths are core's to judge, so that the sentence is the same at every door. */
#define FORM_FIELDS                                                                                \
	FIELD(ID, person_form_in, branch, FORM),                                                   \
		FIELD(RAW, person_form_in, given_name, FORM, .max = 2000),                         \
		FIELD(RAW, person_form_in, family_name, FORM, .max = 2000),                        \
		FIELD(RAW, person_form_in, student_code, FORM, .max = 2000),                       \
		FIELD(RAW, person_form_in, teacher_code, FORM, .max = 2000)
FIELDS(person_new_fields, person_form_in, FIELD(ID, person_form_in, branch, QUERY));
FIELDS(person_new_send_fields, person_form_in, FORM_FIELDS);
FIELDS(person_edit_fields, person_form_in, FIELD(ID, person_form_in, id, PATH));
FIELDS(person_edit_send_fields, person_form_in, FIELD(ID, person_form_in, id, PATH),
       FIELD(INT, person_form_in, version, FORM, .min = 0, .max = INT32_MAX), FORM_FIELDS);

static const struct form_field form_fields[] = {
	{ "given_name", "p-given", N_("Given name") },
	{ "family_name", "p-family", N_("Family name") },
	{ "student_code", "p-student", N_("Student code") },
	{ "teacher_code", "p-teacher", N_("Teacher code") },
	{ "branch", "p-branch", N_("Branch") },
};

static void fill_errors(struct page *p, const struct error *failed, struct view_person_form *v)
{
	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->given_error = field_error(p->arena, p->lang, failed, "given_name", "p-given-e");
	v->family_error = field_error(p->arena, p->lang, failed, "family_name", "p-family-e");
	v->student_error = field_error(p->arena, p->lang, failed, "student_code", "p-student-e");
	v->teacher_error = field_error(p->arena, p->lang, failed, "teacher_code", "p-teacher-e");
	v->branch_error = field_error(p->arena, p->lang, failed, "branch", "p-branch-e");
}

/* What stands there now, for the second of two editors. */
static enum rc fill_changed(struct page *p, const struct person_row *row,
			    const struct error *failed, struct view_person_form *v, struct error *e)
{
	const struct view_changed_value now[] = {
		{ page_text(p, N_("Given name")), row->given_name },
		{ page_text(p, N_("Family name")), row->family_name },
		{ page_text(p, N_("Student code")), row->student_code },
		{ page_text(p, N_("Teacher code")), row->teacher_code },
		{ page_text(p, N_("Branch")), row->branch },
	};
	struct view_changed_value *values =
		ARENA_ARRAY(p->arena, ARRAY_LEN(now), struct view_changed_value);

	if (!values)
		return ERROR_MEMORY(e);
	memcpy(values, now, sizeof now);
	v->changed =
		people_changed(failed, row->updated_by, row->updated_at, values, ARRAY_LEN(now));
	return RC_OK;
}

/* d NULL: a new person.  typed: what stands in the inputs. */
static enum rc show(struct req *q, struct resp *r, const struct person_detail *d,
		    const struct person_form_in *typed, const struct error *failed, struct error *e)
{
	struct view_person_form v = { .given_name = typed->given_name,
				      .family_name = typed->family_name,
				      .student_code = typed->student_code,
				      .teacher_code = typed->teacher_code,
				      .revision = typed->version };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(people_page_init(&p, q, req_text(q, d ? N_("Edit a person") : N_("Add a person")), true,
			     e));
	v.page = &p.view;
	fill_errors(&p, failed, &v);
	if (d) {
		v.id = d->row.id;
		v.name = people_name(p.arena, d->row.given_name, d->row.family_name,
				     page_text(&p, N_("Without a name")));
		v.is_ended = d->row.ended_at != NO_TIME;
		v.may_remove = !d->use.has_history && !d->is_self;
		TRY(fill_changed(&p, &d->row, failed, &v, e));
		/* Sending again over somebody's change is meant to replace it. */
		if (failed->rc == RC_CONFLICT)
			v.revision = d->row.revision;
	}
	TRY(page_choose_branch(&p, typed->branch, &v.branches, e));
	people_status(r, failed);
	tpl_pages_person_form(&t, &v);
	return RC_OK;
}

static struct person_in person_of(struct req *q, const struct person_form_in *in)
{
	return (struct person_in){
		/* Who has one branch is not asked for it. */
		.branch_id = in->branch > 0                     ? in->branch
			     : q->who.role == ROLE_BRANCH_ADMIN ? q->who.branch_id
								: 0,
		.given_name = in->given_name,
		.family_name = in->family_name,
		.student_code = in->student_code,
		.teacher_code = in->teacher_code,
	};
}

static struct person_form_in typed_of(const struct req *q, const struct person_form_in *in)
{
	return (struct person_form_in){ .id = in->id,
					.version = in->version,
					.branch = in->branch,
					.given_name = req_raw(q, "given_name"),
					.family_name = req_raw(q, "family_name"),
					.student_code = req_raw(q, "student_code"),
					.teacher_code = req_raw(q, "teacher_code") };
}

enum rc page_person_new(struct req *q, struct resp *r, struct error *e)
{
	struct person_form_in in;
	struct error none;

	error_init(&none);
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show(q, r, NULL, &in, &none, e);
}

/* An institution of one branch need not be asked for it. */
static enum rc only_branch(struct req *q, struct person_in *in, struct error *e)
{
	const struct org_option *options;
	size_t n;

	if (in->branch_id > 0)
		return RC_OK;
	TRY(org_options(&q->core, &(struct org_query){ .kind = ORG_BRANCH, .limit = 2 }, &options,
			&n, NULL, e));
	if (n == 1)
		in->branch_id = options[0].id;
	return RC_OK;
}

enum rc page_person_new_send(struct req *q, struct resp *r, struct error *e)
{
	struct person_form_in in, typed;
	struct person_in person;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		person = person_of(q, &in);
		rc = only_branch(q, &person, e);
	}
	if (rc == RC_OK)
		rc = person_create(&q->core, &person, &id, e);
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		typed = typed_of(q, &in);
		return show(q, r, NULL, &typed, &failed, e);
	}
	TRY(rc);
	return people_redirect(q, r, people_path(q->core.arena, id), PEOPLE_DONE_ADDED, NULL, e);
}

static enum rc open(struct req *q, int64_t id, struct person_detail *d, struct error *e)
{
	TRY(person_get(&q->core, id, d, e));
	if (!d->may_change)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "may not change");
	return RC_OK;
}

enum rc page_person_edit(struct req *q, struct resp *r, struct error *e)
{
	struct person_form_in in, typed;
	struct person_detail d;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(open(q, in.id, &d, e));
	typed = (struct person_form_in){ .version = d.row.revision,
					 .branch = d.row.branch_id,
					 .given_name = d.row.given_name,
					 .family_name = d.row.family_name,
					 .student_code = d.row.student_code,
					 .teacher_code = d.row.teacher_code };
	return show(q, r, &d, &typed, &none, e);
}

enum rc page_person_edit_send(struct req *q, struct resp *r, struct error *e)
{
	struct person_form_in in, typed;
	struct person_in person;
	struct person_detail d;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = person_get(&q->core, in.id, &d, e);
	if (rc == RC_OK) {
		person = person_of(q, &in);
		if (person.branch_id == 0)
			person.branch_id = d.row.branch_id;
		rc = person_change(&q->core, in.id, in.version, &person, e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		TRY(open(q, in.id, &d, e));
		typed = typed_of(q, &in);
		return show(q, r, &d, &typed, &failed, e);
	}
	TRY(rc);
	return people_redirect(q, r, people_path(q->core.arena, in.id), PEOPLE_DONE_SAVED, NULL, e);
}
