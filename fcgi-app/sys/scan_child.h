/*
 * One file, one sandboxed child: the part of muster-scan that reads hostile bytes.
 *
 * The parent opens libmagic's data and builds the sandbox once; each child maps
 * the file, goes into the sandbox, judges, writes a struct scan_answer and exits.
 * For a single-threaded parent only: the child allocates after fork.
 */
#ifndef SYS_SCAN_CHILD_H
#define SYS_SCAN_CHILD_H

#include "base/error.h"
#include "sys/filetype.h"
#include "sys/sandbox.h"

#include <sys/types.h>

struct magic_set;

/* Judges in the sandbox; tests put misbehaving ones in its place. */
typedef struct file_verdict scan_judge(struct magic_set *magic, struct str bytes,
				       struct str extension);

struct scan_kit {
	struct sandbox sandbox;
	struct magic_set *magic;
	scan_judge *judge; /* scan_judge_file */
};

enum rc scan_kit_open(struct scan_kit *ret_kit, struct error *e) MUST_CHECK;
void scan_kit_close(struct scan_kit *kit);

/* libmagic's word, then filetype_judge. */
struct file_verdict scan_judge_file(struct magic_set *magic, struct str bytes,
				    struct str extension);

/*
 * Forks the child for `size` bytes of fd.  *ret_pipe: where its answer arrives;
 * *ret_pid: to be waited for.  Both are the caller's.
 */
enum rc scan_child_start(const struct scan_kit *kit, int fd, int64_t size, struct str extension,
			 int timeout_ms, pid_t *ret_pid, int *ret_pipe, struct error *e) MUST_CHECK;

#endif
