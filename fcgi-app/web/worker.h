/*
 * What a worker thread works with.
 *
 * struct web is constant and shared by all threads of a process; struct worker
 * belongs to one thread.  main fills both after the fork.  Handlers find theirs
 * in q->worker.
 */
#ifndef WEB_WORKER_H
#define WEB_WORKER_H

#include "core/session/oversight.h"
#include "core/session/session.h"
#include "sys/files.h"
#include "sys/log.h"
#include "sys/meter.h"
#include "web/family.h"

struct committer;
struct router;
struct serving;

struct web {
	const struct config *config;
	const struct router *router;
	struct family families[FAMILY__MAX];
	struct web_hooks hooks;
	struct str asset_base; /* "/static/<hash>" */
	struct str build;      /* of program and assets, in ETags */
	struct str version;    /* for people */
	struct str openapi;    /* /openapi.json */
	const struct files *files;
	const char *scan_socket;
	const struct meter *meter;  /* of all processes; NULL: nobody counts */
	struct committer *check_in; /* the check-in pool's; NULL elsewhere */
	bool is_tls;
};

struct worker {
	const struct web *web;
	enum route_pool pool;
	struct core core; /* db (NULL: not reached yet), config, clock, zones, shm; the rest per
			     request */
	struct arena arena;
	struct log log;
	struct session_cache *sessions;    /* NULL: none */
	struct oversight_cache *overviews; /* NULL: none */
	struct serving *serving;           /* the request at hand; web/serve.c */
};

/* nginx gives a request of the pool up after this. */
static inline int64_t pool_timeout_s(const struct config *c, enum route_pool pool)
{
	if (pool == POOL_SLOW)
		return c->slow_request_timeout_s;
	if (pool == POOL_SIGN_IN)
		return c->sign_in_timeout_s;
	return pool == POOL_CHECK_IN ? c->check_in_timeout_s : c->request_timeout_s;
}

#endif
