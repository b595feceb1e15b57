/*
 * The file store: see files.h.  Walking over it is in files_walk.c.
 *
 * Everything goes through descriptors of the three folders, opened once; names
 * are our own ids (or nginx's numbers) and are checked before use, so no path
 * can leave the folders.
 */
#include "sys/files.h"

#include "sys/fail.h"
#include "sys/files_private.h"
#include "sys/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define COPY_CHUNK (8 * 1024 * 1024)

bool files_id_valid(struct str id)
{
	if (id.n != CRYPTO_ID_SIZE - 1)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!ascii_is_digit(id.p[i]) && !(id.p[i] >= 'a' && id.p[i] <= 'f'))
			return false;
	return true;
}

bool files_path(struct str id, char ret_path[FILES_PATH_SIZE])
{
	if (!files_id_valid(id))
		return false;
	snprintf(ret_path, FILES_PATH_SIZE, "%.2s/%.2s/%.32s", id.p, id.p + 2, id.p);
	return true;
}

enum rc files_failed(struct error *e, const char *doing)
{
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return ERROR_ERRNO(e, RC_NO_SPACE, REASON_DISK_FULL, "%s: no room", doing);
	return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", doing);
}

static enum rc folder_open(const char *path, int *ret_fd, struct error *e)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "making %s", path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "opening %s", path);
	if (fstat(fd, &st) != 0 || st.st_uid != geteuid() || (st.st_mode & S_IWOTH)) {
		close(fd);
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED,
			     "%s must belong to the user of the programs alone", path);
	}
	*ret_fd = fd;
	return RC_OK;
}

/* rename() must work from the spool to the store. */
static enum rc same_file_system(const struct files *f, struct error *e)
{
	struct stat upload, spool;

	if (fstat(f->upload_fd, &upload) != 0 || fstat(f->spool_fd, &spool) != 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "folders of the store");
	if (upload.st_dev != spool.st_dev)
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED,
			     "spool_dir %.*s must lie on the file system of upload_dir",
			     STR_ARG(f->spool_dir));
	return RC_OK;
}

static enum rc folders_open(struct files *f, struct str upload_dir, struct error *e)
{
	char tmp[512], parts[512];

	if (snprintf(tmp, sizeof tmp, "%.*s/tmp", STR_ARG(upload_dir)) >= (int)sizeof tmp ||
	    snprintf(parts, sizeof parts, "%.*s/parts", STR_ARG(upload_dir)) >= (int)sizeof parts)
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "upload_dir is too long");
	TRY(folder_open(upload_dir.p, &f->upload_fd, e));
	TRY(folder_open(tmp, &f->tmp_fd, e));
	TRY(folder_open(parts, &f->part_fd, e));
	TRY(folder_open(f->spool_dir.p, &f->spool_fd, e));
	return same_file_system(f, e);
}

enum rc files_open(struct files *ret_files, struct str upload_dir, struct str spool_dir,
		   int64_t reserve_bytes, struct error *e)
{
	struct files f = {
		.upload_fd = -1,
		.tmp_fd = -1,
		.part_fd = -1,
		.spool_fd = -1,
		.reserve_bytes = reserve_bytes,
		.spool_dir = spool_dir,
	};
	enum rc rc = folders_open(&f, upload_dir, e);

	if (rc != RC_OK) {
		files_close(&f);
		return rc;
	}
	*ret_files = f;
	return RC_OK;
}

void files_close(struct files *f)
{
	proc_close(f->upload_fd);
	proc_close(f->tmp_fd);
	proc_close(f->part_fd);
	proc_close(f->spool_fd);
	f->upload_fd = f->tmp_fd = f->part_fd = f->spool_fd = -1;
}

enum rc files_free_bytes(const struct files *f, int64_t *ret_bytes, struct error *e)
{
	struct statvfs st;

	if (fstatvfs(f->upload_fd, &st) != 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "statvfs of upload_dir");
	if (__builtin_mul_overflow(st.f_bavail, st.f_frsize, ret_bytes))
		*ret_bytes = INT64_MAX;
	return RC_OK;
}

enum rc files_room(const struct files *f, int64_t bytes, struct error *e)
{
	int64_t room;

	TRY(files_free_bytes(f, &room, e));
	if (bytes > room || room - bytes < f->reserve_bytes)
		return ERROR(e, RC_NO_SPACE, REASON_DISK_FULL,
			     "%lld bytes are free, %lld wanted, %lld reserved", (long long)room,
			     (long long)bytes, (long long)f->reserve_bytes);
	return RC_OK;
}

/* ---- spool --------------------------------------------------------------------------------- */

/* The name under spool_dir, or an empty view. */
static struct str spool_name(const struct files *f, struct str path)
{
	size_t n = f->spool_dir.n;

	if (!str_starts(path, f->spool_dir) || path.n <= n + 1 || path.p[n] != '/')
		return STR("");
	struct str name = str_from_pos(path, n + 1);
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_' && name.p[i] != '-')
			return STR("");
	return name;
}

enum rc files_spool_open(const struct files *f, struct str path, struct file_spool *ret_spool,
			 struct error *e)
{
	struct file_spool s;
	struct stat st;
	struct str name = spool_name(f, path);

	if (str_empty(name) || name.n >= sizeof s.name)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "body file %.*s is not in spool_dir", STR_ARG(str_sub(path, 0, 120)));
	memcpy(s.name, name.p, name.n);
	s.name[name.n] = '\0';
	s.fd = openat(f->spool_fd, s.name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (s.fd < 0)
		return ERROR_ERRNO(e, RC_INTERNAL, REASON_UNEXPECTED, "body file %s", s.name);
	if (fstat(s.fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_nlink != 1) {
		close(s.fd);
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "body file %s is not a plain file of ours", s.name);
	}
	s.size = st.st_size;
	*ret_spool = s;
	return RC_OK;
}

void files_spool_close(struct file_spool *s)
{
	proc_close(s->fd);
	s->fd = -1;
}

/* ---- drafts -------------------------------------------------------------------------------- */

enum rc files_draft_create(const struct files *f, struct file_draft *d, struct error *e)
{
	crypto_random_id(d->id);
	d->fd = openat(f->tmp_fd, d->id, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->fd < 0)
		return files_failed(e, "making a draft");
	d->files = f;
	d->folder_fd = f->tmp_fd;
	return RC_OK;
}

enum rc files_draft_finish(struct file_draft *d, struct file_draft *ret_draft, enum rc rc,
			   struct error *e)
{
	if (rc == RC_OK)
		rc = crypto_sha256_file(d->fd, 0, d->size, d->sha256, e);
	if (rc != RC_OK) {
		files_draft_drop(d);
		return rc;
	}
	*ret_draft = *d;
	return RC_OK;
}

enum rc files_draft_take(const struct files *f, const struct file_spool *spool,
			 struct file_draft *ret_draft, struct error *e)
{
	struct file_draft d = { .size = spool->size };

	d.fd = fcntl(spool->fd, F_DUPFD_CLOEXEC, 3);
	if (d.fd < 0)
		return files_failed(e, "taking a body");
	crypto_random_id(d.id);
	if (renameat(f->spool_fd, spool->name, f->tmp_fd, d.id) != 0) {
		enum rc rc = files_failed(e, "taking a body");
		close(d.fd);
		return rc;
	}
	d.files = f;
	d.folder_fd = f->tmp_fd;
	return files_draft_finish(&d, ret_draft, RC_OK, e);
}

/* Where copy_file_range does not work at all: sendfile reads at its own offset, too. */
static ssize_t copy_some(int from, off_t *at, int to, size_t n)
{
	ssize_t got = copy_file_range(from, at, to, NULL, n, 0);

	if (got < 0 &&
	    (errno == EXDEV || errno == ENOSYS || errno == EINVAL || errno == EOPNOTSUPP))
		got = sendfile(to, from, at, n);
	return got;
}

enum rc files_copy_range(int from, int64_t offset, int64_t length, int to, struct error *e)
{
	off_t at = (off_t)offset;

	while (length > 0) {
		size_t n = length < COPY_CHUNK ? (size_t)length : COPY_CHUNK;
		ssize_t got = copy_some(from, &at, to, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return files_failed(e, "copying a file");
		if (got == 0)
			return ERROR(e, RC_INVALID, REASON_BODY_SHORT,
				     "the body ends %lld bytes before the part does",
				     (long long)length);
		length -= got;
	}
	return RC_OK;
}

enum rc files_draft_copy(const struct files *f, int fd, int64_t offset, int64_t length,
			 struct file_draft *ret_draft, struct error *e)
{
	struct file_draft d = { .size = length };

	BUG(offset < 0 || length < 0);
	TRY(files_draft_create(f, &d, e));
	return files_draft_finish(&d, ret_draft, files_copy_range(fd, offset, length, d.fd, e), e);
}

enum rc files_write_all(int fd, struct str bytes, struct error *e)
{
	while (bytes.n > 0) {
		ssize_t put = write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return files_failed(e, "writing a file");
		bytes = str_from_pos(bytes, (size_t)put);
	}
	return RC_OK;
}

enum rc files_draft_write(const struct files *f, struct str bytes, struct file_draft *ret_draft,
			  struct error *e)
{
	struct file_draft d = { .size = (int64_t)bytes.n };

	TRY(files_draft_create(f, &d, e));
	return files_draft_finish(&d, ret_draft, files_write_all(d.fd, bytes, e), e);
}

/* Makes name under at, durably: a folder that is new must not be lost with its file. */
static enum rc folder_make(int at, const char *name, struct error *e)
{
	if (mkdirat(at, name, 0700) == 0) {
		if (fsync(at) != 0)
			return files_failed(e, "syncing a folder");
	} else if (errno != EEXIST) {
		return files_failed(e, "making a folder");
	}
	return RC_OK;
}

/* What came in pieces is not lost by a failure: its row decides when it goes. */
static bool is_part(const struct file_draft *d)
{
	return d->folder_fd == d->files->part_fd;
}

static enum rc rename_into_place(struct file_draft *d, int folder, struct error *e)
{
	if (fdatasync(d->fd) != 0)
		return files_failed(e, "syncing a file");
	if (renameat(d->folder_fd, d->id, folder, d->id) != 0)
		return files_failed(e, "keeping a file");
	if (fsync(folder) != 0) {
		enum rc rc = files_failed(e, "syncing a folder");
		if (!is_part(d))
			unlinkat(folder, d->id, 0);
		return rc;
	}
	return RC_OK;
}

enum rc files_draft_keep(struct file_draft *d, struct error *e)
{
	char path[FILES_PATH_SIZE], outer[3], inner[6];
	int folder = -1;
	enum rc rc;

	BUG(!d->files || !files_path(str_from(d->id), path));
	snprintf(outer, sizeof outer, "%.2s", path);
	snprintf(inner, sizeof inner, "%.5s", path);
	rc = folder_make(d->files->upload_fd, outer, e);
	if (rc != RC_OK)
		goto out;
	int outer_fd = openat(d->files->upload_fd, outer, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (outer_fd < 0) {
		rc = files_failed(e, "opening a folder");
		goto out;
	}
	rc = folder_make(outer_fd, inner + 3, e);
	if (rc == RC_OK)
		folder = openat(outer_fd, inner + 3, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc == RC_OK && folder < 0)
		rc = files_failed(e, "opening a folder");
	proc_close(outer_fd);
	if (rc == RC_OK)
		rc = rename_into_place(d, folder, e);
out:
	proc_close(folder);
	if (rc != RC_OK) {
		files_draft_drop(d);
		return rc;
	}
	close(d->fd);
	d->fd = -1;
	d->files = NULL;
	return RC_OK;
}

void files_draft_drop(void *draft)
{
	struct file_draft *d = draft;

	if (!d->files)
		return;
	if (!is_part(d))
		unlinkat(d->folder_fd, d->id, 0);
	close(d->fd);
	d->fd = -1;
	d->files = NULL;
}

/* ---- kept files ---------------------------------------------------------------------------- */

enum rc files_read(const struct files *f, struct str id, int *ret_fd, int64_t *ret_size,
		   struct error *e)
{
	char path[FILES_PATH_SIZE];
	struct stat st;

	if (!files_path(id, path))
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "not the id of a file");
	int fd = openat(f->upload_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "file %s is not there", path);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "file %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "file %s is not a plain file",
			     path);
	}
	*ret_fd = fd;
	*ret_size = st.st_size;
	return RC_OK;
}

enum rc files_delete(const struct files *f, struct str id, struct error *e)
{
	char path[FILES_PATH_SIZE];

	BUG(!files_path(id, path));
	if (unlinkat(f->upload_fd, path, 0) != 0 && errno != ENOENT)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "removing %s", path);
	return RC_OK;
}
