/* Rows of contract 002; see render.h. */
#include "api/c002/render.h"

struct str c002_time(int64_t us, char out[C002_TIME_SIZE])
{
	struct str s = us_format_iso(us, out);

	if (us % US_PER_S != 0)
		return s;
	s.n -= sizeof ".000000Z" - 1;
	out[s.n++] = 'Z';
	out[s.n] = '\0';
	return s;
}

static void key_text(struct json_out *o, const char *key, struct str v)
{
	if (v.n)
		json_out_key_str(o, key, v);
	else
		json_out_key_null(o, key);
}

void c002_lesson(struct json_out *o, const struct lesson *l)
{
	char at[C002_TIME_SIZE];

	json_out_object(o);
	json_out_key_str(o, "attendance_id", l->uuid);
	json_out_key_str(o, "teacher_school_number", l->teacher_username);
	json_out_key_str(o, "teacher_full_name", l->teacher_name);
	json_out_key_str(o, "lesson_name", l->title);
	json_out_key_str(o, "start_time", c002_time(l->starts_at, at));
	json_out_key_str(o, "end_time", c002_time(l->ends_at, at));
	json_out_key_i64(o, "security_option", l->option);
	key_text(o, "ip_address", l->reference_address);
	json_out_object_end(o);
}

void c002_record(struct json_out *o, const struct lesson *l, const struct lesson_record *r)
{
	char at[C002_TIME_SIZE];

	json_out_object(o);
	json_out_key_str(o, "attendance_id", l->uuid);
	json_out_key_bool(o, "is_attended", r->is_attended);
	json_out_key_str(o, "attendance_time", c002_time(r->at, at));
	key_text(o, "fail_reason", r->fail_reason);
	json_out_key_object(o, "student");
	json_out_key_str(o, "user_school_number", r->username);
	json_out_key_str(o, "user_full_name", r->name);
	json_out_key_cz(o, "role", "Student");
	json_out_object_end(o);
	json_out_object_end(o);
}
