/*
 * The sandbox in which hostile bytes are read: limits, no new rights, landlock
 * with nothing allowed, and a seccomp list of a few calls.
 *
 * Built once, before any fork (libseccomp allocates); entered by each child.
 * Inside, a process may use memory it gets from the kernel, write to one
 * descriptor and exit.  Anything else is SIGSYS.  For single-threaded programs.
 */
#ifndef SYS_SANDBOX_H
#define SYS_SANDBOX_H

#include "base/error.h"

#include <linux/filter.h>

/* The one descriptor a sandboxed process may write to. */
#define SANDBOX_FD 3

struct sandbox {
	struct sock_fprog filter; /* owned */
	int landlock_abi;         /* 0: the kernel has none, or it is switched off */
};

enum rc sandbox_build(struct sandbox *ret_sandbox, struct error *e) MUST_CHECK;
void sandbox_clear(struct sandbox *s);

/*
 * In a child: out_fd becomes SANDBOX_FD, every other descriptor is closed, and the
 * walls go up.  cpu_s: seconds of CPU; memory_bytes: address space beyond what is
 * mapped now.  False: a wall that the kernel should have is not there, and the
 * child must end.
 */
bool sandbox_enter(const struct sandbox *s, int out_fd, unsigned cpu_s,
		   size_t memory_bytes) MUST_CHECK;

#endif
