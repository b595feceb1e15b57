/*
 * The register of a session: rows to show, facts to decide by, and writing an act.
 *
 * Whoever writes has the session's row lock (attendance_lock), so what is read after it holds until
 * the commit.
 */
#ifndef STORE_REGISTER_H
#define STORE_REGISTER_H

#include "store/checkin.h"
#include "store/event.h"

#define REGISTER_ROWS_MAX 5000

struct register_stored {
	int64_t person_id;
	struct str given_name, family_name, student_code, section_name;
	int64_t is_expected, record_id, version;
	struct str status, method;
	int64_t happened_at, updated_at, late_s;
	struct str remark, set_by_name;
	int64_t open_attempt_id;
};
/* Whoever is expected, has a record, or waits with a flagged attempt; by family and given name.
 * is_enrolled: its roster is that of its course and no class, so that enrolments say who. */
enum rc register_rows(struct store *s, int64_t attendance_id, bool is_enrolled, struct arena *a,
		      const struct register_stored **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct register_guest_stored {
	int64_t id, attendance_id;
	struct str name, remark, merged_name;
	int64_t person_id, added_at, removed_at;
};
/* Those not removed, in the order they came. */
enum rc register_guest_rows(struct store *s, int64_t attendance_id, struct arena *a,
			    const struct register_guest_stored **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* RC_NOT_FOUND. */
enum rc register_guest_read(struct store *s, int64_t id, struct arena *a,
			    struct register_guest_stored *ret, struct error *e) MUST_CHECK;
enum rc register_guest_insert(struct store *s, int64_t attendance_id, struct str name,
			      struct str remark, int64_t account_id, int64_t now_us,
			      int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc register_guest_end(struct store *s, int64_t id, int64_t now_us, struct error *e) MUST_CHECK;
enum rc register_guest_set_person(struct store *s, int64_t id, int64_t person_id, int64_t now_us,
				  struct error *e) MUST_CHECK;

/* What is known of one student in one session. */
struct register_fact {
	int64_t person_id, branch_id;    /* branch COLUMN_NULL: there is no such person */
	int64_t is_student, is_expected; /* student: not ended, by code or account */
	int64_t record_id, version;      /* COLUMN_NULL: unmarked, like all that follows */
	struct str status, method;
	int64_t happened_at, late_s;
	struct str remark;
	int64_t attempt_id, set_by;
	int64_t open_attempt_id;
	int64_t excuse_id;       /* in force; COLUMN_NULL: none */
	struct str last_by_name; /* who changed it last; empty: the student or the system */
};
/* ids: a JSON array of people, each once; by person_id. */
enum rc register_facts(struct store *s, int64_t attendance_id, struct str ids, size_t n,
		       struct arena *a, const struct register_fact **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* The same of n pairs, in their order; pairs: a JSON array of [session, person]. */
enum rc register_pair_facts(struct store *s, struct str pairs, size_t n, struct arena *a,
			    const struct register_fact **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* The same of whoever is expected and has neither a record nor an undecided attempt. */
enum rc register_rest_facts(struct store *s, int64_t attendance_id, struct arena *a,
			    const struct register_fact **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;

/*
 * One act.  items: a JSON array of {a session, p person, status, method, at, late_s, remark,
 * attempt, by, old, new}; without a status the record goes; old and new are the texts that the
 * changes keep.
 */
struct register_act_stored {
	int64_t by_account;
	struct str act; /* 16 bytes */
	struct str why; /* the zero view: none */
	int64_t at;
};
enum rc register_write(struct store *s, const struct register_act_stored *act, struct str items,
		       bool has_removed, bool has_set, struct error *e) MUST_CHECK;
/* An event for each of the items, with what the record is now, and for members its session. */
enum rc register_events(struct store *s, const struct register_act_stored *act, const char *type,
			unsigned audience, struct str items, struct error *e) MUST_CHECK;
/* ids: a JSON array of attempts.  Open ones become lapsed. */
enum rc register_attempts_lapse(struct store *s, struct str ids, int64_t by_account, int64_t now_us,
				struct error *e) MUST_CHECK;
/* Decided ones are open again. */
enum rc register_attempts_reopen(struct store *s, struct str ids, struct error *e) MUST_CHECK;
/* In words: "approved", "rejected"; reason: code that replaces that of the attempt, or the zero
 * view. */
enum rc register_attempt_decide(struct store *s, int64_t attempt_id, struct str decision,
				struct str reason, struct str why, int64_t by_account,
				int64_t now_us, struct error *e) MUST_CHECK;

struct register_changed {
	int64_t id, person_id;
	struct str old_row, new_row;
	int64_t at;
	int64_t is_undone, is_undoable; /* undoable: made by people, with all that undoing needs */
};
/* The rows of an act in a session; act: 16 bytes. */
enum rc register_act_rows(struct store *s, int64_t attendance_id, struct str act, struct arena *a,
			  const struct register_changed **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* Who looked at it and what they noted; its state stays. */
enum rc register_attempt_note(struct store *s, int64_t attempt_id, struct str note,
			      int64_t by_account, int64_t now_us, struct error *e) MUST_CHECK;
/* ids: a JSON array of changes. */
enum rc register_mark_undone(struct store *s, struct str ids, struct str by_act,
			     struct error *e) MUST_CHECK;
/* 0 or 1 text of 32 hex digits: the last act of the account that is neither undone nor itself an
 * undoing, and of which something still stands. */
enum rc register_last(struct store *s, int64_t attendance_id, int64_t account_id, struct arena *a,
		      struct str *ret_act, struct error *e) MUST_CHECK;

struct register_history_stored {
	int64_t at;
	struct str by_name, old_row, new_row, why;
	int64_t is_undone;
};
/* Newest first. */
enum rc register_history_rows(struct store *s, int64_t attendance_id, int64_t person_id,
			      size_t limit, struct arena *a,
			      const struct register_history_stored **ret_rows, size_t *ret_n,
			      struct error *e) MUST_CHECK;

struct register_record {
	int64_t attendance_id, person_id;
};
/* RC_NOT_FOUND. */
enum rc register_record_read(struct store *s, int64_t record_id, struct arena *a,
			     struct register_record *ret, struct error *e) MUST_CHECK;

#endif
