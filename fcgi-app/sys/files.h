/*
 * The file store: bytes under upload_dir, named by a random id.
 *
 * A file arrives as a draft in upload_dir/tmp (by rename of nginx's spooled
 * body, or by copying a part of it), is hashed once, may be judged (sys/
 * scan_client.h) and is then kept: fdatasync → rename to ab/cd/<id> → fsync of
 * the directory.  What arrives in pieces grows in upload_dir/parts first
 * (sys/files_part.h).  Only then may its row be written.  What is not kept is
 * removed, at every failure and by files_draft_drop; what a crash leaves is
 * the sweeper's (files_each).  A user's file name never reaches the disk.
 * ENOSPC, EDQUOT and EFBIG are RC_NO_SPACE/DISK_FULL.
 *
 * Testing a full disk: there is no switch in the code.  The unit test mounts a
 * tmpfs of 1 MiB in a user namespace and gets the kernel's own ENOSPC; a test of
 * the whole server may run muster-app under `prlimit --fsize=` instead, which
 * fails the same call with EFBIG (proc_setup ignores SIGXFSZ).
 */
#ifndef SYS_FILES_H
#define SYS_FILES_H

#include "base/error.h"
#include "base/str.h"
#include "sys/crypto.h"

#define FILES_PATH_SIZE 40 /* "ab/cd/<32 hex>" and NUL */

/* Constant after files_open: threads may share it. */
struct files {
	int upload_fd, tmp_fd, part_fd, spool_fd; /* directories */
	int64_t reserve_bytes;
	struct str spool_dir; /* absolute, without a trailing '/'; the caller's */
};

/*
 * Opens (and makes, mode 0700) upload_dir, its tmp and parts, and spool_dir: absolute
 * paths on one file system, owned by us.  The texts must be NUL-terminated
 * behind their end (as settings are) and outlive the struct.
 * RC_DEPENDENCY with the path in the detail.
 */
enum rc files_open(struct files *ret_files, struct str upload_dir, struct str spool_dir,
		   int64_t reserve_bytes, struct error *e) MUST_CHECK;
void files_close(struct files *f);

/* RC_OK when `bytes` more leave the reserve untouched, else RC_NO_SPACE/DISK_FULL. */
enum rc files_room(const struct files *f, int64_t bytes, struct error *e) MUST_CHECK;
/* Free bytes of the store's file system for us. */
enum rc files_free_bytes(const struct files *f, int64_t *ret_bytes, struct error *e) MUST_CHECK;

/* A body nginx spooled.  Owned by the caller: files_spool_close. */
struct file_spool {
	int fd; /* read and write */
	int64_t size;
	char name[64]; /* inside spool_dir */
};

/*
 * Opens nginx's BODY_FILE.  The path must lie directly under spool_dir and be a
 * regular file of ours with one link: else RC_INTERNAL, since nginx would not
 * send that.  Symbolic links are not followed.
 */
enum rc files_spool_open(const struct files *f, struct str path, struct file_spool *ret_spool,
			 struct error *e) MUST_CHECK;
void files_spool_close(struct file_spool *s);

/* A file on its way in.  Zero-initialise; drop is idempotent. */
struct file_draft {
	const struct files *files; /* NULL: nothing to drop */
	int fd;                    /* readable; for scan_file */
	int folder_fd;             /* where it lies: tmp or parts; of files */
	int64_t size;
	char id[CRYPTO_ID_SIZE];
	uint8_t sha256[CRYPTO_SHA256_SIZE];
};

/*
 * The whole spooled file becomes the draft by one rename.  The spool struct
 * stays open and must still be closed.
 */
enum rc files_draft_take(const struct files *f, const struct file_spool *spool,
			 struct file_draft *ret_draft, struct error *e) MUST_CHECK;
/*
 * `length` bytes of fd from `offset` are copied: shared blocks where the file
 * system can, one copy in the kernel otherwise.  A source that is shorter is
 * RC_INVALID/BODY_SHORT.  fd's position is neither used nor moved.
 */
enum rc files_draft_copy(const struct files *f, int fd, int64_t offset, int64_t length,
			 struct file_draft *ret_draft, struct error *e) MUST_CHECK;
/* From memory: small generated files, bodies that came by stdin. */
enum rc files_draft_write(const struct files *f, struct str bytes, struct file_draft *ret_draft,
			  struct error *e) MUST_CHECK;
/*
 * Makes the draft permanent and durable; closes its fd.  On failure the draft is
 * dropped.  Afterwards ret-draft members id, size, sha256 stay readable and
 * drop does nothing: who fails later (the row) calls files_delete.
 */
enum rc files_draft_keep(struct file_draft *d, struct error *e) MUST_CHECK;
/* Removes an unkept draft (one of a part is only closed).  The argument is a struct file_draft *,
 * for arena_on_end. */
void files_draft_drop(void *draft);

/* Writes "ab/cd/<id>" (for X-Accel-Redirect); false unless id is 32 lower-case hex digits. */
bool files_path(struct str id, char ret_path[FILES_PATH_SIZE]) MUST_CHECK;
/* Opens a kept file for reading.  RC_NOT_FOUND/FILE_GONE when it is not there. */
enum rc files_read(const struct files *f, struct str id, int *ret_fd, int64_t *ret_size,
		   struct error *e) MUST_CHECK;
/* Removes a kept file; RC_OK also when it was gone. */
enum rc files_delete(const struct files *f, struct str id, struct error *e) MUST_CHECK;

enum files_place {
	FILES_KEPT,  /* ab/cd/<id> */
	FILES_TMP,   /* tmp/<id> */
	FILES_PART,  /* parts/<id> */
	FILES_SPOOL, /* nginx's, spool_dir/<name> */
	FILES_OTHER, /* not ours: never removed */
};

struct files_entry {
	enum files_place place;
	struct str name; /* id, or the name where it is not ours; valid during the call */
	int64_t size;
	int64_t changed_us; /* UTC */
};

/*
 * Calls fn for each file of the store, in no order, tmp, parts and spool included.  fn may
 * remove the entry it is given (files_entry_remove).  Ends early when fn fails and
 * passes that failure on.
 */
enum rc files_each(const struct files *f,
		   enum rc (*fn)(void *arg, const struct files_entry *entry, struct error *e),
		   void *arg, struct error *e) MUST_CHECK;
/* Removes a tmp, part, spool or kept entry; RC_OK also when it was gone.  BUG for FILES_OTHER. */
enum rc files_entry_remove(const struct files *f, const struct files_entry *entry,
			   struct error *e) MUST_CHECK;

#endif
