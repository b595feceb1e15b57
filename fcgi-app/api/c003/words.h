/*
 * What the files of contract 003 share: its words, and the objects that stand in others.
 */
#ifndef API_C003_WORDS_H
#define API_C003_WORDS_H

#include "api/c003/family.h"
#include "core/directory.h"

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
/* A key with a text that is null when empty. */
void c003_key_text(struct json_out *o, const char *key, struct str s);
/* 2026-11-20T09:30:00.123456Z, null for NO_TIME. */
void c003_key_time(struct json_out *o, const char *key, int64_t us);
void c003_key_day(struct json_out *o, const char *key, int32_t day);

#endif
