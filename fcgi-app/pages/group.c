/*
 * A department, batch or section: new, changed, ended; and the people of a section.
 *
 * Every refusal shows the page again with what was typed, beside what is stored now.
 */
#include "core/people/group.h"
#include "pages/groups.h"
#include "pages/roster_part.h"
#include "view/tpl_pages_group.h"

static const char *const kind_words[] = { "departments", "batches", "sections", NULL };

struct group_page_in {
	enum group_kind kind;
	int64_t id, version, parent, in, page, to;
	struct str name, done, show, q, find, verb;
	int32_t day;
	struct field_list pick, person;
};
FIELDS(group_new_fields, group_page_in,
       FIELD(CHOICE, group_page_in, kind, QUERY, .required = true, .words = kind_words),
       FIELD(ID, group_page_in, in, QUERY));
FIELDS(group_add_fields, group_page_in,
       FIELD(CHOICE, group_page_in, kind, FORM, .required = true, .words = kind_words),
       FIELD(ID, group_page_in, parent, FORM), FIELD(TEXT, group_page_in, name, FORM, .max = 2000));
FIELDS(group_fields, group_page_in, FIELD(CHOICE, group_page_in, kind, PATH, .words = kind_words),
       FIELD(ID, group_page_in, id, PATH), FIELD(TEXT, group_page_in, done, QUERY),
       FIELD(TEXT, group_page_in, show, QUERY), FIELD(TEXT, group_page_in, q, QUERY, .max = 1000),
       FIELD(TEXT, group_page_in, find, QUERY, .max = 1000),
       FIELD(INT, group_page_in, page, QUERY, .min = 1, .max = 100000, .fallback = 1));
FIELDS(group_save_fields, group_page_in,
       FIELD(CHOICE, group_page_in, kind, PATH, .words = kind_words),
       FIELD(ID, group_page_in, id, PATH),
       FIELD(INT, group_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(ID, group_page_in, parent, FORM), FIELD(TEXT, group_page_in, name, FORM, .max = 2000));
FIELDS(group_end_fields, group_page_in,
       FIELD(CHOICE, group_page_in, kind, PATH, .words = kind_words),
       FIELD(ID, group_page_in, id, PATH),
       FIELD(INT, group_page_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(group_people_fields, group_page_in, FIELD(ID, group_page_in, id, PATH),
       FIELD(TEXT, group_page_in, verb, FORM), FIELD(TEXT, group_page_in, show, FORM),
       FIELD(DAY, group_page_in, day, FORM), FIELD(ID, group_page_in, to, FORM),
       FIELD(LIST, group_page_in, pick, FORM));
FIELDS(group_people_add_fields, group_page_in, FIELD(ID, group_page_in, id, PATH),
       FIELD(TEXT, group_page_in, find, FORM, .max = 1000), FIELD(DAY, group_page_in, day, FORM),
       FIELD(LIST, group_page_in, person, FORM));

static const struct form_field form_fields[] = {
	{ "name", "g-name", N_("Name") },
	{ "parent", "g-parent", N_("Belongs to") },
};

static struct str group_path(struct arena *a, enum group_kind kind, int64_t id)
{
	return arena_printf(a, "/admin/groups/%s/%lld", kind_words[kind], (long long)id);
}

/* ---- the page ------------------------------------------------------------------------------ */

/* What is shown: the group, what was typed into its form, and what its people's forms were. */
struct shown {
	struct view_group v;
	int64_t parent_id; /* as typed */
	struct roster_look look;
	struct error failed, roster_failed;
};

static void shown_init(struct shown *s)
{
	*s = (struct shown){ .v.g = { .ended_at = NO_TIME, .updated_at = NO_TIME } };
	error_init(&s->failed);
	error_init(&s->roster_failed);
}

static const char *end_text(enum group_kind kind)
{
	switch (kind) {
	case GROUP_DEPARTMENT:
		return N_("A department ends when all its batches have ended.");
	case GROUP_BATCH:
		return N_("A batch ends when all its sections have ended.");
	case GROUP_SECTION:
	case GROUP__MAX:
		break;
	}
	return N_("A section ends when nobody is in it any more, and no class or course uses it.");
}

static enum rc fill_parents(struct page *p, struct shown *s, struct error *e)
{
	static const enum org_kind kinds[GROUP__MAX] = { ORG_BRANCH, ORG_DEPARTMENT, ORG_BATCH };
	struct view_group *v = &s->v;
	struct org_query q = { .kind = kinds[v->kind], .with_id = s->parent_id };

	if (v->kind == GROUP_DEPARTMENT)
		return v->g.id ? RC_OK : page_choose_branch(p, s->parent_id, &v->parents, e);
	q.branch_id = v->g.branch_id;
	return page_choose(p, &q, &v->parents, e);
}

static enum rc fill_roster(struct page *p, struct shown *s, struct error *e)
{
	struct view_group *v = &s->v;

	if (v->g.id == 0 || v->kind != GROUP_SECTION)
		return RC_OK;
	s->look.kind = MEMBER_SECTION;
	s->look.group_id = v->g.id;
	s->look.branch_id = v->g.branch_id;
	s->look.zone = v->g.zone;
	s->look.path = group_path(p->arena, GROUP_SECTION, v->g.id);
	return roster_view_fill(p, &s->look, &s->roster_failed, &v->roster, e);
}

static const char *new_title(enum group_kind kind)
{
	return kind == GROUP_DEPARTMENT ? N_("Add a department")
	       : kind == GROUP_BATCH    ? N_("Add a batch")
					: N_("Add a section");
}

static enum rc show(struct req *q, struct resp *r, struct shown *s, struct error *e)
{
	struct view_changed_value now[2];
	struct view_group *v = &s->v;
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(org_page_init(&p, q, v->g.id ? v->g.name : req_text(q, new_title(v->kind)), AREA_GROUPS,
			  true, e));
	p.view.here = v->g.id ? group_path(p.arena, v->kind, v->g.id) : STR("/admin/groups");
	v->page = &p.view;
	v->errors = form_errors(p.arena, p.lang, &s->failed, form_fields, ARRAY_LEN(form_fields));
	v->name_error = field_error(p.arena, p.lang, &s->failed, "name", "g-name-e");
	v->parent_error = field_error(p.arena, p.lang, &s->failed, "parent", "g-parent-e");
	now[0] = (struct view_changed_value){ page_text(&p, N_("Name")), v->g.name };
	now[1] = (struct view_changed_value){ page_text(&p, N_("Belongs to")), v->g.parent_name };
	v->changed = org_changed(&s->failed, v->g.updated_by, v->g.updated_at, now, ARRAY_LEN(now));
	if (v->changed.n_values)
		v->errors.text = (struct str){ 0 };
	v->end = (struct view_org_end){ .path = p.view.here,
					.what = page_text(&p, end_text(v->kind)),
					.revision = v->g.revision,
					.is_ended = v->g.ended_at != NO_TIME,
					.may_delete = v->g.n_parts == 0 && v->g.n_uses == 0 };
	TRY(fill_parents(&p, s, e));
	TRY(fill_roster(&p, s, e));
	org_set_status(r, s->failed.rc != RC_OK ? &s->failed : &s->roster_failed);
	tpl_pages_group(&t, v);
	return RC_OK;
}

/* Reads what is stored, also as what is typed. */
static enum rc load(struct req *q, enum group_kind kind, int64_t id, struct shown *s,
		    struct error *e)
{
	TRY(group_get(&q->core, kind, id, &s->v.g, e));
	s->v.kind = kind;
	s->v.name = s->v.g.name;
	s->parent_id = s->v.g.parent_id;
	return RC_OK;
}

enum rc page_group(struct req *q, struct resp *r, struct error *e)
{
	struct group_page_in in;
	struct shown s;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	shown_init(&s);
	TRY(load(q, in.kind, in.id, &s, e));
	s.look.show = in.show;
	s.look.q = in.q;
	s.look.find = in.find;
	s.look.page = in.page;
	s.v.flash = (struct view_org_flash){ .kind = org_done_from(in.done),
					     .name = s.v.g.name,
					     .revision = s.v.g.revision };
	if (s.v.g.ended_at != NO_TIME)
		s.v.flash.undo = arena_printf(q->core.arena, "/admin/groups/%s/%lld/restore",
					      kind_words[in.kind], (long long)in.id);
	return show(q, r, &s, e);
}

/* ---- a new one ----------------------------------------------------------------------------- */

enum rc page_group_new(struct req *q, struct resp *r, struct error *e)
{
	struct group_page_in in;
	int64_t bound;
	struct shown s;

	TRY(org_scope(&q->core, &bound, e));
	if (req_read(q, &in, e) != RC_OK)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "a group of no kind");
	shown_init(&s);
	s.v.kind = in.kind;
	s.parent_id = in.in;
	return show(q, r, &s, e);
}

enum rc page_group_add(struct req *q, struct resp *r, struct error *e)
{
	struct group_page_in in;
	int64_t id = 0, bound;
	struct shown s;
	enum rc rc;

	TRY(org_scope(&q->core, &bound, e));
	rc = req_read(q, &in, e);
	if (rc == RC_OK)
		rc = group_save(&q->core, &(struct group_in){ in.kind, 0, 0, in.parent, in.name },
				&id, e);
	if (page_is_form_error(rc)) {
		shown_init(&s);
		s.failed = org_keep(e);
		s.v.kind = in.kind;
		s.v.name = req_raw(q, "name");
		s.parent_id = in.parent;
		return show(q, r, &s, e);
	}
	TRY(rc);
	return org_redirect(r, group_path(q->core.arena, in.kind, id), ORG_DONE_ADDED,
			    q->core.arena, e);
}

/* ---- changing ------------------------------------------------------------------------------ */

enum rc page_group_save(struct req *q, struct resp *r, struct error *e)
{
	struct group_page_in in;
	struct shown s;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = group_save(&q->core,
				&(struct group_in){ in.kind, in.id, in.version, in.parent,
						    in.name },
				&id, e);
	if (page_is_form_error(rc)) {
		shown_init(&s);
		s.failed = org_keep(e);
		TRY(load(q, in.kind, in.id, &s, e));
		s.v.name = req_raw(q, "name");
		if (in.parent)
			s.parent_id = in.parent;
		return show(q, r, &s, e);
	}
	TRY(rc);
	return org_redirect(r, group_path(q->core.arena, in.kind, in.id), ORG_DONE_SAVED,
			    q->core.arena, e);
}

typedef enum rc group_act(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
			  struct error *e);

static enum rc act(struct req *q, struct resp *r, group_act *fn, enum org_done done,
		   struct error *e)
{
	struct group_page_in in;
	struct shown s;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = fn(&q->core, in.kind, in.id, in.version, e);
	if (page_is_form_error(rc)) {
		shown_init(&s);
		s.failed = org_keep(e);
		TRY(load(q, in.kind, in.id, &s, e));
		return show(q, r, &s, e);
	}
	TRY(rc);
	return org_redirect(r,
			    done == ORG_DONE_DELETED ? STR("/admin/groups")
						     : group_path(q->core.arena, in.kind, in.id),
			    done, q->core.arena, e);
}

enum rc page_group_end(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, group_end, ORG_DONE_ENDED, e);
}

enum rc page_group_restore(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, group_restore, ORG_DONE_RESTORED, e);
}

enum rc page_group_delete(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, group_remove, ORG_DONE_DELETED, e);
}

/* ---- the people of a section --------------------------------------------------------------- */

static enum rc show_people_again(struct req *q, struct resp *r, const struct group_page_in *in,
				 enum roster_form form, const struct roster_fault *fault,
				 struct error *e)
{
	struct shown s;

	shown_init(&s);
	s.roster_failed = org_keep(e);
	TRY(load(q, GROUP_SECTION, in->id, &s, e));
	s.look.show = in->show;
	s.look.find = in->find;
	s.look.picked = form == ROSTER_FORM_ADD ? in->person : in->pick;
	s.look.day = req_raw(q, "day");
	s.look.to_id = in->to;
	s.look.form = form;
	s.look.fault = *fault;
	return show(q, r, &s, e);
}

enum rc page_group_people(struct req *q, struct resp *r, struct error *e)
{
	struct roster_fault fault = { 0 };
	struct roster_in change;
	struct group_page_in in;
	enum rc rc = req_read(q, &in, e);

	change = (struct roster_in){
		.kind = MEMBER_SECTION, .group_id = in.id, .day = in.day, .to_id = in.to
	};
	if (rc == RC_OK && (!roster_verb_from(in.verb, &change.verb) ||
			    change.verb == ROSTER_APPROVE || change.verb == ROSTER_REJECT))
		rc = ERROR_FIELD(e, "people", REASON_NOT_A_CHOICE, 0);
	if (rc == RC_OK)
		rc = roster_picks(q->core.arena, &in.pick, &change.picks, &change.n, e);
	if (rc == RC_OK)
		rc = roster_change(&q->core, &change, &fault, e);
	if (page_is_form_error(rc))
		return show_people_again(q, r, &in, ROSTER_FORM_CHANGE, &fault, e);
	TRY(rc);
	return org_redirect(r, group_path(q->core.arena, GROUP_SECTION, in.id), ORG_DONE_SAVED,
			    q->core.arena, e);
}

enum rc page_group_people_add(struct req *q, struct resp *r, struct error *e)
{
	struct roster_fault fault = { 0 };
	struct group_page_in in;
	const int64_t *people;
	size_t n;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = roster_people(q->core.arena, &in.person, &people, &n, e);
	if (rc == RC_OK)
		rc = roster_add(&q->core, MEMBER_SECTION, in.id, people, n, in.day, &fault, e);
	if (page_is_form_error(rc))
		return show_people_again(q, r, &in, ROSTER_FORM_ADD, &fault, e);
	TRY(rc);
	return org_redirect(r, group_path(q->core.arena, GROUP_SECTION, in.id), ORG_DONE_SAVED,
			    q->core.arena, e);
}
