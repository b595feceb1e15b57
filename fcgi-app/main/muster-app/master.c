/*
 * The master: sockets, shared memory, and the workers it keeps alive.
 *
 * One loop over a signalfd and the ready pipes.  A slot wants one worker.  What
 * dies is started again, later each time when it dies young.  HUP replaces slot
 * after slot: the new worker serves before the old one is told to stop; both
 * accept on the same socket, so no connection is lost.  TERM and INT stop all.
 */
#include "main/muster-app/app.h"

#include "store/account.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SLOTS_MAX = 129, /* 64 pages, 32 slow, 32 sign-in, one check-in: the settings' limits */
	CHILDREN_MAX = 2 * SLOTS_MAX + 32, /* old ones finish their request */
	BACKLOG = 4096, /* as much as Linux allows (net.core.somaxconn): crowds wait here */
	RATE_SLOTS = 16384,
	BACKOFF_FIRST_MS = 100,
	BACKOFF_LAST_MS = 10000,
	YOUNG_US = 5 * 1000000, /* who dies younger than that dies early */
	DATABASE_EVERY_US = 5 * 1000000,
};

struct child {
	pid_t pid; /* 0: free */
	int slot, ready_fd;
	bool is_ready, is_stopping, is_next; /* is_next: takes over its slot when ready */
	int64_t started_us, kill_at_us;
};

struct slot {
	enum route_pool pool;
	int64_t retry_at_us, backoff_ms;
};

struct master {
	struct app *app;
	int signal_fd;
	sigset_t outer_mask;
	struct slot slots[SLOTS_MAX];
	int n_slots, rolling; /* slot being replaced; n_slots: none */
	struct child children[CHILDREN_MAX];
	bool is_stopping, is_database_checked;
	int64_t database_at_us; /* when to look at it again */
	enum rc end;            /* what to return */
};

static int64_t now_us(void)
{
	return clock_mono_us();
}

/* ---- sockets --------------------------------------------------------------------------- */

static enum rc open_socket(const struct app *a, struct app_pool *pool, struct error *e)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int n = snprintf(address.sun_path, sizeof address.sun_path, "%.*s/%s",
			 STR_ARG(a->config->run_dir), pool->socket_name);
	int fd;

	if (n < 0 || (size_t)n >= sizeof address.sun_path)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "run_dir is too long for a socket");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket");
	/* A socket left by a crash; muster-dev and systemd see to it that we run once. */
	(void)unlink(address.sun_path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    chmod(address.sun_path, 0660) != 0 || listen(fd, BACKLOG) != 0) {
		ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s cannot be listened on",
			    address.sun_path);
		proc_close(fd);
		return RC_DEPENDENCY;
	}
	pool->listen_fd = fd;
	return RC_OK;
}

static enum rc open_signals(struct master *m, struct error *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, &m->outer_mask) != 0)
		return ERROR_ERRNO(e, RC_INTERNAL, REASON_UNEXPECTED, "sigprocmask");
	m->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (m->signal_fd < 0)
		return ERROR_ERRNO(e, RC_INTERNAL, REASON_UNEXPECTED, "signalfd");
	return RC_OK;
}

/* ---- children ---------------------------------------------------------------------------- */

static struct child *current_of(struct master *m, int slot)
{
	for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++)
		if (c->pid && c->slot == slot && !c->is_stopping && !c->is_next)
			return c;
	return NULL;
}

static struct child *next_of(struct master *m, int slot)
{
	for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++)
		if (c->pid && c->slot == slot && c->is_next)
			return c;
	return NULL;
}

static void log_child(struct master *m, enum log_event event, const struct child *c)
{
	log_event(&m->app->log, event, LOG_WORD("pool", m->app->pools[m->slots[c->slot].pool].name),
		  LOG_I64("worker", c->slot), LOG_I64("child", c->pid));
}

static struct meter_slot *meter_of(const struct master *m, const struct child *c)
{
	return meter_slot(m->app->meter, (unsigned)(c - m->children));
}

/* The master counts in the slot behind those of its children. */
static void count(const struct master *m, size_t what, const struct child *c)
{
	meter_add(meter_slot(m->app->meter, CHILDREN_MAX), what + (size_t)m->slots[c->slot].pool,
		  1);
}

NO_RETURN static void be_worker(struct master *m, const struct child *own, int ready_fd,
				pid_t master_pid)
{
	struct meter_slot *meter = meter_of(m, own);
	enum route_pool pool = m->slots[own->slot].pool;

	proc_reset_signals();
	proc_die_with_parent(master_pid, SIGTERM);
	proc_close(m->signal_fd);
	for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++)
		if (c->pid)
			proc_close(c->ready_fd);
	exit(worker_run(m->app, pool, meter, ready_fd));
}

static void start_child(struct master *m, int slot, bool is_next)
{
	struct child *c = m->children;
	pid_t master_pid = getpid();
	int fds[2];

	while (c < m->children + CHILDREN_MAX && c->pid)
		c++;
	m->slots[slot].retry_at_us = now_us() + BACKOFF_FIRST_MS * 1000;
	if (c == m->children + CHILDREN_MAX || pipe2(fds, O_CLOEXEC) != 0)
		return; /* tried again soon */
	*c = (struct child){
		.slot = slot, .ready_fd = fds[0], .is_next = is_next, .started_us = now_us()
	};
	c->pid = fork();
	if (c->pid == 0)
		be_worker(m, c, fds[1], master_pid);
	proc_close(fds[1]);
	if (c->pid < 0) {
		proc_close(fds[0]);
		c->pid = 0;
		return;
	}
	count(m, METER_STARTS, c);
	log_child(m, LOGGED_WORKER_START, c);
}

static void stop_child(struct master *m, struct child *c)
{
	int64_t limit_s = pool_timeout_s(m->app->config, m->slots[c->slot].pool);

	if (c->is_stopping)
		return;
	c->is_stopping = true;
	c->is_next = false;
	c->kill_at_us = now_us() + limit_s * US_PER_S;
	(void)kill(c->pid, SIGTERM);
}

/* It ended although nobody had told it to. */
static void mourn(struct master *m, struct child *c, int status)
{
	struct slot *s = &m->slots[c->slot];
	bool is_young = now_us() - c->started_us < YOUNG_US;

	s->backoff_ms = is_young && s->backoff_ms ? s->backoff_ms * 2 : BACKOFF_FIRST_MS;
	if (s->backoff_ms > BACKOFF_LAST_MS)
		s->backoff_ms = BACKOFF_LAST_MS;
	s->retry_at_us = now_us() + s->backoff_ms * 1000;
	if (c->is_next)
		m->rolling = m->n_slots; /* the new ones do not live: the old ones stay */
	count(m, METER_DEATHS, c);
	log_event(&m->app->log, LOGGED_WORKER_DIED, LOG_WORD("pool", m->app->pools[s->pool].name),
		  LOG_I64("worker", c->slot), LOG_I64("child", c->pid),
		  LOG_I64("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		  LOG_I64("status", WIFEXITED(status) ? WEXITSTATUS(status) : 0),
		  LOG_I64("retry_ms", s->backoff_ms));
}

static void reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++) {
			if (c->pid != pid)
				continue;
			if (c->is_stopping || m->is_stopping)
				log_child(m, LOGGED_WORKER_STOP, c);
			else
				mourn(m, c, status);
			meter_gone(meter_of(m, c));
			proc_close(c->ready_fd);
			c->pid = 0;
		}
	}
}

static void kill_overdue(struct master *m)
{
	for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++) {
		if (!c->pid || !c->is_stopping || now_us() < c->kill_at_us)
			continue;
		log_child(m, LOGGED_WORKER_KILLED, c);
		(void)kill(c->pid, SIGKILL);
		c->kill_at_us = INT64_MAX;
	}
}

static void note_ready(struct master *m, struct child *c)
{
	char byte;
	ssize_t n = read(c->ready_fd, &byte, 1);
	struct child *old;

	proc_close(c->ready_fd);
	c->ready_fd = -1;
	if (n != 1)
		return; /* it died: SIGCHLD says so */
	c->is_ready = true;
	if (!c->is_next)
		return;
	old = current_of(m, c->slot);
	c->is_next = false;
	if (old)
		stop_child(m, old);
	m->rolling++;
}

/* ---- the database, looked at once --------------------------------------------------------- */

static enum rc check_demo(struct master *m, struct store *s, struct arena *a, struct error *e)
{
	int64_t n;

	if (config_is_loopback(m->app->config))
		return RC_OK;
	TRY(account_count_demo(s, a, &n, e));
	if (n == 0)
		return RC_OK;
	return ERROR(
		e, RC_INVALID, REASON_UNEXPECTED,
		"the database has %lld demo accounts whose password everybody knows: listen on "
		"127.0.0.1, or start with an empty database",
		(long long)n);
}

static enum rc look_at_database(struct master *m, struct error *e)
{
	struct store *s = NULL;
	struct arena a;
	enum rc rc;

	arena_init(&a, 1024 * 1024, 0);
	rc = app_open_store(m->app, &a, &s, e);
	if (rc == RC_OK)
		rc = store_verify(s, e);
	if (rc == RC_OK)
		rc = check_demo(m, s, &a, e);
	store_close(s);
	arena_clear(&a);
	return rc;
}

/* Down: served as such, and looked at again.  Wrong: we do not serve it. */
static void check_database(struct master *m)
{
	struct error e;
	enum rc rc;

	if (m->is_database_checked || m->is_stopping || now_us() < m->database_at_us)
		return;
	error_init(&e);
	rc = look_at_database(m, &e);
	m->database_at_us = now_us() + DATABASE_EVERY_US;
	if (rc == RC_OK) {
		m->is_database_checked = true;
	} else if (rc == RC_DEPENDENCY || rc == RC_BUSY) {
		log_event(&m->app->log, LOGGED_DB_LOST, LOG_ERROR(&e));
	} else {
		log_event(&m->app->log, LOGGED_START_FAILED, LOG_ERROR(&e));
		m->end = rc;
		m->is_stopping = true;
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

static void read_signals(struct master *m)
{
	struct signalfd_siginfo info;

	while (read(m->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) {
			m->is_stopping = true;
		} else if (info.ssi_signo == SIGHUP) {
			app_reload(m->app);
			m->rolling = 0;
		}
	}
}

/* Starts what is missing; true while something is to be done after a pause. */
static void keep_alive(struct master *m)
{
	for (int i = 0; i < m->n_slots; i++)
		if (!current_of(m, i) && now_us() >= m->slots[i].retry_at_us)
			start_child(m, i, false);
	if (m->rolling < m->n_slots && !next_of(m, m->rolling) &&
	    now_us() >= m->slots[m->rolling].retry_at_us)
		start_child(m, m->rolling, true);
}

static int n_children(const struct master *m)
{
	int n = 0;

	for (int i = 0; i < CHILDREN_MAX; i++)
		n += m->children[i].pid != 0;
	return n;
}

/* Milliseconds to sleep at most: retries and deadlines are looked at ten times a second. */
static int pause_ms(struct master *m)
{
	bool is_waiting = m->is_stopping || m->rolling < m->n_slots || !m->is_database_checked;

	for (int i = 0; i < m->n_slots && !is_waiting; i++)
		is_waiting = !current_of(m, i);
	for (int i = 0; i < CHILDREN_MAX && !is_waiting; i++)
		is_waiting = m->children[i].pid && m->children[i].is_stopping;
	return is_waiting ? 100 : -1;
}

static void wait_for_news(struct master *m)
{
	struct pollfd fds[1 + CHILDREN_MAX] = { { .fd = m->signal_fd, .events = POLLIN } };
	struct child *of[1 + CHILDREN_MAX];
	nfds_t n = 1;

	for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++) {
		if (!c->pid || c->ready_fd < 0)
			continue;
		of[n] = c;
		fds[n++] = (struct pollfd){ .fd = c->ready_fd, .events = POLLIN };
	}
	if (poll(fds, n, pause_ms(m)) <= 0)
		return;
	for (nfds_t i = 1; i < n; i++)
		if (fds[i].revents)
			note_ready(m, of[i]);
	if (fds[0].revents)
		read_signals(m);
}

static void run(struct master *m)
{
	while (!m->is_stopping || n_children(m)) {
		if (m->is_stopping)
			for (struct child *c = m->children; c < m->children + CHILDREN_MAX; c++)
				if (c->pid)
					stop_child(m, c);
		if (!m->is_stopping)
			keep_alive(m);
		wait_for_news(m);
		reap(m);
		kill_overdue(m);
		check_database(m);
	}
}

static void make_slots(struct master *m)
{
	for (int p = 0; p < POOL__MAX; p++)
		for (int64_t i = 0; i < m->app->pools[p].n_processes && m->n_slots < SLOTS_MAX; i++)
			m->slots[m->n_slots++].pool = (enum route_pool)p;
	m->rolling = m->n_slots;
}

enum rc master_run(struct app *a, struct error *e)
{
	static const char *const reasons[] = { "told to", "the database is not ours" };
	struct master *m = ARENA_NEW(&a->arena, struct master);

	if (!m)
		return ERROR_MEMORY(e);
	m->app = a;
	TRY(shm_new(RATE_SLOTS, (unsigned)a->config->argon2_parallel_hashes, &a->shm, e));
	TRY(meter_new(CHILDREN_MAX, &a->meter, e));
	for (int p = 0; p < POOL__MAX; p++)
		TRY(open_socket(a, &a->pools[p], e));
	TRY(open_signals(m, e));
	make_slots(m);
	check_database(m);
	if (m->end == RC_OK)
		log_event(&a->log, LOGGED_START, LOG_CZ("version", APP_VERSION));
	run(m);
	log_event(&a->log, LOGGED_STOP, LOG_CZ("reason", reasons[m->end != RC_OK]));
	meter_free(a->meter);
	shm_free(a->shm);
	if (m->end != RC_OK)
		return ERROR(e, m->end, REASON_UNEXPECTED, "stopped");
	return RC_OK;
}
