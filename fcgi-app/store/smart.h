/*
 * What contract 000's door shows: sessions with their attendance, check-ins, marks, by ids of its
 * own kind (a session is an occurrence).
 */
#ifndef STORE_SMART_H
#define STORE_SMART_H

#include "store/store.h"

/* An occurrence with its attendance; attendance_id COLUMN_NULL: none was opened. */
struct smart_session_row {
	int64_t occurrence_id, branch_id, teacher_id, class_id;
	struct str title, class_name, zone;
	int32_t session_date, start_time, end_time;
	int64_t starts_at, ends_at, is_staff;
	int64_t attendance_id;
	struct str mode, state, close_reason, place_level;
	int64_t latitude_e7, longitude_e7, radius_m;
	int64_t opens_at, closes_at, closed_at, created_at, updated_at;
	int64_t window_min;
	struct str teams_meeting_id, teams_meeting_url;
};
/* is_staff: of the class, for `person_id`. */
enum rc smart_session_row(struct store *s, int64_t occurrence_id, int64_t person_id,
			  struct arena *a, struct smart_session_row *ret,
			  struct error *e) MUST_CHECK;
struct smart_setting {
	int64_t attendance_id, window_min;
	struct str teams_meeting_id, teams_meeting_url; /* p NULL: none */
};
enum rc smart_setting_put(struct store *s, const struct smart_setting *v,
			  struct error *e) MUST_CHECK;

/* An attempt. */
struct smart_checkin_row {
	int64_t id, attendance_id, occurrence_id, person_id, learned_at;
	struct str decision, reason, signals, decided_state, decided_why;
	int64_t decided_by, decided_at;
};
/* Newest first, refusals among them only as with_refused. */
enum rc smart_checkin_rows(struct store *s, int64_t attendance_id, bool with_refused, int64_t limit,
			   struct arena *a, const struct smart_checkin_row **ret_rows,
			   size_t *ret_n, struct error *e) MUST_CHECK;
/*
 * The last `limit` that were never flagged and the last that were, in no order; no refusals.
 * occurrence_id is not looked up: whoever asks knows it.
 */
enum rc smart_latest_rows(struct store *s, int64_t attendance_id, int64_t limit, struct arena *a,
			  const struct smart_checkin_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc smart_checkin_row(struct store *s, int64_t attempt_id, struct arena *a,
			  struct smart_checkin_row *ret, struct error *e) MUST_CHECK;

/* What QR codes are checked by; RC_NOT_FOUND for sessions without an occurrence. */
struct smart_key_row {
	int64_t attendance_id, occurrence_id, code_period_s, closes_at, is_closed;
	struct str code_key;
};
enum rc smart_key_row(struct store *s, int64_t attendance_id, struct arena *a,
		      struct smart_key_row *ret, struct error *e) MUST_CHECK;

/* Whose sessions: all, those of a branch, those that a person holds or is staff of. */
struct smart_scope {
	bool all;
	int64_t branch_id, person_id; /* COLUMN_NULL: none */
};
/* Flagged attempts and those whose reason raises suspicion, of sessions opened since;
 * only_unsettled: that nobody has looked at. */
enum rc smart_suspect_rows(struct store *s, const struct smart_scope *scope, int64_t since,
			   bool only_unsettled, int64_t limit, struct arena *a,
			   const struct smart_checkin_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

/* ---- lists of sessions
 * ---------------------------------------------------------------------------- */

struct smart_listed_row {
	int64_t id;
	struct str title, room, class_name, teacher_name;
	int32_t session_date, start_time, end_time;
	int64_t n_students;
	struct str state;  /* of the occurrence */
	int64_t is_active; /* attendance is open */
};
/* Held by a person or of a class they are staff of.  from: their first instant, or NO_TIME: all,
 * newest first, without those whose attendance was confirmed. */
enum rc smart_held_rows(struct store *s, int64_t person_id, int64_t from, int64_t offset,
			int64_t limit, struct arena *a, const struct smart_listed_row **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;
/* Those a student is expected in, by start; days included. */
enum rc smart_expected_rows(struct store *s, int64_t person_id, int32_t from_day, int32_t to_day,
			    int64_t from_at, int64_t limit, struct arena *a,
			    const struct smart_listed_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;

struct smart_held_stats {
	int64_t n_sessions, n_week, n_students, n_records, n_present;
};
enum rc smart_held_stats(struct store *s, int64_t person_id, int32_t week_from, struct arena *a,
			 struct smart_held_stats *ret, struct error *e) MUST_CHECK;

/* ---- marks
 * ------------------------------------------------------------------------------------------ */

struct smart_record_row {
	int64_t id, occurrence_id, attendance_id, person_id;
	struct str status, method, remark, student_name, email, title;
	int64_t happened_at, late_s;
	int32_t session_date;
};
enum smart_records_of { SMART_OF_RECORD, SMART_OF_OCCURRENCE, SMART_OF_PERSON, SMART_OF_HOLDER };
/* Newest first; scope: rights (a student: all, and ask for the own person only). */
enum rc smart_record_rows(struct store *s, enum smart_records_of of, int64_t id,
			  const struct smart_scope *scope, int64_t limit, struct arena *a,
			  const struct smart_record_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

struct smart_counts {
	int64_t n_present, n_late, n_excused, n_absent;
	int64_t late_min, absent_hours;
};
/* Of a student, in sessions on or after a day. */
enum rc smart_counts_of(struct store *s, int64_t person_id, int32_t from_day,
			const struct smart_scope *scope, struct arena *a, struct smart_counts *ret,
			struct error *e) MUST_CHECK;
/* Of all sessions of classes of this name. */
enum rc smart_class_counts(struct store *s, struct str class_name, int32_t from_day,
			   const struct smart_scope *scope, struct arena *a,
			   struct smart_counts *ret, struct error *e) MUST_CHECK;

/* ---- people
 * ------------------------------------------------------------------------------------------ */

struct smart_student_row {
	int64_t id;
	struct str given_name, family_name, email, student_code, class_name;
};
enum rc smart_student_row(struct store *s, int64_t person_id, int32_t day, struct arena *a,
			  struct smart_student_row *ret, struct error *e) MUST_CHECK;
/* Members of the class of an occurrence on its day, by name. */
enum rc smart_class_rows(struct store *s, int64_t occurrence_id, struct arena *a,
			 const struct smart_student_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

#endif
