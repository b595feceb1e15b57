/*
 * Rows of photos in `file`: without a branch, so that no review lists them.
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
/* Marks it deleted when no attempt holds it.  file_id: 16 bytes. */
enum rc photo_end_unused(struct store *s, struct str file_id, struct error *e) MUST_CHECK;

#endif
