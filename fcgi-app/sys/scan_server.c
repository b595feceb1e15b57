/*
 * The loop of muster-scan: see scan_server.h.
 *
 * A job is a connection on its way: asking → waiting (for a free child) →
 * running → answered.  A pidfd tells when the child has ended; only then is its
 * pipe read, so that there is one moment of truth.
 */
#include "sys/scan_server.h"

#include "base/heap.h"
#include "sys/clock.h"
#include "sys/fail.h"
#include "sys/proc.h"
#include "sys/scan_protocol.h"

#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX  256
#define BACKLOG   128
#define ASK_MS    2000 /* a connection that asks nothing */
#define FIXED_FDS 2    /* stop, listen */

enum job_state { JOB_FREE, JOB_ASKING, JOB_WAITING, JOB_RUNNING };

struct job {
	enum job_state state;
	int client, file, pipe, pidfd;
	pid_t pid;
	uint64_t order; /* of arrival */
	int64_t begun_us, until_us;
	struct scan_request request;
	bool was_killed;
};

#define JOB_NONE ((struct job){ .client = -1, .file = -1, .pipe = -1, .pidfd = -1 })

struct loop {
	const struct scan_server *server;
	uint64_t n_arrived;
	unsigned n_running;
	struct job jobs[JOBS_MAX];
	struct pollfd polls[FIXED_FDS + JOBS_MAX];
	struct job *polled[FIXED_FDS + JOBS_MAX];
};

enum rc scan_listen(const char *path, int *ret_fd, struct error *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof at.sun_path)
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket path %s is too long",
			     path);
	memcpy(at.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket");
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0) {
		close(fd);
		return ERROR(e, RC_CONFLICT, REASON_UNEXPECTED, "somebody listens on %s already",
			     path);
	}
	if ((unlink(path) != 0 && errno != ENOENT) ||
	    fchmod(fd, 0600) != 0 || /* before bind: the file is born with it */
	    bind(fd, (const struct sockaddr *)&at, sizeof at) != 0 || listen(fd, BACKLOG) != 0) {
		enum rc rc =
			ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "listening on %s", path);
		close(fd);
		return rc;
	}
	*ret_fd = fd;
	return RC_OK;
}

static struct str job_extension(const struct job *j)
{
	return str_make(j->request.extension, j->request.n_extension);
}

static void report(const struct loop *l, const struct job *j, struct scan_report r)
{
	r.extension = job_extension(j);
	r.size = j->request.size;
	r.took_us = clock_mono_us() - j->begun_us;
	l->server->report(l->server->arg, &r);
}

static void report_peer(const struct loop *l, const struct job *j, int64_t uid, struct str why)
{
	report(l, j, (struct scan_report){ .outcome = SCAN_PEER, .uid = uid, .why = why });
}

static void job_end(struct job *j)
{
	proc_close(j->client);
	proc_close(j->file);
	proc_close(j->pipe);
	proc_close(j->pidfd);
	*j = JOB_NONE;
}

/* The client may be gone: nobody to tell then. */
static void job_answer(struct job *j, const struct scan_answer *a)
{
	(void)send(j->client, a, sizeof *a, MSG_NOSIGNAL | MSG_DONTWAIT);
	job_end(j);
}

static void job_answer_failed(struct job *j, struct str why)
{
	struct scan_answer a = { SCAN_PROTOCOL, REASON_FILE_SCAN, SCAN_NO_TYPE, "" };

	why = str_sub(why, 0, sizeof a.why - 1);
	memcpy(a.why, why.p, why.n);
	job_answer(j, &a);
}

/* ---- asking ------------------------------------------------------------------------------- */

static struct job *job_free(struct loop *l)
{
	for (size_t i = 0; i < JOBS_MAX; i++)
		if (l->jobs[i].state == JOB_FREE)
			return &l->jobs[i];
	return NULL;
}

static void loop_accept(struct loop *l)
{
	struct ucred who = { .uid = (uid_t)-1 };
	socklen_t n = sizeof who;
	struct job *j = job_free(l);

	if (!j) /* stays in the backlog; not polled meanwhile */
		return;
	int fd = accept4(l->server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	j->begun_us = clock_mono_us();
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0 || who.uid != geteuid()) {
		report_peer(l, j, who.uid, STR("another user"));
		close(fd);
		return;
	}
	j->state = JOB_ASKING;
	j->client = fd;
	j->order = l->n_arrived++;
	j->until_us = j->begun_us + (int64_t)ASK_MS * 1000;
}

/* The descriptor that came along; -1 when none did.  Others that came are closed. */
static int message_fd(struct msghdr *m)
{
	int found = -1;

	for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= h->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(h) + at, sizeof fd);
			if (found < 0)
				found = fd;
			else
				close(fd);
		}
	}
	return found;
}

static bool request_valid(const struct job *j, ssize_t n, int flags)
{
	struct stat st;

	return n == (ssize_t)sizeof j->request && !(flags & (MSG_TRUNC | MSG_CTRUNC)) &&
	       j->request.protocol == SCAN_PROTOCOL &&
	       j->request.n_extension <= SCAN_EXTENSION_SIZE && j->file >= 0 &&
	       fstat(j->file, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == j->request.size &&
	       st.st_size > 0;
}

static void job_read(struct loop *l, struct job *j)
{
	union {
		char bytes[CMSG_SPACE(4 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { &j->request, sizeof j->request };
	struct msghdr m = { .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof control.bytes };
	ssize_t n = recvmsg(j->client, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		j->file = message_fd(&m);
	if (!request_valid(j, n, m.msg_flags)) {
		j->request.n_extension = 0;
		if (n != 0) /* 0: gone without a word, as a readiness check does */
			report_peer(l, j, geteuid(), STR("not a question"));
		job_end(j);
		return;
	}
	j->state = JOB_WAITING;
}

/* ---- running ------------------------------------------------------------------------------ */

static void job_start(struct loop *l, struct job *j)
{
	const struct scan_server *s = l->server;
	struct error e;

	j->begun_us = clock_mono_us();
	if (scan_child_start(s->kit, j->file, j->request.size, job_extension(j), s->timeout_ms,
			     &j->pid, &j->pipe, &e) != RC_OK) {
		report(l, j,
		       (struct scan_report){ .outcome = SCAN_FAILED, .why = str_from(e.detail) });
		job_answer_failed(j, STR("no child"));
		return;
	}
	j->pidfd = pidfd_open(j->pid, 0);
	BUG(j->pidfd < 0); /* Linux 5.3 and later; ours, and not yet waited for */
	j->until_us = j->begun_us + (int64_t)s->timeout_ms * 1000;
	j->state = JOB_RUNNING;
	l->n_running++;
}

/* In order of arrival, as long as there is room. */
static void loop_start_waiting(struct loop *l)
{
	while (l->n_running < l->server->processes) {
		struct job *next = NULL;

		for (size_t i = 0; i < JOBS_MAX; i++) {
			struct job *j = &l->jobs[i];

			if (j->state == JOB_WAITING && (!next || j->order < next->order))
				next = j;
		}
		if (!next)
			return;
		job_start(l, next);
	}
}

/* What a verdict may be; the type must be one of the extension's. */
static bool answer_valid(const struct job *j, const struct scan_answer *a, ssize_t n)
{
	size_t n_types;
	const struct filetype *types = filetype_all(&n_types);

	if (n != (ssize_t)sizeof *a || a->protocol != SCAN_PROTOCOL || a->why[sizeof a->why - 1])
		return false;
	switch (a->reason) {
	case REASON_NONE:
		return a->type < n_types &&
		       filetype_has_extension(&types[a->type], job_extension(j));
	case REASON_FILE_EMPTY:
	case REASON_FILE_TYPE:
	case REASON_FILE_MISMATCH:
	case REASON_FILE_DAMAGED:
	case REASON_FILE_MACROS:
		return a->type == SCAN_NO_TYPE;
	default:
		return false;
	}
}

/* The child has ended: its answer counts only if it ended well and said one thing. */
static void job_finish(struct loop *l, struct job *j)
{
	struct scan_answer a[2];
	size_t n_types;
	const struct filetype *types = filetype_all(&n_types);
	int status = 0;

	BUG(waitpid(j->pid, &status, 0) != j->pid);
	l->n_running--;
	ssize_t n = read(j->pipe, a, sizeof a);
	bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!j->was_killed && ended_well && answer_valid(j, &a[0], n)) {
		report(l, j,
		       (struct scan_report){ .outcome = SCAN_JUDGED,
					     .verdict = (enum reason)a[0].reason,
					     .type = a[0].reason == REASON_NONE ? &types[a[0].type]
										: NULL,
					     .why = str_from(a[0].why) });
		job_answer(j, &a[0]);
		return;
	}
	report(l, j,
	       (struct scan_report){ .outcome = j->was_killed ? SCAN_KILLED : SCAN_DIED,
				     .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
				     .status = WIFEXITED(status) ? WEXITSTATUS(status) : 0 });
	job_answer_failed(j, j->was_killed ? STR("took too long") : STR("the child died"));
}

static void job_expire(struct loop *l, struct job *j)
{
	if (j->state == JOB_ASKING) {
		report_peer(l, j, geteuid(), STR("asked nothing"));
		job_end(j);
	} else if (!j->was_killed) {
		j->was_killed = true;
		kill(j->pid, SIGKILL); /* its pidfd will tell */
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

static int64_t deadline(const struct job *j)
{
	bool counts = j->state == JOB_ASKING || (j->state == JOB_RUNNING && !j->was_killed);

	return counts ? j->until_us : INT64_MAX;
}

static nfds_t polls_fill(struct loop *l, int64_t *ret_until_us)
{
	nfds_t n = FIXED_FDS;

	*ret_until_us = INT64_MAX;
	l->polls[0] = (struct pollfd){ .fd = l->server->stop_fd, .events = POLLIN };
	l->polls[1] =
		(struct pollfd){ .fd = job_free(l) ? l->server->listen_fd : -1, .events = POLLIN };
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *j = &l->jobs[i];

		if (deadline(j) < *ret_until_us)
			*ret_until_us = deadline(j);
		if (j->state != JOB_ASKING && j->state != JOB_RUNNING)
			continue;
		l->polled[n] = j;
		l->polls[n++] =
			(struct pollfd){ .fd = j->state == JOB_ASKING ? j->client : j->pidfd,
					 .events = POLLIN };
	}
	return n;
}

static int wait_ms(int64_t until_us)
{
	if (until_us == INT64_MAX)
		return -1;
	int64_t left = until_us - clock_mono_us();
	return left > 0 ? (int)(left / 1000) + 1 : 0;
}

static void loop_handle(struct loop *l, nfds_t n)
{
	for (nfds_t i = FIXED_FDS; i < n; i++) {
		struct job *j = l->polled[i];

		if (!l->polls[i].revents)
			continue;
		if (j->state == JOB_ASKING)
			job_read(l, j);
		else
			job_finish(l, j);
	}
	int64_t now = clock_mono_us();
	for (size_t i = 0; i < JOBS_MAX; i++)
		if (deadline(&l->jobs[i]) <= now)
			job_expire(l, &l->jobs[i]);
	if (l->polls[1].revents)
		loop_accept(l);
	loop_start_waiting(l);
}

static void loop_stop(struct loop *l)
{
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *j = &l->jobs[i];

		if (j->state == JOB_RUNNING) {
			kill(j->pid, SIGKILL);
			BUG(waitpid(j->pid, NULL, 0) != j->pid);
		}
		if (j->state != JOB_FREE)
			job_end(j);
	}
}

enum rc scan_serve(const struct scan_server *s, struct error *e)
{
	struct loop *l = HEAP_NEW(struct loop);
	enum rc rc = RC_OK;
	int64_t until_us;

	BUG(s->processes < 1 || s->processes > 64 || s->timeout_ms < 1);
	if (!l)
		return ERROR_MEMORY(e);
	l->server = s;
	for (size_t i = 0; i < JOBS_MAX; i++)
		l->jobs[i] = JOB_NONE;
	for (;;) {
		nfds_t n = polls_fill(l, &until_us);

		if (poll(l->polls, n, wait_ms(until_us)) < 0) {
			if (errno == EINTR)
				continue;
			rc = ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "poll");
			break;
		}
		if (l->polls[0].revents)
			break;
		loop_handle(l, n);
	}
	loop_stop(l);
	heap_free(l);
	return rc;
}
