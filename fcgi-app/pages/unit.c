/*
 * A class or a course: new, changed, ended; and the students of a course.
 *
 * Every refusal shows the page again with what was typed, beside what is stored now.
 */
#include "core/people/unit.h"

#include "pages/roster_part.h"
#include "pages/units.h"
#include "view/tpl_pages_unit.h"

#define NAMES_MAX 65536

struct unit_page_in {
	int64_t id, version, branch, page, to, n, there;
	struct str code, name, done, show, q, find, verb;
	int32_t day;
	struct field_list section, person, pick;
};
#define TEXTS                                                                                      \
	FIELD(TEXT, unit_page_in, code, FORM, .max = 2000),                                        \
		FIELD(TEXT, unit_page_in, name, FORM, .max = 2000)
FIELDS(unit_add_fields, unit_page_in, FIELD(ID, unit_page_in, branch, FORM), TEXTS);
FIELDS(unit_fields, unit_page_in, FIELD(ID, unit_page_in, id, PATH),
       FIELD(TEXT, unit_page_in, done, QUERY), FIELD(TEXT, unit_page_in, show, QUERY),
       FIELD(TEXT, unit_page_in, q, QUERY, .max = 1000),
       FIELD(TEXT, unit_page_in, find, QUERY, .max = 1000),
       FIELD(INT, unit_page_in, page, QUERY, .min = 1, .max = 100000, .fallback = 1),
       FIELD(INT, unit_page_in, n, QUERY, .min = 0, .max = INT32_MAX),
       FIELD(INT, unit_page_in, there, QUERY, .min = 0, .max = INT32_MAX));
FIELDS(unit_save_fields, unit_page_in, FIELD(ID, unit_page_in, id, PATH),
       FIELD(INT, unit_page_in, version, FORM, .min = 0, .max = INT32_MAX), TEXTS,
       FIELD(LIST, unit_page_in, section, FORM), FIELD(LIST, unit_page_in, person, FORM));
FIELDS(unit_end_fields, unit_page_in, FIELD(ID, unit_page_in, id, PATH),
       FIELD(INT, unit_page_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(unit_people_fields, unit_page_in, FIELD(ID, unit_page_in, id, PATH),
       FIELD(TEXT, unit_page_in, verb, FORM), FIELD(TEXT, unit_page_in, show, FORM),
       FIELD(DAY, unit_page_in, day, FORM), FIELD(LIST, unit_page_in, pick, FORM));
FIELDS(unit_people_add_fields, unit_page_in, FIELD(ID, unit_page_in, id, PATH),
       FIELD(TEXT, unit_page_in, find, FORM, .max = 1000), FIELD(DAY, unit_page_in, day, FORM),
       FIELD(ID, unit_page_in, to, FORM), FIELD(LIST, unit_page_in, person, FORM));

static const struct form_field form_fields[] = {
	{ "code", "u-code", N_("Code") },         { "name", "u-name", N_("Name") },
	{ "branch", "u-branch", N_("Branch") },   { "sections", "u-section", N_("Sections") },
	{ "people", "u-person", N_("Teachers") },
};

static enum unit_kind kind_of(const struct req *q)
{
	return str_starts(str_from(q->route->pattern), STR("/admin/courses")) ? UNIT_COURSE
									      : UNIT_CLASS;
}

static struct str unit_path(struct arena *a, enum unit_kind kind, int64_t id)
{
	const char *base = kind == UNIT_COURSE ? "/admin/courses" : "/admin/classes";

	return id ? arena_printf(a, "%s/%lld", base, (long long)id) : str_from(base);
}

/* ---- the page ------------------------------------------------------------------------------ */

struct shown {
	struct view_unit v;
	struct unit_detail d;
	enum unit_kind kind;
	int64_t branch_id; /* as chosen for a new one */
	bool is_form;      /* the lists below are what was sent */
	const struct field_list *lists[UNIT_LINK__MAX];
	struct roster_look look;
	struct error failed, roster_failed;
};

static void shown_init(struct shown *s, enum unit_kind kind)
{
	*s = (struct shown){ .kind = kind, .d.u = { .ended_at = NO_TIME, .updated_at = NO_TIME } };
	error_init(&s->failed);
	error_init(&s->roster_failed);
}

static bool is_in(const struct field_list *list, int64_t id)
{
	char text[24];
	int64_t left = id;
	size_t at = sizeof text;

	do {
		text[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i], str_make(text + at, sizeof text - at)))
			return true;
	return false;
}

static enum rc fill_links(struct page *p, struct shown *s, enum unit_link link,
			  const struct view_unit_link **ret, size_t *ret_n, struct error *e)
{
	size_t n = s->d.n_links[link];
	struct view_unit_link *v = ARENA_ARRAY(p->arena, n, struct view_unit_link);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct unit_link_row *row = &s->d.links[link][i];

		v[i] = (struct view_unit_link){ row->id, row->name,
						!s->is_form || is_in(s->lists[link], row->id) };
	}
	*ret = v;
	*ret_n = n;
	return RC_OK;
}

static enum rc fill_choices(struct page *p, struct shown *s, struct error *e)
{
	struct view_unit *v = &s->v;
	struct org_query sections = { .kind = ORG_SECTION, .branch_id = v->u.branch_id };
	struct org_query people = { .kind = v->is_course ? ORG_TEACHER : ORG_STAFF,
				    .branch_id = v->u.branch_id };

	if (v->u.id == 0)
		return page_choose_branch(p, s->branch_id, &v->branches, e);
	TRY(fill_links(p, s, UNIT_SECTIONS, &v->sections, &v->n_sections, e));
	TRY(fill_links(p, s, UNIT_PEOPLE, &v->people, &v->n_people, e));
	TRY(page_choose(p, &sections, &v->more_sections, e));
	return page_choose(p, &people, &v->more_people, e);
}

/* "3/1, 3/2"; empty when there is none, or no memory. */
static struct str names_of(struct arena *a, const struct unit_detail *d, enum unit_link link)
{
	struct buf b;

	buf_init(&b, a, 64, NAMES_MAX);
	for (size_t i = 0; i < d->n_links[link]; i++) {
		if (i > 0)
			BUF_LIT(&b, ", ");
		buf_add(&b, d->links[link][i].name);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static void fill_errors(struct page *p, struct shown *s)
{
	struct view_unit *v = &s->v;
	const struct error *failed = &s->failed;
	struct view_changed_value *now = ARENA_ARRAY(p->arena, 4, struct view_changed_value);
	size_t n = 0;

	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->code_error = field_error(p->arena, p->lang, failed, "code", "u-code-e");
	v->name_error = field_error(p->arena, p->lang, failed, "name", "u-name-e");
	v->branch_error = field_error(p->arena, p->lang, failed, "branch", "u-branch-e");
	v->sections_error = field_error(p->arena, p->lang, failed, "sections", "u-section-e");
	v->people_error = field_error(p->arena, p->lang, failed, "people", "u-person-e");
	if (!now)
		return;
	now[n++] = (struct view_changed_value){ page_text(p, N_("Name")), v->u.name };
	if (v->is_course)
		now[n++] = (struct view_changed_value){ page_text(p, N_("Code")), v->u.code };
	now[n++] = (struct view_changed_value){ page_text(p, N_("Sections")),
						names_of(p->arena, &s->d, UNIT_SECTIONS) };
	now[n++] = (struct view_changed_value){ page_text(p, v->is_course ? N_("Teachers")
									  : N_("Staff")),
						names_of(p->arena, &s->d, UNIT_PEOPLE) };
	v->changed = org_changed(failed, v->u.updated_by, v->u.updated_at, now, n);
	if (v->changed.n_values)
		v->errors.text = (struct str){ 0 };
}

static enum rc fill_roster(struct page *p, struct shown *s, struct error *e)
{
	if (s->v.u.id == 0 || s->kind != UNIT_COURSE)
		return RC_OK;
	s->look.kind = MEMBER_COURSE;
	s->look.group_id = s->v.u.id;
	s->look.branch_id = s->v.u.branch_id;
	s->look.zone = s->v.u.zone;
	s->look.path = s->v.path;
	return roster_view_fill(p, &s->look, &s->roster_failed, &s->v.roster, e);
}

static enum rc show(struct req *q, struct resp *r, struct shown *s, struct error *e)
{
	bool is_course = s->kind == UNIT_COURSE;
	struct str title = req_text(q, is_course ? N_("Add a course") : N_("Add a class"));
	struct view_unit *v = &s->v;
	struct tpl t = req_tpl(q, r);
	struct page p;

	v->u = s->d.u;
	v->is_course = is_course;
	TRY(org_page_init(&p, q, v->u.id ? v->u.name : title,
			  is_course ? AREA_COURSES : AREA_GROUPS, true, e));
	v->page = &p.view;
	v->path = p.view.here = unit_path(p.arena, s->kind, v->u.id);
	fill_errors(&p, s);
	v->end = (struct view_org_end){
		.path = v->path,
		.what = page_text(
			&p, is_course ? N_("It can end when no schedule and no session to come "
					   "needs it. Enrolments stay as they are.")
				      : N_("It can end when no schedule and no session to come "
					   "needs it.")),
		.revision = v->u.revision,
		.is_ended = v->u.ended_at != NO_TIME,
		.may_delete = v->u.n_live == 0,
	};
	TRY(fill_choices(&p, s, e));
	TRY(fill_roster(&p, s, e));
	org_set_status(r, s->failed.rc != RC_OK ? &s->failed : &s->roster_failed);
	tpl_pages_unit(&t, v);
	return RC_OK;
}

static enum rc load(struct req *q, int64_t id, struct shown *s, struct error *e)
{
	TRY(unit_get(&q->core, s->kind, id, &s->d, e));
	s->v.code = s->d.u.code;
	s->v.name = s->d.u.name;
	return RC_OK;
}

enum rc page_unit(struct req *q, struct resp *r, struct error *e)
{
	struct unit_page_in in;
	struct shown s;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	shown_init(&s, kind_of(q));
	TRY(load(q, in.id, &s, e));
	s.look.show = in.show;
	s.look.q = in.q;
	s.look.find = in.find;
	s.look.page = in.page;
	s.v.flash = (struct view_org_flash){ .kind = org_done_from(in.done),
					     .name = s.d.u.name,
					     .n = in.n,
					     .n_there = in.there,
					     .revision = s.d.u.revision };
	if (s.d.u.ended_at != NO_TIME)
		s.v.flash.undo = arena_printf(q->core.arena, "%.*s/restore",
					      STR_ARG(unit_path(q->core.arena, s.kind, in.id)));
	return show(q, r, &s, e);
}

enum rc page_unit_new(struct req *q, struct resp *r, struct error *e)
{
	struct shown s;
	int64_t bound;

	TRY(org_scope(&q->core, &bound, e));
	shown_init(&s, kind_of(q));
	return show(q, r, &s, e);
}

/* ---- changing ------------------------------------------------------------------------------ */

static enum rc show_again(struct req *q, struct resp *r, const struct unit_page_in *in,
			  bool is_form, struct error *e)
{
	struct shown s;

	shown_init(&s, kind_of(q));
	s.failed = org_keep(e);
	if (in->id)
		TRY(load(q, in->id, &s, e));
	if (is_form) {
		s.v.code = req_raw(q, "code");
		s.v.name = req_raw(q, "name");
		s.branch_id = in->branch;
		s.is_form = in->id > 0;
		s.lists[UNIT_SECTIONS] = &in->section;
		s.lists[UNIT_PEOPLE] = &in->person;
	}
	return show(q, r, &s, e);
}

/* Ids of a list; what is none is a fault of the field. */
static enum rc ids_of(struct req *q, const struct field_list *list, const char *field,
		      const int64_t **ret, size_t *ret_n, struct error *e)
{
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = roster_people(q->core.arena, list, ret, ret_n, &mine);
	return rc == RC_INVALID ? ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0) : rc;
}

static enum rc save(struct req *q, struct resp *r, struct error *e)
{
	struct unit_page_in in;
	struct unit_in unit;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	unit = (struct unit_in){ .kind = kind_of(q),
				 .id = in.id,
				 .revision = in.version,
				 .branch_id = in.branch,
				 .code = in.code,
				 .name = in.name };
	if (rc == RC_OK)
		rc = ids_of(q, &in.section, "sections", &unit.links[UNIT_SECTIONS],
			    &unit.n_links[UNIT_SECTIONS], e);
	if (rc == RC_OK)
		rc = ids_of(q, &in.person, "people", &unit.links[UNIT_PEOPLE],
			    &unit.n_links[UNIT_PEOPLE], e);
	if (rc == RC_OK)
		rc = unit_save(&q->core, &unit, &id, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, true, e);
	TRY(rc);
	return org_redirect(r, unit_path(q->core.arena, unit.kind, id),
			    in.id ? ORG_DONE_SAVED : ORG_DONE_ADDED, q->core.arena, e);
}

enum rc page_unit_add(struct req *q, struct resp *r, struct error *e)
{
	return save(q, r, e);
}

enum rc page_unit_save(struct req *q, struct resp *r, struct error *e)
{
	return save(q, r, e);
}

typedef enum rc unit_act(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
			 struct error *e);

static enum rc act(struct req *q, struct resp *r, unit_act *fn, enum org_done done, struct error *e)
{
	enum unit_kind kind = kind_of(q);
	struct unit_page_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = fn(&q->core, kind, in.id, in.version, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, false, e);
	TRY(rc);
	return org_redirect(r, unit_path(q->core.arena, kind, done == ORG_DONE_DELETED ? 0 : in.id),
			    done, q->core.arena, e);
}

enum rc page_unit_end(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, unit_end, ORG_DONE_ENDED, e);
}

enum rc page_unit_restore(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, unit_restore, ORG_DONE_RESTORED, e);
}

enum rc page_unit_delete(struct req *q, struct resp *r, struct error *e)
{
	return act(q, r, unit_remove, ORG_DONE_DELETED, e);
}

/* ---- the students of a course -------------------------------------------------------------- */

static enum rc show_people_again(struct req *q, struct resp *r, const struct unit_page_in *in,
				 enum roster_form form, const struct roster_fault *fault,
				 struct error *e)
{
	struct shown s;

	shown_init(&s, UNIT_COURSE);
	s.roster_failed = org_keep(e);
	TRY(load(q, in->id, &s, e));
	s.look.show = in->show;
	s.look.find = in->find;
	s.look.picked = form == ROSTER_FORM_ADD ? in->person : in->pick;
	s.look.day = req_raw(q, "day");
	s.look.to_id = in->to;
	s.look.form = form;
	s.look.fault = *fault;
	return show(q, r, &s, e);
}

static enum rc saved(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	return org_redirect(r, unit_path(q->core.arena, UNIT_COURSE, id), ORG_DONE_SAVED,
			    q->core.arena, e);
}

enum rc page_course_people(struct req *q, struct resp *r, struct error *e)
{
	struct roster_fault fault = { 0 };
	struct roster_in change;
	struct unit_page_in in;
	enum rc rc = req_read(q, &in, e);

	change = (struct roster_in){ .kind = MEMBER_COURSE, .group_id = in.id, .day = in.day };
	if (rc == RC_OK && (!roster_verb_from(in.verb, &change.verb) || change.verb == ROSTER_MOVE))
		rc = ERROR_FIELD(e, "people", REASON_NOT_A_CHOICE, 0);
	if (rc == RC_OK)
		rc = roster_picks(q->core.arena, &in.pick, &change.picks, &change.n, e);
	if (rc == RC_OK)
		rc = roster_change(&q->core, &change, &fault, e);
	if (page_is_form_error(rc))
		return show_people_again(q, r, &in, ROSTER_FORM_CHANGE, &fault, e);
	TRY(rc);
	return saved(q, r, in.id, e);
}

enum rc page_course_people_add(struct req *q, struct resp *r, struct error *e)
{
	struct roster_fault fault = { 0 };
	struct unit_page_in in;
	const int64_t *people;
	size_t n;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = roster_people(q->core.arena, &in.person, &people, &n, e);
	if (rc == RC_OK)
		rc = roster_add(&q->core, MEMBER_COURSE, in.id, people, n, in.day, &fault, e);
	if (page_is_form_error(rc))
		return show_people_again(q, r, &in, ROSTER_FORM_ADD, &fault, e);
	TRY(rc);
	return saved(q, r, in.id, e);
}

enum rc page_course_section(struct req *q, struct resp *r, struct error *e)
{
	struct roster_fault none = { 0 };
	struct unit_page_in in;
	int64_t n_added = 0, n_there = 0;
	struct str path;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = roster_add_section(&q->core, in.id, in.to, in.day, &n_added, &n_there, e);
	if (page_is_form_error(rc))
		return show_people_again(q, r, &in, ROSTER_FORM_WHOLE, &none, e);
	TRY(rc);
	path = arena_printf(q->core.arena, "/admin/courses/%lld?done=enrolled&n=%lld&there=%lld",
			    (long long)in.id, (long long)n_added, (long long)n_there);
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}
