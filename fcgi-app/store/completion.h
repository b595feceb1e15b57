/*
 * Completions: what is written, and the rows of the 004 contract.
 */
#ifndef STORE_COMPLETION_H
#define STORE_COMPLETION_H

#include "store/occurrence.h"

/*
 * A new pending one; *ret_id.  RC_CONFLICT on completion_live when the occurrence has a
 * live one.
 */
enum rc completion_insert(struct store *s, int64_t occurrence_id, int64_t faculty_id,
			  int64_t employee_id, int64_t now_at, int64_t *ret_id,
			  struct error *e) MUST_CHECK;
/*
 * Writes everything of `o`'s completion but its counters: state, times, code, notes, who
 * and when.  code_key: NULL view for none.  RC_CONFLICT on completion_code when taken.
 */
enum rc completion_write(struct store *s, const struct occurrence_row *o, struct str code_key,
			 int64_t now_at, struct error *e) MUST_CHECK;
/* *ret_occurrence_id of the row that has the key; RC_NOT_FOUND when it is free. */
enum rc completion_of_key(struct store *s, struct str code_key, struct arena *a,
			  int64_t *ret_occurrence_id, struct error *e) MUST_CHECK;
/* What stands on paper beside a generated code. */
struct completion_shown_row {
	struct str course_code, course_title, teacher_name, code;
	int32_t session_date, start_time, end_time, actual_start, actual_end;
};
/*
 * By the key of a generated code whose session is completed now.  RC_NOT_FOUND for all
 * others alike.  One look-up in completion_code.
 */
enum rc completion_shown(struct store *s, struct str code_key, struct arena *a,
			 struct completion_shown_row *ret, struct error *e) MUST_CHECK;
/* Adds to the counters. */
enum rc completion_count(struct store *s, int64_t completion_id, int notes, int files,
			 struct error *e) MUST_CHECK;
/* *ret_occurrence_id of a completion; RC_NOT_FOUND. */
enum rc completion_occurrence(struct store *s, int64_t completion_id, struct arena *a,
			      int64_t *ret_occurrence_id, struct error *e) MUST_CHECK;

struct completion_door_row {
	int64_t id, occurrence_id, schedule_id, batch_id, faculty_id, employee_id;
	int32_t actual_start_time, actual_end_time;
	struct str completion_code, notes, state;
	int64_t completed_by, completed_at, created_at, updated_at;
	struct str batch_title, zone;
	int32_t session_date, scheduled_start, scheduled_end;
	int64_t attachment_count, note_count;
	struct str completed_by_name, faculty_name, employee_name;
	int64_t version;
};
/* seen PERSON: where the account is faculty or employee, or the person sees the occurrence. */
enum rc completion_door(struct store *s, enum occurrence_seen seen, int64_t seen_id,
			int64_t account_id, size_t limit, struct arena *a,
			const struct completion_door_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
enum rc completion_door_get(struct store *s, int64_t completion_id, struct arena *a,
			    struct completion_door_row *ret, struct error *e) MUST_CHECK;
enum rc completion_door_of(struct store *s, int64_t occurrence_id, struct arena *a,
			   const struct completion_door_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

#endif
