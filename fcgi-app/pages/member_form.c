/*
 * The days of one membership or enrolment, and the state of an enrolment.
 */
#include "core/people/membership.h"
#include "core/wall.h"
#include "pages/people.h"
#include "pages/people_part.h"
#include "view/tpl_pages_member_form.h"

struct member_form_in {
	int64_t id, version;
	int32_t from, to;
	struct str state;
};
FIELDS(member_fields, member_form_in, FIELD(ID, member_form_in, id, PATH),
       FIELD(INT, member_form_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(member_send_fields, member_form_in, FIELD(ID, member_form_in, id, PATH),
       FIELD(INT, member_form_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(DAY, member_form_in, from, FORM), FIELD(DAY, member_form_in, to, FORM),
       FIELD(TEXT, member_form_in, state, FORM));

static const struct form_field form_fields[] = {
	{ "from", "m-from", N_("From") },
	{ "to", "m-to", N_("To") },
	{ "state", "m-state", N_("State") },
};

static const char *const state_labels[ENROLMENT__MAX] = { N_("Pending"), N_("Approved"),
							  N_("Rejected"), N_("Ended") };

static struct str state_label(struct page *p, struct str state)
{
	enum enrolment_state s;

	return enrolment_state_from(state, &s) ? page_text(p, state_labels[s]) : (struct str){ 0 };
}

static enum rc fill_states(struct page *p, struct str chosen, struct view_member_form *v,
			   struct error *e)
{
	struct view_choice *choices = ARENA_ARRAY(p->arena, ENROLMENT__MAX, struct view_choice);

	if (!choices)
		return ERROR_MEMORY(e);
	for (enum enrolment_state s = 0; s < ENROLMENT__MAX; s++) {
		const struct str name = str_from(enrolment_state_name(s));

		choices[s] = (struct view_choice){ name, page_text(p, state_labels[s]),
						   str_eq(name, chosen) };
	}
	v->states = choices;
	v->n_states = ENROLMENT__MAX;
	return RC_OK;
}

static enum rc fill_errors(struct page *p, const struct member_row *m, const struct error *failed,
			   struct view_member_form *v, struct error *e)
{
	struct view_changed_value *values = ARENA_ARRAY(p->arena, 3, struct view_changed_value);

	if (!values)
		return ERROR_MEMORY(e);
	values[0] = (struct view_changed_value){ page_text(p, N_("From")),
						 people_day(p->arena, m->from_date) };
	values[1] = (struct view_changed_value){ page_text(p, N_("To")),
						 people_day(p->arena, m->to_date) };
	values[2] =
		(struct view_changed_value){ page_text(p, N_("State")), state_label(p, m->state) };
	v->changed =
		people_changed(failed, m->updated_by, m->updated_at, values, v->is_course ? 3 : 2);
	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->from_error = field_error(p->arena, p->lang, failed, "from", "m-from-e");
	v->to_error = field_error(p->arena, p->lang, failed, "to", "m-to-e");
	v->state_error = field_error(p->arena, p->lang, failed, "state", "m-state-e");
	return RC_OK;
}

/* typed: as sent; NULL when the form is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, enum member_kind kind, int64_t id,
		    const struct member_form_in *typed, const struct error *failed,
		    const struct member_clash *clash, struct error *e)
{
	struct view_member_form v = { .is_course = kind == MEMBER_COURSE, .clash = *clash };
	struct tpl t = req_tpl(q, r);
	struct member_row m;
	struct page p;

	TRY(member_get(&q->core, kind, id, &m, e));
	TRY(people_page_init(
		&p, q, req_text(q, v.is_course ? N_("Edit an enrolment") : N_("Edit a membership")),
		true, e));
	v.page = &p.view;
	v.m = &m;
	v.name = people_name(p.arena, m.given_name, m.family_name,
			     page_text(&p, N_("Without a name")));
	v.action = arena_printf(p.arena, "/admin/%s/%lld",
				v.is_course ? "enrolments" : "memberships", (long long)id);
	v.back = people_path(p.arena, m.person_id);
	v.from = typed ? req_raw(q, "from") : people_day(p.arena, m.from_date);
	v.to = typed ? req_raw(q, "to") : people_day(p.arena, m.to_date);
	v.revision = typed && failed->rc != RC_CONFLICT ? typed->version : m.revision;
	v.may_remove = m.from_date > core_wall(&q->core, m.zone, q->core.now_us).day ||
		       str_eq(m.state, STR("rejected"));
	if (v.is_course)
		TRY(fill_states(&p, typed ? typed->state : m.state, &v, e));
	TRY(fill_errors(&p, &m, failed, &v, e));
	people_status(r, failed);
	tpl_pages_member_form(&t, &v);
	return RC_OK;
}

static enum rc look(struct req *q, struct resp *r, enum member_kind kind, struct error *e)
{
	const struct member_clash clash = { 0 };
	struct member_form_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show(q, r, kind, in.id, NULL, &none, &clash, e);
}

static enum rc act(struct req *q, enum member_kind kind, const struct member_form_in *in,
		   struct member_clash *clash, struct error *e)
{
	const struct span span = { in->from, in->to };
	enum enrolment_state state;

	if (kind == MEMBER_SECTION)
		return membership_change(&q->core, in->id, in->version, span, clash, e);
	if (!enrolment_state_from(in->state, &state))
		return ERROR_FIELD(e, "state", REASON_NOT_A_CHOICE, 0);
	return enrolment_edit(&q->core, in->id, in->version, span, state, clash, e);
}

static enum rc back(struct req *q, struct resp *r, enum member_kind kind, int64_t person_id,
		    enum people_done done, struct error *e)
{
	return people_redirect(q, r, people_path(q->core.arena, person_id), done,
			       kind == MEMBER_SECTION ? "groups" : "courses", e);
}

static enum rc send(struct req *q, struct resp *r, enum member_kind kind, struct error *e)
{
	struct member_clash clash = { 0 };
	struct member_form_in in;
	struct member_row m;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = act(q, kind, &in, &clash, e);
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		return show(q, r, kind, in.id, &in, &failed, &clash, e);
	}
	TRY(rc);
	TRY(member_get(&q->core, kind, in.id, &m, e));
	return back(q, r, kind, m.person_id, PEOPLE_DONE_MEMBER_SAVED, e);
}

static enum rc take_out(struct req *q, struct resp *r, enum member_kind kind, struct error *e)
{
	const struct member_clash clash = { 0 };
	struct member_form_in in;
	struct member_row m;
	enum rc rc;

	TRY(req_read(q, &in, e));
	TRY(member_get(&q->core, kind, in.id, &m, e));
	rc = kind == MEMBER_SECTION ? membership_remove(&q->core, in.id, in.version, e)
				    : enrolment_remove(&q->core, in.id, in.version, e);
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		return show(q, r, kind, in.id, NULL, &failed, &clash, e);
	}
	TRY(rc);
	return back(q, r, kind, m.person_id, PEOPLE_DONE_MEMBER_REMOVED, e);
}

enum rc page_membership(struct req *q, struct resp *r, struct error *e)
{
	return look(q, r, MEMBER_SECTION, e);
}

enum rc page_membership_send(struct req *q, struct resp *r, struct error *e)
{
	return send(q, r, MEMBER_SECTION, e);
}

enum rc page_membership_remove(struct req *q, struct resp *r, struct error *e)
{
	return take_out(q, r, MEMBER_SECTION, e);
}

enum rc page_enrolment(struct req *q, struct resp *r, struct error *e)
{
	return look(q, r, MEMBER_COURSE, e);
}

enum rc page_enrolment_send(struct req *q, struct resp *r, struct error *e)
{
	return send(q, r, MEMBER_COURSE, e);
}

enum rc page_enrolment_remove(struct req *q, struct resp *r, struct error *e)
{
	return take_out(q, r, MEMBER_COURSE, e);
}
