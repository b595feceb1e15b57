/* From ids to sessions; see target.h. */
#include "api/c004/target.h"

enum rc c004_target_completion(struct core *c, int64_t id, struct c004_target *ret, struct error *e)
{
	struct completion_row *row = ARENA_NEW(c->arena, struct completion_row);

	if (!row)
		return ERROR_MEMORY(e);
	TRY(completion_get(c, id, row, e));
	*ret = (struct c004_target){ row->occurrence_id, row, true };
	return RC_OK;
}

enum rc c004_target_occurrence(struct core *c, int64_t occurrence_id, struct c004_target *ret,
			       struct error *e)
{
	const struct completion_row *rows;
	size_t n;

	TRY(completion_by_occurrence(c, occurrence_id, &rows, &n, e));
	*ret = (struct c004_target){ occurrence_id, n ? rows : NULL, false };
	return RC_OK;
}

enum rc c004_target_either(struct core *c, int64_t id, struct c004_target *ret, struct error *e)
{
	enum rc rc = c004_target_completion(c, id, ret, e);

	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return c004_target_occurrence(c, id, ret, e);
}

const struct completion_row *c004_target_live(const struct c004_target *t)
{
	return t->row && !str_eq(t->row->state, STR("cancelled")) ? t->row : NULL;
}

enum rc c004_target_need_live(const struct c004_target *t, struct error *e)
{
	if (t->is_by_completion && !c004_target_live(t))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "completion %lld",
			     (long long)t->row->id);
	return RC_OK;
}
