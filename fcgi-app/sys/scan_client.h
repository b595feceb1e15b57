/*
 * Asking muster-scan what a file is.
 *
 * One connection per question on run_dir/scan.sock; the helper gets the open
 * file and its extension and answers with a verdict.  Whatever goes wrong there
 * (helper away, child dead, too slow) is "could not be checked": the file must
 * then not be accepted.
 */
#ifndef SYS_SCAN_CLIENT_H
#define SYS_SCAN_CLIENT_H

#include "base/error.h"
#include "base/str.h"
#include "sys/filetype.h"

#define SCAN_SOCKET_NAME "scan.sock" /* under run_dir */

/*
 * socket: path of the socket (shorter than 108 bytes).  fd: open for reading, a
 * regular file; stays the caller's.  extension: of the user's name, without the
 * dot, any bytes.  size: bytes of the file.  timeout_ms: how long to wait for the
 * answer; give more than scan_timeout_ms, since scans may queue.
 *
 * RC_OK: accepted, *ret_verdict->type is set.
 * RC_INVALID with a REASON_FILE_*: refused; *ret_verdict untouched.
 * RC_DEPENDENCY with REASON_FILE_SCAN: could not be checked.
 */
enum rc scan_file(const char *socket, int fd, struct str extension, int64_t size, int timeout_ms,
		  struct file_verdict *ret_verdict, struct error *e) MUST_CHECK;

#endif
