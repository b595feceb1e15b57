/*
 * /api/students (contracts 4.2).
 */
#include "core/people/student.h"
#include "api/c003/c003.h"
#include "api/c003/words.h"
#include "core/people/people.h"

struct student_body {
	struct str student_code, first_name, last_name;
	int64_t section_id;
};
FIELDS(c003_student_fields, student_body,
       FIELD(TEXT, student_body, student_code, FORM, .required = true, .max = PERSON_CODE_MAX),
       FIELD(TEXT, student_body, first_name, FORM, .required = true, .max = PERSON_NAME_MAX),
       FIELD(TEXT, student_body, last_name, FORM, .required = true, .max = PERSON_NAME_MAX),
       FIELD(ID, student_body, section_id, FORM, .required = true));

static enum rc show(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_student s;
	struct json_out o;

	TRY(look_student(&q->core, id, &s, e));
	o = resp_json(r);
	c003_write_student(&o, &s);
	return RC_OK;
}

enum rc c003_students(struct req *q, struct resp *r, struct error *e)
{
	const struct directory_student *rows;
	struct json_out o;
	size_t n;

	TRY(look_students(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c003_write_student(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_student(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show(q, r, id, e);
}

enum rc c003_student_create(struct req *q, struct resp *r, struct error *e)
{
	struct student_body in;
	struct student_in s;
	int64_t id;

	TRY(c003_read(q, &c003_student_fields, &in, e));
	s = (struct student_in){ in.student_code, in.first_name, in.last_name, in.section_id };
	TRY(c003_renamed(student_create(&q->core, &s, &id, e), "section", "section_id", e));
	r->status = 201;
	return show(q, r, id, e);
}

enum rc c003_student_change(struct req *q, struct resp *r, struct error *e)
{
	struct directory_student old;
	struct student_body in;
	struct student_in s;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_student(&q->core, id, &old, e));
	TRY(c003_read(q, &c003_student_fields, &in, e));
	s = (struct student_in){
		.student_code = c003_or(q, "student_code", in.student_code, old.student_code),
		.given_name = c003_or(q, "first_name", in.first_name, old.given_name),
		.family_name = c003_or(q, "last_name", in.last_name, old.family_name),
		.section_id = in.section_id ? in.section_id : COLUMN_NULL,
	};
	TRY(c003_renamed(student_change(&q->core, id, &s, e), "section", "section_id", e));
	return show(q, r, id, e);
}

enum rc c003_student_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_student s;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_student(&q->core, id, &s, e));
	TRY(person_leave(&q->core, id, e));
	resp_no_content(r);
	return RC_OK;
}
