/*
 * The programs muster-dev starts, and its loop.
 *
 * Each program has a process group of its own, so that Ctrl-C reaches only us
 * and a whole family can be ended.  Its stdout and stderr come by a pipe: every
 * line goes to log/<name>.log and, with its name before it, to the terminal.
 * Signals and deaths arrive by a signalfd; nothing runs in a handler.  Orphans
 * of our programs become our children (subreaper) and are ended at the end.
 */
#include "main/muster-dev/dev.h"

#include "base/num.h"
#include "sys/clock.h"
#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_PATIENCE_US 10000000
#define SECOND_WISH_US   1000000
#define LAST_WORDS_MAX   4000

/* ---- start ---------------------------------------------------------------------- */

enum rc child_setup(struct dev *d)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return dev_refuse("signals cannot be blocked: %m.");
	d->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (d->signal_fd < 0)
		return dev_refuse("signals cannot be read: %m.");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) != 0)
		return dev_refuse("the kernel refuses to make this process a reaper: %m.");
	d->guard = guard_start(d, &d->guard_fd);
	if (d->guard < 0)
		return dev_refuse("no process can be started: %m.");
	return RC_OK;
}

static bool env_is_passed(const char *entry)
{
	static const char *const kept[] = { "PATH=",         "TERM=",          "TZ=",
					    "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=",
					    "MUSTER_" };

	if (strncmp(entry, "MUSTER_TEST_", strlen("MUSTER_TEST_")) == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		if (strncmp(entry, kept[i], strlen(kept[i])) == 0)
			return true;
	}
	return false;
}

/* What the programs see of our environment, in the C locale. */
static char **child_env(struct dev *d)
{
	size_t n = 0;
	char **env;

	while (environ[n])
		n++;
	env = ARENA_ARRAY(&d->arena, n + 3, char *);
	if (!env)
		return NULL;
	n = 0;
	for (char **entry = environ; *entry; entry++) {
		if (env_is_passed(*entry))
			env[n++] = *entry;
	}
	env[n++] = dev_text(d, "HOME=%s", d->home);
	env[n] = dev_text(d, "LC_ALL=C.UTF-8");
	return env;
}

static NO_RETURN void child_exec(struct dev *d, pid_t parent, const char *const *argv, char **env,
				 int out_fd)
{
	int null_fd = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	proc_reset_signals();
	/* Before the guard acts, and where it was killed with us. */
	proc_die_with_parent(parent, SIGTERM);
	if (null_fd >= 0 && dup2(null_fd, 0) >= 0 && dup2(out_fd, 1) >= 0 && dup2(out_fd, 2) >= 0 &&
	    chdir(d->opt.var) == 0) {
		if (null_fd > 2)
			close(null_fd);
		/* exec takes a list it does not change; the cast is POSIX's own wart. */
		execvpe(argv[0], (char *const *)(uintptr_t)argv, env);
	}
	dprintf(2, "%s cannot be started: %m\n", argv[0]);
	_exit(127);
}

static struct dev_child *child_slot(struct dev *d)
{
	for (size_t i = 0; i < d->n_children; i++) {
		if (d->children[i].pid == 0 && d->children[i].out_fd < 0)
			return &d->children[i];
	}
	return d->n_children < DEV_CHILDREN_MAX ? &d->children[d->n_children++] : NULL;
}

enum rc child_start(struct dev *d, const char *name, const char *const *argv,
		    struct dev_child **ret_child)
{
	const char *log = dev_text(d, "%s/log/%s.log", d->opt.var, name);
	char **env = child_env(d);
	struct dev_child *c = child_slot(d);
	pid_t self = getpid();
	int fds[2];
	pid_t pid;

	BUG(!c);
	if (!env || pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return dev_refuse("%s cannot be started: %m.", name);
	pid = fork();
	if (pid == 0) {
		/* The program writes into an ordinary, blocking pipe. */
		fcntl(fds[1], F_SETFL, 0);
		child_exec(d, self, argv, env, fds[1]);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return dev_refuse("%s cannot be started: %m.", name);
	}
	/* In both processes, so that it is true whoever runs first. */
	setpgid(pid, pid);
	guard_tell(d, pid, true);
	*c = (struct dev_child){ .name = name, .pid = pid, .out_fd = fds[0] };
	c->log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	*ret_child = c;
	return RC_OK;
}

/* ---- output --------------------------------------------------------------------- */

static void line_out(const struct dev *d, struct dev_child *c)
{
	if (c->log_fd >= 0)
		dprintf(c->log_fd, "%.*s\n", (int)c->n_line, c->line);
	if (!d->opt.quiet && !c->is_expected) {
		printf("%-7s | %.*s\n", c->name, (int)c->n_line, c->line);
		fflush(stdout);
	}
	c->n_line = 0;
}

/* What there is to read now; at its end the pipe and the log are closed. */
static void child_read(const struct dev *d, struct dev_child *c)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(c->out_fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (bytes[i] != '\n')
				c->line[c->n_line++] = bytes[i];
			if (bytes[i] == '\n' || c->n_line == sizeof(c->line))
				line_out(d, c);
		}
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (c->n_line > 0)
		line_out(d, c);
	close(c->out_fd);
	proc_close(c->log_fd);
	c->out_fd = c->log_fd = -1;
}

/* ---- the loop ------------------------------------------------------------------- */

/* The end of its log, where the terminal has not seen it. */
static void say_last_words(struct dev *d, const struct dev_child *c)
{
	char words[LAST_WORDS_MAX];
	int fd = open(dev_text(d, "%s/log/%s.log", d->opt.var, c->name), O_RDONLY | O_CLOEXEC);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = 0;

	if (end > 0)
		n = pread(fd, words, sizeof(words),
			  end > LAST_WORDS_MAX ? end - LAST_WORDS_MAX : 0);
	proc_close(fd);
	if (n > 0)
		fprintf(stderr, "%.*s", (int)n, words);
}

static void say_ended(struct dev *d, const struct dev_child *c)
{
	if (d->opt.quiet || c->is_expected)
		say_last_words(d, c);
	if (WIFSIGNALED(c->exit_status)) {
		dev_refuse("%s was ended by signal %d; its last words are above.", c->name,
			   WTERMSIG(c->exit_status));
	} else {
		dev_refuse("%s ended by itself (status %d); its last words are above.", c->name,
			   WEXITSTATUS(c->exit_status));
	}
}

/* Notes every child that has ended.  RC_DEPENDENCY when one should have gone on. */
static enum rc reap(struct dev *d)
{
	enum rc rc = RC_OK;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < d->n_children; i++) {
			struct dev_child *c = &d->children[i];

			if (c->pid != pid)
				continue;
			if (c->out_fd >= 0)
				child_read(d, c);
			c->pid = 0;
			c->exit_status = status;
			/* Whoever it left behind goes with it. */
			kill(-pid, SIGKILL);
			guard_tell(d, pid, false);
			if (!c->is_expected) {
				say_ended(d, c);
				rc = RC_DEPENDENCY;
			}
		}
	}
	return rc;
}

static void read_signals(struct dev *d)
{
	struct signalfd_siginfo info;

	while (read(d->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			d->n_signals++;
	}
}

enum rc child_step(struct dev *d, int timeout_ms)
{
	struct pollfd fds[1 + DEV_CHILDREN_MAX] = { { .fd = d->signal_fd, .events = POLLIN } };
	int n_signals = d->n_signals;

	for (size_t i = 0; i < d->n_children; i++)
		fds[1 + i] = (struct pollfd){ .fd = d->children[i].out_fd, .events = POLLIN };
	if (poll(fds, 1 + (nfds_t)d->n_children, timeout_ms) > 0) {
		for (size_t i = 0; i < d->n_children; i++) {
			if (fds[1 + i].revents)
				child_read(d, &d->children[i]);
		}
		read_signals(d);
	}
	TRY(reap(d));
	return d->n_signals > n_signals ? RC_TIMEOUT : RC_OK;
}

enum rc child_run(struct dev *d, const char *name, const char *const *argv)
{
	struct dev_child *c;

	TRY(child_start(d, name, argv, &c));
	c->is_expected = true;
	while (c->pid != 0 || c->out_fd >= 0)
		TRY(child_step(d, 1000));
	if (WIFEXITED(c->exit_status) && WEXITSTATUS(c->exit_status) == 0)
		return RC_OK;
	say_ended(d, c);
	return RC_DEPENDENCY;
}

/* ---- stop ----------------------------------------------------------------------- */

static void child_stop(struct dev *d, struct dev_child *c)
{
	int64_t begin = clock_mono_us();
	int n_signals = d->n_signals;
	bool is_killed = false;

	c->is_expected = true;
	kill(c->pid, SIGTERM);
	while (c->pid != 0) {
		int64_t waited = clock_mono_us() - begin;

		/* A second Ctrl-C means: now.  One key may arrive twice, by way of make. */
		if (waited < SECOND_WISH_US)
			n_signals = d->n_signals;
		if (!is_killed && (waited > STOP_PATIENCE_US || d->n_signals > n_signals)) {
			dev_refuse("%s does not end; it is killed.", c->name);
			kill(-c->pid, SIGKILL);
			is_killed = true;
		}
		/* Others that end meanwhile are stopped next anyway. */
		if (child_step(d, 100) != RC_OK)
			continue;
	}
}

/* Kills the children there are, but for the guard; how many. */
static int kill_children(struct dev *d)
{
	char *list = dev_read(d, "/proc/thread-self/children");
	struct str rest = str_from(list), word;
	int n = 0;

	while (str_split(&rest, ' ', &word)) {
		int64_t pid;

		if (num_i64(word, 2, INT32_MAX, &pid) && pid != d->guard &&
		    kill((pid_t)pid, SIGKILL) == 0)
			n++;
	}
	return n;
}

/* Ends orphans that had left their process group, and the orphans those leave. */
static void stop_orphans(struct dev *d)
{
	for (int tries = 0; tries < 100 && kill_children(d) > 0; tries++) {
		poll(NULL, 0, 10);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
	}
}

void child_stop_all(struct dev *d)
{
	for (size_t i = d->n_children; i > 0; i--) {
		if (d->children[i - 1].pid != 0)
			child_stop(d, &d->children[i - 1]);
	}
	for (size_t i = 0; i < d->n_children; i++) {
		if (d->children[i].out_fd >= 0)
			child_read(d, &d->children[i]);
	}
	stop_orphans(d);
	if (d->guard > 0) {
		close(d->guard_fd);
		waitpid(d->guard, NULL, 0);
	}
}
