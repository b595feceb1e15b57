/*
 * Compiler attributes and the "cannot happen" assertion.
 *
 * May be included by everything; includes nothing of ours.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#include <stddef.h>

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NO_RETURN              __attribute__((noreturn))
#define ARRAY_LEN(a)           (sizeof(a) / sizeof((a)[0]))

/*
 * Marks an English text for the catalogue: the extraction finds it, the
 * program keeps the plain text as the key.
 */
#define N_(text) text
/* The same for a text with a number {n}: for one, for more.  The one is the key. */
#define NN_(one, more) one

/*
 * BUG(cond): aborts with file and line when cond is true.  For our own
 * mistakes only, never for input; stays on in production, where the master
 * starts a new worker.
 */
NO_RETURN void bug_abort(const char *cond, const char *file, int line);
#define BUG(cond)                                                                                  \
	do {                                                                                       \
		if (__builtin_expect(!!(cond), 0))                                                 \
			bug_abort(#cond, __FILE__, __LINE__);                                      \
	} while (0)

#endif
