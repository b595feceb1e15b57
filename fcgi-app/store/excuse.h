/*
 * Excuses before a session, and photos that a verifier answers about.
 */
#ifndef STORE_EXCUSE_H
#define STORE_EXCUSE_H

#include "store/store.h"

/* Of an occurrence and person: 1 or 0. */
enum rc excuse_is_there(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			bool *ret, struct error *e) MUST_CHECK;
/* Adds it, or writes the remark (empty: NULL). */
enum rc excuse_put(struct store *s, int64_t occurrence_id, int64_t person_id, struct str remark,
		   int64_t account_id, int64_t now_us, struct error *e) MUST_CHECK;
enum rc excuse_delete(struct store *s, int64_t occurrence_id, int64_t person_id,
		      struct error *e) MUST_CHECK;
/* 0: no attendance session was opened. */
enum rc excuse_attendance(struct store *s, int64_t occurrence_id, struct arena *a, int64_t *ret_id,
			  struct error *e) MUST_CHECK;

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
