/*
 * The migration files of a folder, in order.  Knows no database.
 */
#include "store/migrate.h"

#include "base/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES      1000
#define MAX_FILE_BYTES (1 << 20)

/* "0001_base.sql"; false for anything else. */
static bool take_name(struct str file, struct migrate_file *m)
{
	if (file.n < sizeof("0001_x.sql") - 1 || file.p[4] != '_' || !str_ends(file, STR(".sql")) ||
	    !num_i64(str_sub(file, 0, 4), 1, 9999, &m->version))
		return false;
	m->file = file;
	m->name = str_sub(file, 5, file.n - 5 - 4);
	for (size_t i = 0; i < m->name.n; i++) {
		if (!ascii_is_alnum(m->name.p[i]) && m->name.p[i] != '_')
			return false;
	}
	return m->name.n <= 100;
}

static enum rc failed(struct error *e, const char *dir, const char *file)
{
	const int code = errno;

	ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "cannot read %s/%s", dir, file);
	e->foreign = code;
	return RC_DEPENDENCY;
}

static enum rc read_file(int dir_fd, const char *dir, struct arena *a, struct migrate_file *m,
			 struct error *e)
{
	const char *name = str_cz(a, m->file);
	struct stat st;

	if (name == NULL)
		return ERROR_MEMORY(e);
	const int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(e, dir, name);
	char *p = NULL;
	ssize_t n = -1;
	errno = EFBIG;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAX_FILE_BYTES) {
		p = arena_alloc(a, (size_t)st.st_size);
		n = p == NULL ? 0 : read(fd, p, (size_t)st.st_size);
	}
	const bool is_whole = n >= 0 && p != NULL && n == st.st_size;
	if (!is_whole)
		failed(e, dir, name);
	close(fd);
	if (n == 0 && p == NULL)
		return ERROR_MEMORY(e);
	m->sql = str_make(p, (size_t)(n < 0 ? 0 : n));
	return is_whole ? RC_OK : RC_DEPENDENCY;
}

static void insert_sorted(struct migrate_file *files, size_t n, struct migrate_file m)
{
	size_t at = n;

	for (; at > 0 && files[at - 1].version > m.version; at--)
		files[at] = files[at - 1];
	files[at] = m;
}

static enum rc list(DIR *d, const char *dir, struct arena *a, struct migrate_file *files,
		    size_t *ret_n, struct error *e)
{
	size_t n = 0;

	for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
		struct migrate_file m;
		const struct str name = str_from(entry->d_name);
		if (!str_ends(name, STR(".sql")))
			continue;
		const struct str kept = arena_str(a, name);
		if (kept.p == NULL)
			return ERROR_MEMORY(e);
		if (!take_name(kept, &m))
			return ERROR(e, RC_CONFLICT, REASON_CHANGED,
				     "%s/%s: a migration is named like 0001_base.sql", dir,
				     entry->d_name);
		if (n == MAX_FILES)
			return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "%s: too many files", dir);
		TRY(read_file(dirfd(d), dir, a, &m, e));
		insert_sorted(files, n++, m);
	}
	*ret_n = n;
	return RC_OK;
}

enum rc migrate_files(const char *dir, struct arena *a, const struct migrate_file **ret,
		      size_t *ret_n, struct error *e)
{
	struct migrate_file *files = ARENA_ARRAY(a, MAX_FILES, struct migrate_file);
	size_t n = 0;

	if (files == NULL)
		return ERROR_MEMORY(e);
	DIR *d = opendir(dir);
	if (d == NULL)
		return failed(e, dir, "");
	const enum rc rc = list(d, dir, a, files, &n, e);
	closedir(d);
	if (rc != RC_OK)
		return rc;
	if (n == 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "%s: no migrations there", dir);
	for (size_t i = 0; i < n; i++) {
		if (files[i].version != (int64_t)i + 1)
			return ERROR(e, RC_CONFLICT, REASON_CHANGED,
				     "%s: migration %04zu is missing or there twice", dir, i + 1);
	}
	*ret = files;
	*ret_n = n;
	return RC_OK;
}
