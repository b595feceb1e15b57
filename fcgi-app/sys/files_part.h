/*
 * Files that arrive in pieces: upload_dir/parts/<id>, until they are whole.
 *
 * How much has arrived is the size of the file and stands nowhere else, so no crash
 * can make a counter and the bytes differ.  Bytes are only ever added at the end;
 * what lies in [0, size) is right at any moment.  Who adds holds the file's lock
 * (flock: it goes with the process).  A whole part becomes a draft under the same id and
 * is kept as any other (files_draft_keep).  Room for the whole is taken when a
 * part is made, where the file system can, so that statvfs counts what is under way.
 */
#ifndef SYS_FILES_PART_H
#define SYS_FILES_PART_H

#include "sys/files.h"

/* An open part, locked.  Zero-initialise; closing twice is fine. */
struct file_part {
	const struct files *files; /* NULL: not open */
	int fd;
	int64_t size; /* what has arrived */
	bool is_kept; /* it was whole and kept already: a crash came before its row */
	char id[CRYPTO_ID_SIZE];
};

/* Makes the empty part `id` (32 hex digits), for `length` bytes in all.  RC_NO_SPACE. */
enum rc files_part_make(const struct files *f, struct str id, int64_t length,
			struct error *e) MUST_CHECK;
/*
 * RC_CONFLICT UPLOAD_LOCKED while another request adds to it, RC_NOT_FOUND FILE_GONE.  A file
 * of that id that is kept already is opened in its place (is_kept): ask the row again then.
 */
enum rc files_part_open(const struct files *f, struct str id, struct file_part *ret,
			struct error *e) MUST_CHECK;
void files_part_close(struct file_part *p);

/* Size of a part without its lock, whole and kept ones too.  RC_NOT_FOUND FILE_GONE. */
enum rc files_part_size(const struct files *f, struct str id, int64_t *ret_size,
			struct error *e) MUST_CHECK;
/* The same, and those bytes are on the disk when it returns. */
enum rc files_part_size_synced(const struct files *f, struct str id, int64_t *ret_size,
			       struct error *e) MUST_CHECK;

/*
 * Adds the whole spooled file, or `bytes` when spool is NULL, at the end.  After a failure
 * p->size says how much of it has arrived.  Not yet on the disk: files_part_sync.
 */
enum rc files_part_append(struct file_part *p, const struct file_spool *spool, struct str bytes,
			  struct error *e) MUST_CHECK;
/* The whole spooled file becomes the whole of an empty part, by one rename. */
enum rc files_part_take(struct file_part *p, const struct file_spool *spool,
			struct error *e) MUST_CHECK;
/* What has arrived is on the disk; when that fails, all behind `safe` is cut off. */
enum rc files_part_sync(struct file_part *p, int64_t safe, struct error *e) MUST_CHECK;

/* Whether the bytes from `offset` are these; false also when they cannot be read. */
bool files_bytes_equal(int fd, int64_t offset, struct str bytes) MUST_CHECK;

/*
 * The whole part as a draft (hashed), for judging and keeping; the part stays open and locked.
 * Dropping that draft, or failing to keep it, leaves the bytes where they are.
 */
enum rc files_part_draft(const struct file_part *p, struct file_draft *ret_draft,
			 struct error *e) MUST_CHECK;
/* Removes a part; RC_OK also when it was gone. */
enum rc files_part_remove(const struct files *f, struct str id, struct error *e) MUST_CHECK;

#endif
