/*
 * Files that arrive in pieces: see files_part.h.
 */
#include "sys/files_part.h"

#include "sys/fail.h"
#include "sys/files_private.h"
#include "sys/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPARE_CHUNK (64 * 1024)
#define APPEND_CHUNK  (1024 * 1024)

static void id_copy(char out[CRYPTO_ID_SIZE], struct str id)
{
	BUG(!files_id_valid(id));
	memcpy(out, id.p, id.n);
	out[id.n] = '\0';
}

/* Where blocks cannot be taken in advance, the size of the disk decides when they come. */
static enum rc take_room(int fd, int64_t length, struct error *e)
{
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)length) == 0 || errno == EOPNOTSUPP ||
	    errno == ENOSYS || errno == EINTR)
		return RC_OK;
	return files_failed(e, "taking room for a part");
}

enum rc files_part_make(const struct files *f, struct str id, int64_t length, struct error *e)
{
	char name[CRYPTO_ID_SIZE];
	enum rc rc;
	int fd;

	BUG(length < 1);
	id_copy(name, id);
	fd = openat(f->part_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return files_failed(e, "making a part");
	rc = take_room(fd, length, e);
	if (rc == RC_OK && fsync(f->part_fd) != 0)
		rc = files_failed(e, "syncing a folder");
	if (rc != RC_OK)
		unlinkat(f->part_fd, name, 0);
	proc_close(fd);
	return rc;
}

/* The part, or the kept file of that id. */
static enum rc open_either(const struct files *f, struct str id, int *ret_fd, bool *ret_kept,
			   struct error *e)
{
	char name[CRYPTO_ID_SIZE], path[FILES_PATH_SIZE];
	int fd;

	id_copy(name, id);
	fd = openat(f->part_fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	*ret_kept = fd < 0 && errno == ENOENT;
	if (*ret_kept && files_path(id, path))
		fd = openat(f->upload_fd, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "part %s is not there", name);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "part %s", name);
	*ret_fd = fd;
	return RC_OK;
}

static enum rc size_of(int fd, int64_t *ret, struct error *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "fstat of a part");
	*ret = st.st_size;
	return RC_OK;
}

static enum rc locked(struct error *e, const char *why)
{
	return ERROR(e, RC_CONFLICT, REASON_UPLOAD_LOCKED, "%s", why);
}

/* A file that was replaced (files_part_take) or kept while we waited is another one now. */
static bool is_in_place(const struct file_part *p)
{
	struct stat mine, there;
	char path[FILES_PATH_SIZE];
	int folder = p->is_kept ? p->files->upload_fd : p->files->part_fd;
	const char *name = p->id;

	if (p->is_kept) {
		BUG(!files_path(str_from(p->id), path));
		name = path;
	}
	return fstat(p->fd, &mine) == 0 &&
	       fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       mine.st_ino == there.st_ino;
}

enum rc files_part_open(const struct files *f, struct str id, struct file_part *ret,
			struct error *e)
{
	struct file_part p = { .files = f };
	enum rc rc;

	id_copy(p.id, id);
	TRY(open_either(f, id, &p.fd, &p.is_kept, e));
	if (flock(p.fd, LOCK_EX | LOCK_NB) != 0)
		rc = locked(e, "its file is locked");
	else if (!is_in_place(&p))
		rc = locked(e, "its file was replaced");
	else
		rc = size_of(p.fd, &p.size, e);
	if (rc != RC_OK) {
		proc_close(p.fd);
		return rc;
	}
	*ret = p;
	return RC_OK;
}

void files_part_close(struct file_part *p)
{
	if (p->files) {
		/* A copy of the descriptor (the spool's, after files_part_take) would hold on to
		 * it. */
		(void)!flock(p->fd, LOCK_UN);
		proc_close(p->fd);
	}
	p->files = NULL;
	p->fd = -1;
}

static enum rc look(const struct files *f, struct str id, bool is_synced, int64_t *ret_size,
		    struct error *e)
{
	int64_t size;
	bool is_kept;
	int fd;

	TRY(open_either(f, id, &fd, &is_kept, e));
	enum rc rc = size_of(fd, &size, e);
	if (rc == RC_OK && is_synced && fdatasync(fd) != 0)
		rc = files_failed(e, "syncing a part");
	proc_close(fd);
	if (rc == RC_OK)
		*ret_size = size;
	return rc;
}

enum rc files_part_size(const struct files *f, struct str id, int64_t *ret_size, struct error *e)
{
	return look(f, id, false, ret_size, e);
}

enum rc files_part_size_synced(const struct files *f, struct str id, int64_t *ret_size,
			       struct error *e)
{
	return look(f, id, true, ret_size, e);
}

/*
 * The disk begins with each chunk while the next is copied, so that files_part_sync waits for
 * less (a sixth less time a piece of 8 MB than copying first).
 */
static enum rc append_spool(struct file_part *p, const struct file_spool *spool, struct error *e)
{
	for (int64_t at = 0; at < spool->size; at += APPEND_CHUNK) {
		int64_t n = spool->size - at < APPEND_CHUNK ? spool->size - at : APPEND_CHUNK;

		TRY(files_copy_range(spool->fd, at, n, p->fd, e));
		/* Only a hint: the sync that counts comes later. */
		(void)!sync_file_range(p->fd, (off_t)(p->size + at), (off_t)n,
				       SYNC_FILE_RANGE_WRITE);
	}
	return RC_OK;
}

enum rc files_part_append(struct file_part *p, const struct file_spool *spool, struct str bytes,
			  struct error *e)
{
	struct error ignored;
	enum rc rc;

	if (lseek(p->fd, (off_t)p->size, SEEK_SET) < 0)
		return files_failed(e, "adding to a part");
	if (spool)
		rc = append_spool(p, spool, e);
	else
		rc = files_write_all(p->fd, bytes, e);
	/* After a failure some of it may have come; then its size tells. */
	if (rc == RC_OK) {
		p->size += spool ? spool->size : (int64_t)bytes.n;
	} else {
		error_init(&ignored);
		(void)!size_of(p->fd, &p->size, &ignored);
	}
	return rc;
}

enum rc files_part_take(struct file_part *p, const struct file_spool *spool, struct error *e)
{
	int fd = fcntl(spool->fd, F_DUPFD_CLOEXEC, 3);

	BUG(p->size != 0 || p->is_kept);
	if (fd < 0)
		return files_failed(e, "taking a body");
	/* Nobody else knows the new file yet: it is locked before it is seen. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    renameat(p->files->spool_fd, spool->name, p->files->part_fd, p->id) != 0) {
		enum rc rc = files_failed(e, "taking a body");
		proc_close(fd);
		return rc;
	}
	proc_close(p->fd);
	p->fd = fd;
	p->size = spool->size;
	return RC_OK;
}

enum rc files_part_sync(struct file_part *p, int64_t safe, struct error *e)
{
	if (fdatasync(p->fd) == 0)
		return RC_OK;
	enum rc rc = files_failed(e, "syncing a part");
	/* The kernel may have dropped the pages and call the next sync clean. */
	if (ftruncate(p->fd, (off_t)safe) == 0)
		p->size = safe;
	return rc;
}

bool files_bytes_equal(int fd, int64_t offset, struct str bytes)
{
	char chunk[COMPARE_CHUNK];

	while (bytes.n > 0) {
		size_t want = bytes.n < sizeof chunk ? bytes.n : sizeof chunk;
		ssize_t got = pread(fd, chunk, want, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || memcmp(chunk, bytes.p, (size_t)got) != 0)
			return false;
		bytes = str_from_pos(bytes, (size_t)got);
		offset += got;
	}
	return true;
}

enum rc files_part_draft(const struct file_part *p, struct file_draft *ret_draft, struct error *e)
{
	struct file_draft d = { .size = p->size, .folder_fd = p->files->part_fd };

	memcpy(d.id, p->id, sizeof d.id);
	TRY(crypto_sha256_file(p->fd, 0, p->size, d.sha256, e));
	d.fd = fcntl(p->fd, F_DUPFD_CLOEXEC, 3);
	if (d.fd < 0)
		return files_failed(e, "a draft of a part");
	d.files = p->files;
	*ret_draft = d;
	return RC_OK;
}

enum rc files_part_remove(const struct files *f, struct str id, struct error *e)
{
	char name[CRYPTO_ID_SIZE];

	id_copy(name, id);
	if (unlinkat(f->part_fd, name, 0) != 0 && errno != ENOENT)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "removing part %s", name);
	return RC_OK;
}
