/*
 * What is removed behind the scenes: bytes nobody knows, rows nobody needs.
 *
 * Run by muster-jobs under a lease, so that one sweeper works at a time.  Each step is
 * small and may be repeated; a crash at any point only leaves work for the next run.
 */
#ifndef CORE_SWEEP_H
#define CORE_SWEEP_H

#include "core/core.h"
#include "sys/files.h"

#define SWEEP_LEASE_S         300
#define SWEEP_KEEP_SESSION_US US_PER_DAY       /* after its end: a form may still be sent again */
#define SWEEP_KEEP_TRIES_US   (2 * US_PER_DAY) /* wrong passwords */

struct sweep_report {
	int64_t n_temporary;         /* drafts and spooled bodies that a crash left */
	int64_t n_unknown;           /* stored files without a row */
	int64_t n_deleted;           /* bytes of deleted files */
	int64_t n_uploads;           /* uploads in pieces that were not finished in time */
	int64_t n_sessions, n_tries; /* rows */
};

/* Called for each file that went.  kind: "temporary", "unknown", "deleted", "expired". */
struct sweep_said {
	void (*fn)(void *arg, const char *kind, struct str name, int64_t age_s);
	void *arg;
};

/* RC_BUSY while another sweeper has the lease.  holder: 32 bytes. */
enum rc sweep_begin(struct core *c, struct str holder, struct error *e) MUST_CHECK;
enum rc sweep_end(struct core *c, struct str holder, struct error *e) MUST_CHECK;

/*
 * One sweep.  Files are left alone until they are config->sweep_after_minutes old, so that
 * an upload that has its bytes but not yet its row is safe.
 */
enum rc sweep_run(struct core *c, const struct files *files, const struct sweep_said *said,
		  struct sweep_report *ret, struct error *e) MUST_CHECK;

#endif
