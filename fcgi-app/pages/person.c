/*
 * One person: facts, account, groups, courses, what was taught, what happened.
 *
 * The forms that add a membership or an enrolment stand on this page; refused, the page comes
 * again with what was typed.  Ending, restoring and removing answer here, too.
 */
#include "core/people/membership.h"
#include "core/wall.h"
#include "pages/audit_words.h"
#include "pages/choose.h"
#include "pages/people.h"
#include "pages/people_part.h"
#include "view/tpl_pages_person.h"

#define TRAIL_MAX 30

struct person_page_in {
	int64_t id, version, group;
	int32_t from, to;
	struct str done;
};
FIELDS(person_fields, person_page_in, FIELD(ID, person_page_in, id, PATH),
       FIELD(TEXT, person_page_in, done, QUERY));
FIELDS(person_change_fields, person_page_in, FIELD(ID, person_page_in, id, PATH),
       FIELD(INT, person_page_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(person_member_fields, person_page_in, FIELD(ID, person_page_in, id, PATH),
       FIELD(ID, person_page_in, group, FORM, .required = true),
       FIELD(DAY, person_page_in, from, FORM), FIELD(DAY, person_page_in, to, FORM));

/* What a form of this page was refused with; kind MEMBER__MAX: of the person itself. */
struct refused {
	enum member_kind kind;
	struct error error;
	struct member_clash clash;
	const struct person_page_in *typed;
};

/* ---- groups and courses -------------------------------------------------------------------- */

static const char *state_label(struct str state)
{
	enum enrolment_state s;
	static const char *const labels[ENROLMENT__MAX] = { N_("Pending"), N_("Approved"),
							    N_("Rejected"), N_("Ended") };

	return enrolment_state_from(state, &s) ? labels[s] : "";
}

static enum rc fill_members(struct page *p, enum member_kind kind, int64_t person_id,
			    const struct view_member **ret, size_t *ret_n, struct error *e)
{
	const struct member_row *rows;
	struct view_member *v;
	size_t n;

	TRY(member_of_person(p->core, kind, person_id, &rows, &n, e));
	v = ARENA_ARRAY(p->arena, n, struct view_member);
	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const int32_t today = core_wall(p->core, rows[i].zone, p->core->now_us).day;
		const bool is_over = rows[i].to_date != NO_DAY && rows[i].to_date < today;

		v[i] = (struct view_member){ .m = &rows[i],
					     .is_ahead = rows[i].from_date > today,
					     .is_now = rows[i].from_date <= today && !is_over };
		if (kind == MEMBER_COURSE)
			v[i].state = page_text(p, state_label(rows[i].state));
	}
	*ret = v;
	*ret_n = n;
	return RC_OK;
}

static const struct form_field group_fields[] = {
	{ "group", "g-group", N_("Group") },
	{ "from", "g-from", N_("From") },
	{ "to", "g-to", N_("To") },
	{ "person", "g-group", N_("Person") },
};
static const struct form_field course_fields[] = {
	{ "group", "k-group", N_("Course") },
	{ "from", "k-from", N_("From") },
	{ "to", "k-to", N_("To") },
	{ "person", "k-group", N_("Person") },
};

static enum rc fill_add(struct page *p, struct req *q, const struct person_row *row,
			enum member_kind kind, const struct refused *refused,
			struct view_member_add *v, struct error *e)
{
	const bool is_course = kind == MEMBER_COURSE;
	const struct error *failed = &refused->error;
	struct org_query options = { .kind = is_course ? ORG_COURSE : ORG_SECTION,
				     .branch_id = row->branch_id };

	v->is_course = is_course;
	v->prefix = is_course ? STR("k") : STR("g");
	v->action = arena_printf(p->arena, "/admin/people/%lld/%s", (long long)row->id,
				 is_course ? "courses" : "groups");
	v->from = people_day(p->arena, core_wall(p->core, row->zone, p->core->now_us).day);
	if (refused->kind == kind) {
		v->from = req_raw(q, "from");
		v->to = req_raw(q, "to");
		options.with_id = refused->typed->group;
		v->clash = refused->clash;
		v->errors = form_errors(p->arena, p->lang, failed,
					is_course ? course_fields : group_fields,
					ARRAY_LEN(group_fields));
		v->group_error = field_error(p->arena, p->lang, failed, "group",
					     is_course ? "k-group-e" : "g-group-e");
		v->from_error = field_error(p->arena, p->lang, failed, "from",
					    is_course ? "k-from-e" : "g-from-e");
		v->to_error = field_error(p->arena, p->lang, failed, "to",
					  is_course ? "k-to-e" : "g-to-e");
	}
	return page_choose(p, &options, &v->groups, e);
}

/* ---- the trail ------------------------------------------------------------------------------ */

static enum rc fill_trail(struct page *p, const struct person_detail *d, struct view_person *v,
			  struct error *e)
{
	const struct person_trail_row *rows;
	struct view_person_trail *lines;
	size_t n;

	TRY(person_audit(p->core, d, TRAIL_MAX, &rows, &n, e));
	lines = ARENA_ARRAY(p->arena, n, struct view_person_trail);
	if (!lines)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct wall at = core_wall(p->core, (struct str){ 0 }, rows[i].at);

		lines[i] = (struct view_person_trail){ at.day, at.tod,
						       audit_sentence(p, rows[i].action),
						       rows[i].actor_name };
	}
	v->trail = lines;
	v->n_trail = n;
	return RC_OK;
}

/* ---- the page ------------------------------------------------------------------------------- */

static enum rc fill_account(struct page *p, const struct person_detail *d, struct view_person *v,
			    struct error *e)
{
	struct wall seen;

	v->seen_day = NO_DAY;
	if (d->row.account_id == COLUMN_NULL)
		return RC_OK;
	TRY(person_account_get(p->core, d->row.account_id, &v->account, e));
	seen = core_wall(p->core, (struct str){ 0 }, v->account.row.seen_at);
	v->has_account = true;
	v->role = people_role(p, v->account.row.role);
	v->seen_day = seen.day;
	v->seen_tod = seen.tod;
	return RC_OK;
}

/* Of what is asked of the person itself, and of forms that an ended one does not have. */
static const struct form_field page_fields[] = {
	{ "student_code", "main", N_("Student code") },
	{ "teacher_code", "main", N_("Teacher code") },
	{ "person", "main", N_("Person") },
};

static enum rc show(struct req *q, struct resp *r, int64_t id, enum people_done done,
		    const struct refused *refused, struct error *e)
{
	struct view_person v = { .flash.done = done };
	struct tpl t = req_tpl(q, r);
	struct person_detail d;
	struct page p;

	TRY(person_get(&q->core, id, &d, e));
	v.name = people_name(q->core.arena, d.row.given_name, d.row.family_name,
			     req_text(q, N_("Without a name")));
	TRY(people_page_init(&p, q, v.name, true, e));
	v.page = &p.view;
	v.d = &d;
	v.ended_day = core_wall(&q->core, d.row.zone, d.row.ended_at).day;
	if (done == PEOPLE_DONE_ENDED && d.may_change && d.row.ended_at != NO_TIME) {
		v.flash.undo = arena_printf(p.arena, "/admin/people/%lld/restore", (long long)id);
		v.flash.revision = d.row.revision;
	}
	if (refused->kind == MEMBER__MAX || d.row.ended_at != NO_TIME)
		v.errors = form_errors(p.arena, p.lang, &refused->error, page_fields,
				       ARRAY_LEN(page_fields));
	TRY(fill_account(&p, &d, &v, e));
	TRY(fill_members(&p, MEMBER_SECTION, id, &v.groups, &v.n_groups, e));
	TRY(fill_members(&p, MEMBER_COURSE, id, &v.courses, &v.n_courses, e));
	TRY(fill_add(&p, q, &d.row, MEMBER_SECTION, refused, &v.add_group, e));
	TRY(fill_add(&p, q, &d.row, MEMBER_COURSE, refused, &v.add_course, e));
	TRY(fill_trail(&p, &d, &v, e));
	people_status(r, &refused->error);
	tpl_pages_person(&t, &v);
	return RC_OK;
}

enum rc page_person(struct req *q, struct resp *r, struct error *e)
{
	struct refused none = { .kind = MEMBER__MAX };
	struct person_page_in in;

	error_init(&none.error);
	TRY(req_read(q, &in, e));
	return show(q, r, in.id, people_done_from(in.done), &none, e);
}

/* ---- end, restore, remove -------------------------------------------------------------------- */

static enum rc change(struct req *q, struct resp *r,
		      enum rc (*act)(struct core *, int64_t, int64_t, struct error *),
		      enum people_done done, struct error *e)
{
	struct refused refused = { .kind = MEMBER__MAX };
	struct person_page_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = act(&q->core, in.id, in.version, e);
	if (page_is_form_error(rc)) {
		refused.error = people_keep(e);
		return show(q, r, in.id, PEOPLE_DONE_NONE, &refused, e);
	}
	TRY(rc);
	return people_redirect(q, r,
			       done == PEOPLE_DONE_REMOVED ? STR("/admin/people")
							   : people_path(q->core.arena, in.id),
			       done, NULL, e);
}

enum rc page_person_end(struct req *q, struct resp *r, struct error *e)
{
	return change(q, r, person_end, PEOPLE_DONE_ENDED, e);
}

enum rc page_person_restore(struct req *q, struct resp *r, struct error *e)
{
	return change(q, r, person_restore, PEOPLE_DONE_RESTORED, e);
}

enum rc page_person_remove(struct req *q, struct resp *r, struct error *e)
{
	return change(q, r, person_remove, PEOPLE_DONE_REMOVED, e);
}

/* ---- into a group, into a course ---------------------------------------------------------------
 */

static enum rc add(struct req *q, struct resp *r, enum member_kind kind, struct error *e)
{
	struct refused refused = { .kind = kind };
	struct person_page_in in;
	struct member_in member;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		member = (struct member_in){ in.id, in.group, { in.from, in.to } };
		rc = kind == MEMBER_SECTION
			     ? membership_add(&q->core, &member, &refused.clash, &id, e)
			     : enrolment_add(&q->core, &member, ENROLMENT_APPROVED, &refused.clash,
					     &id, e);
	}
	if (page_is_form_error(rc)) {
		refused.error = people_keep(e);
		refused.typed = &in;
		return show(q, r, in.id, PEOPLE_DONE_NONE, &refused, e);
	}
	TRY(rc);
	return people_redirect(q, r, people_path(q->core.arena, in.id),
			       kind == MEMBER_SECTION ? PEOPLE_DONE_GROUP : PEOPLE_DONE_COURSE,
			       kind == MEMBER_SECTION ? "groups" : "courses", e);
}

enum rc page_person_group_add(struct req *q, struct resp *r, struct error *e)
{
	return add(q, r, MEMBER_SECTION, e);
}

enum rc page_person_course_add(struct req *q, struct resp *r, struct error *e)
{
	return add(q, r, MEMBER_COURSE, e);
}
