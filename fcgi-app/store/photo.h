/*
 * Rows of photos in `file`: without a branch, so that no review lists them.
 *
 * A photo begins as 'deleted': a request that dies before its attempt leaves it to the sweeper,
 * which waits a while.  The attempt that comes to hold it makes it 'stored'
 * (checkin_insert_photos).
 */
#ifndef STORE_PHOTO_H
#define STORE_PHOTO_H

#include "store/store.h"

struct photo_new {
	struct str file_id; /* 32 hex digits */
	struct str sha256;  /* 32 bytes */
	int64_t size;
	struct str mime, extension;
	int64_t now_at;
};
enum rc photo_insert(struct store *s, const struct photo_new *n, struct error *e) MUST_CHECK;

struct photo_row {
	struct str mime; /* of the photo; its bytes on disk are sealed */
};
/* file_id: 16 bytes.  RC_NOT_FOUND. */
enum rc photo_get(struct store *s, struct str file_id, struct arena *a, struct photo_row *ret,
		  struct error *e) MUST_CHECK;

#endif
