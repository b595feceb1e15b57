/*
 * What a completion code shows.  See verify.h.
 */
#include "core/session/verify.h"

#include "core/session/code.h"
#include "store/completion.h"

/* No code has it: it is asked for in place of what cannot be one, so that all answers cost one. */
#define NO_KEY STR("-")

enum rc verify_code(struct core *c, struct str typed, bool *ret_is_ours, struct verified *ret,
		    struct error *e)
{
	struct completion_shown_row row;
	struct str key = NO_KEY;
	struct error mine;
	enum rc rc;

	if (code_is_long(typed))
		key = code_key(c->arena, typed);
	if (!key.p)
		return ERROR_MEMORY(e);
	error_init(&mine);
	rc = completion_shown(c->db, key, c->arena, &row, &mine);
	if (rc == RC_NOT_FOUND) {
		*ret_is_ours = false;
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	*ret = (struct verified){ .code = row.code,
				  .course_code = row.course_code,
				  .course_title = row.course_title,
				  .teacher_name = row.teacher_name,
				  .day = row.session_date,
				  .start_tod = row.start_time,
				  .end_tod = row.end_time,
				  .actual_start_tod = row.actual_start,
				  .actual_end_tod = row.actual_end };
	*ret_is_ours = true;
	return RC_OK;
}
