/*
 * SQL of imports: the import itself, the rows as read, what is wrong with them.
 *
 * What a batch of rows finds and does is in store/import_people.h,
 * store/import_enrolment.h and store/import_attendance.h.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store/store.h"

struct import_stored {
	int64_t id, branch_id;
	struct str branch, zone, kind, state, phase, file_name;
	struct str file_id; /* 32 hex digits; empty: removed */
	int64_t file_bytes;
	struct str delimiter; /* "comma", "semicolon", "tab" */
	int64_t first_byte, header_row;
	struct str header, mapping;
	struct str why; /* the zero view: none */
	int64_t n_rows, last_row;
	int32_t today;
	int64_t position, read_row;
	int64_t n_created, n_updated, n_same, n_wrong, n_locked, n_back, n_kept;
	struct str failure;  /* empty: none */
	int64_t failure_row; /* COLUMN_NULL: none */
	int64_t version;
	int64_t created_by;              /* COLUMN_NULL: the operator's command */
	int64_t confirmed_by, undone_by; /* COLUMN_NULL: not yet, or the operator's command */
	struct str creator;              /* empty likewise */
	int64_t created_at, changed_at, finished_at;
};
enum rc import_read(struct store *s, int64_t id, struct arena *a, struct import_stored *ret,
		    struct error *e) MUST_CHECK;
/* The same under its row lock. */
enum rc import_lock(struct store *s, int64_t id, struct arena *a, struct import_stored *ret,
		    struct error *e) MUST_CHECK;
/* Newest first.  branch_id 0: of all. */
enum rc import_select(struct store *s, int64_t branch_id, int64_t offset, size_t max,
		      struct arena *a, const struct import_stored **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

enum rc import_insert(struct store *s, const struct import_stored *row, int64_t *ret_id,
		      struct error *e) MUST_CHECK;
/* Back to the columns: what was read is dropped with import_rows_delete. */
enum rc import_update_mapping(struct store *s, int64_t id, struct str mapping, int32_t today,
			      int64_t now_us, struct error *e) MUST_CHECK;
/* Another state, from the start of it; counts of rows stay. */
enum rc import_update_state(struct store *s, int64_t id, struct str state, int64_t position,
			    int64_t now_us, struct error *e) MUST_CHECK;
/* running and undoing begin: who said so, and why (the zero view: no reason; undoing: that of
 * the run); the counts of what will be done are set to 0. */
enum rc import_update_run(struct store *s, int64_t id, int64_t account_id, struct str why,
			  int64_t now_us, struct error *e) MUST_CHECK;
enum rc import_update_undo(struct store *s, int64_t id, int64_t account_id, int64_t position,
			   struct str why, int64_t now_us, struct error *e) MUST_CHECK;
/* Adds to n_locked. */
enum rc import_update_locked(struct store *s, int64_t id, int64_t n, struct error *e) MUST_CHECK;
enum rc import_update_failed(struct store *s, int64_t id, struct str reason, int64_t arg,
			     int64_t now_us, struct error *e) MUST_CHECK;
/* Reading went on to this byte and row. */
enum rc import_update_read(struct store *s, int64_t id, struct str phase, int64_t position,
			   int64_t read_row, int64_t now_us, struct error *e) MUST_CHECK;
/* Looking up or running went on to row `to`; adds the counts of the rows from..to. */
enum rc import_update_counted(struct store *s, int64_t id, int64_t from, int64_t to, int64_t now_us,
			      struct error *e) MUST_CHECK;
/* Undoing went on down to row `from`; adds likewise. */
enum rc import_update_undone(struct store *s, int64_t id, int64_t from, int64_t to, int64_t now_us,
			     struct error *e) MUST_CHECK;
enum rc import_forget_file(struct store *s, int64_t id, struct error *e) MUST_CHECK;

/* rows: JSON array of arrays: row_no, the fields of core/import/import.h, status, action. */
enum rc import_rows_insert(struct store *s, int64_t id, struct str rows,
			   struct error *e) MUST_CHECK;
/* errors: JSON array of [row, field, reason, value, arg]. */
enum rc import_errors_insert(struct store *s, int64_t id, struct str errors,
			     struct error *e) MUST_CHECK;
/* Both, at most `max` rows each; *ret_n: how many went. */
enum rc import_rows_delete(struct store *s, int64_t id, size_t max, int64_t *ret_n,
			   struct error *e) MUST_CHECK;

struct import_error_row {
	int64_t row_no;
	struct str field, reason, value;
	int64_t arg;
};
/* By row, behind (row, field); at most max. */
enum rc import_errors_select(struct store *s, int64_t id, int64_t offset, size_t max,
			     struct arena *a, const struct import_error_row **ret_rows,
			     size_t *ret_n, struct error *e) MUST_CHECK;
enum rc import_errors_count(struct store *s, int64_t id, struct arena *a, int64_t *ret_n,
			    struct error *e) MUST_CHECK;

struct import_kept_row {
	int64_t row_no, person_id;
	struct str given_name, family_name; /* as they are now; empty where the person is gone */
	struct str code;                    /* of the file */
	struct str did;                     /* "created", "updated": the most that was done */
};
/* What undoing kept, by row. */
enum rc import_kept_select(struct store *s, int64_t id, int64_t offset, size_t max, struct arena *a,
			   const struct import_kept_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

struct import_id_row {
	int64_t id;
	struct str file_id; /* 32 hex digits; empty: none */
};
/* Imports with work to do, oldest first. */
enum rc import_select_due(struct store *s, size_t max, struct arena *a,
			  const struct import_id_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* Files that no import wants any more. */
enum rc import_select_files(struct store *s, size_t max, struct arena *a,
			    const struct import_id_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* Given up: waiting for a person since before `before_at`.  *ret_n: how many. */
enum rc import_drop_idle(struct store *s, int64_t before_at, int64_t now_us, int64_t *ret_n,
			 struct error *e) MUST_CHECK;
/* Dropped ones, and ended ones from before `before_at`, that still have rows. */
enum rc import_select_old(struct store *s, int64_t before_at, size_t max, struct arena *a,
			  const struct import_id_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

struct import_place_row {
	int64_t id;
	struct str name, zone;
};
/* A branch that has not ended: by id, or by name when id is 0.  RC_NOT_FOUND. */
enum rc import_branch(struct store *s, int64_t id, struct str name, struct arena *a,
		      struct import_place_row *ret, struct error *e) MUST_CHECK;

#endif
