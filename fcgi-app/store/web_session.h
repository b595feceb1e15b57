/*
 * SQL of signed-in sessions.  Token digests are 32 bytes.
 */
#ifndef STORE_WEB_SESSION_H
#define STORE_WEB_SESSION_H

#include "store/store.h"

struct web_session_new {
	struct str token_hash, csrf; /* 32 bytes each */
	int64_t account_id, epoch, created_at, expires_at, ends_at, idle_s;
	struct str user_agent;
	struct str family; /* "003": its requests carry tokens of that door; empty: the cookie */
};
enum rc web_session_insert(struct store *s, const struct web_session_new *row, int64_t *ret_id,
			   struct error *e) MUST_CHECK;

/* The session with its account, person and branch. */
struct web_session_who {
	int64_t id, created_at, seen_at, expires_at, ends_at, idle_s;
	struct str csrf;
	int64_t account_id;
	struct str uuid, role, username, email, language, theme;
	int64_t shortcuts, is_demo, person_id, branch_id;
	struct str given_name, family_name, student_code, teacher_code, zone;
	int64_t version;  /* of the lists this account sees */
	int64_t n_unread; /* notifications; 0 by token */
};
/* RC_NOT_FOUND unless it lives at now_us. */
enum rc web_session_get(struct store *s, struct str token_hash, int64_t now_us, struct arena *a,
			struct web_session_who *ret, struct error *e) MUST_CHECK;
/* The same by its id, for the account that it must be of. */
enum rc web_session_get_id(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			   struct arena *a, struct web_session_who *ret,
			   struct error *e) MUST_CHECK;
/* The same for a session of either kind that somebody proved before. */
enum rc web_session_get_known(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			      struct arena *a, struct web_session_who *ret,
			      struct error *e) MUST_CHECK;
struct web_session_id {
	int64_t id;
};
/* Which of these live at now_us, ascending.  ids: a JSON array of at most `max`. */
enum rc web_session_alive(struct store *s, struct str ids, size_t max, int64_t now_us,
			  struct arena *a, const struct web_session_id **ret, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* Used at now_us: seen, and the end moves to now + idle, at most ends_at. */
enum rc web_session_touch(struct store *s, int64_t id, int64_t now_us, struct error *e) MUST_CHECK;
/* *ret_n: 1 when it was the account's and alive. */
enum rc web_session_finish(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			   int64_t *ret_n, struct error *e) MUST_CHECK;
enum rc web_session_finish_token(struct store *s, struct str token_hash, int64_t now_us,
				 struct error *e) MUST_CHECK;
/* All of an account that came by one door. */
enum rc web_session_finish_family(struct store *s, int64_t account_id, struct str family,
				  int64_t now_us, int64_t *ret_n, struct error *e) MUST_CHECK;
/* The last one that an account made by this door, ended or not; RC_NOT_FOUND. */
enum rc web_session_newest(struct store *s, int64_t account_id, struct str family, struct arena *a,
			   int64_t *ret_id, struct error *e) MUST_CHECK;
/* Keeps one session alive over a change of its account's epoch. */
enum rc web_session_follow_epoch(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct web_session_row {
	int64_t id, created_at, seen_at, expires_at;
	struct str user_agent;
};
/* Live ones, last used first. */
enum rc web_session_list(struct store *s, int64_t account_id, int64_t now_us, size_t max,
			 struct arena *a, const struct web_session_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

#endif
