/*
 * Words and small objects of contract 003; see words.h.
 */
#include "api/c003/words.h"

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
