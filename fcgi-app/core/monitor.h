/*
 * What a monitor may read, and who may be one.  For /metrics.
 */
#ifndef CORE_MONITOR_H
#define CORE_MONITOR_H

#include "core/audit_chain.h"
#include "core/event/relay.h"
#include "core/health.h"
#include "core/job.h"
#include "sys/meter.h"

/* Who asks.  address: of the client, as our nginx saw it. */
struct monitor_who {
	struct str address;
	struct str forwarded;     /* not empty: it came through another proxy, too */
	struct str authorization; /* the header */
};
/* "127.0.0.1", the rest of 127.0.0.0/8, "::1", and that in IPv6's clothes. */
bool monitor_is_loopback(struct str address);
/*
 * RC_OK for this machine itself (not what a proxy on it passes on), or with "Bearer " and the
 * token of metrics_token_file.  RC_NOT_FOUND otherwise.
 */
enum rc monitor_allowed(const struct core *c, const struct monitor_who *who,
			struct error *e) MUST_CHECK;

struct monitor {
	struct meter_sums counts;
	struct health health;
	bool has_chain; /* the next are known */
	struct chain_lag lag;
	const struct job_row *jobs;
	size_t n_jobs;
	bool has_events; /* the next is known */
	struct relay_lag events;
};
/* meter: NULL: nothing is counted.  What cannot be asked now is left out. */
void monitor_look(struct core *c, const struct meter *meter, const struct files *files,
		  struct monitor *ret);

#endif
