/*
 * SQL of excuses, and of the verifier's answers.
 */
#include "store/excuse.h"

#include "store/sets.h"

struct excuse_n {
	int64_t n;
};
static const struct column excuse_n_columns[] = { COL(excuse_n, n, I64, true) };
static const struct column verified_photo_columns[] = {
	COL(verified_photo, attempt_id, I64, false),
	COL(verified_photo, attendance_id, I64, true),
	COL_N(verified_photo, verifier_state, TEXT, 64, false),
	COL(verified_photo, pending_until, TIME, true),
};

#define EXCUSE_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(EXCUSE_THERE, "ii", excuse_n,                                                         \
	     "SELECT COUNT(*) AS n FROM excuse WHERE occurrence_id = ? AND person_id = ?")         \
	CHANGE(EXCUSE_PUT, "iisit",                                                                \
	       "INSERT INTO excuse (occurrence_id, person_id, remark, set_by, set_at)"             \
	       " VALUES (?, ?, NULLIF(?, ''), ?, ?) ON DUPLICATE KEY UPDATE"                       \
	       " remark = VALUES(remark), set_by = VALUES(set_by), set_at = VALUES(set_at)")       \
	CHANGE(EXCUSE_DELETE, "ii",                                                                \
	       "DELETE FROM excuse WHERE occurrence_id = ? AND person_id = ?")                     \
	ROWS(EXCUSE_ATTENDANCE, "i", excuse_n,                                                     \
	     "SELECT MAX(id) AS n FROM attendance_session WHERE occurrence_id = ?")                \
	ROWS(VERIFIED_READ, "s", verified_photo,                                                   \
	     "SELECT f.attempt_id, t.attendance_id, f.verifier_state, f.pending_until"             \
	     " FROM attempt_photo f JOIN attendance_attempt t ON t.id = f.attempt_id"              \
	     " WHERE f.verification_id = ?")                                                       \
	CHANGE(VERIFIED_WRITE, "ssi",                                                              \
	       "UPDATE attempt_photo SET verifier_state = ?, verifier_reason = NULLIF(?, '')"      \
	       " WHERE attempt_id = ?")
STATEMENT_SET(excuse, EXCUSE_STATEMENTS);

enum rc excuse_is_there(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			bool *ret, struct error *e)
{
	struct excuse_n row;

	TRY(store_row(s, &excuse_table[EXCUSE_THERE],
		      PARAMS(P_I64(occurrence_id), P_I64(person_id)), a, &row, e));
	*ret = row.n > 0;
	return RC_OK;
}

enum rc excuse_put(struct store *s, int64_t occurrence_id, int64_t person_id, struct str remark,
		   int64_t account_id, int64_t now_us, struct error *e)
{
	return store_change(s, &excuse_table[EXCUSE_PUT],
			    PARAMS(P_I64(occurrence_id), P_I64(person_id), P_TEXT(remark),
				   P_I64_OR_NULL(account_id), P_TIME(now_us)),
			    NULL, NULL, e);
}

enum rc excuse_delete(struct store *s, int64_t occurrence_id, int64_t person_id, struct error *e)
{
	return store_change(s, &excuse_table[EXCUSE_DELETE],
			    PARAMS(P_I64(occurrence_id), P_I64(person_id)), NULL, NULL, e);
}

enum rc excuse_attendance(struct store *s, int64_t occurrence_id, struct arena *a, int64_t *ret_id,
			  struct error *e)
{
	struct excuse_n row;

	TRY(store_row(s, &excuse_table[EXCUSE_ATTENDANCE], PARAMS(P_I64(occurrence_id)), a, &row,
		      e));
	*ret_id = row.n == COLUMN_NULL ? 0 : row.n;
	return RC_OK;
}

enum rc verified_photo_read(struct store *s, struct str verification_id, struct arena *a,
			    struct verified_photo *ret, struct error *e)
{
	return store_row(s, &excuse_table[VERIFIED_READ], PARAMS(P_TEXT(verification_id)), a, ret,
			 e);
}

enum rc verified_photo_write(struct store *s, int64_t attempt_id, struct str state,
			     struct str reason, struct error *e)
{
	return store_change(s, &excuse_table[VERIFIED_WRITE],
			    PARAMS(P_TEXT(state), P_TEXT(reason), P_I64(attempt_id)), NULL, NULL,
			    e);
}
