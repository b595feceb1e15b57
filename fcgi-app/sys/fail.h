/*
 * ERROR with the errno of the call that has just failed as its foreign code.
 *
 * For system calls; errno is read first, so the arguments may be anything.
 */
#ifndef SYS_FAIL_H
#define SYS_FAIL_H

#include "base/error.h"

#include <errno.h>

static inline enum rc error_foreign_(struct error *e, int number, enum rc rc)
{
	e->foreign = number;
	return rc;
}

#define ERROR_ERRNO(e, rc, reason, ...)                                                            \
	__extension__({                                                                            \
		int errno_ = errno;                                                                \
		ERROR((e), (rc), (reason), __VA_ARGS__);                                           \
		error_foreign_((e), errno_, (rc));                                                 \
	})

#endif
