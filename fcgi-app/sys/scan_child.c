/*
 * The sandboxed child of muster-scan: see scan_child.h.
 */
#include "sys/scan_child.h"

#include "sys/fail.h"
#include "sys/proc.h"
#include "sys/scan_protocol.h"

#include <fcntl.h>
#include <magic.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* What libmagic looks at: it needs no more for the types of the table. */
#define MAGIC_BYTES  (1024 * 1024)
#define CHILD_MEMORY ((size_t)96 << 20)

/* libmagic's cookie under a name of ours, so that its header stays here. */
static magic_t cookie(struct magic_set *m)
{
	return (magic_t)m;
}

enum rc scan_kit_open(struct scan_kit *ret_kit, struct error *e)
{
	struct scan_kit kit = { .judge = scan_judge_file };
	/* Only what a signature says: no unpacking, no guesses from text, no directory of OLE. */
	magic_t m = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
			       MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_CSV |
			       MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_TOKENS);

	if (!m)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "magic_open");
	if (magic_load(m, NULL) != 0) {
		enum rc rc = ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "libmagic's data: %s",
				   magic_error(m));
		magic_close(m);
		return rc;
	}
	kit.magic = (struct magic_set *)m;
	enum rc rc = sandbox_build(&kit.sandbox, e);
	if (rc != RC_OK) {
		magic_close(m);
		return rc;
	}
	*ret_kit = kit;
	return RC_OK;
}

void scan_kit_close(struct scan_kit *kit)
{
	sandbox_clear(&kit->sandbox);
	magic_close(cookie(kit->magic));
}

struct file_verdict scan_judge_file(struct magic_set *magic, struct str bytes, struct str extension)
{
	struct str head = str_sub(bytes, 0, MAGIC_BYTES);
	const char *word = magic_buffer(cookie(magic), head.p, head.n);

	return filetype_judge(bytes, extension, str_from(word));
}

static uint32_t type_index(const struct filetype *t)
{
	size_t n;
	const struct filetype *all = filetype_all(&n);

	return t ? (uint32_t)(t - all) : SCAN_NO_TYPE;
}

/* Never returns.  Whatever goes wrong ends the child without an answer. */
NO_RETURN static void child_run(const struct scan_kit *kit, int fd, int64_t size,
				struct str extension, int timeout_ms, int out)
{
	unsigned cpu_s = (unsigned)timeout_ms / 1000 + 1;
	void *p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED || !sandbox_enter(&kit->sandbox, out, cpu_s, CHILD_MEMORY))
		_exit(2);
	struct file_verdict v = kit->judge(kit->magic, str_make(p, (size_t)size), extension);
	struct scan_answer a = {
		.protocol = SCAN_PROTOCOL,
		.reason = (uint32_t)v.reason,
		.type = type_index(v.type),
	};
	struct str why = str_sub(str_from(v.why), 0, sizeof a.why - 1);
	if (why.n > 0)
		memcpy(a.why, why.p, why.n);
	_exit(write(SANDBOX_FD, &a, sizeof a) == (ssize_t)sizeof a ? 0 : 3);
}

enum rc scan_child_start(const struct scan_kit *kit, int fd, int64_t size, struct str extension,
			 int timeout_ms, pid_t *ret_pid, int *ret_pipe, struct error *e)
{
	pid_t parent = getpid();
	int ends[2];

	BUG(size <= 0);
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_FILE_SCAN, "pipe");
	pid_t pid = fork();
	if (pid < 0) {
		enum rc rc = ERROR_ERRNO(e, RC_DEPENDENCY, REASON_FILE_SCAN, "fork");
		close(ends[0]);
		close(ends[1]);
		return rc;
	}
	if (pid == 0) {
		proc_reset_signals();
		proc_die_with_parent(parent, SIGKILL);
		child_run(kit, fd, size, extension, timeout_ms, ends[1]);
	}
	close(ends[1]);
	*ret_pid = pid;
	*ret_pipe = ends[0];
	return RC_OK;
}
