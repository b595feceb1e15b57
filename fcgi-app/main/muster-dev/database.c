/*
 * The private MariaDB of one VAR.
 *
 * Its data folder is made beside its place and renamed when it is whole.  While
 * conf/first-start exists, nobody has seen this database: a start that was cut
 * short, in the making, the migrations or the demo data, begins anew.  It listens
 * on a unix socket only.
 */
#include "main/muster-dev/dev.h"
#include "sys/clock.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define DATABASE_PATIENCE_US 60000000
#define LOOK_MS              20

char *database_first_start(struct dev *d)
{
	return dev_text(d, "%s/conf/first-start", d->opt.var);
}

/* What a first start that was cut short has left: nobody's. */
static enum rc drop_unseen(struct dev *d, const char *data)
{
	const char *const clean[] = {
		"rm", "-rf", "--", data, dev_text(d, "%s/uploads", d->opt.var), NULL
	};

	if (access(database_first_start(d), F_OK) != 0 || access(data, F_OK) != 0)
		return RC_OK;
	dev_say(d, "The first start was cut short before it was ready: it begins anew.");
	return child_run(d, "clean", clean);
}

static enum rc make_data(struct dev *d, const char *data)
{
	const char *fresh = dev_text(d, "%s.new", data);
	const char *const clean[] = { "rm", "-rf", "--", fresh, NULL };
	const char *const make[] = { "mariadb-install-db",
				     "--no-defaults",
				     dev_text(d, "--datadir=%s", fresh),
				     dev_text(d, "--tmpdir=%s/tmp", d->opt.var),
				     "--auth-root-authentication-method=socket",
				     "--auth-root-socket-user=root",
				     "--skip-test-db",
				     "--innodb-log-file-size=256M",
				     NULL };

	dev_say(d, "Making the database in %s …", data);
	if (access(fresh, F_OK) == 0)
		TRY(child_run(d, "clean", clean));
	TRY(child_run(d, "db-make", make));
	TRY(dev_write(d, database_first_start(d), 0600, ""));
	if (rename(fresh, data) != 0)
		return dev_refuse("%s cannot be renamed: %m.", fresh);
	return RC_OK;
}

/* Has the server said its greeting?  It only does when it is ready to serve. */
static bool database_answers(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char greeting[5];
	bool is_ready;

	BUG(strlen(path) >= sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	is_ready = fd >= 0 &&
		   setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
		   connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		   read(fd, greeting, sizeof(greeting)) == (ssize_t)sizeof(greeting);
	if (fd >= 0)
		close(fd);
	return is_ready;
}

static enum rc database_spawn(struct dev *d, const char *data, const char *socket_path)
{
	const char *const run[] = { "mariadbd",
				    "--no-defaults",
				    dev_text(d, "--datadir=%s", data),
				    dev_text(d, "--socket=%s", socket_path),
				    dev_text(d, "--pid-file=%s/db.pid", d->run),
				    dev_text(d, "--tmpdir=%s/tmp", d->opt.var),
				    dev_text(d, "--secure-file-priv=%s/tmp", d->opt.var),
				    dev_text(d, "--init-file=%s/conf/db_init.sql", d->opt.var),
				    "--skip-networking",
				    "--skip-log-bin",
				    "--local-infile=0",
				    "--default-time-zone=+00:00",
				    "--character-set-server=utf8mb4",
				    "--collation-server=utf8mb4_unicode_520_nopad_ci",
				    "--transaction-isolation=READ-COMMITTED",
				    "--innodb-autoinc-lock-mode=2",
				    "--innodb-adaptive-hash-index=ON",
				    "--innodb-buffer-pool-size=128M",
				    "--innodb-log-file-size=256M", /* a hall's check-ins fit */
				    "--innodb-buffer-pool-dump-at-shutdown=OFF",
				    "--table-open-cache=400",
				    "--max-connections=400", /* check-in threads may have one */
				    "--performance-schema=OFF",
				    "--silent-startup",
				    "--log-warnings=1",
				    NULL };
	struct dev_child *c;

	return child_start(d, "db", run, &c);
}

enum rc database_start(struct dev *d)
{
	const char *data = dev_text(d, "%s/db", d->opt.var);
	const char *socket_path = dev_text(d, "%s/db.sock", d->run);
	int64_t until;

	if (!conf_has_own_database(d))
		return RC_OK;
	TRY(drop_unseen(d, data));
	if (access(data, F_OK) != 0)
		TRY(make_data(d, data));
	unlink(socket_path);
	TRY(database_spawn(d, data, socket_path));
	until = clock_mono_us() + DATABASE_PATIENCE_US;
	while (!database_answers(socket_path)) {
		TRY(child_step(d, LOOK_MS));
		if (clock_mono_us() > until)
			return dev_refuse("the database does not answer after %d seconds; see "
					  "%s/log/db.log.",
					  DATABASE_PATIENCE_US / 1000000, d->opt.var);
	}
	return RC_OK;
}
