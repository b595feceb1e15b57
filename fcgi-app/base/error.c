/*
 * Filling in struct error.  Owned by the caller; nothing is allocated, and
 * errno is kept, so that it may be noted after the error was set.
 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void error_init(struct error *e)
{
	*e = (struct error){ .rc = RC_OK };
}

enum rc error_set_at(struct error *e, const char *file, int line, enum rc rc, enum reason reason,
		     const char *fmt, ...)
{
	int saved_errno = errno;
	char detail[sizeof e->detail];
	va_list args;

	/* Printed aside: an argument may be the old detail. */
	va_start(args, fmt);
	if (vsnprintf(detail, sizeof detail, fmt, args) < 0)
		detail[0] = '\0';
	va_end(args);
	*e = (struct error){ .rc = rc, .reason = reason, .file = file, .line = line };
	memcpy(e->detail, detail, strlen(detail));
	errno = saved_errno;
	return rc;
}

enum rc error_field_at(struct error *e, const char *file, int line, const char *field,
		       enum reason reason, int64_t arg)
{
	if (e->rc != RC_INVALID || e->reason != REASON_FIELDS)
		*e = (struct error){
			.rc = RC_INVALID, .reason = REASON_FIELDS, .file = file, .line = line
		};
	if (e->n_fields < ERROR_FIELDS_MAX)
		e->fields[e->n_fields++] = (struct field_error){ field, reason, arg };
	return RC_INVALID;
}

void error_context(struct error *e, const char *context)
{
	const size_t room = sizeof e->detail - 1;
	size_t n_context = strnlen(context, room - 2);
	size_t n_old = strnlen(e->detail, room);
	size_t n_front = n_context + 2;

	if (n_old > room - n_front)
		n_old = room - n_front; /* the end of the old detail is cut */
	memmove(e->detail + n_front, e->detail, n_old);
	memcpy(e->detail, context, n_context);
	memcpy(e->detail + n_context, ": ", 2);
	e->detail[n_front + n_old] = '\0';
}

const char *rc_name(enum rc rc)
{
	static const char *const names[RC__MAX] = {
		[RC_OK] = "ok",
		[RC_INVALID] = "invalid",
		[RC_DENIED] = "denied",
		[RC_NOT_SIGNED_IN] = "not_signed_in",
		[RC_NOT_FOUND] = "not_found",
		[RC_CONFLICT] = "conflict",
		[RC_TOO_BIG] = "too_big",
		[RC_BUSY] = "busy",
		[RC_TIMEOUT] = "timeout",
		[RC_NO_MEMORY] = "no_memory",
		[RC_NO_SPACE] = "no_space",
		[RC_DEPENDENCY] = "dependency",
		[RC_INTERNAL] = "internal",
	};

	BUG((unsigned)rc >= RC__MAX);
	return names[rc];
}
