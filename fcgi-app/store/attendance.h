/*
 * Attendance sessions: one read with everything around it, the lock, and the changes.
 *
 * A change takes the session's row lock first; check-ins take it shared, so that closing waits
 * for those at hand and none comes after.
 */
#ifndef STORE_ATTENDANCE_H
#define STORE_ATTENDANCE_H

#include "store/occurrence.h"

struct attendance_stored {
	int64_t id, version;
	struct str uuid;
	int64_t branch_id, occurrence_id, course_id, class_id, section_id, teacher_id, device_id,
		room_id;
	struct str roster, door, mode, title, room;
	int32_t session_date;
	struct str zone, state;
	int64_t opens_at, late_at, closes_at;
	struct str code_level, place_level, network_level, photo_level, device_level;
	int64_t latitude_e7, longitude_e7, radius_m;
	struct str reference_address, code_key;
	int64_t code_period_s, max_tries, evidence_days, lock_days, names_on_screen;
	int64_t n_expected, n_present, n_late, n_excused, n_absent, n_flagged;
	struct str close_reason, reopen_reason, delete_reason;
	int64_t created_by, created_at, updated_at, closed_by, closed_at, deleted_at;
	/* Around it. */
	int32_t planned_start, planned_end;
	int64_t starts_at;
	struct str course_code, course_title, class_name, section_name, teacher_name;
	int64_t teacher_account_id;
	struct str device_code, created_by_name;
	int64_t is_staff;
};

/*
 * person_id: whose staff membership to look up, or COLUMN_NULL.  RC_NOT_FOUND.  The counts (n_...)
 * are those that were stored when it was closed, COLUMN_NULL while it is open; attendance_tally
 * counts what is missing.  Lists count by themselves.
 */
enum rc attendance_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
			struct attendance_stored *ret, struct error *e) MUST_CHECK;
/* ids: a JSON array of n different ones; by id, without those that are not there. */
enum rc attendance_read_all(struct store *s, struct str ids, size_t n, struct arena *a,
			    const struct attendance_stored **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
enum rc attendance_read_occurrence(struct store *s, int64_t occurrence_id, int64_t person_id,
				   struct arena *a, struct attendance_stored *ret,
				   struct error *e) MUST_CHECK;
enum rc attendance_read_uuid(struct store *s, struct str uuid, int64_t person_id, struct arena *a,
			     struct attendance_stored *ret, struct error *e) MUST_CHECK;
enum rc attendance_tally(struct store *s, struct attendance_stored *row, struct arena *a,
			 struct error *e) MUST_CHECK;
/* n_expected alone. */
enum rc attendance_tally_expected(struct store *s, struct attendance_stored *row, struct arena *a,
				  struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc attendance_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;
/* The same of n; ids: a JSON array, ascending. */
enum rc attendance_lock_all(struct store *s, struct str ids, size_t n, struct arena *a,
			    struct error *e) MUST_CHECK;

/* What lists show: filters as in core/attendance/attendance.h; ids 0 and empty texts: all. */
struct attendance_filter {
	enum occurrence_seen seen;
	int64_t seen_id;
	int64_t person_id; /* whose class memberships count with SEEN_PERSON */
	int64_t is_closed; /* 0, 1; 2: both */
	struct str door;
	int64_t own_teacher_id, course_id, before_id;
	bool with_deleted;
	size_t limit;
};
enum rc attendance_rows(struct store *s, const struct attendance_filter *f, struct arena *a,
			const struct attendance_stored **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

/* uuid, code_key and all that an open session has; ret_id.  RC_CONFLICT on
 * attendance_session_occurrence and attendance_session_live_device. */
enum rc attendance_insert(struct store *s, const struct attendance_stored *row, int64_t now_us,
			  int64_t *ret_id, struct error *e) MUST_CHECK;
/* All that may change after that; raises the version. */
enum rc attendance_write(struct store *s, const struct attendance_stored *row, int64_t now_us,
			 struct error *e) MUST_CHECK;

/* Records of the excused of its occurrence that have none. */
enum rc attendance_prefill(struct store *s, int64_t id, int64_t now_us, struct error *e) MUST_CHECK;
/* Absent, for whoever is expected and has neither a record nor an undecided attempt; act: 16 bytes
 * that the changes carry.  *ret_n: how many. */
enum rc attendance_mark_absent(struct store *s, int64_t id, struct str act, int64_t by_account,
			       int64_t now_us, int64_t *ret_n, struct error *e) MUST_CHECK;
/* Takes back the records that closing made, with their changes. */
enum rc attendance_unmark_absent(struct store *s, int64_t id, struct str act, int64_t by_account,
				 int64_t now_us, struct error *e) MUST_CHECK;
/* The columns n_expected … n_absent, as they are now. */
enum rc attendance_count(struct store *s, int64_t id, struct error *e) MUST_CHECK;
/* The same of several; ids: a JSON array. */
enum rc attendance_count_all(struct store *s, struct str ids, struct error *e) MUST_CHECK;
/* Photos whose verifier may not answer any more: 002's FACE_VERIFICATION_TIMEOUT. */
enum rc attendance_time_out_photos(struct store *s, int64_t id, int64_t now_at,
				   struct error *e) MUST_CHECK;

/* Ids of open ones whose time is over, at most `limit`. */
enum rc attendance_due(struct store *s, int64_t now_us, size_t limit, struct arena *a,
		       const int64_t **ret_ids, size_t *ret_n, struct error *e) MUST_CHECK;

/* In a transaction: takes the teacher's row lock and tells whether an open session of 002 is
 * theirs. */
enum rc attendance_teacher_busy(struct store *s, int64_t teacher_id, int64_t now_us,
				struct arena *a, bool *ret, struct error *e) MUST_CHECK;

struct attendance_place {
	int64_t latitude_e7, longitude_e7, radius_m; /* COLUMN_NULL: not known */
};
/* Of a room; not known for COLUMN_NULL and for one that is gone. */
enum rc attendance_room_place(struct store *s, int64_t room_id, struct arena *a,
			      struct attendance_place *ret, struct error *e) MUST_CHECK;

/* What opening on its own refers to; COLUMN_NULL where there is none, or none of that branch. */
struct attendance_refs {
	int64_t course_id, class_id, section_id, teacher_id, device_id;
	int64_t device_blocked; /* 1: blocked */
};
enum rc attendance_refs_get(struct store *s, int64_t branch_id, const struct attendance_refs *in,
			    struct arena *a, struct attendance_refs *ret,
			    struct error *e) MUST_CHECK;
/* Is the student expected in an occurrence of this course and class on that day? */
enum rc attendance_expects(struct store *s, int64_t occurrence_id, int64_t person_id,
			   struct arena *a, bool *ret, struct error *e) MUST_CHECK;

#endif
