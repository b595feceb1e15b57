/*
 * Internal to core: what attendance*.c, checkin*.c and register*.c share about a stored session.
 *
 * attendance_begin is the frame of every change: lock, read, rights; attendance_end
 * writes the audit row and the event.
 */
#ifndef CORE_ATTENDANCE_ROW_H
#define CORE_ATTENDANCE_ROW_H

#include "core/attendance/attendance.h"
#include "core/audit.h"
#include "core/rights.h"
#include "store/attendance.h"

/* The stored row as seen at c->now_us by c->who; texts are shared. */
void attendance_fill(const struct core *c, const struct attendance_stored *row,
		     struct attendance *ret);
void attendance_take_levels(struct attendance_stored *r,
			    const enum policy_level level[SIGNAL__MAX]);
struct subject attendance_subject(const struct attendance_stored *row);
/* At an instant, whatever the row's column says: open may be early or over. */
enum attendance_state attendance_state_at(struct str state, int64_t opens_at, int64_t closes_at,
					  int64_t now_us);

/*
 * In a transaction: the register of an occurrence that is over; one is made when there is none,
 * closed from the start and without absentees.  Asks for no rights.
 */
enum rc attendance_register_of(struct core *c, struct store *s, int64_t occurrence_id,
			       int64_t *ret_id, bool *ret_is_new, struct error *e) MUST_CHECK;
/* In a transaction `s`: takes the lock and reads.  Errors of attendance.h; version 0: any. */
enum rc attendance_begin(struct core *c, struct store *s, int64_t id, int64_t version,
			 enum action action, struct attendance_stored *ret,
			 struct error *e) MUST_CHECK;
/*
 * Audit row (d begun and filled by the caller) and event of the same name, for everybody who
 * follows the session.
 */
enum rc attendance_end(struct core *c, struct store *s, const struct attendance_stored *row,
		       const char *action, struct audit_detail *d, struct error *e) MUST_CHECK;

#endif
