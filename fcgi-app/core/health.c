/*
 * Health.  Knows no rule; asks, and changes nothing.
 */
#include "core/health.h"

struct health health_look(struct core *c, const struct files *files)
{
	struct health h = { 0 };
	struct error e; /* what is down is what is told, not why */

	error_init(&e);
	h.has_database = c->db && store_ping(c->db, &e) == RC_OK;
	h.has_files = files && files_free_bytes(files, &h.free_bytes, &e) == RC_OK;
	h.has_room = h.has_files && files_room(files, 0, &e) == RC_OK;
	return h;
}
