/* Wall-clock time of an instant; see wall.h. */
#include "core/wall.h"

struct wall core_wall(const struct core *c, struct str zone, int64_t us)
{
	const struct zone *z;
	struct error ignored;
	struct wall w = { NO_DAY, NO_DAY };

	if (us == NO_TIME)
		return w;
	error_init(&ignored);
	if (zones_get(c->zones, str_empty(zone) ? c->who->zone : zone, &z, &ignored) == RC_OK) {
		zone_from_utc(z, us, &w.day, &w.tod);
	} else {
		w.day = us_day(us);
		w.tod = (int32_t)(us_in_day(us) / US_PER_S);
	}
	return w;
}
