/*
 * Files of imports; see the header.
 */
#include "sys/files_import.h"

#include "sys/fail.h"
#include "sys/files_private.h"
#include "sys/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "imports"

struct import_path {
	char text[sizeof FOLDER + CRYPTO_ID_SIZE];
};

static struct import_path path_of(struct str id)
{
	struct import_path p;

	BUG(!files_id_valid(id));
	snprintf(p.text, sizeof p.text, FOLDER "/%.32s", id.p);
	return p;
}

static enum rc failed(struct error *e, const char *doing)
{
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return ERROR_ERRNO(e, RC_NO_SPACE, REASON_DISK_FULL, "%s: no room", doing);
	return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", doing);
}

static enum rc sync_folder(int at, struct error *e)
{
	int fd = openat(at, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum rc rc = RC_OK;

	if (fd < 0 || fsync(fd) != 0)
		rc = failed(e, "syncing the folder of imports");
	proc_close(fd);
	return rc;
}

static enum rc keep(struct file_draft *d, struct error *e)
{
	struct import_path p = path_of(str_from(d->id));

	if (mkdirat(d->files->upload_fd, FOLDER, 0700) == 0) {
		if (fsync(d->files->upload_fd) != 0)
			return failed(e, "syncing the store");
	} else if (errno != EEXIST) {
		return failed(e, "making the folder of imports");
	}
	if (fdatasync(d->fd) != 0)
		return failed(e, "syncing an import");
	if (renameat(d->files->tmp_fd, d->id, d->files->upload_fd, p.text) != 0)
		return failed(e, "keeping an import");
	return sync_folder(d->files->upload_fd, e);
}

enum rc files_import_keep(struct file_draft *d, struct error *e)
{
	BUG(!d->files);
	const enum rc rc = keep(d, e);

	if (rc != RC_OK) {
		files_draft_drop(d);
		return rc;
	}
	close(d->fd);
	d->fd = -1;
	d->files = NULL;
	return RC_OK;
}

enum rc files_import_open(const struct files *f, struct str id, int *ret_fd, struct error *e)
{
	struct import_path p = path_of(id);
	int fd = openat(f->upload_fd, p.text, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "import %s is not there", p.text);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "import %s", p.text);
	*ret_fd = fd;
	return RC_OK;
}

enum rc files_import_read(int fd, int64_t offset, char *buf, size_t n, size_t *ret_n,
			  struct error *e)
{
	ssize_t got;

	do {
		got = pread(fd, buf, n, (off_t)offset);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "reading an import");
	*ret_n = (size_t)got;
	return RC_OK;
}

enum rc files_import_remove(const struct files *f, struct str id, struct error *e)
{
	struct import_path p = path_of(id);

	if (unlinkat(f->upload_fd, p.text, 0) != 0 && errno != ENOENT)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "removing %s", p.text);
	return RC_OK;
}
