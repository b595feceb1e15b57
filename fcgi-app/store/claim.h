/*
 * What students ask of their attendance: rows, targets, decisions.
 */
#ifndef STORE_CLAIM_H
#define STORE_CLAIM_H

#include "store/occurrence.h"
#include "store/store.h"

/* A session that a student may ask about. */
struct claim_target {
	int64_t occurrence_id; /* COLUMN_NULL: attendance_id is one on its own */
	int64_t attendance_id; /* COLUMN_NULL: none was opened */
	int64_t branch_id, course_id, teacher_id, teacher_account_id;
	struct str title, room, course_code, teacher_name, zone;
	int32_t session_date, start_time, end_time; /* times NO_DAY: on its own */
	int64_t starts_at, ends_at;
	struct str state;  /* of the occurrence */
	struct str status; /* of the record; p NULL: unmarked */
	int64_t is_expected, is_waiting, n_asked;
	int64_t claim_days, evidence_days; /* COLUMN_NULL: no policy says */
};
/* ids: a JSON array of occurrences; by start.  kind: of the ones asked for already. */
enum rc claim_targets(struct store *s, struct str ids, size_t n, int64_t person_id, struct str kind,
		      struct arena *a, const struct claim_target **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* By its attendance session.  RC_NOT_FOUND. */
enum rc claim_target_of(struct store *s, int64_t attendance_id, int64_t person_id, struct str kind,
			struct arena *a, struct claim_target *ret, struct error *e) MUST_CHECK;

struct claim_new {
	int64_t branch_id, person_id, account_id;
	struct str kind, reason;
	struct str file_id, file_name; /* 16 bytes; p NULL: none */
	int64_t file_expires_at, now_at;
};
enum rc claim_insert(struct store *s, const struct claim_new *n, int64_t *ret_id,
		     struct error *e) MUST_CHECK;
struct claim_file_new {
	struct str file_id; /* 32 hex digits */
	struct str sha256;  /* 32 bytes */
	int64_t size;
	struct str class, mime, extension;
	int64_t now_at;
};
enum rc claim_file_insert(struct store *s, const struct claim_file_new *n,
			  struct error *e) MUST_CHECK;
/* One for each of ids, a JSON array of sessions (or of attendance sessions: is_own).  A second one
 * that waits is RC_CONFLICT. */
enum rc claim_items_insert(struct store *s, int64_t claim_id, struct str wants, struct str ids,
			   bool is_own, struct error *e) MUST_CHECK;

struct claim_stored {
	int64_t id, claim_id, version;
	struct str kind, wants, state;
	int64_t decided_at;
	struct str decided_why, decided_by_name;
	int64_t has_act, excuse_id;
	struct str reason, file_id, file_name, file_class, file_mime; /* file_id: 32 hex digits */
	int64_t created_at;
	int64_t person_id, account_id;
	struct str given_name, family_name, student_code;
	int64_t occurrence_id, attendance_id, branch_id, course_id, class_id, teacher_id, is_staff;
	struct str title, room, course_code, teacher_name, zone;
	int32_t session_date, start_time, end_time;
	int64_t starts_at;
	struct str attendance_state;
	int64_t lock_days;
	int64_t record_id;
	struct str status, method, set_by_name;
	int64_t happened_at, late_s, updated_at;
	struct str attempt_decision, attempt_reason;
	int64_t attempt_at;
};
enum claim_show { CLAIM_SHOW_WAITING, CLAIM_SHOW_DECIDED, CLAIM_SHOW__MAX };
struct claim_filter {
	enum occurrence_seen seen; /* whose sessions; staff */
	int64_t seen_id;
	int64_t viewer_person_id; /* is_staff is about; COLUMN_NULL: nobody */
	enum claim_show show;
	int64_t attendance_id; /* 0: any */
	int64_t limit, offset;
};
/* Waiting ones in the order they were asked, decided ones newest first. */
enum rc claim_rows(struct store *s, const struct claim_filter *f, struct arena *a,
		   const struct claim_stored **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
enum rc claim_count(struct store *s, const struct claim_filter *f, struct arena *a, int64_t *ret,
		    struct error *e) MUST_CHECK;
/* Of a student, newest first. */
enum rc claim_rows_of(struct store *s, int64_t person_id, int64_t limit, struct arena *a,
		      const struct claim_stored **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* All of a claim. */
enum rc claim_rows_together(struct store *s, int64_t claim_id, int64_t viewer_person_id,
			    struct arena *a, const struct claim_stored **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* RC_NOT_FOUND. */
enum rc claim_read(struct store *s, int64_t item_id, int64_t viewer_person_id, struct arena *a,
		   struct claim_stored *ret, struct error *e) MUST_CHECK;
/* The last one of a student for a session that is not withdrawn; id 0: none. */
enum rc claim_latest(struct store *s, int64_t attendance_id, int64_t person_id, struct str kind,
		     struct arena *a, int64_t *ret_item_id, struct error *e) MUST_CHECK;

/* In a transaction: takes the item's lock. */
struct claim_locked {
	int64_t id, claim_id, person_id, version;
	struct str state;
};
enum rc claim_lock(struct store *s, int64_t item_id, struct arena *a, struct claim_locked *ret,
		   struct error *e) MUST_CHECK;
/* The 16 bytes of the act that approving made.  RC_NOT_FOUND. */
enum rc claim_act(struct store *s, int64_t item_id, struct arena *a, struct str *ret,
		  struct error *e) MUST_CHECK;
struct claim_decision {
	int64_t item_id;
	struct str state, why; /* why p NULL: none */
	int64_t account_id, now_at;
	struct str act;    /* 16 bytes; p NULL: none */
	int64_t excuse_id; /* COLUMN_NULL: none */
};
/* Also withdrawing, and waiting again. */
enum rc claim_decide_write(struct store *s, const struct claim_decision *d,
			   struct error *e) MUST_CHECK;
/* What the act granted waits again; what an earlier undoing took back stands again.  16 bytes. */
enum rc claim_follow_undo(struct store *s, struct str undone, struct str by_act,
			  struct error *e) MUST_CHECK;

/* Ends the file when no item of the claim is left that waits or was approved. */
enum rc claim_drop_file(struct store *s, int64_t claim_id, struct error *e) MUST_CHECK;
/* Files whose time is over, at most CLAIM_FILES_MAX. */
#define CLAIM_FILES_MAX 500
enum rc claim_expire_files(struct store *s, int64_t now_at, struct arena *a, int64_t *ret_n,
			   struct error *e) MUST_CHECK;

#endif
