/*
 * Process helpers: see proc.h.  Knows nothing of what the programs do.
 */
#include "sys/proc.h"

#include "sys/fail.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum rc proc_setup(struct error *e)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number is fd itself, since those below are open. */
		if (open("/dev/null", O_RDWR) != fd) {
			return ERROR_ERRNO(
				e, RC_DEPENDENCY, REASON_UNEXPECTED,
				"descriptor %d is closed and /dev/null cannot take its place", fd);
		}
	}
	umask(077);
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	BUG(sigaction(SIGPIPE, &ignore, NULL) != 0);
	BUG(sigaction(SIGXFSZ, &ignore, NULL) != 0);
	return RC_OK;
}

void proc_die_with_parent(pid_t parent, int sig)
{
	BUG(prctl(PR_SET_PDEATHSIG, (unsigned long)sig, 0UL, 0UL, 0UL) != 0);
	/* It may have died before the line above. */
	if (getppid() != parent)
		_exit(1);
}

void proc_reset_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++) {
		if (sig == SIGPIPE || sig == SIGXFSZ)
			continue;
		/* Refused for KILL, STOP and the C library's own: nothing to reset there. */
		(void)sigaction(sig, &standard, NULL);
	}
	sigemptyset(&none);
	BUG(sigprocmask(SIG_SETMASK, &none, NULL) != 0);
}

void proc_close(int fd)
{
	int kept = errno;

	if (fd >= 0)
		close(fd);
	errno = kept;
}

bool proc_set_cloexec(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		return false;
	flags = on ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC;
	return fcntl(fd, F_SETFD, flags) == 0;
}
