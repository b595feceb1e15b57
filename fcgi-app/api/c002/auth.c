/*
 * Signing in and out at the door of 002 (contracts 3.1).
 */
#include "api/c002/c002.h"
#include "core/people/directory.h"

#define PASSWORD_MAX 1024 /* bytes */

struct login_in {
	struct str username, password;
};
FIELDS(c002_login_fields, login_in, FIELD(TEXT, login_in, username, FORM, .required = true),
       FIELD(RAW, login_in, password, FORM, .required = true, .max = PASSWORD_MAX));

const char *c002_role(enum role role)
{
	return role == ROLE_STUDENT ? "Student" : "Teacher";
}

static enum rc sign_in(struct req *q, struct who *ret_who, struct token *ret, struct error *e)
{
	struct sign_in_in s = { .family = TOKEN_002,
				.address = q->address,
				.user_agent = q->user_agent };
	struct login_in in;
	struct sign_in done;

	TRY(req_read(q, &in, e));
	s.name = in.username;
	s.password = secret_make(in.password);
	TRY(auth_sign_in(&q->core, &s, &done, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_002, TOKEN_ACCESS, ret, e));
	*ret_who = done.who;
	return RC_OK;
}

static void write_token(struct json_out *o, const struct token *t)
{
	json_out_object(o);
	json_out_key_str(o, "access_token", t->text);
	json_out_key_cz(o, "token_type", "bearer");
	json_out_object_end(o);
}

/* 2026-11-20T09:00:00: wall clock, as the original's timetable has it. */
static void write_moment(struct json_out *o, const char *key, int32_t day, int32_t tod)
{
	char date[11], time[9], text[20];

	(void)day_format(day, date);
	(void)tod_format(tod, time);
	for (size_t i = 0; i < 10; i++)
		text[i] = date[i];
	text[10] = 'T';
	for (size_t i = 0; i < 8; i++)
		text[11 + i] = time[i];
	json_out_key_str(o, key, str_make(text, 19));
}

static struct str full_name(struct arena *a, struct str given, struct str family)
{
	return arena_printf(a, "%.*s%s%.*s", STR_ARG(given), given.n && family.n ? " " : "",
			    STR_ARG(family));
}

/* Today's lessons of a student; null for everybody else. */
static enum rc write_schedule(struct req *q, struct json_out *o, const struct who *who,
			      struct error *e)
{
	const struct directory_lesson *rows;
	size_t n;

	if (who->role != ROLE_STUDENT) {
		json_out_key_null(o, "schedule");
		return RC_OK;
	}
	TRY(look_lessons(&q->core, who, &rows, &n, e));
	json_out_key_array(o, "schedule");
	for (size_t i = 0; i < n; i++) {
		json_out_object(o);
		json_out_key_str(o, "lesson_name", rows[i].title);
		json_out_key_str(o, "teacher_name",
				 full_name(q->core.arena, rows[i].given_name, rows[i].family_name));
		write_moment(o, "start_time", rows[i].session_date, rows[i].start_time);
		write_moment(o, "end_time", rows[i].session_date, rows[i].end_time);
		json_out_object_end(o);
	}
	json_out_array_end(o);
	return RC_OK;
}

enum rc c002_login(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	struct token t;
	struct who who;

	TRY(sign_in(q, &who, &t, e));
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key(&o, STR("token"));
	write_token(&o, &t);
	json_out_key_object(&o, "user");
	json_out_key_str(&o, "user_school_number", who.username);
	json_out_key_str(&o, "user_full_name", who.name);
	json_out_key_cz(&o, "role", c002_role(who.role));
	json_out_object_end(&o);
	TRY(write_schedule(q, &o, &who, e));
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c002_token(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	struct token t;
	struct who who;

	TRY(sign_in(q, &who, &t, e));
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	write_token(&o, &t);
	return RC_OK;
}

enum rc c002_logout(struct req *q, struct resp *r, struct error *e)
{
	/* The row is open to all: 001 signs out by the body alone. */
	if (q->who.role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "nobody signs out");
	if (q->token.family == TOKEN_002)
		TRY(auth_sign_out_family(&q->core, TOKEN_002, e));
	else
		TRY(auth_sign_out(&q->core, e));
	resp_no_content(r);
	return RC_OK;
}
