/*
 * The end of a program that found a mistake of its own.
 *
 * Writes one line to standard error, where the supervisor's log picks it up,
 * and aborts.  Allocates nothing and takes no lock: the state is unknown.
 */
#include "base/attr.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void bug_abort(const char *cond, const char *file, int line)
{
	char text[512];
	int n = snprintf(text, sizeof text, "BUG %s:%d: %s\n", file, line, cond);

	if (n > 0) {
		size_t len = (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
		ssize_t written = write(STDERR_FILENO, text, len);

		(void)written; /* nowhere to report it */
	}
	abort();
}
