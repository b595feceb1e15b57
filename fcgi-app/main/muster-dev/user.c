/*
 * As whom we run.  Nothing of Muster runs as root: started as root, muster-dev
 * becomes an ordinary user before it starts anything, in this order: the owner
 * of VAR where that is one, the user who called sudo, the system user "muster"
 * (made by tools/setup.sh).  What that user cannot reach is put where it can.
 */
#include "base/num.h"
#include "main/muster-dev/dev.h"
#include "sys/crypto.h"
#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER_FALLBACK "muster"

struct user {
	uid_t uid;
	gid_t gid;
	const char *name, *home;
};

/* ---- who ------------------------------------------------------------------------- */

static bool user_from(struct dev *d, const struct passwd *pw, struct user *ret_user)
{
	if (!pw || pw->pw_uid == 0)
		return false;
	*ret_user = (struct user){ .uid = pw->pw_uid,
				   .gid = pw->pw_gid,
				   .name = dev_text(d, "%s", pw->pw_name),
				   .home = dev_text(d, "%s", pw->pw_dir) };
	return true;
}

static enum rc choose_user(struct dev *d, struct user *ret_user)
{
	const char *sudo = getenv("SUDO_UID");
	struct stat st;
	int64_t uid;

	if (stat(d->opt.var, &st) == 0 && user_from(d, getpwuid(st.st_uid), ret_user))
		return RC_OK;
	if (num_i64(str_from(sudo), 1, UINT32_MAX - 1, &uid) &&
	    user_from(d, getpwuid((uid_t)uid), ret_user))
		return RC_OK;
	if (user_from(d, getpwnam(USER_FALLBACK), ret_user))
		return RC_OK;
	return dev_refuse("nothing of Muster runs as root, and there is no user \"" USER_FALLBACK
			  "\" to run it as. Start it as an ordinary user, or make that user: "
			  "fcgi-app/tools/setup.sh run");
}

static bool become(const struct user *u)
{
	return setgroups(0, NULL) == 0 && setresgid(u->gid, u->gid, u->gid) == 0 &&
	       setresuid(u->uid, u->uid, u->uid) == 0;
}

/* Can u use the path?  Asked in a process that is u. */
static bool user_can(const struct user *u, const char *path, int mode)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(become(u) && access(path, mode) == 0 ? 0 : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* ---- where ----------------------------------------------------------------------- */

/* Makes the folder and those above it. */
static enum rc make_folders(struct dev *d, const char *path)
{
	char *part = dev_text(d, "%s", path);

	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return dev_refuse("%s cannot be made: %m.", part);
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return dev_refuse("%s cannot be made: %m.", path);
	return RC_OK;
}

/* In the folder at_fd, which nobody but root can rearrange meanwhile. */
static enum rc run_as_root(int at_fd, const char *const *argv)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		umask(022);
		if (fchdir(at_fd) != 0)
			_exit(127);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
		return RC_OK;
	return dev_refuse("%s failed.", argv[0]);
}

/* Copies one folder of the checkout to VAR/app; *path becomes the copy. */
static enum rc put_folder(struct dev *d, int app_fd, const char **path, const char *name)
{
	const char *const remove[] = { "rm", "-rf", "--", name, NULL };
	const char *const put[] = { "cp", "-rL", "--", *path, name, NULL };

	TRY(run_as_root(app_fd, remove));
	TRY(run_as_root(app_fd, put));
	*path = dev_text(d, "%s/app/%s", d->opt.var, name);
	return RC_OK;
}

static enum rc put_all(struct dev *d, int app_fd)
{
	struct dev_options *o = &d->opt;

	TRY(put_folder(d, app_fd, &o->bin, "bin"));
	TRY(put_folder(d, app_fd, &o->static_dir, "static"));
	TRY(put_folder(d, app_fd, &o->sql, "sql"));
	TRY(put_folder(d, app_fd, &o->nginx, "nginx"));
	return fchmod(app_fd, 0755) == 0
		       ? RC_OK
		       : dev_refuse("%s/app cannot be opened to all: %m.", o->var);
}

/* VAR is the user's, who may have put anything there: root writes into no folder but its own. */
static enum rc open_app(const char *app, int *ret_fd)
{
	struct stat st;
	int fd;

	if (mkdir(app, 0755) != 0 && errno != EEXIST)
		return dev_refuse("%s cannot be made: %m.", app);
	fd = open(app, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & 022)) {
		*ret_fd = fd;
		return RC_OK;
	}
	proc_close(fd);
	return dev_refuse("%s is not a folder of root's. Remove it and start again.", app);
}

/* The programs and what they read, where u can read it. */
static enum rc place_app(struct dev *d, const struct user *u)
{
	const char *app = dev_text(d, "%s/app", d->opt.var);
	struct dev_options *o = &d->opt;
	int app_fd = -1;
	enum rc rc;

	if (o->only_database)
		return RC_OK;
	if (user_can(u, dev_text(d, "%s/muster-dev", o->bin), R_OK | X_OK) &&
	    user_can(u, dev_text(d, "%s/HASH", o->static_dir), R_OK) &&
	    user_can(u, o->sql, R_OK | X_OK) && user_can(u, o->nginx, R_OK | X_OK))
		return RC_OK;
	dev_say(d, "The user %s cannot read this checkout: what runs is copied to %s.", u->name,
		app);
	TRY(open_app(app, &app_fd));
	rc = put_all(d, app_fd);
	proc_close(app_fd);
	return rc;
}

/* VAR belongs to u and u reaches it; false when it does not reach it. */
static enum rc own_var(struct dev *d, const struct user *u, bool *ret_is_reached)
{
	struct stat st;

	TRY(make_folders(d, d->opt.var));
	if (lstat(d->opt.var, &st) != 0 || !S_ISDIR(st.st_mode))
		return dev_refuse("%s is not a folder.", d->opt.var);
	if (st.st_uid != u->uid && st.st_uid != 0)
		return dev_refuse("%s belongs to user %u, not to %s. Remove it, or choose another: "
				  "make run VAR=/path",
				  d->opt.var, (unsigned)st.st_uid, u->name);
	if (st.st_uid != u->uid && lchown(d->opt.var, u->uid, u->gid) != 0)
		return dev_refuse("%s cannot be given to %s: %m.", d->opt.var, u->name);
	*ret_is_reached = user_can(u, d->opt.var, R_OK | W_OK | X_OK);
	return RC_OK;
}

/* A folder of this checkout's own, outside it. */
static const char *var_elsewhere(struct dev *d)
{
	uint8_t digest[CRYPTO_SHA256_SIZE];
	struct error e;

	error_init(&e);
	if (crypto_sha256(str_from(d->opt.var), digest, &e) != RC_OK)
		return "/var/tmp/muster-dev";
	return dev_text(d, "/var/tmp/muster-%02x%02x%02x%02x", digest[0], digest[1], digest[2],
			digest[3]);
}

static enum rc leave_root(struct dev *d)
{
	struct user u;
	bool is_reached;

	TRY(choose_user(d, &u));
	TRY(own_var(d, &u, &is_reached));
	if (!is_reached && d->opt.is_var_chosen)
		return dev_refuse("started as root, Muster runs as the user %s, who cannot reach "
				  "%s. Choose a folder it can reach: make run VAR=/var/tmp/muster",
				  u.name, d->opt.var);
	if (!is_reached) {
		/* Only when it was made just now; a full one stays. */
		rmdir(d->opt.var);
		d->opt.var = var_elsewhere(d);
		dev_say(d,
			"Muster runs as the user %s, who cannot reach this checkout: data lies in "
			"%s.",
			u.name, d->opt.var);
		TRY(own_var(d, &u, &is_reached));
		if (!is_reached)
			return dev_refuse(
				"the user %s cannot reach %s either. Choose a folder: make "
				"run VAR=/path",
				u.name, d->opt.var);
	}
	TRY(place_app(d, &u));
	if (!become(&u))
		return dev_refuse("cannot become the user %s: %m.", u.name);
	d->home = u.home;
	d->user = u.name;
	return RC_OK;
}

/* As an ordinary user: VAR must be ours. */
static enum rc own_folder(struct dev *d)
{
	struct stat st;

	TRY(make_folders(d, d->opt.var));
	if (stat(d->opt.var, &st) != 0 || !S_ISDIR(st.st_mode))
		return dev_refuse("%s is not a folder.", d->opt.var);
	if (st.st_uid == geteuid() && access(d->opt.var, R_OK | W_OK | X_OK) == 0)
		return RC_OK;
	return dev_refuse("%s belongs to another user (%u). Start Muster as that one, or choose "
			  "another folder: make run VAR=/path",
			  d->opt.var, (unsigned)st.st_uid);
}

static const char *absolute(struct dev *d, const char *path)
{
	char cwd[PATH_MAX];

	if (path[0] == '/' || !getcwd(cwd, sizeof(cwd)))
		return dev_text(d, "%s", path);
	return dev_text(d, "%s/%s", cwd, path);
}

/* The folder of this program. */
static const char *own_bin(struct dev *d)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	struct str s = str_make(path, n > 0 ? (size_t)n : 0);
	size_t slash = str_rfind_char(s, '/');

	return dev_text(d, "%.*s", slash == SIZE_MAX ? 0 : (int)slash, path);
}

static enum rc check_built(struct dev *d)
{
	const struct dev_options *o = &d->opt;
	const char *const needed[] = {
		dev_text(d, "%s/muster-app", o->bin),
		dev_text(d, "%s/HASH", o->static_dir),
		o->sql,
		dev_text(d, "%s/muster.conf", o->nginx),
	};

	for (size_t i = 0; i < ARRAY_LEN(needed) && !o->only_database; i++) {
		if (access(needed[i], R_OK) != 0)
			return dev_refuse("%s is not there; `make run` builds it.", needed[i]);
	}
	return RC_OK;
}

enum rc place_choose(struct dev *d)
{
	struct dev_options *o = &d->opt;

	o->bin = o->bin ? absolute(d, o->bin) : own_bin(d);
	o->var = absolute(d, o->var);
	o->static_dir = absolute(d, o->static_dir);
	o->sql = absolute(d, o->sql);
	o->nginx = absolute(d, o->nginx);
	if (o->ready_file)
		o->ready_file = absolute(d, o->ready_file);
	d->home = getenv("HOME") ? getenv("HOME") : "/";
	TRY(check_built(d));
	return geteuid() == 0 ? leave_root(d) : own_folder(d);
}
