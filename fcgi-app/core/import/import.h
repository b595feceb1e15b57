/*
 * Imports: people, enrolments and attendance by a CSV file.
 *
 * The way of one: uploaded (its structure was looked through, every quote, row and byte of it) →
 * mapped (columns have fields; the dry run is under way) → checked (each row is known to create,
 * change, be so already or be wrong) → running → done; undoing → undone; failed; dropped.
 * What follows "mapped", "running" and "undoing" is done by import_step, a batch of IMPORT_BATCH
 * rows at a time, each one transaction that moves `position` on: whoever calls it (muster-jobs,
 * muster import, both at once) may die at any moment and somebody else goes on.
 *
 * Rules.  Everything belongs to one branch; what is known elsewhere is refused without
 * telling whose it is.  A person is known by student code, teacher code, username, else (alone) by
 * e-mail; known ones are changed, others made.  An empty field leaves what is there.  Username
 * or e-mail make an account without a usable password, never an admin's.  Memberships and
 * enrolments as in core/people/membership.h: the same section or course once at a time.  One is
 * found again by its first day, or without one by holding today.  Rows with errors are
 * left out, and say why.  Undoing takes back what an import made and nobody has changed or used
 * since; a row is taken back as a whole or kept as a whole.
 *
 * A row of attendance says what one student has in one session.  The session is named by its
 * number, its completion code or the UUID of its attendance session, else by course or class, day
 * and start (which may be left out where there is one that day).  Marks are acts of the register,
 * of who confirmed the import, with the method "import": what was so already is no change, an
 * attempt that waits is settled, absent does not stand against an excuse in force, the student
 * must be expected on that day.  A session that is over and has no register gets one as
 * attendance_open makes it, closed from the start and without absentees; one that is not over is an
 * error.  After the lock date a reason is needed, one for the whole file.  A record that changed
 * between the dry run and the run is left alone.  Undoing takes the acts back, and registers that
 * the import made and nobody has used.
 */
#ifndef CORE_IMPORT_H
#define CORE_IMPORT_H

#include "core/core.h"
#include "store/import.h"
#include "sys/files.h"

#define IMPORT_BATCH      2000
#define IMPORT_ROWS_MAX   150000
#define IMPORT_BYTES_MAX  (64 * 1024 * 1024)
#define IMPORT_COLUMNS    64
#define IMPORT_ERRORS_CSV 20000                      /* lines of the download */
#define IMPORT_STALLED_US (INT64_C(30) * US_PER_S)   /* without a batch, and it waits */
#define IMPORT_IDLE_US    (INT64_C(7) * US_PER_DAY)  /* then one that waits is dropped */
#define IMPORT_KEEP_US    (INT64_C(60) * US_PER_DAY) /* then its rows go, and cannot be undone */

enum import_kind { IMPORT_PEOPLE, IMPORT_ENROLMENTS, IMPORT_ATTENDANCE, IMPORT__MAX };
/* "people", "enrolments", "attendance". */
const char *import_kind_name(enum import_kind k);
bool import_kind_from(struct str name, enum import_kind *ret) MUST_CHECK;

enum import_state {
	IMPORT_UPLOADED,
	IMPORT_MAPPED,
	IMPORT_CHECKED,
	IMPORT_RUNNING,
	IMPORT_DONE,
	IMPORT_FAILED,
	IMPORT_UNDOING,
	IMPORT_UNDONE,
	IMPORT_DROPPED,
	IMPORT_STATE__MAX
};

/* Fields of rows, in the order of import_row. */
enum import_field {
	IMPORT_IGNORE, /* the column is left out */
	IMPORT_GIVEN_NAME,
	IMPORT_FAMILY_NAME,
	IMPORT_STUDENT_CODE,
	IMPORT_TEACHER_CODE,
	IMPORT_EMAIL,
	IMPORT_USERNAME,
	IMPORT_ROLE,
	IMPORT_DEPARTMENT,
	IMPORT_BATCH_NAME,
	IMPORT_SECTION,
	IMPORT_COURSE,
	IMPORT_STATE,
	IMPORT_FROM, /* "section_from" of people, "from" of enrolments */
	IMPORT_TO,
	IMPORT_SESSION, /* from here on of attendance */
	IMPORT_CLASS,
	IMPORT_DATE,
	IMPORT_START,
	IMPORT_STATUS,
	IMPORT_LATE,
	IMPORT_REMARK,
	IMPORT_ARRIVAL,
	IMPORT_FIELD__MAX
};
bool import_field_of(enum import_kind k, enum import_field f); /* has the kind it? */
/* "given_name", as on the command line and in errors; "-" for IMPORT_IGNORE. */
const char *import_field_name(enum import_kind k, enum import_field f);
bool import_field_from(enum import_kind k, struct str name, enum import_field *ret) MUST_CHECK;
/* What a column of that name holds, by usual English and French names. */
enum import_field import_field_guess(enum import_kind k, struct str header);

struct import_info {
	struct import_stored s;
	enum import_kind kind;
	enum import_state state;
	struct str columns[IMPORT_COLUMNS]; /* names in the file */
	enum import_field fields[IMPORT_COLUMNS];
	size_t n_columns;
	bool is_stalled; /* under way, but nothing came of it for a while */
	bool may_undo;   /* done, and its rows are still kept */
	int64_t n_done;  /* rows dealt with, of s.n_rows, while something is under way */
};

struct import_upload {
	enum import_kind kind;
	int64_t branch_id;      /* 0: that of branch_name, or the viewer's own */
	struct str branch_name; /* may be empty */
	struct str file_name;   /* may be any bytes */
	int fd;                 /* readable, stays the caller's; -1: bytes */
	int64_t offset, length;
	struct str bytes;
};
/*
 * Takes a file.  Fields "file" (FILE_MISSING, FILE_EMPTY, IMPORT_SIZE, IMPORT_UTF16,
 * IMPORT_LATIN, IMPORT_EMPTY, and those of codec/csv.h with the row as arg), "branch"
 * (REQUIRED, NOT_A_CHOICE).  RC_NO_SPACE.  RC_DENIED for who may not import.
 */
enum rc import_add(struct core *c, const struct files *files, const struct import_upload *in,
		   int64_t *ret_id, struct error *e) MUST_CHECK;

/* RC_NOT_FOUND also for an import of another branch (everywhere). */
enum rc import_get(struct core *c, int64_t id, struct import_info *ret, struct error *e) MUST_CHECK;
/* Newest first, at most max of those the viewer may see. */
enum rc import_list(struct core *c, int64_t offset, size_t max, const struct import_info **ret_rows,
		    size_t *ret_n, struct error *e) MUST_CHECK;

/*
 * Each below: version as the form had it, 0: any; RC_CONFLICT CHANGED when the import is at
 * another one or not in a state for it.
 */
/* uploaded or checked → mapped.  fields: n_columns of them.  Fields "column" (IMPORT_FIELD_TWICE,
 * IMPORT_NO_WHO, IMPORT_NO_COURSE, IMPORT_NO_SESSION, IMPORT_NO_STATUS), "ignored" (IMPORT_IGNORED)
 * unless ignored_ok. */
enum rc import_map(struct core *c, int64_t id, int64_t version, const enum import_field *fields,
		   size_t n, bool ignored_ok, struct error *e) MUST_CHECK;
enum rc import_back_to_columns(struct core *c, int64_t id, int64_t version,
			       struct error *e) MUST_CHECK;
/*
 * why: the reason for marks after the lock date; may be empty, else field "why" (REASON_MISSING
 * where there are such, TOO_LONG 500, NOT_TEXT).  Undoing without one has that of the import.
 */
enum rc import_confirm(struct core *c, int64_t id, int64_t version, struct str why,
		       struct error *e) MUST_CHECK;
enum rc import_undo(struct core *c, int64_t id, int64_t version, struct str why,
		    struct error *e) MUST_CHECK;
enum rc import_drop(struct core *c, int64_t id, int64_t version, struct error *e) MUST_CHECK;

struct import_problem {
	int64_t row;
	struct str field; /* name; empty: the whole row */
	enum reason reason;
	int64_t arg;
	struct str value;
};
/* Of an import the viewer may see; *ret_total may be NULL. */
enum rc import_problems(struct core *c, int64_t id, int64_t offset, size_t max,
			const struct import_problem **ret_rows, size_t *ret_n, int64_t *ret_total,
			struct error *e) MUST_CHECK;
enum rc import_kept(struct core *c, int64_t id, int64_t offset, size_t max,
		    const struct import_kept_row **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;

/* ---- work; checks no right -------------------------------------------------------------- */

/* So that two do not work for nothing.  RC_BUSY while another has the lease.  holder: 32 bytes. */
enum rc import_take(struct core *c, struct str holder, struct error *e) MUST_CHECK;

/* One batch of the import; *ret_more: there is more to do.  What the file or the rows
 * cannot help makes the import `failed` and is RC_OK; a database that is down is an error. */
enum rc import_step(struct core *c, const struct files *files, int64_t id, bool *ret_more,
		    struct error *e) MUST_CHECK;
/* The import that waits longest for a step; *ret_id 0: none. */
enum rc import_due(struct core *c, int64_t *ret_id, struct error *e) MUST_CHECK;
/* Removes files and rows that are wanted no more, drops what waits too long. */
enum rc import_tidy(struct core *c, const struct files *files, struct error *e) MUST_CHECK;

#endif
