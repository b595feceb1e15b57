/*
 * What a batch of rows of an import of attendance finds, and what is kept of what became of them.
 *
 * Joins over the rows from..to of one import, never a query for one row; the marks themselves are
 * written by store/register.h.  Part of a transaction of the caller's, may be run again; the rules
 * are described in core/import/import.h.
 */
#ifndef STORE_IMPORT_ATTENDANCE_H
#define STORE_IMPORT_ATTENDANCE_H

#include "store/register.h"

#define IMPORT_MARKS_MAX 2000 /* rows of a batch */

/* Looks up people and sessions, and writes what is wrong with them. */
enum rc import_attendance_find(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct error *e) MUST_CHECK;

struct import_mark {
	int64_t row_no, person_id;
	int64_t occurrence_id; /* COLUMN_NULL: a session on its own */
	int64_t attendance_id; /* COLUMN_NULL: the occurrence has no register */
	struct str status, remark;
	int64_t late_min; /* COLUMN_NULL: not given */
	int32_t arrival;  /* NO_DAY: not given */
	int64_t record_version;
	struct str who_field, who; /* what names the student in the file */
	/* Of the occurrence: */
	struct str state, zone;
	int32_t session_date;
	int64_t starts_at, ends_at;
	int64_t lock_days;   /* of the policy; COLUMN_NULL: there is none stored */
	int64_t is_expected; /* without a register; else the register's facts say it */
	int64_t excuse_id;
};
/* Those of the batch that have no error, by row. */
enum rc import_attendance_rows(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct arena *a, const struct import_mark **ret_rows, size_t *ret_n,
			       struct error *e) MUST_CHECK;

/* Rows with an error become wrong.  acts: JSON array of [row, action, version]. */
enum rc import_attendance_checked(struct store *s, int64_t id, int64_t from, int64_t to,
				  struct str acts, struct error *e) MUST_CHECK;
/* The same of a run.  acts: JSON array of [row, action, version, register]; act: 16 bytes. */
enum rc import_attendance_done(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct str acts, struct str act, struct error *e) MUST_CHECK;
/* Registers that the import made.  ids: a JSON array. */
enum rc import_attendance_made(struct store *s, int64_t id, struct str ids,
			       struct error *e) MUST_CHECK;

struct import_mark_done {
	int64_t row_no, attendance_id;
	struct register_changed change;
};
/* The changes that rows of the batch made and that were not taken back, by row. */
enum rc import_attendance_undoable(struct store *s, int64_t id, int64_t from, int64_t to,
				   struct arena *a, const struct import_mark_done **ret_rows,
				   size_t *ret_n, struct error *e) MUST_CHECK;
/* acts: JSON array of [row, "back" or "kept"]. */
enum rc import_attendance_undone(struct store *s, int64_t id, struct str acts,
				 struct error *e) MUST_CHECK;
/* Rows whose marks stand in a session that is past its lock date on that day. */
enum rc import_attendance_locked(struct store *s, int64_t id, int32_t today, struct arena *a,
				 int64_t *ret_n, struct error *e) MUST_CHECK;

/*
 * Registers of the rows of the batch that the import made, of which it has taken back everything,
 * and which nobody has used or changed.
 */
enum rc import_attendance_unused(struct store *s, int64_t id, int64_t from, int64_t to,
				 struct arena *a, const int64_t **ret_ids, size_t *ret_n,
				 struct error *e) MUST_CHECK;
/* Removes them, with the changes that cancel each other out.  ids: a JSON array. */
enum rc import_attendance_remove(struct store *s, struct str ids, struct error *e) MUST_CHECK;

#endif
