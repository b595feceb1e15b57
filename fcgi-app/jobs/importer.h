/*
 * The importer as a job: the batches of imports that somebody confirmed, one after the other.
 * What a batch is stands in core/import/import.h.
 */
#ifndef JOBS_IMPORTER_H
#define JOBS_IMPORTER_H

#include "core/core.h"
#include "sys/files.h"
#include "sys/log.h"

#define IMPORTER_TIDY_MS (10 * 60 * 1000)

struct importer {
	struct core *c; /* its arena is reset after each batch */
	const struct files *files;
	const struct log *log;
	struct str holder; /* 32 bytes, of this process */
	int64_t tidy_at_us;
	int n_failed; /* runs in a row, for the log */
};

/*
 * At most one batch; true: there is more to do at once.  Failures are logged and tried again at
 * the next run.  Nothing to do while another process holds the lease.
 */
bool importer_run(struct importer *i);

#endif
