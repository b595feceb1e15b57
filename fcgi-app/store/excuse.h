/*
 * Excuses before a session, and photos that a verifier answers about.
 */
#ifndef STORE_EXCUSE_H
#define STORE_EXCUSE_H

#include "store/store.h"

#define EXCUSE_ROWS_MAX 5000

/* The one in force; 0: none. */
enum rc excuse_live(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
		    int64_t *ret_id, struct error *e) MUST_CHECK;
/* None may be in force.  remark empty: NULL. */
enum rc excuse_insert(struct store *s, int64_t occurrence_id, int64_t person_id, struct str remark,
		      int64_t account_id, int64_t now_us, int64_t *ret_id,
		      struct error *e) MUST_CHECK;
/* ids: a JSON array of excuses.  Those in force end; ended ones are in force again. */
enum rc excuse_end(struct store *s, struct str ids, int64_t account_id, int64_t now_us,
		   struct error *e) MUST_CHECK;
enum rc excuse_revive(struct store *s, struct str ids, struct error *e) MUST_CHECK;
/* 0: no attendance session was opened. */
enum rc excuse_attendance(struct store *s, int64_t occurrence_id, struct arena *a, int64_t *ret_id,
			  struct error *e) MUST_CHECK;

struct excuse_row {
	int64_t id, person_id;
	struct str given_name, family_name, student_code, remark, set_by_name;
	int64_t set_at;
	struct str status; /* of the record; p NULL: unmarked */
};
/* Those in force, by name. */
enum rc excuse_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		    const struct excuse_row **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;

struct verified_photo {
	int64_t attempt_id, attendance_id;
	struct str verifier_state; /* "none", "pending", "passed", "failed", "timeout" */
	int64_t pending_until;     /* NO_TIME: none */
};
/* RC_NOT_FOUND. */
enum rc verified_photo_read(struct store *s, struct str verification_id, struct arena *a,
			    struct verified_photo *ret, struct error *e) MUST_CHECK;
enum rc verified_photo_write(struct store *s, int64_t attempt_id, struct str state,
			     struct str reason, struct error *e) MUST_CHECK;

#endif
