/*
 * Walking over the file store, for the sweeper: see files_each in files.h.
 *
 * What does not look like ours is reported as FILES_OTHER and never removed.
 * A file may vanish or move while we look: that is no error.
 */
#include "sys/files.h"

#include "base/time.h"
#include "sys/fail.h"
#include "sys/files_private.h"
#include "sys/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	const struct files *files;
	enum rc (*fn)(void *arg, const struct files_entry *entry, struct error *e);
	void *arg;
};

/* What to do with one name of a folder. */
typedef enum rc name_fn(struct walk *w, int folder, const char *name, struct error *e);

static enum rc each_name(struct walk *w, int at, const char *name, name_fn *fn, struct error *e)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	enum rc rc = RC_OK;

	if (fd < 0)
		return errno == ENOENT ? RC_OK
				       : ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED,
						     "folder %s", name);
	DIR *dir = fdopendir(fd);
	if (!dir) {
		proc_close(fd);
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "folder %s", name);
	}
	while (rc == RC_OK) {
		errno = 0;
		const struct dirent *d = readdir(dir);
		if (!d) {
			if (errno != 0)
				rc = ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "folder %s",
						 name);
			break;
		}
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			rc = fn(w, fd, d->d_name, e);
	}
	closedir(dir);
	return rc;
}

static enum rc report(struct walk *w, int folder, const char *name, enum files_place place,
		      struct error *e)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT
			       ? RC_OK
			       : ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "file %s", name);
	struct files_entry entry = {
		.place = S_ISREG(st.st_mode) ? place : FILES_OTHER,
		.name = str_from(name),
		.size = st.st_size,
		.changed_us = (int64_t)st.st_mtim.tv_sec * US_PER_S + st.st_mtim.tv_nsec / 1000,
	};

	return w->fn(w->arg, &entry, e);
}

static enum rc kept_name(struct walk *w, int folder, const char *name, struct error *e)
{
	bool is_id = files_id_valid(str_from(name));

	return report(w, folder, name, is_id ? FILES_KEPT : FILES_OTHER, e);
}

static enum rc tmp_name(struct walk *w, int folder, const char *name, struct error *e)
{
	bool is_id = files_id_valid(str_from(name));

	return report(w, folder, name, is_id ? FILES_TMP : FILES_OTHER, e);
}

static enum rc part_name(struct walk *w, int folder, const char *name, struct error *e)
{
	bool is_id = files_id_valid(str_from(name));

	return report(w, folder, name, is_id ? FILES_PART : FILES_OTHER, e);
}

/* nginx names its files with ten digits. */
static enum rc spool_name(struct walk *w, int folder, const char *name, struct error *e)
{
	bool is_number = name[0] != '\0';

	for (const char *c = name; *c; c++)
		is_number = is_number && ascii_is_digit(*c);
	return report(w, folder, name, is_number ? FILES_SPOOL : FILES_OTHER, e);
}

static bool is_hex_pair(const char *name)
{
	return strlen(name) == 2 && strspn(name, "0123456789abcdef") == 2;
}

static enum rc inner_name(struct walk *w, int folder, const char *name, struct error *e)
{
	if (is_hex_pair(name))
		return each_name(w, folder, name, kept_name, e);
	return report(w, folder, name, FILES_OTHER, e);
}

static enum rc outer_name(struct walk *w, int folder, const char *name, struct error *e)
{
	if (is_hex_pair(name))
		return each_name(w, folder, name, inner_name, e);
	/* Walked by themselves; the spool may lie in here, too. */
	struct str spool = w->files->spool_dir;
	struct str last = str_from_pos(spool, str_rfind_char(spool, '/') + 1);
	if (strcmp(name, "tmp") == 0 || strcmp(name, "parts") == 0 || str_eq(str_from(name), last))
		return RC_OK;
	return report(w, folder, name, FILES_OTHER, e);
}

enum rc files_each(const struct files *f,
		   enum rc (*fn)(void *arg, const struct files_entry *entry, struct error *e),
		   void *arg, struct error *e)
{
	struct walk w = { f, fn, arg };

	TRY(each_name(&w, f->spool_fd, ".", spool_name, e));
	TRY(each_name(&w, f->tmp_fd, ".", tmp_name, e));
	TRY(each_name(&w, f->part_fd, ".", part_name, e));
	return each_name(&w, f->upload_fd, ".", outer_name, e);
}

enum rc files_entry_remove(const struct files *f, const struct files_entry *entry, struct error *e)
{
	int folder = entry->place == FILES_TMP    ? f->tmp_fd
		     : entry->place == FILES_PART ? f->part_fd
						  : f->spool_fd;
	char name[NAME_MAX + 1];

	BUG(entry->place == FILES_OTHER || entry->name.n > NAME_MAX);
	if (entry->place == FILES_KEPT)
		return files_delete(f, entry->name, e);
	memcpy(name, entry->name.p, entry->name.n);
	name[entry->name.n] = '\0';
	if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "removing %s", name);
	return RC_OK;
}
