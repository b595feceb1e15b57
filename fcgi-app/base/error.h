/*
 * Results and errors.
 *
 * Every function that can fail returns an enum rc and takes a struct error *
 * as its last parameter (never NULL).  The error is written only on failure,
 * by the place that failed, with error_set or a macro below; callers may add
 * detail, never replace it.  Outputs of a failed call are untouched.
 *
 * What a person may read is the reason (base/reason.h) with its argument and
 * the fields at fault.  `detail` is for the log only: it may name files,
 * statements and system errors, never secrets.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/reason.h"
#include "base/str.h"

enum rc {
	RC_OK = 0,
	RC_INVALID,       /* the input breaks a rule: 400 or 422 */
	RC_DENIED,        /* known who, not allowed: 403, or 404 where hidden */
	RC_NOT_SIGNED_IN, /* 401, or the sign-in page */
	RC_NOT_FOUND,     /* 404 */
	RC_CONFLICT,      /* the state has changed: 409 */
	RC_TOO_BIG,       /* 413 */
	RC_BUSY,          /* rate limit or no capacity: 429 or 503 */
	RC_TIMEOUT,       /* the request is too old: dropped */
	RC_NO_MEMORY,     /* 500 */
	RC_NO_SPACE,      /* the disk is full or the reserve reached: 507 */
	RC_DEPENDENCY,    /* database, disk, helper: 503 */
	RC_INTERNAL,      /* ours: 500 */
	RC__MAX
};

#define ERROR_FIELDS_MAX 16

struct field_error {
	const char *field; /* name of the field, static */
	enum reason reason;
	int64_t arg; /* {n} of the reason's text */
};

struct error {
	enum rc rc;
	enum reason reason;
	int64_t arg;      /* {n} of the reason's text */
	int64_t retry_s;  /* with RC_BUSY: seconds to wait, 0 unknown */
	int foreign;      /* errno or MariaDB error number, 0 none */
	const char *file; /* where it was set */
	int line;
	size_t n_fields;
	struct field_error fields[ERROR_FIELDS_MAX];
	char detail[256]; /* NUL-terminated, private */
};

void error_init(struct error *e);
enum rc error_set_at(struct error *e, const char *file, int line, enum rc rc, enum reason reason,
		     const char *fmt, ...) PRINTF_LIKE(6, 7);
/*
 * Adds a field at fault and makes the error RC_INVALID, REASON_FIELDS; more than the maximum are
 * dropped.  The error must have been initialised.
 */
enum rc error_field_at(struct error *e, const char *file, int line, const char *field,
		       enum reason reason, int64_t arg);
/* Puts "context: " before the detail. */
void error_context(struct error *e, const char *context);

/* return ERROR(e, RC_CONFLICT, REASON_CODE_TAKEN, "code of completion %lld", id); */
#define ERROR(e, rc, reason, ...) error_set_at((e), __FILE__, __LINE__, (rc), (reason), __VA_ARGS__)
#define ERROR_FIELD(e, field, reason, arg)                                                         \
	error_field_at((e), __FILE__, __LINE__, (field), (reason), (arg))
#define ERROR_MEMORY(e) ERROR((e), RC_NO_MEMORY, REASON_TOO_MUCH, "arena over its budget")

const char *rc_name(enum rc rc); /* "conflict" */

/* Passes a failure on. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum rc try_rc_ = (call);                                                          \
		if (try_rc_ != RC_OK)                                                              \
			return try_rc_;                                                            \
	} while (0)

#endif
