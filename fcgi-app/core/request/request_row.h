/*
 * Internal to the files of core/request/: reading with rights, and telling who has to know.
 */
#ifndef CORE_REQUEST_ROW_H
#define CORE_REQUEST_ROW_H

#include "core/audit.h"
#include "core/request/request.h"

struct request request_from(const struct core *c, const struct request_stored *row);
/* RC_DENIED for students, devices and nobody; for admins too when only_teachers. */
enum rc request_may(const struct core *c, bool only_teachers, struct error *e) MUST_CHECK;
/* With its rights: RC_NOT_FOUND, RC_DENIED. */
enum rc request_read_for(struct core *c, struct store *s, int64_t id, struct request *ret,
			 struct error *e) MUST_CHECK;
/* The same under the row lock. */
enum rc request_lock_for(struct core *c, struct store *s, int64_t id, int64_t version,
			 struct request *ret, struct error *e) MUST_CHECK;
/* The day now in the request's branch. */
enum rc request_today(const struct core *c, struct str zone, int32_t *ret_day, int32_t *ret_tod,
		      struct error *e) MUST_CHECK;

/* The days of what is asked for.  RC_INVALID with "until", "weekdays", "day_of_month". */
enum rc request_days_of(struct core *c, const struct request_in *in, const int32_t **ret_days,
			size_t *ret_n, struct error *e) MUST_CHECK;
/* The rule of a stored series. */
struct recurrence_rule request_rule(const struct request *r);

/* Says within the transaction what happened: step, audit row, event, notifications.  detail may be
 * NULL; it was begun, and is ended here. */
enum rc request_tell(struct core *c, struct store *s, const struct request *r, const char *step,
		     struct str text, struct audit_detail *detail, struct error *e) MUST_CHECK;

#endif
