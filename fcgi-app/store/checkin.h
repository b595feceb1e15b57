/*
 * Check-ins: the facts of several in one statement, and what is written of them in one each.
 *
 * The items of a batch travel as one JSON array (JSON_TABLE), so that one and thirty-two
 * share the same statements.  Members of an item, all of them always there, null where there is
 * nothing; binary values are hex:
 *   i index, a session, d device whose session is meant, p person, c student code, u account,
 *   h person of the account, w web session to verify, e its epoch's account, n nonce, b browser
 * hash, r receipt id.  What is written for every check-in goes as an array of rows instead, bound
 * to a statement of one row (store.h).  Everything runs in the caller's transaction; checkin_lock
 * comes first.
 */
#ifndef STORE_CHECKIN_H
#define STORE_CHECKIN_H

#include "store/store.h"

/* A locked session. */
struct checkin_session {
	int64_t id, branch_id, occurrence_id, teacher_id;
	struct str title, state, roster;
	int64_t opens_at, late_at, closes_at, deleted_at;
	struct str code_level, place_level, network_level, photo_level, device_level;
	int64_t latitude_e7, longitude_e7, radius_m;
	struct str reference_address, code_key;
	int64_t code_period_s, max_tries, evidence_days;
	int64_t is_course; /* it expects who is enrolled in the course, whatever the class */
};
/*
 * Shared locks of the sessions, so that none closes in between.  ids: a JSON array of n; what is of
 * no session has no row.  One alone needs no array.
 */
enum rc checkin_lock(struct store *s, struct str ids, size_t n, struct arena *a,
		     const struct checkin_session **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
enum rc checkin_lock_one(struct store *s, int64_t id, struct arena *a,
			 const struct checkin_session **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/* The same where some of the items name a device instead. */
enum rc checkin_lock_by_device(struct store *s, struct str items, size_t n, struct arena *a,
			       const struct checkin_session **ret_rows, size_t *ret_n,
			       struct error *e) MUST_CHECK;

struct checkin_facts {
	int64_t i;
	/* The session; COLUMN_NULL and empty: there is none. */
	int64_t attendance_id, branch_id, occurrence_id, teacher_id;
	struct str title, state, roster;
	int64_t opens_at, late_at, closes_at, starts_at, deleted_at;
	struct str code_level, place_level, network_level, photo_level, device_level;
	int64_t latitude_e7, longitude_e7, radius_m;
	struct str reference_address, code_key;
	int64_t code_period_s, max_tries, evidence_days;
	/* The student. */
	int64_t person_id, person_branch_id;
	struct str student_code;
	int64_t is_expected, is_in_course, is_later; /* in_course, later: for the reason */
	/* What there is already. */
	int64_t record_id;
	struct str record_status, record_method;
	int64_t record_at, open_attempt_id, n_failed, last_step;
	/* The same actor and nonce. */
	int64_t again_id, again_attendance_id, again_person_id, again_at, again_record_id;
	struct str again_decision, again_reason, again_status, again_signals;
	int64_t receipt_person_id; /* of the attempt that used the receipt */
	int64_t n_browser;         /* other students on this browser in this session */
	int64_t is_browser_shared; /* it is a named shared machine */
	/* Who acts. */
	int64_t is_alive; /* the web session asked about lives */
	int64_t is_staff; /* of the session's class */
};
/*
 * Facts of a student's own first try in one of the locked sessions, at a fraction of the price.
 * Items are arrays: i, a, p, u, w of above, p being the person of u; and for PHONE also b and r.
 * A row says what checkin_facts_get says (but is_in_course and is_later, which explain
 * refusals), with one exception: nobody has looked for a record of the student in the session, nor
 * for an attempt with the same nonce; the unique keys will tell.  Who has tried there already, is
 * not expected, or whose web session has ended has no row.  More rows than one of an item are
 * alike; in no order.
 */
enum checkin_plain {
	CHECKIN_PLAIN_FIRST, /* all by tokens, without b and r, and all sessions are `courses` */
	CHECKIN_PLAIN_PHONE
};
enum rc checkin_plain_facts(struct store *s, enum checkin_plain kind, struct str items, size_t n,
			    const struct checkin_session *sessions, size_t n_sessions,
			    int64_t now_us, struct arena *a, const struct checkin_facts **ret_rows,
			    size_t *ret_n, struct error *e) MUST_CHECK;
/* Of each item, in their order. */
enum rc checkin_facts_get(struct store *s, struct str items, size_t n, int64_t now_us,
			  struct arena *a, const struct checkin_facts **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

/* A row of attendance_attempt; what is empty or COLUMN_NULL is NULL. */
#define CHECKIN_NONCE_BYTES 16
struct checkin_attempt_new {
	int64_t attendance_id, person_id, actor_id;
	struct str nonce, path;
	int64_t happened_at;
	struct str decision, reason, status;
	int64_t late_s;
	struct str signals;
	int64_t code_step;
	struct str receipt_id, browser_hash;
	int64_t device_id;
	struct str decided_state;
};
struct checkin_attempt_id {
	int64_t id;
	struct str nonce;
};
/* One statement for all; the ids in their order.  RC_CONFLICT on attendance_attempt_nonce and
 * attendance_attempt_receipt. */
enum rc checkin_insert_attempts(struct store *s, const struct checkin_attempt_new *v, size_t n,
				int64_t now_us, struct arena *a,
				const struct checkin_attempt_id **ret, struct error *e) MUST_CHECK;
/* Records that give way: 'auto' absences and excuses, with their change under act (16 bytes). */
enum rc checkin_give_way(struct store *s, struct str items, struct str act, int64_t now_us,
			 struct error *e) MUST_CHECK;
/* Undecided attempts of the same students and sessions become lapsed. */
enum rc checkin_lapse(struct store *s, struct str items, int64_t now_us,
		      struct error *e) MUST_CHECK;
struct checkin_record_new {
	int64_t attendance_id, person_id;
	struct str status, method;
	int64_t happened_at, late_s, attempt_id;
};
struct checkin_record_id {
	int64_t id, attempt_id;
};
/* Those that are there already are left alone, and do not come back. */
enum rc checkin_insert_records(struct store *s, const struct checkin_record_new *v, size_t n,
			       int64_t now_us, struct arena *a,
			       const struct checkin_record_id **ret, size_t *ret_n,
			       struct error *e) MUST_CHECK;
/* Items of evidence: t attempt, kind, sealed (hex), expires_at. */
enum rc checkin_insert_evidence(struct store *s, struct str items, struct error *e) MUST_CHECK;
/* Items of photos: t attempt, file (hex), v verification id or null, pending_until, expires_at; the
 * files are held from then on (store/photo.h). */
enum rc checkin_insert_photos(struct store *s, struct str items, struct error *e) MUST_CHECK;
struct checkin_event {
	struct str type;
	int64_t branch_id, attendance_id, person_id;
	int64_t audience;                   /* bits of core/event/event.h */
	struct str payload, public_payload; /* public: the zero view: none */
};
enum rc checkin_insert_events(struct store *s, const struct checkin_event *v, size_t n,
			      int64_t now_us, struct arena *a, struct error *e) MUST_CHECK;
struct checkin_audit {
	int64_t actor_id;
	struct str request_id, action;
	int64_t branch_id, attendance_id;
	struct str detail;
};
enum rc checkin_insert_audit(struct store *s, const struct checkin_audit *v, size_t n,
			     int64_t now_us, struct arena *a, struct error *e) MUST_CHECK;

/* Sessions that are open in the branches of the people, for telling whose code it is. */
struct checkin_key {
	int64_t attendance_id, code_period_s, is_expected;
	struct str code_key;
};
/* person COLUMN_NULL: is_expected is 0 for all.  Newest first, at most 1,000. */
enum rc checkin_keys(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
		     struct arena *a, const struct checkin_key **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* One session's, open or not; RC_NOT_FOUND. */
enum rc checkin_key_get(struct store *s, int64_t attendance_id, int64_t person_id, struct arena *a,
			struct checkin_key *ret, struct error *e) MUST_CHECK;

struct checkin_network {
	struct str cidr;
};
enum rc checkin_networks(struct store *s, int64_t branch_id, struct arena *a,
			 const struct checkin_network **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

/* Sealed places of the latest attempts of the items' people, newest first, at most 8 each. */
struct checkin_place {
	int64_t i, attendance_id, learned_at;
	struct str sealed;
};
enum rc checkin_places(struct store *s, struct str items, size_t n, struct arena *a,
		       const struct checkin_place **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

/* ---- for students --------------------------------------------------------------------------- */

struct checkin_open_row {
	int64_t attendance_id, occurrence_id;
	struct str uuid, title, room, course_code, course_title, class_name, teacher_name, zone,
		state;
	int32_t session_date, planned_start, planned_end;
	int64_t starts_at, opens_at, late_at, closes_at;
	struct str code_level, place_level, network_level, photo_level, device_level;
	int64_t latitude_e7, longitude_e7, radius_m, evidence_days;
	struct str mark;
	int64_t marked_at, open_attempt_id, open_attempt_at, attempt_id;
};
/* Sessions not closed in which the person is expected, of the person's branch; soonest first, at
 * most 100. */
enum rc checkin_open_rows(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
			  struct arena *a, const struct checkin_open_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* RC_NOT_FOUND unless expected there. */
enum rc checkin_open_row_get(struct store *s, int64_t attendance_id, int64_t person_id,
			     struct arena *a, struct checkin_open_row *ret,
			     struct error *e) MUST_CHECK;

struct checkin_attempt_row {
	int64_t id, attendance_id, person_id, actor_id;
	struct str student_name, student_code;
	int64_t happened_at, learned_at;
	struct str path, decision, reason, status;
	int64_t late_s;
	struct str signals, decided_state, decided_by_name, decided_why;
	int64_t decided_at;
	struct str photo_file;
	int64_t n_failed, max_tries;
};
enum rc checkin_attempt_read(struct store *s, int64_t id, struct arena *a,
			     struct checkin_attempt_row *ret, struct error *e) MUST_CHECK;
/* Undecided ones of a session, oldest first. */
enum rc checkin_flagged_rows(struct store *s, int64_t attendance_id, size_t limit, struct arena *a,
			     const struct checkin_attempt_row **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;

#endif
