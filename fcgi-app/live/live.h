/*
 * The gateway: one loop, from start to end.
 *
 * live_run owns everything: connections, sessions, the hub, the call threads.  Other threads
 * reach the loop by live_post alone.  Settings live_… bound what clients may do; what they do wrong
 * is answered or ends them, and never the gateway.
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "live/door.h"
#include "live/feed.h"
#include "live/hub.h"
#include "sys/log.h"

struct live;

struct live_options {
	struct core core; /* config, clock, zones, token_key; what call threads begin with */
	struct log *log;
	struct live_doors doors;
	struct feed_voices voices; /* none: the stream of events is not read */
	/* A connection for call thread i, opened at its start; NULL: calls find no database. */
	enum rc (*open_store)(void *arg, struct store **ret, struct error *e);
	void *arg;
	int listen_fd; /* listening; closed when the gateway stops accepting */
	int stop_fd;   /* readable: stop */
	struct live_limits {
		int64_t connections, per_account, opens_per_s;
		int64_t messages_per_s, account_messages_per_s, bytes_per_s; /* 0: any */
		int64_t message_bytes; /* largest that is taken */
		int64_t queue_bytes;   /* of one connection */
		int64_t ping_interval_ms, ping_timeout_ms, connect_timeout_ms;
		int64_t call_threads;
		int64_t recheck_ms; /* between two looks at the sessions of those who are in; 0:
				       none */
	} limits;
	bool is_conformance; /* any origin, any host, nobody is authenticated */
};

/* Serves until stop_fd is readable and what was queued has gone, or a second has passed. */
enum rc live_run(const struct live_options *o, struct error *e) MUST_CHECK;

/* Work for the loop from another thread. */
struct live_post {
	void (*run)(struct live *l, struct live_post *p); /* in the loop; may free p */
	struct live_post *next;
};
void live_post(struct live *l, struct live_post *p);

struct hub *live_hub(struct live *l); /* in the loop only */

/*
 * How many connections fit below this process's limit of open files, which is raised as far as it
 * may be: at most `wanted`.
 */
int64_t live_capacity(int64_t wanted, int64_t *ret_files);

#endif
