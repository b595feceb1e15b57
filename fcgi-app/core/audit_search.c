/*
 * Searching the audit trail.
 */
#include "core/audit_search.h"

#include "core/rights.h"

static enum rc set_branch(const struct core *c, const struct audit_query *query,
			  struct audit_filter *f, struct error *e)
{
	const struct who *w = c->who;

	if (rights_scope(w->role, ACTION_AUDIT_SEARCH) == SCOPE_ALL) {
		f->branch_id = query->branch_id;
		return RC_OK;
	}
	f->branch_id = query->branch_id ? query->branch_id : w->branch_id;
	return rights_branch(w, ACTION_AUDIT_SEARCH, f->branch_id, e);
}

static enum rc set_period(const struct core *c, const struct audit_query *query,
			  struct audit_filter *f, struct error *e)
{
	const struct zone *zone;

	f->from_at = f->to_at = NO_TIME;
	if (query->from_day != NO_DAY && query->to_day != NO_DAY && query->to_day < query->from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	if (query->from_day == NO_DAY && query->to_day == NO_DAY)
		return RC_OK;
	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	if (query->from_day != NO_DAY)
		f->from_at = zone_to_utc(zone, query->from_day, 0, NULL);
	if (query->to_day != NO_DAY)
		f->to_at = zone_to_utc(zone, query->to_day + 1, 0, NULL);
	return RC_OK;
}

enum rc audit_search_filter(struct core *c, const struct audit_query *query,
			    struct audit_filter *ret, bool *ret_empty, struct error *e)
{
	struct audit_filter f = { .family = query->family,
				  .object = query->object,
				  .object_id = query->object_id,
				  .request_id = query->request_id,
				  .last_id = INT64_MAX };
	bool is_empty = false;
	enum rc rc;

	TRY(set_branch(c, query, &f, e));
	if (query->object_id && !query->object.n)
		return ERROR_FIELD(e, "object", REASON_REQUIRED, 0);
	TRY(set_period(c, query, &f, e));
	if (query->actor.n) {
		rc = audit_actor(c->db, query->actor, c->arena, &f.actor_id, e);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
		is_empty = rc == RC_NOT_FOUND;
		error_init(e);
	}
	TRY(audit_bounds(c->db, &f, c->arena, e));
	*ret = f;
	*ret_empty = is_empty;
	return RC_OK;
}

enum rc audit_search(struct core *c, const struct audit_filter *filter, int64_t before_id,
		     size_t limit, const struct audit_hit **ret_rows, size_t *ret_n,
		     struct error *e)
{
	return audit_hits(c->db, filter, before_id > 0 ? before_id : INT64_MAX, limit, c->arena,
			  ret_rows, ret_n, e);
}

enum rc audit_search_size(struct core *c, const struct audit_filter *filter, struct error *e)
{
	bool is_more;

	TRY(audit_more_than(c->db, filter, AUDIT_EXPORT_MAX, c->arena, &is_more, e));
	if (!is_more)
		return RC_OK;
	ERROR(e, RC_TOO_BIG, REASON_AUDIT_TOO_MANY, "export of more than %d rows",
	      AUDIT_EXPORT_MAX);
	e->arg = AUDIT_EXPORT_MAX;
	return RC_TOO_BIG;
}

enum rc audit_search_branches(struct core *c, const struct audit_branch **ret_rows, size_t *ret_n,
			      struct error *e)
{
	if (rights_scope(c->who->role, ACTION_AUDIT_SEARCH) != SCOPE_ALL) {
		*ret_rows = NULL;
		*ret_n = 0;
		return RC_OK;
	}
	return audit_branches(c->db, c->arena, ret_rows, ret_n, e);
}
