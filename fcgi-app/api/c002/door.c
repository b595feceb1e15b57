/* Finding the lesson of a path; see door.h. */
#include "api/c002/door.h"

FIELDS(c002_lesson_fields, c002_lesson_in,
       FIELD(RAW, c002_lesson_in, attendance_id, PATH, .required = true));

enum rc c002_lesson_of(struct req *q, struct str sent, struct lesson *ret, struct error *e)
{
	char uuid[LESSON_UUID_SIZE];

	if (!lesson_uuid_clean(sent, uuid))
		return ERROR_FIELD(e, "attendance_id", REASON_NOT_A_UUID, 0);
	return lesson_get(&q->core, str_from(uuid), ret, e);
}

enum rc c002_own_lesson(struct req *q, struct str sent, struct lesson *ret, struct error *e)
{
	struct lesson l;

	TRY(c002_lesson_of(q, sent, &l, e));
	if (!l.is_own)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "lesson of another teacher");
	*ret = l;
	return RC_OK;
}
