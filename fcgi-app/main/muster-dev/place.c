/*
 * Where everything lies: VAR, its folders, the lock, the disk, the port, the
 * folder of the sockets.  Whose it all is stands in user.c.
 * Each thing that can be wrong has its sentence here.
 */
#include "main/muster-dev/dev.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A new database takes about 150 MiB; uploads keep a reserve of 256 MiB (conf.c). */
#define DISK_NEW_BYTES ((uint64_t)600 << 20)
#define DISK_OLD_BYTES ((uint64_t)300 << 20)
/* Longest values of the settings run_dir, and of upload_dir less its last part (config.def). */
#define RUN_MAX 80
#define VAR_MAX 180

enum rc place_lock(struct dev *d)
{
	const char *path = dev_text(d, "%s/lock", d->opt.var);
	const char *holder;

	d->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->lock_fd < 0)
		return dev_refuse("%s cannot be made: %m.", path);
	if (flock(d->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		holder = dev_read(d, path);
		return dev_refuse("Muster already runs from %s (process %s). Stop that one with "
				  "Ctrl-C where it runs, or start another with a folder and a port "
				  "of its own: make run VAR=other PORT=8081",
				  d->opt.var, holder && *holder ? holder : "unknown, just ending");
	}
	if (ftruncate(d->lock_fd, 0) != 0 || dprintf(d->lock_fd, "%d\n", (int)getpid()) < 0)
		return dev_refuse("%s cannot be written: %m.", path);
	return RC_OK;
}

static enum rc check_disk(struct dev *d)
{
	bool is_new = access(dev_text(d, "%s/db", d->opt.var), F_OK) != 0;
	uint64_t needed = is_new ? DISK_NEW_BYTES : DISK_OLD_BYTES, bytes;
	struct statvfs fs;

	if (statvfs(d->opt.var, &fs) != 0)
		return dev_refuse("%s cannot be looked at: %m.", d->opt.var);
	bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (bytes >= needed)
		return RC_OK;
	return dev_refuse("the disk is nearly full: %s has %llu MB free and needs %llu MB. Make "
			  "room, or use a folder on another disk: make run VAR=/path",
			  d->opt.var, (unsigned long long)(bytes >> 20),
			  (unsigned long long)(needed >> 20));
}

/*
 * Binds the port without listening: nginx can bind it beside us (both with
 * SO_REUSEADDR), and nobody gets it as a free port in the meantime.
 */
static enum rc take_port(struct dev *d)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)d->opt.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(address);
	int one = 1;

	d->port_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d->port_fd < 0 ||
	    setsockopt(d->port_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0)
		return dev_refuse("no socket can be made: %m.");
	if (bind(d->port_fd, (struct sockaddr *)&address, n) != 0) {
		if (errno == EADDRINUSE)
			return dev_refuse("port %d is taken by another program. Stop it, or "
					  "choose another port: make run PORT=%d",
					  d->opt.port,
					  d->opt.port < 65535 ? d->opt.port + 1 : 8081);
		if (errno == EACCES)
			return dev_refuse("port %d is for root only; choose one from 1024 on: make "
					  "run PORT=8080",
					  d->opt.port);
		return dev_refuse("port %d cannot be used: %m.", d->opt.port);
	}
	if (getsockname(d->port_fd, (struct sockaddr *)&address, &n) != 0)
		return dev_refuse("the port cannot be read: %m.");
	d->opt.port = ntohs(address.sin_port);
	return RC_OK;
}

/* VAR/run, or a short private folder when socket paths under it would be too long. */
static enum rc choose_run(struct dev *d)
{
	char *run = dev_text(d, "%s/run", d->opt.var);

	d->run = run;
	if (strlen(run) <= RUN_MAX)
		return RC_OK;
	run = dev_text(d, "/tmp/muster-XXXXXX");
	if (!mkdtemp(run))
		return dev_refuse("%s is too long a path for sockets, and /tmp cannot be used for "
				  "them: %m. Choose a shorter one: make run VAR=/short/path",
				  d->opt.var);
	d->run = run;
	d->is_run_private = true;
	return RC_OK;
}

enum rc place_prepare(struct dev *d)
{
	static const char *const folders[] = { "run",  "uploads",    "spool", "log",
					       "conf", "conf/nginx", "tmp" };

	if (strlen(d->opt.var) > VAR_MAX)
		return dev_refuse(
			"%s is too long a path (at most %d bytes): make run VAR=/short/path",
			d->opt.var, VAR_MAX);
	TRY(check_disk(d));
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		const char *path = dev_text(d, "%s/%s", d->opt.var, folders[i]);

		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return dev_refuse("%s cannot be made: %m.", path);
	}
	if (!d->opt.only_database)
		TRY(take_port(d));
	return choose_run(d);
}

void place_clear(struct dev *d)
{
	static const char *const names[] = { "pages.sock", "slow.sock", "check-in.sock",
					     "scan.sock",  "db.sock",   "nginx.pid",
					     "db.pid" };
	char path[128];

	if (!d->is_run_private)
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", d->run, names[i]);
		unlink(path);
	}
	rmdir(d->run);
	d->is_run_private = false;
}
