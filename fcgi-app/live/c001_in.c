/*
 * Payloads of contract 001, read: see c001.h.
 */
#include "base/num.h"
#include "live/c001.h"

#define PAYLOAD_MAX ((size_t)1 << 20)

int64_t c001_id(const struct json_t *object, const char *name)
{
	const struct json_t *v = json_member(object, name);
	struct str text;
	int64_t id;

	if (json_as_i64(v, 1, INT64_MAX, &id))
		return id;
	return json_as_str(v, &text) && num_i64(text, 1, INT64_MAX, &id) ? id : 0;
}

static int64_t either(const struct json_t *object, const char *one, const char *other)
{
	const int64_t id = c001_id(object, one);

	return id ? id : c001_id(object, other);
}

bool c001_read(struct core *c, const struct call_in *in, struct effects *fx, struct c001_in *ret)
{
	const struct json_t *object;
	struct json_t *args;
	struct error e;

	error_init(&e);
	if (json_read(in->json, PAYLOAD_MAX, c->arena, &args, &e) != RC_OK ||
	    json_kind(object = json_item(args, 0)) != JSON_KIND_OBJECT) {
		c001_refuse(c, fx, STR("Invalid payload"));
		return false;
	}
	*ret = (struct c001_in){
		.object = object,
		.session_id = either(object, "session_id", "sessionId"),
		.student_id = either(object, "student_id", "studentId"),
		.course_id = either(object, "course_id", "courseId"),
	};
	return true;
}
