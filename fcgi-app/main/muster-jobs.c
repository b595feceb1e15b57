/*
 * muster-jobs: background work.
 *
 *   muster-jobs [--config FILE]
 *
 * Two threads, each with its database connection: the relay of events, which waits for pokes,
 * and one loop for everything else: run what is due, wait for the next or for TERM or INT.  A
 * database that is down ends nothing; the next round tries again.
 */
#include "jobs/chainer.h"
#include "jobs/closer.h"
#include "jobs/counter.h"
#include "jobs/importer.h"
#include "jobs/keeper.h"
#include "jobs/notifier.h"
#include "jobs/relay.h"
#include "jobs/sweeper.h"
#include "sys/config.h"
#include "sys/crypto.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CONFIG_MEMORY ((size_t)4 << 20)
#define WORK_MEMORY   ((size_t)16 << 20)
#define ROUND_MS_MAX  (10 * 60 * 1000)
#define LOOK_MS       1000 /* between two looks at the audit log and the clock */

/* The relay's thread and what it alone has. */
struct relaying {
	struct relay relay;
	struct core c;
	struct arena work;
	int stop_fd;
	pthread_t id;
};

struct jobs {
	struct log *log;
	const struct config *config;
	struct core c;
	struct arena work;
	struct files files;
	char holder[CRYPTO_ID_SIZE];
	struct poke relay_poke, live_poke;
	struct relaying relaying;
};

static const struct who nobody = { .role = ROLE_NONE };

/* TERM and INT as a descriptor, so that they are met between two jobs and nowhere else. */
static int stop_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	BUG(sigprocmask(SIG_BLOCK, &set, NULL) != 0);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Four looks within the time after which a file may go, at least every ten minutes. */
static int round_ms(const struct config *c)
{
	int64_t ms = c->sweep_after_minutes * 60 * 1000 / 4;

	return ms < ROUND_MS_MAX ? (int)ms : ROUND_MS_MAX;
}

static void loop(struct jobs *j, int stop)
{
	struct sweeper sweeper = {
		.c = &j->c, .files = &j->files, .log = j->log, .holder = str_from(j->holder)
	};
	struct chainer chainer = { .c = &j->c, .log = j->log, .holder = sweeper.holder };
	struct importer importer = {
		.c = &j->c, .files = &j->files, .log = j->log, .holder = sweeper.holder
	};
	struct counter counter = { .c = &j->c, .log = j->log };
	struct keeper keeper = { .c = &j->c, .log = j->log };
	struct closer closer = { .c = &j->c, .log = j->log };
	struct notifier notifier = { .c = &j->c, .log = j->log };
	struct pollfd wait = { .fd = stop, .events = POLLIN };
	int64_t sweep_at_us = 0;
	bool is_more;

	do {
		if (clock_mono_us() >= sweep_at_us) {
			keeper_run(&keeper);
			sweeper_run(&sweeper);
			counter_run(&counter);
			sweep_at_us = clock_mono_us() + round_ms(j->config) * INT64_C(1000);
		}
		closer_run(&closer);
		is_more = notifier_run(&notifier);
		is_more = chainer_run(&chainer) || is_more;
		is_more = importer_run(&importer) || is_more;
	} while (poll(&wait, 1, is_more ? 0 : LOOK_MS) <= 0);
}

static enum rc open_store(struct jobs *j, struct arena *settings, struct store **ret,
			  struct error *e)
{
	const struct config *c = j->config;
	struct secret password = { 0 };

	if (c->db_password_file.n)
		TRY(config_secret_read(settings, c->db_password_file, &password, e));
	return store_open(
		&(struct store_options){
			.socket = c->db_socket,
			.host = c->db_host,
			.port = (int)c->db_port,
			.user = c->db_user,
			.password = secret_reveal(password),
			.database = c->db_name,
			.statement_timeout_ms = c->db_statement_timeout_s * 1000,
			.connect_timeout_s = c->db_connect_timeout_s,
			.on_commit = poke_send,
			.on_commit_arg = &j->relay_poke,
		},
		ret, e);
}

/* ---- the relay's thread --------------------------------------------------------------------- */

static void *relay_on(void *arg)
{
	struct relaying *r = arg;

	relay_work(&r->relay, r->stop_fd);
	return NULL;
}

/* Signals are blocked by now, and so they are in the thread. */
static enum rc relaying_start(struct jobs *j, struct arena *settings, struct error *e)
{
	struct relaying *r = &j->relaying;

	arena_init(&r->work, WORK_MEMORY, 1 << 16);
	r->c = (struct core){
		.arena = &r->work, .config = j->config, .zones = j->c.zones, .who = &nobody
	};
	r->relay = (struct relay){ .c = &r->c,
				   .log = j->log,
				   .holder = { str_from(j->holder), 0 },
				   .gateway = &j->live_poke,
				   .run_dir = j->config->run_dir };
	TRY(open_store(j, settings, &r->c.db, e));
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (r->stop_fd < 0 || pthread_create(&r->id, NULL, relay_on, r) != 0)
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "the relay's thread");
	return RC_OK;
}

static void relaying_end(struct relaying *r)
{
	BUG(eventfd_write(r->stop_fd, 1) != 0 || pthread_join(r->id, NULL) != 0);
}

static void relaying_close(struct relaying *r)
{
	proc_close(r->stop_fd);
	store_close(r->c.db);
	arena_clear(&r->work);
}

/* ---- all ------------------------------------------------------------------------------------ */

static enum rc open_all(struct jobs *j, struct arena *settings, struct error *e)
{
	arena_init(&j->work, WORK_MEMORY, 1 << 16);
	j->c.arena = &j->work;
	j->c.config = j->config;
	j->c.who = &nobody;
	(void)crypto_random_id(j->holder);
	TRY(zones_new(&j->c.zones, e));
	TRY(poke_open(j->config->run_dir, POKE_RELAY, &j->relay_poke, e));
	TRY(poke_open(j->config->run_dir, POKE_LIVE, &j->live_poke, e));
	return open_store(j, settings, &j->c.db, e);
}

static void close_all(struct jobs *j)
{
	relaying_close(&j->relaying);
	arena_clear(&j->work);
	store_close(j->c.db);
	poke_close(&j->relay_poke);
	poke_close(&j->live_poke);
	zones_free(j->c.zones);
	files_close(&j->files);
}

static enum rc serve(struct jobs *j, struct arena *settings, struct error *e)
{
	const struct config *c = j->config;
	int stop;

	TRY(files_open(&j->files, c->upload_dir, c->spool_dir, c->disk_reserve_bytes, e));
	enum rc rc = open_all(j, settings, e);
	stop = stop_fd();
	if (rc == RC_OK)
		rc = relaying_start(j, settings, e);
	if (rc == RC_OK) {
		log_event(j->log, LOGGED_START, LOG_I64("round_ms", round_ms(c)));
		loop(j, stop);
		relaying_end(&j->relaying);
	}
	proc_close(stop);
	close_all(j);
	return rc;
}

static enum rc run(const char *config_path, struct jobs *j, struct arena *settings, struct error *e)
{
	struct config_problems problems = { NULL, 0 };

	TRY(proc_setup(e));
	enum rc rc = config_load(settings, config_path, environ, &j->config, &problems, e);
	for (size_t i = 0; i < problems.n; i++)
		log_event(j->log, LOGGED_SETTING_PROBLEM, LOG_I64("line", problems.items[i].line),
			  LOG_STR("key", problems.items[i].key),
			  LOG_STR("detail", problems.items[i].text));
	TRY(rc);
	j->log->level = (enum log_level)j->config->log_level;
	return serve(j, settings, e);
}

int main(int argc, char **argv)
{
	struct arena settings;
	struct jobs j = { .relay_poke = { .fd = -1 },
			  .live_poke = { .fd = -1 },
			  .relaying = { .stop_fd = -1 } };
	struct error e;
	struct log l;

	log_init(&l, "muster-jobs", LOG_LEVEL_INFO);
	if (argc != 1 && !(argc == 3 && strcmp(argv[1], "--config") == 0)) {
		fputs("usage: muster-jobs [--config FILE]\n", stderr);
		return 2;
	}
	j.log = &l;
	arena_init(&settings, CONFIG_MEMORY, 0);
	enum rc rc = run(argc == 3 ? argv[2] : NULL, &j, &settings, &e);
	if (rc == RC_OK)
		log_event(&l, LOGGED_STOP, LOG_WORD("reason", "signal"));
	else
		log_event(&l, LOGGED_START_FAILED, LOG_ERROR(&e));
	arena_clear(&settings);
	return rc == RC_OK ? 0 : 1;
}
