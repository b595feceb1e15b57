/*
 * Taking a file of a session: from the bytes of a request to the attachment.
 *
 * The order is DESIGN 6's: copy, hash, judge (muster-scan), sync, rename, row.
 * Nothing is half-done: what fails before the row leaves no bytes, and what a
 * crash or an unknown commit leaves is the sweeper's.
 */
#ifndef CORE_UPLOAD_H
#define CORE_UPLOAD_H

#include "core/attachment.h"

struct upload_in {
	int64_t occurrence_id;
	/* Where the bytes are: a spooled body (fd >= 0), or in memory (fd -1). */
	int fd;                 /* readable; stays the caller's */
	int64_t offset, length; /* of the content within fd */
	struct str bytes;       /* with fd -1 */
	struct str name;        /* as the user's computer called it */
	struct str description; /* may be empty */
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

#endif
