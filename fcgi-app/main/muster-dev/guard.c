/*
 * The guard: when muster-dev is killed (kill -9, out of memory), nobody would
 * stop what it started.  This process, forked first and in a session of its own,
 * hears of every process group by a pipe; when the pipe ends, it asks those that
 * are left to end, then kills them, and removes the private folder of the sockets.
 * After an orderly stop its list is empty and it just ends.  It inherits the lock
 * of VAR, so that a new start waits for the old one to be really gone.
 */
#include "main/muster-dev/dev.h"
#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define GUARD_PATIENCE_MS 5000
#define GUARD_LOOK_MS     50

struct guard_word {
	pid_t group;
	bool is_added;
};

static void groups_note(pid_t *groups, size_t n, struct guard_word word)
{
	for (size_t i = 0; i < n; i++) {
		if (groups[i] == (word.is_added ? 0 : word.group)) {
			groups[i] = word.is_added ? word.group : 0;
			return;
		}
	}
}

/* Sends sig (0: only looks); how many groups still have a process. */
static int groups_signal(const pid_t *groups, size_t n, int sig)
{
	int n_alive = 0;

	for (size_t i = 0; i < n; i++) {
		if (groups[i] > 0 && kill(-groups[i], sig) == 0)
			n_alive++;
	}
	return n_alive;
}

static NO_RETURN void guard_run(struct dev *d, int fd)
{
	pid_t groups[4 * DEV_CHILDREN_MAX] = { 0 };
	struct guard_word word;
	ssize_t n;

	for (;;) {
		n = read(fd, &word, sizeof(word));
		if (n == (ssize_t)sizeof(word))
			groups_note(groups, ARRAY_LEN(groups), word);
		else if (n >= 0 || errno != EINTR)
			break;
	}
	if (groups_signal(groups, ARRAY_LEN(groups), SIGTERM) > 0) {
		for (int ms = 0; ms < GUARD_PATIENCE_MS; ms += GUARD_LOOK_MS) {
			poll(NULL, 0, GUARD_LOOK_MS);
			if (groups_signal(groups, ARRAY_LEN(groups), 0) == 0)
				break;
		}
		groups_signal(groups, ARRAY_LEN(groups), SIGKILL);
		place_clear(d);
	}
	_exit(0);
}

pid_t guard_start(struct dev *d, int *ret_fd)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "muster-dev-end");
		setsid();
		close(fds[1]);
		proc_close(d->signal_fd);
		proc_close(d->port_fd);
		/* A closed terminal must not hold it up. */
		for (int out = 0; out <= 2; out++) {
			int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

			if (null_fd >= 0 && dup2(null_fd, out) >= 0 && null_fd > 2)
				close(null_fd);
		}
		guard_run(d, fds[0]);
	}
	close(fds[0]);
	if (pid < 0)
		close(fds[1]);
	else
		*ret_fd = fds[1];
	return pid;
}

void guard_tell(const struct dev *d, pid_t group, bool is_added)
{
	struct guard_word word = { .group = group, .is_added = is_added };

	/* 8 bytes into a pipe are written whole or not at all; a dead guard is no reason to stop.
	 */
	while (write(d->guard_fd, &word, sizeof(word)) < 0 && errno == EINTR)
		continue;
}
