/*
 * SQL of notifications as the gateway tells them: many at once, of whatever account, with who reads
 * them.  They are told to their own account alone.
 */
#ifndef STORE_INBOX_TOLD_H
#define STORE_INBOX_TOLD_H

#include "store/inbox.h"

struct inbox_told_stored {
	struct inbox_stored row;
	int64_t account_id;
	struct str role, language; /* language empty: not chosen */
};
/* ids: JSON array of at most `limit`; what is gone is left out. */
enum rc inbox_told_rows(struct store *s, struct str ids, size_t limit, struct arena *a,
			const struct inbox_told_stored **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
