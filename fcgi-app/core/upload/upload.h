/*
 * Taking a file of a session: from the bytes of a request to the attachment.
 *
 * The order is DESIGN 6's: copy, hash, judge (muster-scan), sync, rename, row.
 * Nothing is half-done: what fails before the row leaves no bytes, and what a
 * crash or an unknown commit leaves is the sweeper's.
 */
#ifndef CORE_UPLOAD_H
#define CORE_UPLOAD_H

#include "core/upload/attachment.h"

struct upload_in {
	int64_t occurrence_id;
	/* Where the bytes are: a spooled body (fd >= 0), or in memory (fd -1). */
	int fd;                         /* readable; stays the caller's */
	int64_t offset, length;         /* of the content within fd */
	struct str bytes;               /* with fd -1 */
	const struct file_spool *whole; /* the body is the file: it is taken by a rename; or NULL */
	struct str name;                /* as the user's computer called it */
	struct str description;         /* may be empty */
};

/*
 * Once per request, before its files: the right to add one, and the account's uploads
 * per hour (RC_BUSY RATE with retry_s) for n_files.
 */
enum rc upload_allowed(struct core *c, int64_t occurrence_id, size_t n_files,
		       struct error *e) MUST_CHECK;

/*
 * One file.  files: the store.  *ret_id: the attachment.
 * RC_INVALID: FILE_EMPTY, FILE_TYPE, FILE_NAME, FILE_MISMATCH, FILE_DAMAGED,
 * FILE_MACROS, BODY_SHORT, or the field "description"; RC_TOO_BIG FILE_TOO_BIG;
 * RC_NO_SPACE DISK_FULL; RC_DEPENDENCY FILE_SCAN; and those of attachment_add.
 */
enum rc upload_file(struct core *c, const struct files *files, const struct upload_in *in,
		    int64_t *ret_id, struct error *e) MUST_CHECK;

/* For monitors: a file that did not become one. */
void upload_count_refused(const struct core *c, const struct error *e);

/* ---- the steps, for what arrives in pieces (resumable.h) ------------------------------- */

/* What can be said before a byte is there: size, extension, room on the disk. */
enum rc upload_look(struct core *c, const struct files *files, int64_t length, struct str extension,
		    struct error *e) MUST_CHECK;
/* The type by the content.  RC_DEPENDENCY FILE_SCAN when it could not be judged. */
enum rc upload_judge(struct core *c, const struct file_draft *draft, struct str extension,
		     const struct filetype **ret_type, struct error *e) MUST_CHECK;

struct upload_row {
	int64_t occurrence_id;
	struct str name, description;
	struct str resumable_id; /* empty: arrived in one */
};
/* The row of a kept file, with its rights; nothing is removed when that fails. */
enum rc upload_add_row(struct core *c, const struct upload_row *to, const struct file_draft *draft,
		       const struct filetype *type, int64_t *ret_id, struct error *e) MUST_CHECK;

#endif
