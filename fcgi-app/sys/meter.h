/*
 * Counters for monitors, over all processes of a master.
 *
 * Made by the master before the first fork (anonymous, shared).  Each process counts in a
 * slot of its own, its threads together in one, without a lock.
 * The numbers stay when their process dies, and its slot is used again by another.  Which
 * pools and families there are is the caller's affair: here they are numbers.
 */
#ifndef SYS_METER_H
#define SYS_METER_H

#include "base/error.h"

enum {
	METER_POOLS = 4,
	METER_FAMILIES = 12,
	METER_STATUSES = 5, /* 1xx to 5xx */
	METER_BUCKETS = 13, /* of meter_bounds_us, and what is above */
};
/* Upper bounds in microseconds, ascending. */
extern const int64_t meter_bounds_us[METER_BUCKETS - 1];

/* Where a number lies in meter_sums.n. */
enum {
	METER_REQUESTS = 0, /* [pool][family][status class] */
	METER_TIMES = METER_REQUESTS + METER_POOLS * METER_FAMILIES * METER_STATUSES,
	/* [pool][bucket], each for itself */
	METER_TIME_US = METER_TIMES + METER_POOLS * METER_BUCKETS, /* [pool] */
	METER_STATEMENTS = METER_TIME_US + METER_POOLS,            /* [pool] of the database */
	METER_DATABASE_US = METER_STATEMENTS + METER_POOLS,        /* [pool] */
	METER_LATE = METER_DATABASE_US + METER_POOLS,              /* [pool] dropped unserved */
	METER_ERRORS = METER_LATE + METER_POOLS,                   /* [enum rc] */
	METER_RATE_LIMITED = METER_ERRORS + RC__MAX,
	METER_UPLOADS, /* stored */
	METER_UPLOADS_REFUSED,
	METER_UPLOADS_FAILED,
	METER_UPLOAD_BYTES,
	METER_STARTS,                              /* [pool] of processes */
	METER_DEATHS = METER_STARTS + METER_POOLS, /* [pool] */
	METER_N = METER_DEATHS + METER_POOLS,
};
static inline size_t meter_at(int pool, int family, int status)
{
	return METER_REQUESTS + ((size_t)pool * METER_FAMILIES + (size_t)family) * METER_STATUSES +
	       (size_t)(status / 100 - 1);
}

struct meter;
struct meter_slot;

/* n_slots: processes that may be there at once.  RC_NO_MEMORY.  meter_free: the master only. */
enum rc meter_new(unsigned n_slots, struct meter **ret, struct error *e) MUST_CHECK;
void meter_free(struct meter *m); /* NULL is fine */

/* The slot of process i, also for the master itself (i: n_slots). */
struct meter_slot *meter_slot(struct meter *m, unsigned i);
/* Adds; slot NULL: nobody counts. */
void meter_add(struct meter_slot *s, size_t what, int64_t n);
/* A request that took us microseconds: status 100..599. */
void meter_request(struct meter_slot *s, int pool, int family, int status, int64_t us);

/* The process of a slot serves for a pool, with so many threads; is gone (the master says so). */
void meter_serves(struct meter_slot *s, int pool, int n_threads);
/* A thread of it goes to work, or has done. */
void meter_busy(struct meter_slot *s, bool is_busy);
void meter_gone(struct meter_slot *s);

struct meter_sums {
	int64_t n[METER_N];
	int64_t workers[METER_POOLS], busy[METER_POOLS];
};
void meter_sum(const struct meter *m, struct meter_sums *ret);

#endif
