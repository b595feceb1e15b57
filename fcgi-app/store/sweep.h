/*
 * What the sweeper asks and removes, in batches.
 */
#ifndef STORE_SWEEP_H
#define STORE_SWEEP_H

#include "store/store.h"

#define SWEEP_BATCH 1000 /* rows of one statement; DESIGN 9 allows 5,000 */

/* Whether the file (32 hex digits) has a row that still wants its bytes, or an open upload that
 * may yet write one. */
enum rc sweep_file_known(struct store *s, struct str file_id, struct arena *a, bool *ret_known,
			 struct error *e) MUST_CHECK;

struct sweep_file_row {
	struct str file_id; /* 32 hex digits */
};
/* Deleted files whose bytes are still there, at most SWEEP_BATCH; of those without a branch only
 * what was made before (store/photo.h). */
enum rc sweep_files_deleted(struct store *s, int64_t before_at, struct arena *a,
			    const struct sweep_file_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* Notes that the bytes are gone. */
enum rc sweep_file_removed(struct store *s, struct str file_id, int64_t now_at,
			   struct error *e) MUST_CHECK;
/* Whether the upload in pieces (32 hex digits) is open. */
enum rc sweep_upload_open(struct store *s, struct str id, struct arena *a, bool *ret_open,
			  struct error *e) MUST_CHECK;

struct sweep_upload_row {
	struct str id;    /* 32 hex digits */
	struct str state; /* open, done, ended */
};
/* Uploads in pieces that expired before, at most SWEEP_BATCH. */
enum rc sweep_uploads_expired(struct store *s, int64_t before_at, struct arena *a,
			      const struct sweep_upload_row **ret_rows, size_t *ret_n,
			      struct error *e) MUST_CHECK;
enum rc sweep_upload_removed(struct store *s, struct str id, struct error *e) MUST_CHECK;
/* Sessions that ended or expired before; *ret_n rows of at most SWEEP_BATCH. */
enum rc sweep_sessions(struct store *s, int64_t before_at, int64_t *ret_n,
		       struct error *e) MUST_CHECK;
/* Wrong-password counters not touched since. */
enum rc sweep_throttles(struct store *s, int64_t before_at, int64_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
