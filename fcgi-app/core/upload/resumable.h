/*
 * Uploads in pieces (tus): begun, added to, finished, given up.
 *
 * Only the account that began one may touch it: for others it is RC_NOT_FOUND.  What is said
 * to have arrived is on the disk.  An upload is whole only when it is an
 * attachment: until then its last byte counts as not yet there, so that a client whose
 * last piece met a failure comes again and the finishing is tried again.  Finishing asks
 * the rights anew, and happens once however often it is asked for.
 */
#ifndef CORE_RESUMABLE_H
#define CORE_RESUMABLE_H

#include "codec/tus.h"
#include "core/core.h"
#include "sys/files.h"

struct resumable {
	struct str id; /* 32 hex digits */
	int64_t occurrence_id;
	struct str name, description, metadata;
	int64_t size, offset;  /* bytes in all; arrived */
	int64_t attachment_id; /* COLUMN_NULL: not finished */
	int64_t expires_at;
};

struct resumable_in {
	int64_t occurrence_id, size;
	struct str name, description;
	struct str metadata; /* as sent; ASCII */
};

/*
 * Judged as upload_file judges (upload.h), but for the content.  RC_INVALID UPLOAD_METADATA
 * when metadata is too long; RC_BUSY UPLOADS_OPEN, RATE; RC_NO_SPACE DISK_FULL.
 */
enum rc resumable_create(struct core *c, const struct files *files, const struct resumable_in *in,
			 struct resumable *ret, struct error *e) MUST_CHECK;

/* RC_NOT_FOUND: NOT_FOUND, or UPLOAD_ENDED for what was one's own. */
enum rc resumable_get(struct core *c, const struct files *files, struct str id,
		      struct resumable *ret, struct error *e) MUST_CHECK;
/* Could a piece be added at `offset` now?  Cheap, for the gate; n_bytes -1: not known. */
enum rc resumable_may_add(struct core *c, const struct files *files, struct str id, int64_t offset,
			  int64_t n_bytes, struct error *e) MUST_CHECK;

/* RC_INVALID UPLOAD_CHECKSUM when a piece is not what its checksum says. */
enum rc resumable_check_sum(struct str bytes, const struct tus_checksum *sum,
			    struct error *e) MUST_CHECK;

struct resumable_piece {
	int64_t offset;
	const struct file_spool *spool; /* the whole piece as a file, or NULL */
	struct str bytes;               /* the same in memory, or mapped */
};
/*
 * Adds a piece, and finishes with the last one.  *ret: as it is then.
 * RC_CONFLICT UPLOAD_OFFSET, UPLOAD_LOCKED; RC_TOO_BIG BODY_TOO_BIG beyond the length; when it
 * was the last, the errors of upload_file: what is refused for good has ended then.
 * The last piece sent again is RC_OK.
 */
enum rc resumable_add(struct core *c, const struct files *files, struct str id,
		      const struct resumable_piece *piece, struct resumable *ret,
		      struct error *e) MUST_CHECK;

/* Gives it up; its bytes go at once.  A finished one is only forgotten, the attachment stays. */
enum rc resumable_end(struct core *c, const struct files *files, struct str id,
		      struct error *e) MUST_CHECK;

/* One's own of a session, oldest first.  What has arrived is told as it stands. */
enum rc resumable_list(struct core *c, const struct files *files, int64_t occurrence_id,
		       const struct resumable **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

#endif
