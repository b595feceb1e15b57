/*
 * Reading and writing what the resources of contract 003 share; see words.h.
 */
#include "api/c003/words.h"

#include "web/worker.h"

/* ---- reading -------------------------------------------------------------------------------- */

struct id_in {
	int64_t id;
};
static FIELDS(id_fields, id_in, FIELD(ID, id_in, id, PATH, .required = true));

struct text_id_in {
	struct str id;
};
static FIELDS(text_id_fields, text_id_in, FIELD(TEXT, text_id_in, id, PATH, .required = true));

enum rc c003_id(struct req *q, int64_t *ret_id, struct error *e)
{
	struct id_in in;

	TRY(req_read_as(q, &id_fields, &in, e));
	*ret_id = in.id;
	return RC_OK;
}

enum rc c003_text_id(struct req *q, struct str *ret_id, struct error *e)
{
	struct text_id_in in;

	TRY(req_read_as(q, &text_id_fields, &in, e));
	*ret_id = in.id;
	return RC_OK;
}

/* What was sent at a field that may be left out, but not emptied. */
static bool is_emptied(const struct req *q, const struct field *f)
{
	if (json_kind(json_member(q->json, f->name)) == JSON_KIND_NULL)
		return true;
	return req_has(q, f->name) && !str_trim(req_raw(q, f->name)).n;
}

static enum rc read_partly(struct req *q, const struct fields *f, void *in, struct error *e)
{
	struct field *v = ARENA_ARRAY(&q->worker->arena, f->n, struct field);
	struct fields *some = ARENA_NEW(&q->worker->arena, struct fields);
	enum rc rc;

	if (!v || !some)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < f->n; i++) {
		v[i] = f->v[i];
		v[i].required = false;
	}
	*some = (struct fields){ v, f->n, f->in_size };
	rc = req_read_as(q, some, in, e);
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].required && is_emptied(q, &f->v[i]))
			rc = ERROR_FIELD(e, f->v[i].name, REASON_REQUIRED, 0);
	return rc;
}

enum rc c003_read(struct req *q, const struct fields *f, void *in, struct error *e)
{
	return q->method == METHOD_PATCH ? read_partly(q, f, in, e) : req_read_as(q, f, in, e);
}

struct str c003_or(const struct req *q, const char *name, struct str sent, struct str stands)
{
	return q->method == METHOD_PATCH && !req_has(q, name) ? stands : sent;
}

enum rc c003_renamed(enum rc rc, const char *from, const char *to, struct error *e)
{
	for (size_t i = 0; rc == RC_INVALID && i < e->n_fields; i++)
		if (str_eq(str_from(e->fields[i].field), str_from(from)))
			e->fields[i].field = to;
	return rc;
}

enum rc c003_pk(enum rc rc, const char *field, struct error *e)
{
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
}

/* ---- writing -------------------------------------------------------------------------------- */

const char *c003_role(enum role role)
{
	static const char *const words[ROLE__MAX] = {
		[ROLE_NONE] = "",
		[ROLE_SUPER_ADMIN] = "admin",
		[ROLE_BRANCH_ADMIN] = "admin",
		[ROLE_FACULTY] = "teacher",
		[ROLE_EMPLOYEE] = "teacher",
		[ROLE_STUDENT] = "student",
		[ROLE_DEVICE] = "device",
	};

	return words[role];
}

const char *c003_role_of(struct str stored)
{
	return c003_role(role_from(stored));
}

void c003_key_text(struct json_out *o, const char *key, struct str s)
{
	if (s.n)
		json_out_key_str(o, key, s);
	else
		json_out_key_null(o, key);
}

void c003_key_time(struct json_out *o, const char *key, int64_t us)
{
	char text[28];

	c003_key_text(o, key, us == NO_TIME ? STR("") : us_format_iso(us, text));
}

void c003_key_day(struct json_out *o, const char *key, int32_t day)
{
	char text[11];

	c003_key_text(o, key, day == NO_DAY ? STR("") : day_format(day, text));
}

void c003_write_user(struct json_out *o, const struct c003_user *u)
{
	json_out_object(o);
	c003_key_text(o, "id", u->id);
	json_out_key_str(o, "email", u->email);
	json_out_key_str(o, "first_name", u->first_name);
	json_out_key_str(o, "last_name", u->last_name);
	json_out_key_cz(o, "role", u->role);
	c003_key_text(o, "teacher_code", u->teacher_code);
	json_out_object_end(o);
}

struct c003_user c003_user_of(const struct directory_user *u)
{
	return (struct c003_user){ .id = u->uuid,
				   .email = u->email,
				   .first_name = u->given_name,
				   .last_name = u->family_name,
				   .teacher_code = u->teacher_code,
				   .role = c003_role_of(u->role) };
}

void c003_write_batch(struct json_out *o, int64_t id, struct str dep, struct str batch)
{
	json_out_object(o);
	json_out_key_i64(o, "id", id);
	json_out_key_str(o, "dep", dep);
	json_out_key_str(o, "batch", batch);
	json_out_object_end(o);
}

void c003_write_section(struct json_out *o, const struct directory_group *g)
{
	json_out_object(o);
	json_out_key_i64(o, "id", g->id);
	json_out_key_str(o, "name", g->name);
	json_out_key(o, STR("dep_batch"));
	c003_write_batch(o, g->batch_id, g->department_name, g->batch_name);
	json_out_object_end(o);
}

void c003_write_student(struct json_out *o, const struct directory_student *s)
{
	const struct directory_group section = { .id = s->section_id,
						 .name = s->section_name,
						 .batch_id = s->batch_id,
						 .batch_name = s->batch_name,
						 .department_name = s->department_name };

	json_out_object(o);
	json_out_key_i64(o, "id", s->id);
	json_out_key_str(o, "student_code", s->student_code);
	json_out_key_str(o, "first_name", s->given_name);
	json_out_key_str(o, "last_name", s->family_name);
	json_out_key(o, STR("section"));
	if (s->section_id == COLUMN_NULL)
		json_out_null(o);
	else
		c003_write_section(o, &section);
	json_out_object_end(o);
}

void c003_write_course(struct json_out *o, const struct directory_course *c)
{
	const struct c003_user teacher = { .id = c->uuid,
					   .email = c->email,
					   .first_name = c->given_name,
					   .last_name = c->family_name,
					   .teacher_code = c->teacher_code,
					   .role = c003_role_of(c->role) };

	json_out_object(o);
	json_out_key_i64(o, "id", c->id);
	json_out_key_str(o, "name", c->title);
	json_out_key_str(o, "code", c->code);
	json_out_key(o, STR("teacher"));
	if (c->account_id == COLUMN_NULL)
		json_out_null(o);
	else
		c003_write_user(o, &teacher);
	json_out_key(o, STR("section_ids"));
	json_out_raw(o, c->section_ids);
	json_out_object_end(o);
}
