/*
 * What background jobs say of themselves, for monitors: how often they ran, failed, and when.
 */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core/core.h"
#include "store/job.h"

/* A run of the job `name` (up to 64 bytes) that ended well with n things done, or one that
 * did not, at c->now_us. */
enum rc job_note_done(struct core *c, const char *name, int64_t n, struct error *e) MUST_CHECK;
enum rc job_note_failed(struct core *c, const char *name, struct error *e) MUST_CHECK;
/* All of them, by name. */
enum rc job_list(struct core *c, const struct job_row **ret_rows, size_t *ret_n,
		 struct error *e) MUST_CHECK;

#endif
