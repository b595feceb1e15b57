/*
 * /api/teachers, /api/users and /api/auth/register (contracts 4.1, 4.2; DESIGN 4): people with
 * an account.
 */
#include "api/c003/c003.h"
#include "api/c003/words.h"
#include "core/identity/person_account.h"
#include "core/people/org.h"
#include "core/people/student.h"
#include "web/worker.h"

#define PASSWORD_MAX 1024 /* bytes */

/* The contract's words, and our own behind them. */
static const char *const role_words[] = { "admin",        "teacher", "student",  "super_admin",
					  "branch_admin", "faculty", "employee", NULL };
static const enum role roles[] = { ROLE_BRANCH_ADMIN, ROLE_FACULTY, ROLE_STUDENT, ROLE_SUPER_ADMIN,
				   ROLE_BRANCH_ADMIN, ROLE_FACULTY, ROLE_EMPLOYEE };

struct user_body {
	struct str username, email, password, first_name, last_name, teacher_code, student_code;
	int role;
	int64_t section_id, branch_id;
};
#define NAMES                                                                                      \
	FIELD(EMAIL, user_body, email, FORM, .required = true, .max = 254),                        \
		FIELD(TEXT, user_body, first_name, FORM, .required = true,                         \
		      .max = PERSON_NAME_MAX),                                                     \
		FIELD(TEXT, user_body, last_name, FORM, .required = true, .max = PERSON_NAME_MAX), \
		FIELD(TEXT, user_body, teacher_code, FORM, .max = PERSON_CODE_MAX),                \
		FIELD(ID, user_body, branch_id, FORM)
FIELDS(c003_register_fields, user_body, NAMES,
       FIELD(RAW, user_body, password, FORM, .required = true, .max = PASSWORD_MAX),
       FIELD(CHOICE, user_body, role, FORM, .required = true, .words = role_words));
FIELDS(c003_teacher_fields, user_body, NAMES,
       FIELD(RAW, user_body, password, FORM, .max = PASSWORD_MAX));
FIELDS(c003_user_fields, user_body, NAMES,
       FIELD(RAW, user_body, password, FORM, .max = PASSWORD_MAX),
       FIELD(CHOICE, user_body, role, FORM, .required = true, .words = role_words),
       FIELD(TEXT, user_body, username, FORM, .max = 80),
       FIELD(TEXT, user_body, student_code, FORM, .max = PERSON_CODE_MAX),
       FIELD(ID, user_body, section_id, FORM));

/* ---- objects ------------------------------------------------------------------------------- */

static void write_one(struct json_out *o, const struct directory_user *u, bool is_teacher)
{
	const struct c003_user short_one = c003_user_of(u);

	if (is_teacher) {
		c003_write_user(o, &short_one);
		return;
	}
	json_out_object(o);
	json_out_key_str(o, "id", u->uuid);
	json_out_key_str(o, "username", u->username);
	json_out_key_str(o, "email", u->email);
	json_out_key_str(o, "first_name", u->given_name);
	json_out_key_str(o, "last_name", u->family_name);
	json_out_key_cz(o, "role", short_one.role);
	c003_key_text(o, "teacher_code", u->teacher_code);
	c003_key_text(o, "student_code", u->student_code);
	json_out_key_bool(o, "is_active", u->disabled_at == NO_TIME);
	json_out_object_end(o);
}

static enum rc show(struct req *q, struct resp *r, struct str id, bool is_teacher, struct error *e)
{
	struct directory_user u;
	struct json_out o;

	TRY(look_user(&q->core, id, &u, e));
	o = resp_json(r);
	write_one(&o, &u, is_teacher);
	return RC_OK;
}

static enum rc list(struct req *q, struct resp *r, bool is_teacher, struct error *e)
{
	const struct directory_user *rows;
	struct json_out o;
	size_t n;

	TRY(look_users(&q->core, is_teacher ? ROLE_FACULTY : ROLE_NONE, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_one(&o, &rows[i], is_teacher);
	json_out_array_end(&o);
	return RC_OK;
}

/* The one of the path; a teacher's address names teachers only. */
static enum rc find(struct req *q, bool is_teacher, struct directory_user *ret, struct error *e)
{
	struct str id;

	TRY(c003_text_id(q, &id, e));
	TRY(look_user(&q->core, id, ret, e));
	if (is_teacher && role_from(ret->role) != ROLE_FACULTY)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no teacher");
	return RC_OK;
}

/* ---- making and changing -------------------------------------------------------------------- */

/* Who gives no username signs in by e-mail; the name is made of that. */
static struct str username_of(struct arena *a, struct str username, struct str email)
{
	char *p = username.n ? NULL : arena_alloc(a, email.n);

	if (!p)
		return username;
	for (size_t i = 0; i < email.n; i++)
		p[i] = ascii_is_alnum(email.p[i]) || email.p[i] == '_' || email.p[i] == '-'
			       ? email.p[i]
			       : '.';
	return str_sub(str_make(p, email.n), 0, 80);
}

/* A section that is there, before anything is made. */
static enum rc check_section(struct req *q, int64_t id, struct error *e)
{
	struct directory_group g;

	return id ? c003_pk(look_section(&q->core, id, &g, e), "section_id", e) : RC_OK;
}

static struct person_account_in account_of(struct req *q, const struct user_body *in,
					   enum role role)
{
	return (struct person_account_in){
		.role = role,
		.username = username_of(q->core.arena, in->username, in->email),
		.email = in->email,
		.has_no_password = !in->password.n,
		.password = secret_make(in->password),
	};
}

static struct person_in person_of(const struct user_body *in)
{
	return (struct person_in){ .branch_id = in->branch_id,
				   .given_name = in->first_name,
				   .family_name = in->last_name,
				   .student_code = in->student_code,
				   .teacher_code = in->teacher_code };
}

/* Into the section; a student has a code there. */
static enum rc put_into_section(struct req *q, const struct user_body *in, int64_t person_id,
				struct error *e)
{
	const struct student_in s = { in->student_code, in->first_name, in->last_name,
				      in->section_id };

	if (!in->section_id)
		return RC_OK;
	return c003_renamed(student_change(&q->core, person_id, &s, e), "section", "section_id", e);
}

static enum rc create(struct req *q, struct resp *r, const struct fields *f, bool is_teacher,
		      struct error *e)
{
	struct person_account_in account;
	struct directory_user u;
	struct person_in person;
	struct user_body in;
	struct str text;
	int64_t id;
	enum rc rc;

	TRY(c003_read(q, f, &in, e));
	if (in.section_id && !in.student_code.n)
		return ERROR_FIELD(e, "student_code", REASON_REQUIRED, 0);
	TRY(check_section(q, in.section_id, e));
	TRY(org_door_branch(&q->core, in.branch_id, &in.branch_id, e));
	account = account_of(q, &in, f == &c003_teacher_fields ? ROLE_FACULTY : roles[in.role]);
	person = person_of(&in);
	rc = user_create(&q->core, &person, &account, &id, e);
	TRY(in.username.n ? rc : c003_renamed(rc, "username", "email", e));
	text = arena_printf(q->core.arena, "%lld", (long long)id);
	TRY(look_user(&q->core, text, &u, e));
	TRY(put_into_section(q, &in, u.person_id, e));
	r->status = 201;
	return show(q, r, u.uuid, is_teacher, e);
}

/* PATCH: what was not sent stays. */
static void keep(struct req *q, struct user_body *in, const struct directory_user *old)
{
	in->email = c003_or(q, "email", in->email, old->email);
	in->first_name = c003_or(q, "first_name", in->first_name, old->given_name);
	in->last_name = c003_or(q, "last_name", in->last_name, old->family_name);
	if (!req_has(q, "teacher_code"))
		in->teacher_code = old->teacher_code;
	if (!req_has(q, "student_code"))
		in->student_code = old->student_code;
	if (!in->username.n)
		in->username = old->username;
	in->branch_id = in->branch_id ? in->branch_id : old->branch_id;
}

/* The word that stands there already changes nothing: both kinds of admins are "admin". */
static enum role new_role(struct req *q, const struct user_body *in,
			  const struct directory_user *old)
{
	if (!req_has(q, "role") ||
	    str_eq(str_from(role_words[in->role]), str_from(c003_role_of(old->role))))
		return role_from(old->role);
	return roles[in->role];
}

static enum rc change(struct req *q, struct resp *r, const struct fields *f, bool is_teacher,
		      struct error *e)
{
	struct person_account_in account;
	struct directory_user old;
	struct person_in person;
	struct user_body in;

	TRY(find(q, is_teacher, &old, e));
	TRY(c003_read(q, f, &in, e));
	keep(q, &in, &old);
	TRY(check_section(q, in.section_id, e));
	account = account_of(q, &in, is_teacher ? role_from(old.role) : new_role(q, &in, &old));
	person = person_of(&in);
	TRY(user_change(&q->core, old.person_id, old.account_id, &person, &account, e));
	TRY(put_into_section(q, &in, old.person_id, e));
	return show(q, r, old.uuid, is_teacher, e);
}

static enum rc drop(struct req *q, struct resp *r, bool is_teacher, struct error *e)
{
	struct directory_user u;

	TRY(find(q, is_teacher, &u, e));
	TRY(person_leave(&q->core, u.person_id, e));
	resp_no_content(r);
	return RC_OK;
}

/* ---- the handlers ------------------------------------------------------------------------------
 */

enum rc c003_register(struct req *q, struct resp *r, struct error *e)
{
	r->cache = RESP_CACHE_NONE;
	return create(q, r, &c003_register_fields, true, e);
}

enum rc c003_teachers(struct req *q, struct resp *r, struct error *e)
{
	return list(q, r, true, e);
}

enum rc c003_teacher(struct req *q, struct resp *r, struct error *e)
{
	struct directory_user u;

	TRY(find(q, true, &u, e));
	return show(q, r, u.uuid, true, e);
}

enum rc c003_teacher_create(struct req *q, struct resp *r, struct error *e)
{
	return create(q, r, &c003_teacher_fields, true, e);
}

enum rc c003_teacher_change(struct req *q, struct resp *r, struct error *e)
{
	return change(q, r, &c003_teacher_fields, true, e);
}

enum rc c003_teacher_delete(struct req *q, struct resp *r, struct error *e)
{
	return drop(q, r, true, e);
}

enum rc c003_users(struct req *q, struct resp *r, struct error *e)
{
	return list(q, r, false, e);
}

enum rc c003_user(struct req *q, struct resp *r, struct error *e)
{
	struct directory_user u;

	TRY(find(q, false, &u, e));
	return show(q, r, u.uuid, false, e);
}

enum rc c003_user_create(struct req *q, struct resp *r, struct error *e)
{
	return create(q, r, &c003_user_fields, false, e);
}

enum rc c003_user_change(struct req *q, struct resp *r, struct error *e)
{
	return change(q, r, &c003_user_fields, false, e);
}

enum rc c003_user_delete(struct req *q, struct resp *r, struct error *e)
{
	return drop(q, r, false, e);
}
