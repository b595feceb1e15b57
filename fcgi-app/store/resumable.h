/*
 * Uploads in pieces: what was announced, and what became of it.  How much has
 * arrived is not here but in the file itself (sys/files_part.h).
 */
#ifndef STORE_RESUMABLE_H
#define STORE_RESUMABLE_H

#include "store/store.h"

#define RESUMABLE_LIST_MAX 1000 /* more than the setting uploads_open_per_account allows */

struct resumable_row {
	struct str id; /* 32 hex digits */
	int64_t account_id, occurrence_id, size;
	struct str name, description, metadata;
	struct str state;      /* open, done, ended */
	int64_t attachment_id; /* COLUMN_NULL: none yet */
	int64_t expires_at;
};

struct resumable_new {
	struct str id; /* 32 hex digits */
	int64_t account_id, occurrence_id, size;
	struct str name, description, metadata;
	int64_t now_at, expires_at;
};

/*
 * In a transaction: RC_BUSY UPLOADS_OPEN when the account has max open ones already; two at
 * once wait for each other.
 */
enum rc resumable_insert(struct store *s, const struct resumable_new *n, int64_t max,
			 struct arena *a, struct error *e) MUST_CHECK;
/* Of that account; RC_NOT_FOUND. */
enum rc resumable_read(struct store *s, struct str id, int64_t account_id, struct arena *a,
		       struct resumable_row *ret, struct error *e) MUST_CHECK;
/* The same under its lock, in a transaction. */
enum rc resumable_lock(struct store *s, struct str id, int64_t account_id, struct arena *a,
		       struct resumable_row *ret, struct error *e) MUST_CHECK;
/* Open and not expired, of one session, oldest first. */
enum rc resumable_rows(struct store *s, int64_t account_id, int64_t occurrence_id, int64_t now_at,
		       struct arena *a, const struct resumable_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
enum rc resumable_done(struct store *s, struct str id, int64_t attachment_id,
		       struct error *e) MUST_CHECK;
/* *ret_n 0: it had ended before. */
enum rc resumable_ended(struct store *s, struct str id, int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
