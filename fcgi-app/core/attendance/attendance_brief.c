/*
 * What lists of sessions show of their attendance.
 */
#include "core/attendance/attendance_brief.h"

#include "codec/json.h"
#include "core/rights.h"

enum rc attendance_briefs(struct core *c, const int64_t *occurrences, size_t n,
			  const struct attendance_brief **ret_rows, size_t *ret_n, struct error *e)
{
	struct json_out o;
	struct buf b;

	*ret_rows = NULL;
	*ret_n = 0;
	if (n == 0)
		return RC_OK;
	buf_init(&b, c->arena, 1024, 65536);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		json_out_i64(&o, occurrences[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return attendance_brief_rows(c->db, buf_str(&b), c->arena, ret_rows, ret_n, e);
}

int64_t attendance_opens_from(const struct attendance_brief *b, int64_t starts_at)
{
	int64_t early_min = b->early_min == COLUMN_NULL ? policy_built_in.early_min : b->early_min;

	return starts_at - early_min * 60 * US_PER_S;
}

enum rc attendance_policy_of(struct core *c, const struct session_detail *d, struct policy *ret,
			     struct error *e)
{
	return policy_in_force(c->db, c->arena, d->branch_id, d->row.course_id, ret, e);
}

bool attendance_may_open(const struct core *c, const struct session_detail *d,
			 const struct policy *policy, int64_t *ret_from)
{
	/* Who sees the session without being an admin holds it or is staff of its class. */
	const struct subject subject = { .branch_id = d->branch_id,
					 .teacher_id = d->row.teacher_id,
					 .owner_id = COLUMN_NULL,
					 .is_class_staff = true };

	*ret_from = d->row.starts_at - policy->early_min * 60 * US_PER_S;
	return d->row.state != SESSION_CANCELLED &&
	       rights_allow(c->who, ACTION_ATTENDANCE_WORK, &subject);
}
