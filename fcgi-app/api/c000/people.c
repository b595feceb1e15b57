/*
 * Students and trainers of contract 000 (contracts.md 1.6, 1.8); see door.h.
 */
#include "core/people/people.h"
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "core/attendance/smart_people.h"
#include "core/people/directory.h"
#include "core/people/student.h"

#define CLASS_MAX    120
#define SEARCH_MAX   100
#define PAGE_MAX     100000
#define SIZE_MAX_    100
#define SIZE_DEFAULT 50
#define ADMIN_SIZE   10

/* ---- one ----------------------------------------------------------------------------------- */

static struct smart_counts counts_of(const struct smart_person_row *p)
{
	return (struct smart_counts){ .n_present = p->n_present,
				      .n_late = p->n_late,
				      .n_excused = p->n_excused,
				      .n_absent = p->n_absent,
				      .late_min = p->late_min,
				      .absent_hours = p->absent_hours };
}

/* A decimal of that contract is a text. */
static void key_decimal_rate(struct json_out *o, struct arena *a, const char *key,
			     const struct smart_counts *n)
{
	int64_t all = c000_all(n),
		hundredths = all ? ((all - n->n_absent) * 10000 + all / 2) / all : 0;

	json_out_key_str(o, key,
			 arena_printf(a, "%lld.%02lld", (long long)(hundredths / 100),
				      (long long)(hundredths % 100)));
}

/* What is not kept here is null. */
static void write_student(struct json_out *o, struct arena *a, const struct smart_person_row *p)
{
	static const char *const not_kept[] = {
		"phone",
		"date_of_birth",
		"cin_number",
		"parent_name",
		"parent_email",
		"parent_phone",
		"parent_relationship",
		"enrollment_date",
		"expected_graduation",
		"last_alert_date",
		"profile_photo_path",
		"pourcentage",
		"justification",
	};
	const struct smart_counts n = counts_of(p);

	json_out_object(o);
	json_out_key_i64(o, "id", p->id);
	c000_key_id(o, "user_id", p->account_id);
	c000_key_text(o, "student_code", p->student_code);
	json_out_key_str(o, "first_name", p->given_name);
	json_out_key_str(o, "last_name", p->family_name);
	c000_key_text(o, "email", p->email);
	c000_key_text(o, "class_name", p->class_name);
	c000_key_text(o, "group_name", p->section_name);
	json_out_key_cz(o, "academic_status", "active");
	json_out_key_i64(o, "total_absence_hours", n.absent_hours);
	json_out_key_i64(o, "total_late_minutes", n.late_min);
	key_decimal_rate(o, a, "attendance_rate", &n);
	json_out_key_bool(o, "alert_sent", false);
	json_out_key_bool(o, "alertsent", false);
	json_out_key_cz(o, "alert_level", c000_alert_level(&n));
	json_out_key_bool(o, "facial_data_encoded", false);
	json_out_key_str(o, "idStr", arena_printf(a, "%lld", (long long)p->id));
	for (size_t i = 0; i < ARRAY_LEN(not_kept); i++)
		json_out_key_null(o, not_kept[i]);
	c000_key_time(o, "created_at", p->created_at);
	c000_key_time(o, "updated_at", p->updated_at == NO_TIME ? p->created_at : p->updated_at);
	json_out_object_end(o);
}

static enum rc show(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct smart_person_row p;
	struct json_out o;

	TRY(smart_student(&q->core, id, &p, e));
	o = resp_json(r);
	write_student(&o, q->core.arena, &p);
	return RC_OK;
}

struct c000_student_in {
	int64_t id;
	struct str first_name, last_name;
};
FIELDS(c000_student_fields, c000_student_in,
       FIELD(ID, c000_student_in, id, PATH, .required = true));
/* The rest of the contract's columns is not kept, or belongs to enrolment. */
FIELDS(c000_student_change_fields, c000_student_in,
       FIELD(ID, c000_student_in, id, PATH, .required = true),
       FIELD(TEXT, c000_student_in, first_name, FORM, .max = PERSON_NAME_MAX),
       FIELD(TEXT, c000_student_in, last_name, FORM, .max = PERSON_NAME_MAX));

enum rc c000_student(struct req *q, struct resp *r, struct error *e)
{
	struct c000_student_in in;

	TRY(req_read(q, &in, e));
	return show(q, r, in.id, e);
}

/* core's names of fields as this contract has them. */
static enum rc renamed(enum rc rc, struct error *e)
{
	for (size_t i = 0; rc != RC_OK && i < e->n_fields; i++) {
		if (str_eq(str_from(e->fields[i].field), STR("given_name")))
			e->fields[i].field = "first_name";
		else if (str_eq(str_from(e->fields[i].field), STR("family_name")))
			e->fields[i].field = "last_name";
	}
	return rc;
}

enum rc c000_student_change(struct req *q, struct resp *r, struct error *e)
{
	struct directory_student old;
	struct c000_student_in in;
	struct student_in wanted;

	TRY(req_read(q, &in, e));
	TRY(look_student(&q->core, in.id, &old, e));
	wanted = (struct student_in){
		.student_code = old.student_code,
		.given_name = req_has(q, "first_name") ? in.first_name : old.given_name,
		.family_name = req_has(q, "last_name") ? in.last_name : old.family_name,
		.section_id = COLUMN_NULL,
	};
	TRY(renamed(student_change(&q->core, in.id, &wanted, e), e));
	return show(q, r, in.id, e);
}

enum rc c000_student_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_student old;
	struct c000_student_in in;

	TRY(req_read(q, &in, e));
	TRY(look_student(&q->core, in.id, &old, e));
	TRY(person_leave(&q->core, in.id, e));
	resp_no_content(r);
	return RC_OK;
}

/* ---- lists --------------------------------------------------------------------------------- */

struct c000_people_in {
	int64_t page, page_size;
	struct str search, class_name;
};
#define PAGE_FIELDS(SIZE)                                                                          \
	FIELD(INT, c000_people_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),         \
		FIELD(INT, c000_people_in, page_size, QUERY, .min = 1, .max = SIZE_MAX_,           \
		      .fallback = (SIZE))
#define OF_CLASS FIELD(TEXT, c000_people_in, class_name, QUERY, .max = CLASS_MAX)
#define SEARCHED FIELD(TEXT, c000_people_in, search, QUERY, .max = SEARCH_MAX)
FIELDS(c000_students_fields, c000_people_in, PAGE_FIELDS(SIZE_DEFAULT), OF_CLASS);
FIELDS(c000_admin_students_fields, c000_people_in, PAGE_FIELDS(ADMIN_SIZE), OF_CLASS, SEARCHED);
FIELDS(c000_admin_trainers_fields, c000_people_in, PAGE_FIELDS(ADMIN_SIZE), SEARCHED);
FIELDS(c000_class_students_fields, c000_people_in,
       FIELD(TEXT, c000_people_in, class_name, PATH, .required = true, .max = CLASS_MAX));

static struct smart_people_query query_of(const struct c000_people_in *in)
{
	return (struct smart_people_query){ .search = in->search,
					    .class_name = in->class_name,
					    .page = in->page,
					    .page_size = in->page_size };
}

static void write_students(struct req *q, struct json_out *o, const struct smart_people_page *p)
{
	json_out_array(o);
	for (size_t i = 0; i < p->n; i++)
		write_student(o, q->core.arena, &p->students[i]);
	json_out_array_end(o);
}

enum rc c000_students(struct req *q, struct resp *r, struct error *e)
{
	struct smart_people_query find;
	struct smart_people_page page;
	struct c000_people_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	find = query_of(&in);
	TRY(smart_students(&q->core, &find, &page, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key(&o, STR("students"));
	write_students(q, &o, &page);
	json_out_key_i64(&o, "total", page.total);
	json_out_key_i64(&o, "page", in.page);
	json_out_key_i64(&o, "page_size", in.page_size);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_class_students(struct req *q, struct resp *r, struct error *e)
{
	struct smart_people_query find;
	struct smart_people_page page;
	struct c000_people_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	find = query_of(&in);
	find.page = 1;
	find.page_size = SMART_PEOPLE_MAX;
	TRY(smart_students(&q->core, &find, &page, e));
	o = resp_json(r);
	write_students(q, &o, &page);
	return RC_OK;
}

/* ---- an admin's screens --------------------------------------------------------------------- */

static struct str name_of(struct arena *a, struct str given, struct str family)
{
	return str_trim(arena_printf(a, "%.*s %.*s", STR_ARG(given), STR_ARG(family)));
}

static void end_page(struct json_out *o, const struct c000_people_in *in, int64_t total)
{
	json_out_array_end(o);
	json_out_key_i64(o, "total", total);
	json_out_key_i64(o, "total_pages", (total + in->page_size - 1) / in->page_size);
	json_out_key_i64(o, "page", in->page);
	json_out_key_i64(o, "page_size", in->page_size);
	json_out_object_end(o);
}

enum rc c000_admin_students(struct req *q, struct resp *r, struct error *e)
{
	struct smart_people_query find;
	struct smart_people_page page;
	struct c000_people_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	find = query_of(&in);
	TRY(smart_students(&q->core, &find, &page, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_array(&o, "items");
	for (size_t i = 0; i < page.n; i++) {
		const struct smart_person_row *p = &page.students[i];
		const struct smart_counts n = counts_of(p);

		json_out_object(&o);
		json_out_key_i64(&o, "id", p->id);
		json_out_key_str(&o, "name", name_of(q->core.arena, p->given_name, p->family_name));
		c000_key_text(&o, "student_code", p->student_code);
		c000_key_text(&o, "email", p->email);
		c000_key_text(&o, "class_name", p->class_name);
		json_out_key_bool(&o, "facial_data_encoded", false);
		c000_key_rate(&o, "attendance_rate", c000_all(&n) - n.n_absent, c000_all(&n));
		json_out_object_end(&o);
	}
	end_page(&o, &in, page.total);
	return RC_OK;
}

enum rc c000_admin_trainers(struct req *q, struct resp *r, struct error *e)
{
	struct smart_people_query find;
	struct smart_people_page page;
	struct c000_people_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	find = query_of(&in);
	TRY(smart_trainers(&q->core, &find, &page, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_array(&o, "items");
	for (size_t i = 0; i < page.n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", page.trainers[i].account_id);
		json_out_key_str(&o, "name", page.trainers[i].name);
		c000_key_text(&o, "email", page.trainers[i].email);
		json_out_key_null(&o, "subjects");
		json_out_object_end(&o);
	}
	end_page(&o, &in, page.total);
	return RC_OK;
}
