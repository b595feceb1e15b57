/*
 * What background jobs say of themselves: a row each, for monitors.
 */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "store/store.h"

#define JOB_MAX 64 /* jobs that are read */

/* A run that ended well (n things done), or one that did not. */
enum rc job_succeeded(struct store *s, struct str name, int64_t n, int64_t at,
		      struct error *e) MUST_CHECK;
enum rc job_failed(struct store *s, struct str name, int64_t at, struct error *e) MUST_CHECK;

struct job_row {
	struct str name;
	int64_t runs, failures, done;
	int64_t succeeded_at, failed_at; /* NO_TIME: never */
};
enum rc job_select(struct store *s, struct arena *a, const struct job_row **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;

#endif
