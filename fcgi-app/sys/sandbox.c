/*
 * Building and entering the sandbox: see sandbox.h and stack notes in docs.
 */
#include "sys/sandbox.h"

#include "base/heap.h"
#include "sys/fail.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * AddressSanitizer maps terabytes of shadow and makes calls of its own, so the
 * limits on memory and the list are wider in such builds, which nobody deploys.
 */
#ifdef __SANITIZE_ADDRESS__
#define WITH_SANITIZER 1
#else
#define WITH_SANITIZER 0
#endif

/* Whole file systems' worth of rights: handling them all and allowing none. */
#define LANDLOCK_ABI1 ((UINT64_C(1) << 13) - 1)

static bool rule(scmp_filter_ctx c, int call)
{
	return seccomp_rule_add(c, SCMP_ACT_ALLOW, call, 0) == 0;
}

/* Never executable memory; never a file: those were mapped before. */
static bool rule_mmap(scmp_filter_ctx c)
{
	return seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

static bool rules_add(scmp_filter_ctx c)
{
	static const int calls[] = { SCMP_SYS(munmap),      SCMP_SYS(mremap), SCMP_SYS(brk),
				     SCMP_SYS(madvise),     SCMP_SYS(exit),   SCMP_SYS(exit_group),
				     SCMP_SYS(rt_sigreturn) };
	static const int sanitizer_calls[] = { SCMP_SYS(getpid),         SCMP_SYS(gettid),
					       SCMP_SYS(sched_yield),    SCMP_SYS(futex),
					       SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),
					       SCMP_SYS(clock_gettime),  SCMP_SYS(mprotect) };
	bool ok = rule_mmap(c);

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		ok = ok && rule(c, calls[i]);
	for (size_t i = 0; WITH_SANITIZER && i < ARRAY_LEN(sanitizer_calls); i++)
		ok = ok && rule(c, sanitizer_calls[i]);
	ok = ok && seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
				    SCMP_A0(SCMP_CMP_EQ, SANDBOX_FD, 0)) == 0;
	return ok;
}

/* The compiled list as the kernel takes it, by way of a file in memory. */
static enum rc filter_export(scmp_filter_ctx c, struct sock_fprog *ret, struct error *e)
{
	struct stat st;
	int fd = memfd_create("filter", MFD_CLOEXEC);
	enum rc rc = RC_OK;

	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "memfd for the filter");
	if (seccomp_export_bpf(c, fd) != 0 || fstat(fd, &st) != 0 || st.st_size <= 0) {
		rc = ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "seccomp list cannot be compiled");
		goto out;
	}
	struct sock_filter *p = heap_new((size_t)st.st_size);
	if (!p || pread(fd, p, (size_t)st.st_size, 0) != st.st_size) {
		heap_free(p);
		rc = ERROR(e, RC_NO_MEMORY, REASON_UNEXPECTED, "seccomp list cannot be read");
		goto out;
	}
	ret->filter = p;
	ret->len = (unsigned short)((size_t)st.st_size / sizeof *p);
out:
	close(fd);
	return rc;
}

static int landlock_version(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			 LANDLOCK_CREATE_RULESET_VERSION);

	return v > 0 ? (int)v : 0;
}

enum rc sandbox_build(struct sandbox *ret_sandbox, struct error *e)
{
	struct sandbox s = { .landlock_abi = landlock_version() };
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_KILL_PROCESS);
	enum rc rc;

	if (!c || !rules_add(c))
		rc = ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "seccomp list cannot be made");
	else
		rc = filter_export(c, &s.filter, e);
	if (c)
		seccomp_release(c);
	if (rc == RC_OK)
		*ret_sandbox = s;
	return rc;
}

void sandbox_clear(struct sandbox *s)
{
	heap_free(s->filter.filter);
	s->filter.filter = NULL;
}

static bool limit(__rlimit_resource_t what, rlim_t n)
{
	struct rlimit l = { n, n };

	return setrlimit(what, &l) == 0;
}

/* Address space in use now, from /proc: the mapped file counts. */
static bool limit_memory(size_t more)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	uint64_t pages = 0;

	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	for (ssize_t i = 0; i < n && ascii_is_digit(text[i]); i++)
		pages = pages * 10 + (uint64_t)(text[i] - '0');
	return pages > 0 && limit(RLIMIT_AS, pages * (uint64_t)sysconf(_SC_PAGESIZE) + more);
}

static bool landlock_enter(int abi)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = LANDLOCK_ABI1 };

	if (abi == 0)
		return true;
	long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (fd < 0)
		return false;
	bool ok = syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0;
	close((int)fd);
	return ok;
}

bool sandbox_enter(const struct sandbox *s, int out_fd, unsigned cpu_s, size_t memory_bytes)
{
	bool ok = prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) == 0;

	ok = ok && limit(RLIMIT_CPU, cpu_s) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
	ok = ok && (WITH_SANITIZER || limit_memory(memory_bytes));
	ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0;
	ok = ok && landlock_enter(s->landlock_abi);
	ok = ok && (out_fd == SANDBOX_FD || dup2(out_fd, SANDBOX_FD) == SANDBOX_FD);
	ok = ok && close_range(SANDBOX_FD + 1, ~0U, 0) == 0 && close_range(0, 2, 0) == 0;
	ok = ok && limit(RLIMIT_NOFILE, 0);
	ok = ok && prctl(PR_SET_SECCOMP, (unsigned long)SECCOMP_MODE_FILTER,
			 (unsigned long)&s->filter, 0UL, 0UL) == 0;
	return ok;
}
