/*
 * What every program of ours does first, and small process helpers.
 *
 * Called by mains only, before threads and before anything is opened.
 */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include "base/error.h"

#include <sys/types.h>

/*
 * Descriptors 0 to 2 that are closed become /dev/null (so that no socket of ours
 * is ever taken for stderr), umask 077, SIGPIPE and SIGXFSZ ignored (writes
 * return EPIPE and EFBIG).  RC_DEPENDENCY when /dev/null cannot be opened.
 */
enum rc proc_setup(struct error *e) MUST_CHECK;
/*
 * In a child after fork: `sig` arrives when the parent dies.  Ends the process
 * when the parent is gone already.
 */
void proc_die_with_parent(pid_t parent, int sig);
/* In a child after fork: all signals to their default (SIGPIPE, SIGXFSZ stay ignored), none
 * blocked. */
void proc_reset_signals(void);
/* Closes fd unless it is negative; keeps errno. */
void proc_close(int fd);
/* Marks fd close-on-exec or not; false with errno on failure. */
bool proc_set_cloexec(int fd, bool on) MUST_CHECK;

#endif
