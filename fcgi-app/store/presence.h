/*
 * SQL of following attendance live: who has joined a session and is online, and what is shown of
 * its records to programs that follow it (001).
 */
#ifndef STORE_PRESENCE_H
#define STORE_PRESENCE_H

#include "store/store.h"

/* An occurrence with its attendance, for deciding who may do what. */
struct presence_look {
	int64_t occurrence_id, branch_id, course_id, teacher_id, is_staff; /* COLUMN_NULL: none */
	int64_t attendance_id;                                             /* none: not opened */
	struct str state;                                                  /* of that */
	int64_t opens_at, closes_at;
};
/* person_id: whose staff membership to look up, or COLUMN_NULL.  RC_NOT_FOUND. */
enum rc presence_look_at(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			 struct presence_look *ret, struct error *e) MUST_CHECK;

struct presence_new {
	int64_t attendance_id, person_id, account_id, now_us, online_until;
	struct str gateway, connection;
};
/* In place of what stood there; the time of joining stays while the person was online. */
enum rc presence_put(struct store *s, const struct presence_new *row, struct error *e) MUST_CHECK;
/* By the person; *ret_n: 0 when it was left already. */
enum rc presence_leave(struct store *s, int64_t attendance_id, int64_t person_id, int64_t now_us,
		       int64_t *ret_n, struct error *e) MUST_CHECK;
/* The connection is gone. */
enum rc presence_lose(struct store *s, int64_t account_id, struct str connection, int64_t now_us,
		      struct error *e) MUST_CHECK;
/* Prolongs what this gateway holds. */
enum rc presence_renew(struct store *s, struct str gateway, int64_t online_until,
		       struct error *e) MUST_CHECK;
/* What an earlier run of this gateway held is lost now. */
enum rc presence_clear(struct store *s, struct str gateway, int64_t now_us,
		       struct error *e) MUST_CHECK;

/* A session that somebody has joined. */
struct presence_held {
	int64_t attendance_id, occurrence_id, branch_id, course_id; /* COLUMN_NULL: none */
	int64_t person_id, joined_at;
};
/* By this connection, of sessions of any state. */
enum rc presence_held_by(struct store *s, int64_t account_id, struct str connection,
			 struct arena *a, const struct presence_held **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/* Not left, with a connection that lives or was lost after `since`, of sessions that go on. */
enum rc presence_last(struct store *s, int64_t account_id, int64_t since, int64_t now_us,
		      struct arena *a, const struct presence_held **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct presence_row {
	int64_t attendance_id, person_id, account_id, joined_at, is_online;
	struct str given_name, family_name, student_code, connection;
};
/* Who has joined and not left; in the order of joining. */
enum rc presence_rows(struct store *s, int64_t attendance_id, int64_t now_us, struct arena *a,
		      const struct presence_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct presence_active {
	int64_t attendance_id, occurrence_id, teacher_id, started_at, n_online;
};
/* Sessions of a course that can be joined, the oldest first. */
enum rc presence_course(struct store *s, int64_t course_id, int64_t now_us, struct arena *a,
			const struct presence_active **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

/* What one student has in one session, with what programs show of the student. */
struct presence_record {
	int64_t attendance_id, person_id, account_id; /* account COLUMN_NULL: none */
	struct str given_name, family_name, student_code, section_name, email;
	int64_t record_id; /* COLUMN_NULL, like what follows: unmarked */
	struct str status, remark, set_by_name;
	int64_t happened_at, updated_at;
};
#define PRESENCE_RECORDS_MAX 5000
/* pairs: a JSON array of {"a": attendance, "p": person}; by these. */
enum rc presence_records(struct store *s, struct str pairs, struct arena *a,
			 const struct presence_record **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

/* Of an account; RC_NOT_FOUND. */
enum rc presence_name(struct store *s, int64_t account_id, struct arena *a, struct str *ret,
		      struct error *e) MUST_CHECK;

#endif
