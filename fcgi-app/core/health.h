/*
 * Whether what the rules stand on is there.  For /health and `muster doctor`.
 */
#ifndef CORE_HEALTH_H
#define CORE_HEALTH_H

#include "core/core.h"
#include "sys/files.h"

struct health {
	bool has_database; /* it answered just now */
	bool has_files;    /* the store's file system can be asked */
	bool has_room;     /* more than the reserve is free */
	int64_t free_bytes;
};

/* One round trip; cannot fail.  files may be NULL: there is no store here. */
struct health health_look(struct core *c, const struct files *files);

#endif
