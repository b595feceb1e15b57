/*
 * Attachments, the files beneath them, and the log of downloads.
 */
#ifndef STORE_ATTACHMENT_H
#define STORE_ATTACHMENT_H

#include "store/store.h"

struct attachment_stored {
	int64_t id, completion_id, occurrence_id, branch_id;
	struct str file_id; /* 32 hex digits */
	struct str name, description, class, mime, file_state;
	struct str review_reason; /* in quarantine: why */
	int64_t size, uploaded_by;
	struct str uploader_name;
	int64_t download_count, created_at;
	int64_t deleted_at; /* NO_TIME: not deleted */
};

struct attachment_new {
	int64_t completion_id, branch_id, account_id, now_at;
	int64_t teacher_id, course_id; /* of the session, COLUMN_NULL: none */
	struct str file_id;            /* 32 hex digits */
	struct str sha256;             /* 32 bytes */
	int64_t size;
	struct str class, mime, extension, name, description;
};

/* File row, then attachment row. */
enum rc attachment_insert(struct store *s, const struct attachment_new *n, int64_t *ret_id,
			  struct error *e) MUST_CHECK;
/* Of an occurrence, oldest first, deleted ones left out. */
enum rc attachment_rows(struct store *s, int64_t occurrence_id, struct arena *a,
			const struct attachment_stored **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
/* Deleted ones too; RC_NOT_FOUND. */
enum rc attachment_read(struct store *s, int64_t id, struct arena *a, struct attachment_stored *ret,
			struct error *e) MUST_CHECK;
/* file_id: 32 hex digits. */
enum rc attachment_read_by_file(struct store *s, struct str file_id, struct arena *a,
				struct attachment_stored *ret, struct error *e) MUST_CHECK;
/* Counter and log row; in a transaction. */
enum rc attachment_log(struct store *s, int64_t id, int64_t account_id, int64_t now_at,
		       struct error *e) MUST_CHECK;
/* Marks attachment and file; *ret_n 0 when it was deleted already. */
enum rc attachment_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at,
		       int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
