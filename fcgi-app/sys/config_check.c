/*
 * What settings say against what the machine says: secret files, folders, zone.
 * Reads only; the one part of the settings that touches the file system.
 */
#include "sys/config.h"

#include "base/num.h"
#include "sys/config_table.h"
#include "sys/crypto.h"
#include "sys/fail.h"
#include "sys/zone.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 4096

/* Opens a secret's file if it is as it must be. */
static enum rc secret_open(const char *path, int *ret_fd, struct error *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	const char *wrong = NULL;

	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "secret file %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		wrong = "is not a regular file";
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		wrong = "belongs to somebody else";
	else if (st.st_mode & 077)
		wrong = "can be read by others: chmod 600";
	else if (st.st_size > SECRET_MAX)
		wrong = "is too large";
	if (wrong) {
		close(fd);
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "secret file %s %s", path, wrong);
	}
	*ret_fd = fd;
	return RC_OK;
}

static enum rc secret_bytes(int fd, const char *path, char *p, size_t *ret_n, struct error *e)
{
	size_t n = 0;

	while (n < SECRET_MAX) {
		ssize_t got = read(fd, p + n, SECRET_MAX - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "secret file %s",
					   path);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n > 0 && p[n - 1] == '\n')
		n--;
	if (n > 0 && p[n - 1] == '\r')
		n--;
	*ret_n = n;
	return RC_OK;
}

enum rc config_secret_read(struct arena *a, struct str path, struct secret *ret_secret,
			   struct error *e)
{
	int fd;
	size_t n;

	if (str_empty(path)) {
		*ret_secret = secret_make(STR(""));
		return RC_OK;
	}
	char *p = arena_alloc(a, SECRET_MAX + 1); /* zeroed: the secret is NUL-terminated, too */
	const char *cz = str_cz(a, path);
	if (!p || !cz)
		return ERROR_MEMORY(e);
	TRY(secret_open(cz, &fd, e));
	enum rc rc = secret_bytes(fd, cz, p, &n, e);
	close(fd);
	TRY(rc);
	p[n] = '\0';
	*ret_secret = secret_make(str_make(p, n));
	return RC_OK;
}

enum rc config_server_key(const struct config *c, uint8_t ret_key[32], struct error *e)
{
	char text[SECRET_MAX];
	size_t n;
	int fd;

	TRY(secret_open(c->server_key_file.p, &fd, e));
	enum rc rc = secret_bytes(fd, c->server_key_file.p, text, &n, e);
	close(fd);
	TRY(rc);
	bool ok = num_hex(str_make(text, n), ret_key, 32);
	crypto_wipe(text, sizeof text);
	if (!ok)
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED,
			     "secret file %.*s must hold 64 hex digits",
			     STR_ARG(c->server_key_file));
	return RC_OK;
}

struct check {
	FILE *out;
	const struct config *config;
	int n_problems;
};

static void check_problem(struct check *k, const char *key, const char *text)
{
	fprintf(k->out, "%s: %s\n", key, text);
	k->n_problems++;
}

static void check_secret(struct check *k, const char *key, struct str path)
{
	struct error e;
	int fd;

	if (str_empty(path))
		return;
	if (secret_open(path.p, &fd, &e) == RC_OK)
		close(fd);
	else
		check_problem(k, key, e.detail);
}

/* A folder may be missing (the programs make it), but must be ours. */
static void check_folder(struct check *k, const char *key, struct str path, struct stat *ret_st)
{
	if (stat(path.p, ret_st) != 0) {
		ret_st->st_dev = 0;
		if (errno != ENOENT)
			check_problem(k, key, "cannot be looked at");
		return;
	}
	if (!S_ISDIR(ret_st->st_mode))
		check_problem(k, key, "is not a folder");
	else if (access(path.p, R_OK | W_OK | X_OK) != 0)
		check_problem(k, key, "we may not write there");
	else if (ret_st->st_mode & S_IWOTH)
		check_problem(k, key, "everybody may write there");
}

static void check_machine(struct check *k)
{
	const struct config *c = k->config;
	struct stat run, upload, spool;
	struct zone *zone;
	struct error e;
	uint8_t key[32];

	check_secret(k, "db_password_file", c->db_password_file);
	check_secret(k, "db_owner_password_file", c->db_owner_password_file);
	if (config_server_key(c, key, &e) == RC_OK)
		crypto_wipe(key, sizeof key);
	else
		check_problem(k, "server_key_file", e.detail);
	check_folder(k, "run_dir", c->run_dir, &run);
	check_folder(k, "upload_dir", c->upload_dir, &upload);
	check_folder(k, "spool_dir", c->spool_dir, &spool);
	if (upload.st_dev && spool.st_dev && upload.st_dev != spool.st_dev)
		check_problem(k, "spool_dir", "must lie on the file system of upload_dir");
	if (zone_open(c->default_zone, &zone, &e) == RC_OK)
		zone_free(zone);
	else
		check_problem(k, "default_zone", e.detail);
}

enum rc config_check(const char *path, char *const *env, FILE *out, struct error *e)
{
	struct config_problems problems;
	struct check k = { .out = out };
	struct arena a;

	arena_init(&a, (size_t)4 << 20, 0);
	enum rc rc = config_load(&a, path, env, &k.config, &problems, e);
	if (rc == RC_INVALID)
		config_print_problems(out, path, &problems);
	else if (rc != RC_OK)
		fprintf(out, "%s\n", e->detail);
	else
		check_machine(&k);
	arena_clear(&a);
	TRY(rc);
	if (k.n_problems > 0)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "%d problems", k.n_problems);
	fprintf(out, "%s is fine\n", path ? path : "the environment");
	return RC_OK;
}
