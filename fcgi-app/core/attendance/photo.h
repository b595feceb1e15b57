/*
 * Photos of check-ins: taking one, and showing it again.
 *
 * JPEG or PNG by content, whatever the name says; what its header claims to measure is
 * read here, before anything decodes it; then muster-scan judges it like any upload.
 * What is kept is sealed (sys/files_sealed.h) under a key of core/attendance/evidence.h.  Bytes
 * first, then the row of `file`, which is for nobody's review.  The attempt
 * (core/attendance/checkin.h) makes it evidence with an expiry; without one it is the sweeper's.
 */
#ifndef CORE_PHOTO_H
#define CORE_PHOTO_H

#include "core/core.h"
#include "sys/files_sealed.h"
#include "sys/filetype.h"

#define PHOTO_BYTES_MAX  (10LL * 1024 * 1024)
#define PHOTO_PIXELS_MAX 20000 /* of a side */

struct photo_in {
	/* Where the bytes are: a spooled body (fd >= 0), or in memory (fd -1). */
	int fd;                 /* readable; stays the caller's */
	int64_t offset, length; /* of the photo within fd */
	struct str bytes;       /* the photo itself, in memory or mapped */
};

/*
 * *ret_file: 16 bytes, for struct checkin_in.  RC_INVALID: PHOTO_MISSING (no bytes), PHOTO_TYPE
 * (no picture, damaged, another kind), PHOTO_PIXELS (arg: PHOTO_PIXELS_MAX);
 * RC_TOO_BIG PHOTO_TOO_BIG; RC_NO_SPACE DISK_FULL; RC_DEPENDENCY FILE_SCAN.
 */
enum rc photo_store(struct core *c, const struct files *files, const struct photo_in *in,
		    struct str *ret_file, struct error *e) MUST_CHECK;
/* The second half: what was judged is sealed and kept. */
enum rc photo_keep(struct core *c, const struct files *files, struct str bytes,
		   const struct filetype *type, struct str extension, struct str *ret_file,
		   struct error *e) MUST_CHECK;

struct photo {
	struct str type; /* media type */
	struct file_sealed *bytes;
};
/* The photo of an attempt that the viewer has got (checkin_attempt_get).  file: 16 bytes.  In
 * the arena, which closes it.  RC_NOT_FOUND when it is gone. */
enum rc photo_open(struct core *c, const struct files *files, struct str file, struct photo *ret,
		   struct error *e) MUST_CHECK;

enum photo_kind { PHOTO_NONE, PHOTO_JPEG, PHOTO_PNG };
/* What the first bytes are, and the measures its header claims (0: none found).  Pure; reads
 * nothing beyond the bytes. */
enum photo_kind photo_measure(struct str bytes, int64_t *ret_width, int64_t *ret_height);

#endif
