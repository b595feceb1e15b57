/*
 * Events of sessions; see session_tell.h.
 */
#include "core/session/session_tell.h"

#include "codec/json.h"

static enum rc payload_of(struct core *c, const struct session_told *t, struct str *ret,
			  struct error *e)
{
	char day[11];
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, 128, 512);
	json_out_init(&o, &b);
	json_out_object(&o);
	if (t->occurrence_id)
		json_out_key_i64(&o, "occurrence", t->occurrence_id);
	if (t->course_id != COLUMN_NULL)
		json_out_key_i64(&o, "course", t->course_id);
	if (t->day != NO_DAY)
		json_out_key_str(&o, "day", day_format(t->day, day));
	if (t->request_id)
		json_out_key_i64(&o, "request", t->request_id);
	json_out_key_i64(&o, "n", t->n ? t->n : 1);
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc session_tell(struct core *c, struct store *s, enum event_type type,
		     const struct session_told *t, struct error *e)
{
	struct event_new event = { .type = type,
				   .branch_id = t->branch_id,
				   .course_id = t->course_id == COLUMN_NULL ? 0 : t->course_id,
				   .person_id = t->teacher_id == COLUMN_NULL ? 0 : t->teacher_id };

	TRY(payload_of(c, t, &event.payload, e));
	event.public_payload = event.payload;
	return event_add(c, s, &event, e);
}
