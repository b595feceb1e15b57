/*
 * /api/courses and /api/enrolments (contracts 4.2; DESIGN 4).
 */
#include "api/c003/c003.h"
#include "api/c003/words.h"
#include "base/num.h"
#include "core/people/membership.h"
#include "core/people/unit.h"
#include "core/wall.h"

struct course_body {
	struct str name, code, teacher_id;
	struct field_list section_ids;
};
FIELDS(c003_course_fields, course_body,
       FIELD(TEXT, course_body, name, FORM, .required = true, .max = COURSE_NAME_MAX),
       FIELD(TEXT, course_body, code, FORM, .required = true, .max = UNIT_CODE_MAX),
       FIELD(TEXT, course_body, teacher_id, FORM, .required = true, .max = 40),
       FIELD(LIST, course_body, section_ids, FORM));

/* ---- courses -------------------------------------------------------------------------------- */

static enum rc show(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_course c;
	struct json_out o;

	TRY(look_course(&q->core, id, &c, e));
	o = resp_json(r);
	c003_write_course(&o, &c);
	return RC_OK;
}

enum rc c003_courses(struct req *q, struct resp *r, struct error *e)
{
	const struct directory_course *rows;
	struct json_out o;
	size_t n;

	TRY(look_courses(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c003_write_course(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_course(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show(q, r, id, e);
}

/* Somebody who teaches, by uuid or number. */
static enum rc teacher_of(struct req *q, struct str text, struct directory_user *ret,
			  struct error *e)
{
	enum role role;

	TRY(c003_pk(look_user(&q->core, text, ret, e), "teacher_id", e));
	role = role_from(ret->role);
	if (role == ROLE_STUDENT || role == ROLE_DEVICE)
		return ERROR_FIELD(e, "teacher_id", REASON_NOT_A_CHOICE, 0);
	return RC_OK;
}

static enum rc ids_of(struct req *q, const struct field_list *list, const int64_t **ret,
		      size_t *ret_n, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(q->core.arena, list->n, int64_t);

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n; i++)
		if (!num_i64(list->v[i], 1, INT64_MAX, &ids[i]))
			return ERROR_FIELD(e, "section_ids", REASON_NOT_A_NUMBER, 0);
	*ret = ids;
	*ret_n = list->n;
	return RC_OK;
}

static enum rc save(struct req *q, struct unit_in *in, int64_t *ret_id, struct error *e)
{
	return c003_renamed(c003_renamed(unit_save(&q->core, in, ret_id, e), "people", "teacher_id",
					 e),
			    "sections", "section_ids", e);
}

enum rc c003_course_create(struct req *q, struct resp *r, struct error *e)
{
	struct unit_in in = { .kind = UNIT_COURSE };
	struct directory_user teacher;
	struct course_body body;
	int64_t id;

	TRY(c003_read(q, &c003_course_fields, &body, e));
	TRY(teacher_of(q, body.teacher_id, &teacher, e));
	in.branch_id = teacher.branch_id;
	in.code = body.code;
	in.name = body.name;
	in.links[UNIT_PEOPLE] = &teacher.person_id;
	in.n_links[UNIT_PEOPLE] = 1;
	TRY(ids_of(q, &body.section_ids, &in.links[UNIT_SECTIONS], &in.n_links[UNIT_SECTIONS], e));
	TRY(save(q, &in, &id, e));
	r->status = 201;
	return show(q, r, id, e);
}

/* The links that stand, as they are. */
static enum rc keep_links(struct req *q, const struct unit_detail *d, struct unit_in *in,
			  struct error *e)
{
	for (int l = 0; l < UNIT_LINK__MAX; l++) {
		int64_t *ids = ARENA_ARRAY(q->core.arena, d->n_links[l], int64_t);

		if (!ids)
			return ERROR_MEMORY(e);
		for (size_t i = 0; i < d->n_links[l]; i++)
			ids[i] = d->links[l][i].id;
		in->links[l] = ids;
		in->n_links[l] = d->n_links[l];
	}
	return RC_OK;
}

/* Who teaches it already goes on with the others; somebody else teaches it alone. */
static void put_teacher(struct unit_in *in, const struct directory_user *teacher)
{
	for (size_t i = 0; i < in->n_links[UNIT_PEOPLE]; i++)
		if (in->links[UNIT_PEOPLE][i] == teacher->person_id)
			return;
	in->links[UNIT_PEOPLE] = &teacher->person_id;
	in->n_links[UNIT_PEOPLE] = 1;
}

enum rc c003_course_change(struct req *q, struct resp *r, struct error *e)
{
	struct unit_in in = { .kind = UNIT_COURSE };
	struct directory_course old;
	struct directory_user teacher;
	struct course_body body;
	struct unit_detail d;

	TRY(c003_id(q, &in.id, e));
	TRY(look_course(&q->core, in.id, &old, e));
	TRY(c003_read(q, &c003_course_fields, &body, e));
	TRY(unit_get(&q->core, UNIT_COURSE, in.id, &d, e));
	in.code = c003_or(q, "code", body.code, old.code);
	in.name = c003_or(q, "name", body.name, old.title);
	TRY(keep_links(q, &d, &in, e));
	if (body.teacher_id.n) {
		TRY(teacher_of(q, body.teacher_id, &teacher, e));
		put_teacher(&in, &teacher);
	}
	if (json_kind(json_member(q->json, "section_ids")) != JSON_KIND_ABSENT ||
	    body.section_ids.n)
		TRY(ids_of(q, &body.section_ids, &in.links[UNIT_SECTIONS],
			   &in.n_links[UNIT_SECTIONS], e));
	TRY(save(q, &in, &in.id, e));
	return show(q, r, in.id, e);
}

enum rc c003_course_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_course old;
	int64_t id;
	enum rc rc;

	TRY(c003_id(q, &id, e));
	TRY(look_course(&q->core, id, &old, e));
	rc = unit_remove(&q->core, UNIT_COURSE, id, 0, e);
	if (rc == RC_CONFLICT && e->reason == REASON_HAS_HISTORY) {
		error_init(e);
		rc = unit_end(&q->core, UNIT_COURSE, id, 0, e);
	}
	TRY(rc);
	resp_no_content(r);
	return RC_OK;
}

/* ---- enrolments --------------------------------------------------------------------------------
 */

static const char *const status_words[] = { "pending", "approved", "rejected", "ended", NULL };

struct enrolment_body {
	int64_t course_id, student_id;
	int status;
	int32_t from_date, to_date;
};
FIELDS(c003_enrolment_fields, enrolment_body,
       FIELD(ID, enrolment_body, course_id, FORM, .required = true),
       FIELD(ID, enrolment_body, student_id, FORM, .required = true),
       FIELD(CHOICE, enrolment_body, status, FORM, .words = status_words,
	     .fallback = ENROLMENT_APPROVED),
       FIELD(DAY, enrolment_body, from_date, FORM), FIELD(DAY, enrolment_body, to_date, FORM));

struct enrolments_in {
	int64_t course_id, student_id;
};
FIELDS(c003_enrolments_fields, enrolments_in, FIELD(ID, enrolments_in, course_id, QUERY),
       FIELD(ID, enrolments_in, student_id, QUERY));

static void write_enrolment(struct json_out *o, const struct directory_enrolment *n)
{
	json_out_object(o);
	json_out_key_i64(o, "id", n->id);
	json_out_key_object(o, "course");
	json_out_key_i64(o, "id", n->course_id);
	json_out_key_str(o, "name", n->title);
	json_out_key_str(o, "code", n->code);
	json_out_object_end(o);
	json_out_key_object(o, "student");
	json_out_key_i64(o, "id", n->person_id);
	c003_key_text(o, "student_code", n->student_code);
	json_out_key_str(o, "first_name", n->given_name);
	json_out_key_str(o, "last_name", n->family_name);
	json_out_object_end(o);
	json_out_key_str(o, "status", n->state);
	c003_key_day(o, "from_date", n->from_date);
	c003_key_day(o, "to_date", n->to_date);
	json_out_object_end(o);
}

static enum rc show_enrolment(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_enrolment n;
	struct json_out o;

	TRY(look_enrolment(&q->core, id, &n, e));
	o = resp_json(r);
	write_enrolment(&o, &n);
	return RC_OK;
}

enum rc c003_enrolments(struct req *q, struct resp *r, struct error *e)
{
	const struct directory_enrolment *rows;
	struct enrolments_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(look_enrolments(&q->core, in.course_id, in.student_id, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_enrolment(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_enrolment(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show_enrolment(q, r, id, e);
}

static enum rc renamed(enum rc rc, struct error *e)
{
	rc = c003_renamed(rc, "group", "course_id", e);
	rc = c003_renamed(rc, "person", "student_id", e);
	rc = c003_renamed(rc, "from", "from_date", e);
	return c003_renamed(rc, "to", "to_date", e);
}

enum rc c003_enrolment_create(struct req *q, struct resp *r, struct error *e)
{
	struct enrolment_body body;
	struct directory_course c;
	struct member_in in;
	int64_t id;

	TRY(c003_read(q, &c003_enrolment_fields, &body, e));
	TRY(c003_pk(look_course(&q->core, body.course_id, &c, e), "course_id", e));
	if (body.from_date == NO_DAY)
		body.from_date = core_wall(&q->core, (struct str){ 0 }, q->core.now_us).day;
	in = (struct member_in){ body.student_id,
				 body.course_id,
				 { body.from_date, body.to_date } };
	TRY(renamed(enrolment_add(&q->core, &in, (enum enrolment_state)body.status, NULL, &id, e),
		    e));
	r->status = 201;
	return show_enrolment(q, r, id, e);
}

enum rc c003_enrolment_change(struct req *q, struct resp *r, struct error *e)
{
	struct directory_enrolment old;
	struct enrolment_body body;
	enum enrolment_state state = ENROLMENT_APPROVED;
	struct span span;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_enrolment(&q->core, id, &old, e));
	TRY(c003_read(q, &c003_enrolment_fields, &body, e));
	/* An enrolment is of these two; another pair is another enrolment. */
	if (body.course_id && body.course_id != old.course_id)
		return ERROR_FIELD(e, "course_id", REASON_NOT_A_CHOICE, 0);
	if (body.student_id && body.student_id != old.person_id)
		return ERROR_FIELD(e, "student_id", REASON_NOT_A_CHOICE, 0);
	BUG(!enrolment_state_from(old.state, &state));
	if (req_has(q, "status"))
		state = (enum enrolment_state)body.status;
	span = (struct span){ body.from_date == NO_DAY ? old.from_date : body.from_date,
			      req_has(q, "to_date") ? body.to_date : old.to_date };
	TRY(renamed(enrolment_edit(&q->core, id, 0, span, state, NULL, e), e));
	return show_enrolment(q, r, id, e);
}

/* One that has not begun goes; another ends today. */
enum rc c003_enrolment_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_enrolment old;
	int64_t id;
	enum rc rc;

	TRY(c003_id(q, &id, e));
	TRY(look_enrolment(&q->core, id, &old, e));
	rc = enrolment_remove(&q->core, id, 0, e);
	if (rc == RC_CONFLICT && e->reason == REASON_HAS_HISTORY) {
		error_init(e);
		rc = enrolment_set_state(&q->core, id, 0, ENROLMENT_ENDED, NULL, e);
	}
	TRY(rc);
	resp_no_content(r);
	return RC_OK;
}
