/*
 * muster-scan: judges the type of uploaded files, one sandboxed child per file.
 *
 *   muster-scan [--config FILE]
 *
 * Listens on run_dir/scan.sock for our own user.  Single-threaded, since it forks.
 * TERM and INT end it.  What it does is in sys/scan_server.c; this is its start,
 * its log and its end.
 */
#include "base/arena.h"
#include "sys/config.h"
#include "sys/log.h"
#include "sys/proc.h"
#include "sys/scan_client.h"
#include "sys/scan_server.h"

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CONFIG_MEMORY ((size_t)4 << 20)

static void on_judged(const struct log *l, const struct scan_report *r)
{
	log_event(l, LOGGED_SCAN, LOG_STR("extension", r->extension), LOG_I64("bytes", r->size),
		  LOG_WORD("verdict", r->type ? "accepted" : reason_code(r->verdict)),
		  LOG_WORD("type", r->type ? r->type->mime : "none"), LOG_I64("us", r->took_us),
		  LOG_STR("why", r->why));
}

static void on_report(void *arg, const struct scan_report *r)
{
	const struct log *l = arg;

	switch (r->outcome) {
	case SCAN_JUDGED:
		on_judged(l, r);
		break;
	case SCAN_DIED:
		log_event(l, LOGGED_SCAN_DIED, LOG_STR("extension", r->extension),
			  LOG_I64("bytes", r->size), LOG_I64("signal", r->signal),
			  LOG_I64("status", r->status));
		break;
	case SCAN_KILLED:
		log_event(l, LOGGED_SCAN_KILLED, LOG_STR("extension", r->extension),
			  LOG_I64("bytes", r->size), LOG_I64("ms", r->took_us / 1000));
		break;
	case SCAN_FAILED:
		log_event(l, LOGGED_SCAN_DIED, LOG_STR("extension", r->extension),
			  LOG_I64("bytes", r->size), LOG_STR("detail", r->why));
		break;
	case SCAN_PEER:
		log_event(l, LOGGED_SCAN_PEER, LOG_I64("uid", r->uid), LOG_STR("detail", r->why));
		break;
	}
}

/* TERM and INT as a descriptor; every other signal keeps its meaning. */
static int stop_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	BUG(sigprocmask(SIG_BLOCK, &set, NULL) != 0);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static enum rc serve(const struct config *c, struct log *l, struct error *e)
{
	struct scan_server s = {
		.timeout_ms = (int)c->scan_timeout_ms,
		.processes = (unsigned)c->scan_processes,
		.report = on_report,
		.arg = l,
	};
	struct scan_kit kit;
	char path[108];

	TRY(scan_kit_open(&kit, e));
	if (kit.sandbox.landlock_abi == 0)
		log_event(l, LOGGED_SANDBOX_MISSING, LOG_WORD("feature", "landlock"));
	s.kit = &kit;
	s.stop_fd = stop_fd();
	snprintf(path, sizeof path, "%s/" SCAN_SOCKET_NAME, c->run_dir.p);
	enum rc rc = scan_listen(path, &s.listen_fd, e);
	if (rc == RC_OK) {
		log_event(l, LOGGED_START, LOG_STR("socket", str_from(path)));
		rc = scan_serve(&s, e);
		unlink(path);
		close(s.listen_fd);
	}
	proc_close(s.stop_fd);
	scan_kit_close(&kit);
	return rc;
}

static void log_problems(const struct log *l, const struct config_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		log_event(l, LOGGED_SETTING_PROBLEM, LOG_I64("line", problems->items[i].line),
			  LOG_STR("key", problems->items[i].key),
			  LOG_STR("detail", problems->items[i].text));
}

static enum rc run(const char *config_path, struct log *l, struct arena *a, struct error *e)
{
	struct config_problems problems = { NULL, 0 };
	const struct config *config;

	TRY(proc_setup(e));
	enum rc rc = config_load(a, config_path, environ, &config, &problems, e);
	log_problems(l, &problems);
	TRY(rc);
	l->level = (enum log_level)config->log_level;
	return serve(config, l, e);
}

int main(int argc, char **argv)
{
	struct arena a;
	struct error e;
	struct log l;

	log_init(&l, "muster-scan", LOG_LEVEL_INFO);
	if (argc != 1 && !(argc == 3 && strcmp(argv[1], "--config") == 0)) {
		fputs("usage: muster-scan [--config FILE]\n", stderr);
		return 2;
	}
	arena_init(&a, CONFIG_MEMORY, 0);
	enum rc rc = run(argc == 3 ? argv[2] : NULL, &l, &a, &e);
	if (rc == RC_OK)
		log_event(&l, LOGGED_STOP, LOG_WORD("reason", "signal"));
	else
		log_event(&l, LOGGED_START_FAILED, LOG_ERROR(&e));
	arena_clear(&a);
	return rc == RC_OK ? 0 : 1;
}
