/*
 * muster-dev: all of Muster from one folder, in the foreground (`make run`, tests).
 *
 * Makes what is missing in VAR, then starts database, migrations, demo data,
 * programs and nginx, each after a real readiness check, and stops them in
 * reverse on Ctrl-C or when one of them ends.  Never runs anything as root.
 * Not for production: there it is systemd's work.
 */
#include "main/muster-dev/dev.h"
#include "sys/clock.h"
#include "sys/proc.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)16 << 20)

/* Demo data goes into an empty database once; one that is in use is left alone. */
static enum rc load_demo(struct dev *d)
{
	const char *mark = dev_text(d, "%s/conf/demo-loaded", d->opt.var);
	const char *const demo[] = {
		dev_text(d, "%s/muster", d->opt.bin), "--config", d->config, "demo", "--sql",
		dev_text(d, "%s/demo", d->opt.sql),   NULL
	};
	bool is_first = access(database_first_start(d), F_OK) == 0;
	enum rc rc;

	if (!d->opt.demo || (!is_first && access(mark, F_OK) == 0))
		return RC_OK;
	rc = child_run(d, "demo", demo);
	if (rc == RC_OK)
		return dev_write(d, mark, 0600, "");
	if (rc != RC_DEPENDENCY || is_first)
		return rc;
	dev_say(d, "Going on without the demo data.");
	return RC_OK;
}

static enum rc migrate(struct dev *d)
{
	const char *const tables[] = {
		dev_text(d, "%s/muster", d->opt.bin),     "--config", d->config, "migrate", "--sql",
		dev_text(d, "%s/migrations", d->opt.sql), NULL
	};

	TRY(child_run(d, "migrate", tables));
	return load_demo(d);
}

/* `name` of bin with the settings, in the foreground. */
static enum rc start_program(struct dev *d, const char *name, const char *program,
			     const char *static_dir)
{
	const char *const argv[] = { dev_text(d, "%s/%s", d->opt.bin, program),
				     "--config",
				     d->config,
				     static_dir ? "--static" : NULL,
				     static_dir,
				     NULL };
	struct dev_child *c;

	return child_start(d, name, argv, &c);
}

static enum rc start_nginx(struct dev *d)
{
	const char *folder = dev_text(d, "%s/conf/nginx", d->opt.var);
	const char *const locations[] = { dev_text(d, "%s/muster-app", d->opt.bin),
					  "--config",
					  d->config,
					  "--static",
					  d->opt.static_dir,
					  "--nginx",
					  folder,
					  NULL };
	const char *const argv[] = { "nginx",
				     "-e",
				     "stderr",
				     "-p",
				     dev_text(d, "%s/tmp", d->opt.var),
				     "-c",
				     dev_text(d, "%s/nginx.conf", folder),
				     "-g",
				     "daemon off;",
				     NULL };
	struct dev_child *c;

	TRY(child_run(d, "nginx-conf", locations));
	TRY(conf_write_nginx(d));
	return child_start(d, "nginx", argv, &c);
}

static enum rc start_all(struct dev *d)
{
	TRY(place_prepare(d));
	TRY(conf_write(d));
	TRY(database_start(d));
	if (d->opt.only_database)
		return ready_tell(d);
	TRY(migrate(d));
	TRY(start_program(d, "scan", "muster-scan", NULL));
	TRY(start_program(d, "app", "muster-app", d->opt.static_dir));
	TRY(start_program(d, "jobs", "muster-jobs", NULL));
	TRY(start_program(d, "live", "muster-live", NULL));
	TRY(start_nginx(d));
	TRY(ready_wait(d));
	proc_close(d->port_fd);
	d->port_fd = -1;
	return ready_tell(d);
}

/* Until somebody wishes it to stop; RC_TIMEOUT is that wish. */
static enum rc run(struct dev *d)
{
	enum rc rc = start_all(d);

	while (rc == RC_OK)
		rc = child_step(d, -1);
	if (rc != RC_TIMEOUT)
		dev_refuse("stopping everything.");
	child_stop_all(d);
	place_clear(d);
	if (d->opt.ready_file)
		unlink(d->opt.ready_file);
	dev_say(d, "Muster has stopped.");
	return rc;
}

/* nginx and muster-live hold a file for each connection: as many as we may. */
static void raise_files(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int dev_main(struct dev *d, int argc, char **argv)
{
	pid_t parent = getppid();
	struct error e;

	error_init(&e);
	if (proc_setup(&e) != RC_OK) {
		dev_refuse("%s", e.detail);
		return 1;
	}
	raise_files();
	if (options_read(d, argc, argv) != RC_OK)
		return 2;
	if (conf_read_own(d) != RC_OK)
		return 1;
	if (place_choose(d) != RC_OK || place_lock(d) != RC_OK)
		return 1;
	/* After the change of user, which would undo it. */
	if (d->opt.with_parent)
		proc_die_with_parent(parent, SIGTERM);
	if (child_setup(d) != RC_OK)
		return 1;
	return run(d) == RC_TIMEOUT ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct dev d = { .lock_fd = -1, .port_fd = -1, .signal_fd = -1, .guard_fd = -1 };
	int status;

	arena_init(&d.arena, ARENA_BYTES, 0);
	status = dev_main(&d, argc, argv);
	arena_clear(&d.arena);
	return status;
}
