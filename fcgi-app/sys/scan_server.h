/*
 * muster-scan's loop: takes questions on a socket, starts a child for each, answers.
 *
 * Single-threaded, one poll loop, a fixed number of places.  Never logs: it
 * reports to a function of the program's.  A question that cannot be
 * answered cleanly is answered REASON_FILE_SCAN.
 */
#ifndef SYS_SCAN_SERVER_H
#define SYS_SCAN_SERVER_H

#include "base/error.h"
#include "sys/scan_child.h"

enum scan_outcome {
	SCAN_JUDGED, /* verdict, type, why */
	SCAN_DIED,   /* signal or status */
	SCAN_KILLED, /* beyond its time */
	SCAN_FAILED, /* no child: why */
	SCAN_PEER,   /* somebody who may not ask, or a question that is none: why, uid */
};

struct scan_report {
	enum scan_outcome outcome;
	struct str extension;
	int64_t size, took_us;
	enum reason verdict;
	const struct filetype *type; /* NULL unless accepted */
	struct str why;
	int signal, status;
	int64_t uid;
};

struct scan_server {
	const struct scan_kit *kit;
	int listen_fd; /* from scan_listen */
	int stop_fd;   /* readable: end (a signalfd) */
	int timeout_ms;
	unsigned processes; /* children at once, 1..64 */
	void (*report)(void *arg, const struct scan_report *r);
	void *arg;
};

/* Makes the socket, mode 0600, in place of one that nobody listens on; *ret_fd is the caller's. */
enum rc scan_listen(const char *path, int *ret_fd, struct error *e) MUST_CHECK;
/* Runs until stop_fd is readable; children still at work are then killed. */
enum rc scan_serve(const struct scan_server *s, struct error *e) MUST_CHECK;

#endif
