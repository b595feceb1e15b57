/*
 * Health.  Knows no rule; asks, and changes nothing.
 */
#include "core/health.h"

enum rc health_database(struct core *c, struct error *e)
{
	if (!c->db)
		return ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "no connection");
	return store_ping(c->db, e);
}
