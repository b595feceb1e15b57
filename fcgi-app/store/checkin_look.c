/*
 * SQL around check-ins, outside of their transaction: codes that are in force, what a student can
 * check in to, and attempts as people may see them.
 */
#include "store/checkin.h"

#include "store/checkin_sql.h"
#include "store/expected.h"
#include "store/sets.h"

#define LEVEL_BYTES 64

static const struct column checkin_key_columns[] = {
	COL(checkin_key, attendance_id, I64, false),
	COL(checkin_key, code_period_s, I64, false),
	COL(checkin_key, is_expected, I64, true),
	COL_N(checkin_key, code_key, BYTES, 32, false),
};
static const struct column checkin_open_row_columns[] = {
	COL(checkin_open_row, attendance_id, I64, false),
	COL(checkin_open_row, occurrence_id, I64, true),
	COL_N(checkin_open_row, uuid, TEXT, 144, false),
	COL_N(checkin_open_row, title, TEXT, 800, false),
	COL_N(checkin_open_row, room, TEXT, 320, false),
	COL_N(checkin_open_row, course_code, TEXT, 160, true),
	COL_N(checkin_open_row, course_title, TEXT, 800, true),
	COL_N(checkin_open_row, class_name, TEXT, 480, true),
	COL_N(checkin_open_row, teacher_name, TEXT, 1000, true),
	COL_N(checkin_open_row, zone, TEXT, 256, false),
	COL_N(checkin_open_row, state, TEXT, LEVEL_BYTES, false),
	COL(checkin_open_row, session_date, DAY, false),
	COL(checkin_open_row, planned_start, TOD, true),
	COL(checkin_open_row, planned_end, TOD, true),
	COL(checkin_open_row, starts_at, TIME, true),
	COL(checkin_open_row, opens_at, TIME, false),
	COL(checkin_open_row, late_at, TIME, true),
	COL(checkin_open_row, closes_at, TIME, false),
	COL_N(checkin_open_row, code_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_open_row, place_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_open_row, network_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_open_row, photo_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_open_row, device_level, TEXT, LEVEL_BYTES, false),
	COL(checkin_open_row, latitude_e7, I64, true),
	COL(checkin_open_row, longitude_e7, I64, true),
	COL(checkin_open_row, radius_m, I64, false),
	COL(checkin_open_row, evidence_days, I64, false),
	COL_N(checkin_open_row, mark, TEXT, LEVEL_BYTES, true),
	COL(checkin_open_row, marked_at, TIME, true),
	COL(checkin_open_row, open_attempt_id, I64, true),
	COL(checkin_open_row, open_attempt_at, TIME, true),
	COL(checkin_open_row, attempt_id, I64, true),
};
static const struct column checkin_attempt_row_columns[] = {
	COL(checkin_attempt_row, id, I64, false),
	COL(checkin_attempt_row, attendance_id, I64, true),
	COL(checkin_attempt_row, person_id, I64, true),
	COL(checkin_attempt_row, actor_id, I64, true),
	COL_N(checkin_attempt_row, student_name, TEXT, 1000, true),
	COL_N(checkin_attempt_row, student_code, TEXT, 160, true),
	COL(checkin_attempt_row, happened_at, TIME, false),
	COL(checkin_attempt_row, learned_at, TIME, false),
	COL_N(checkin_attempt_row, path, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_attempt_row, decision, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_attempt_row, reason, TEXT, 160, true),
	COL_N(checkin_attempt_row, status, TEXT, LEVEL_BYTES, true),
	COL(checkin_attempt_row, late_s, I64, true),
	COL_N(checkin_attempt_row, signals, TEXT, 6000, false),
	COL_N(checkin_attempt_row, decided_state, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_attempt_row, decided_by_name, TEXT, 1000, true),
	COL_N(checkin_attempt_row, decided_why, TEXT, 2000, true),
	COL(checkin_attempt_row, decided_at, TIME, true),
	COL_N(checkin_attempt_row, photo_file, BYTES, 16, true),
	COL(checkin_attempt_row, n_failed, I64, true),
	COL(checkin_attempt_row, max_tries, I64, true),
};

#define SELECT_OPEN                                                                                \
	"SELECT s.id AS attendance_id, s.occurrence_id, s.uuid, s.title, s.room,"                  \
	" k.code AS course_code, k.title AS course_title, g.name AS class_name,"                   \
	" TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, s.zone, s.state,"        \
	" s.session_date, o.start_time AS planned_start, o.end_time AS planned_end, o.starts_at,"  \
	" s.opens_at, s.late_at, s.closes_at, s.code_level, s.place_level, s.network_level,"       \
	" s.photo_level, s.device_level, s.latitude_e7, s.longitude_e7, s.radius_m,"               \
	" s.evidence_days, r.status AS mark, r.happened_at AS marked_at, f.id AS open_attempt_id," \
	" f.happened_at AS open_attempt_at, (SELECT MAX(h.id) FROM attendance_attempt h"           \
	" WHERE h.attendance_id = s.id AND h.person_id = p.id) AS attempt_id FROM person p"        \
	" JOIN attendance_session s ON s.branch_id = p.branch_id"                                  \
	" LEFT JOIN occurrence o ON o.id = s.occurrence_id LEFT JOIN course k ON k.id = "          \
	"s.course_id"                                                                              \
	" LEFT JOIN class g ON g.id = s.class_id LEFT JOIN person t ON t.id = s.teacher_id"        \
	" LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = p.id"          \
	" LEFT JOIN attendance_attempt f ON f.attendance_id = s.id AND f.person_id = p.id"         \
	" AND f.decided_state = 'open' AND f.id = (SELECT MAX(h.id) FROM attendance_attempt h"     \
	" WHERE h.attendance_id = s.id AND h.person_id = p.id AND h.decided_state = 'open')"

/* clang-format off */
#define SELECT_ATTEMPT                                                                             \
	"SELECT t.id, t.attendance_id, t.person_id, t.actor_id,"                                   \
	" TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS student_name, p.student_code,"         \
	" t.happened_at, t.learned_at, t.path, t.decision, t.reason, t.status, t.late_s,"          \
	" t.signals, t.decided_state, (SELECT COALESCE(TRIM(CONCAT(np.given_name, ' ',"            \
	" np.family_name)), na.username) FROM account na LEFT JOIN person np"                      \
	" ON np.id = na.person_id WHERE na.id = t.decided_by) AS decided_by_name,"                 \
	" t.decided_why, t.decided_at, v.file_id AS photo_file, (SELECT COUNT(*)"                  \
	" FROM attendance_attempt f WHERE " OF_STUDENT("t.attendance_id", "t.person_id")           \
	" AND " FAILED ") AS n_failed, s.max_tries FROM attendance_attempt t"                      \
	" LEFT JOIN attendance_session s ON s.id = t.attendance_id"                                \
	" LEFT JOIN person p ON p.id = t.person_id"                                                \
	" LEFT JOIN attempt_photo v ON v.attempt_id = t.id"
/* clang-format on */

#define LOOK_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(LOOK_KEYS, "iiti", checkin_key,                                                       \
	     "SELECT s.id AS attendance_id, s.code_period_s, IF(p.id IS NULL, 0, " EXPECTED(       \
		     "p.id") ") AS is_expected, s.code_key FROM attendance_session s"              \
			     " LEFT JOIN person p ON p.id = ? WHERE s.branch_id = ?"               \
			     " AND s.state IN ('open', 'paused') AND s.closes_at > ?"              \
			     " AND s.deleted_at IS NULL ORDER BY s.id DESC LIMIT ?")               \
	ROWS(LOOK_KEY, "ii", checkin_key,                                                          \
	     "SELECT s.id AS attendance_id, s.code_period_s, IF(p.id IS NULL, 0, " EXPECTED(       \
		     "p.id") ") AS is_expected, s.code_key FROM attendance_session s"              \
			     " LEFT JOIN person p ON p.id = ? WHERE s.id = ?"                      \
			     " AND s.deleted_at IS NULL")                                          \
	ROWS(LOOK_OPEN_ROWS, "iit", checkin_open_row,                                              \
	     SELECT_OPEN " WHERE p.id = ? AND s.branch_id = ? AND s.state IN ('open', 'paused')"   \
			 " AND s.closes_at > ? AND s.deleted_at IS NULL AND " EXPECTED(            \
				 "p.id") " AND s.roster <> 'open' ORDER BY s.opens_at, s.id"       \
					 " LIMIT 100")                                             \
	ROWS(LOOK_OPEN_ROW, "ii", checkin_open_row,                                                \
	     SELECT_OPEN                                                                           \
	     " WHERE p.id = ? AND s.id = ? AND s.deleted_at IS NULL AND " EXPECTED("p.id"))        \
	ROWS(LOOK_ATTEMPT, "i", checkin_attempt_row, SELECT_ATTEMPT " WHERE t.id = ?")             \
	ROWS(LOOK_FLAGGED, "ii", checkin_attempt_row,                                              \
	     SELECT_ATTEMPT " WHERE t.attendance_id = ? AND t.decided_state = 'open'"              \
			    " ORDER BY t.id LIMIT ?")
STATEMENT_SET(checkin_look, LOOK_STATEMENTS);

#define KEYS_MAX 1000

enum rc checkin_keys(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
		     struct arena *a, const struct checkin_key **ret_rows, size_t *ret_n,
		     struct error *e)
{
	return store_rows(s, &checkin_look_table[LOOK_KEYS],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64(branch_id), P_TIME(now_us),
				 P_I64(KEYS_MAX)),
			  KEYS_MAX, a, ret_rows, ret_n, e);
}

enum rc checkin_key_get(struct store *s, int64_t attendance_id, int64_t person_id, struct arena *a,
			struct checkin_key *ret, struct error *e)
{
	return store_row(s, &checkin_look_table[LOOK_KEY],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(attendance_id)), a, ret, e);
}

enum rc checkin_open_rows(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
			  struct arena *a, const struct checkin_open_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &checkin_look_table[LOOK_OPEN_ROWS],
			  PARAMS(P_I64(person_id), P_I64(branch_id), P_TIME(now_us)), 100, a,
			  ret_rows, ret_n, e);
}

enum rc checkin_open_row_get(struct store *s, int64_t attendance_id, int64_t person_id,
			     struct arena *a, struct checkin_open_row *ret, struct error *e)
{
	return store_row(s, &checkin_look_table[LOOK_OPEN_ROW],
			 PARAMS(P_I64(person_id), P_I64(attendance_id)), a, ret, e);
}

enum rc checkin_attempt_read(struct store *s, int64_t id, struct arena *a,
			     struct checkin_attempt_row *ret, struct error *e)
{
	return store_row(s, &checkin_look_table[LOOK_ATTEMPT], PARAMS(P_I64(id)), a, ret, e);
}

enum rc checkin_flagged_rows(struct store *s, int64_t attendance_id, size_t limit, struct arena *a,
			     const struct checkin_attempt_row **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, &checkin_look_table[LOOK_FLAGGED],
			  PARAMS(P_I64(attendance_id), P_I64((int64_t)limit)), limit, a, ret_rows,
			  ret_n, e);
}
