/*
 * What the files of contract 003 share: reading a body, its words, and the objects that stand in
 * others.
 */
#ifndef API_C003_WORDS_H
#define API_C003_WORDS_H

#include "api/c003/family.h"
#include "core/people/directory.h"

/* ---- reading -------------------------------------------------------------------------------- */

/* The {id} of the path: a number; RC_NOT_FOUND for anything else. */
enum rc c003_id(struct req *q, int64_t *ret_id, struct error *e) MUST_CHECK;
/* The same as a text: the uuid of a user. */
enum rc c003_text_id(struct req *q, struct str *ret_id, struct error *e) MUST_CHECK;
/*
 * As req_read_as; by PATCH nothing is required, but what is sent may be neither blank nor null
 * where the table requires it.
 */
enum rc c003_read(struct req *q, const struct fields *f, void *in, struct error *e) MUST_CHECK;
/* What was sent, else (PATCH) what stands there. */
struct str c003_or(const struct req *q, const char *name, struct str sent, struct str stands);
/* Passes rc on; a field that core calls `from` is called `to`. */
enum rc c003_renamed(enum rc rc, const char *from, const char *to, struct error *e) MUST_CHECK;
/* A field that names something else: RC_NOT_FOUND becomes its field error. */
enum rc c003_pk(enum rc rc, const char *field, struct error *e) MUST_CHECK;

/* ---- writing -------------------------------------------------------------------------------- */

/* "admin", "teacher", "student", "device". */
const char *c003_role(enum role role);
/* The same of a stored role. */
const char *c003_role_of(struct str stored);

/* A user object (contracts 4.1), as the shape of /me; id empty: null. */
struct c003_user {
	struct str id, email, first_name, last_name, teacher_code;
	const char *role;
};
void c003_write_user(struct json_out *o, const struct c003_user *u);
struct c003_user c003_user_of(const struct directory_user *u);
/* {id, dep, batch} */
void c003_write_batch(struct json_out *o, int64_t id, struct str dep, struct str batch);
/* {id, name, dep_batch} */
void c003_write_section(struct json_out *o, const struct directory_group *g);
void c003_write_student(struct json_out *o, const struct directory_student *s);
void c003_write_course(struct json_out *o, const struct directory_course *c);

/* A key with a text that is null when empty. */
void c003_key_text(struct json_out *o, const char *key, struct str s);
/* 2026-11-20T09:30:00.123456Z, null for NO_TIME. */
void c003_key_time(struct json_out *o, const char *key, int64_t us);
void c003_key_day(struct json_out *o, const char *key, int32_t day);

#endif
