/*
 * SQL of excuses, and of the verifier's answers.
 */
#include "store/excuse.h"

#include "store/sets.h"

struct excuse_n {
	int64_t n;
};
static const struct column excuse_n_columns[] = { COL(excuse_n, n, I64, true) };
static const struct column excuse_row_columns[] = {
	COL(excuse_row, id, I64, false),
	COL(excuse_row, person_id, I64, false),
	COL_N(excuse_row, given_name, TEXT, 480, false),
	COL_N(excuse_row, family_name, TEXT, 480, false),
	COL_N(excuse_row, student_code, TEXT, 160, true),
	COL_N(excuse_row, remark, TEXT, 1200, true),
	COL_N(excuse_row, set_by_name, TEXT, 1000, true),
	COL(excuse_row, set_at, TIME, false),
	COL_N(excuse_row, status, TEXT, 64, true),
};
static const struct column verified_photo_columns[] = {
	COL(verified_photo, attempt_id, I64, false),
	COL(verified_photo, attendance_id, I64, true),
	COL_N(verified_photo, verifier_state, TEXT, 64, false),
	COL(verified_photo, pending_until, TIME, true),
};

#define JSON_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q"
#define OF_IDS   " STRAIGHT_JOIN excuse x FORCE INDEX (PRIMARY) ON x.id = q.id"
#define EXCUSE_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(EXCUSE_LIVE, "ii", excuse_n,                                                          \
	     "SELECT MAX(id) AS n FROM excuse WHERE occurrence_id = ? AND live_person = ?")        \
	CHANGE(EXCUSE_INSERT, "iisit",                                                             \
	       "INSERT INTO excuse (occurrence_id, person_id, remark, set_by, set_at)"             \
	       " VALUES (?, ?, NULLIF(?, ''), ?, ?)")                                              \
	CHANGE(EXCUSE_END, "sti",                                                                  \
	       "UPDATE " JSON_IDS OF_IDS " SET x.ended_at = ?, x.ended_by = ?"                     \
	       " WHERE x.ended_at IS NULL")                                                        \
	CHANGE(EXCUSE_REVIVE, "s",                                                                 \
	       "UPDATE " JSON_IDS OF_IDS " SET x.ended_at = NULL, x.ended_by = NULL"               \
	       " WHERE x.ended_at IS NOT NULL")                                                    \
	ROWS(EXCUSE_ROWS, "ii", excuse_row,                                                        \
	     "SELECT x.id, x.person_id, p.given_name, p.family_name, p.student_code, x.remark,"    \
	     " (SELECT COALESCE(NULLIF(TRIM(CONCAT(np.given_name, ' ', np.family_name)), ''),"     \
	     " na.username) FROM account na LEFT JOIN person np ON np.id = na.person_id"           \
	     " WHERE na.id = x.set_by) AS set_by_name, x.set_at, r.status FROM excuse x"           \
	     " JOIN person p ON p.id = x.person_id"                                                \
	     " LEFT JOIN attendance_session s ON s.occurrence_id = x.occurrence_id"                \
	     " LEFT JOIN attendance_record r ON r.attendance_id = s.id"                            \
	     " AND r.person_id = x.person_id WHERE x.occurrence_id = ? AND x.ended_at IS NULL"     \
	     " ORDER BY p.family_name, p.given_name, p.id LIMIT ?")                                \
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

enum rc excuse_live(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
		    int64_t *ret_id, struct error *e)
{
	struct excuse_n row;

	TRY(store_row(s, &excuse_table[EXCUSE_LIVE], PARAMS(P_I64(occurrence_id), P_I64(person_id)),
		      a, &row, e));
	*ret_id = row.n == COLUMN_NULL ? 0 : row.n;
	return RC_OK;
}

enum rc excuse_insert(struct store *s, int64_t occurrence_id, int64_t person_id, struct str remark,
		      int64_t account_id, int64_t now_us, int64_t *ret_id, struct error *e)
{
	return store_change(s, &excuse_table[EXCUSE_INSERT],
			    PARAMS(P_I64(occurrence_id), P_I64(person_id), P_TEXT(remark),
				   P_I64_OR_NULL(account_id), P_TIME(now_us)),
			    NULL, ret_id, e);
}

enum rc excuse_end(struct store *s, struct str ids, int64_t account_id, int64_t now_us,
		   struct error *e)
{
	return store_change(s, &excuse_table[EXCUSE_END],
			    PARAMS(P_TEXT(ids), P_TIME(now_us), P_I64_OR_NULL(account_id)), NULL,
			    NULL, e);
}

enum rc excuse_revive(struct store *s, struct str ids, struct error *e)
{
	return store_change(s, &excuse_table[EXCUSE_REVIVE], PARAMS(P_TEXT(ids)), NULL, NULL, e);
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

enum rc excuse_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		    const struct excuse_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &excuse_table[EXCUSE_ROWS],
			  PARAMS(P_I64(occurrence_id), P_I64(EXCUSE_ROWS_MAX)), EXCUSE_ROWS_MAX, a,
			  ret_rows, ret_n, e);
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
