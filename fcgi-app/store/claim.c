/*
 * SQL of what students ask of their attendance.
 */
#include "store/claim.h"

#include "base/buf.h"
#include "store/expected.h"
#include "store/sets.h"

#define NAME_BYTES 1000

static const struct column claim_target_columns[] = {
	COL(claim_target, occurrence_id, I64, true),
	COL(claim_target, attendance_id, I64, true),
	COL(claim_target, branch_id, I64, true),
	COL(claim_target, course_id, I64, true),
	COL(claim_target, teacher_id, I64, true),
	COL(claim_target, teacher_account_id, I64, true),
	COL_N(claim_target, title, TEXT, 800, true),
	COL_N(claim_target, room, TEXT, 320, true),
	COL_N(claim_target, course_code, TEXT, 160, true),
	COL_N(claim_target, teacher_name, TEXT, NAME_BYTES, true),
	COL_N(claim_target, zone, TEXT, 256, true),
	COL(claim_target, session_date, DAY, true),
	COL(claim_target, start_time, TOD, true),
	COL(claim_target, end_time, TOD, true),
	COL(claim_target, starts_at, TIME, true),
	COL(claim_target, ends_at, TIME, true),
	COL_N(claim_target, state, TEXT, 64, true),
	COL_N(claim_target, status, TEXT, 64, true),
	COL(claim_target, is_expected, I64, true),
	COL(claim_target, is_waiting, I64, true),
	COL(claim_target, n_asked, I64, true),
	COL(claim_target, claim_days, I64, true),
	COL(claim_target, evidence_days, I64, true),
};
static const struct column claim_stored_columns[] = {
	COL(claim_stored, id, I64, false),
	COL(claim_stored, claim_id, I64, false),
	COL(claim_stored, version, I64, false),
	COL_N(claim_stored, kind, TEXT, 64, false),
	COL_N(claim_stored, wants, TEXT, 64, false),
	COL_N(claim_stored, state, TEXT, 64, false),
	COL(claim_stored, decided_at, TIME, true),
	COL_N(claim_stored, decided_why, TEXT, 2000, true),
	COL_N(claim_stored, decided_by_name, TEXT, NAME_BYTES, true),
	COL(claim_stored, has_act, I64, true),
	COL(claim_stored, excuse_id, I64, true),
	COL_N(claim_stored, reason, TEXT, 4000, false),
	COL_N(claim_stored, file_id, TEXT, 256, true),
	COL_N(claim_stored, file_name, TEXT, 1020, true),
	COL_N(claim_stored, file_class, TEXT, 64, true),
	COL_N(claim_stored, file_mime, TEXT, 400, true),
	COL(claim_stored, created_at, TIME, false),
	COL(claim_stored, person_id, I64, false),
	COL(claim_stored, account_id, I64, false),
	COL_N(claim_stored, given_name, TEXT, 480, false),
	COL_N(claim_stored, family_name, TEXT, 480, false),
	COL_N(claim_stored, student_code, TEXT, 160, true),
	COL(claim_stored, occurrence_id, I64, true),
	COL(claim_stored, attendance_id, I64, true),
	COL(claim_stored, branch_id, I64, false),
	COL(claim_stored, course_id, I64, true),
	COL(claim_stored, class_id, I64, true),
	COL(claim_stored, teacher_id, I64, true),
	COL(claim_stored, is_staff, I64, true),
	COL_N(claim_stored, title, TEXT, 800, true),
	COL_N(claim_stored, room, TEXT, 320, true),
	COL_N(claim_stored, course_code, TEXT, 160, true),
	COL_N(claim_stored, teacher_name, TEXT, NAME_BYTES, true),
	COL_N(claim_stored, zone, TEXT, 256, true),
	COL(claim_stored, session_date, DAY, true),
	COL(claim_stored, start_time, TOD, true),
	COL(claim_stored, end_time, TOD, true),
	COL(claim_stored, starts_at, TIME, true),
	COL_N(claim_stored, attendance_state, TEXT, 64, true),
	COL(claim_stored, lock_days, I64, true),
	COL(claim_stored, record_id, I64, true),
	COL_N(claim_stored, status, TEXT, 64, true),
	COL_N(claim_stored, method, TEXT, 64, true),
	COL_N(claim_stored, set_by_name, TEXT, NAME_BYTES, true),
	COL(claim_stored, happened_at, TIME, true),
	COL(claim_stored, late_s, I64, true),
	COL(claim_stored, updated_at, TIME, true),
	COL_N(claim_stored, attempt_decision, TEXT, 64, true),
	COL_N(claim_stored, attempt_reason, TEXT, 160, true),
	COL(claim_stored, attempt_at, TIME, true),
};
static const struct column claim_locked_columns[] = {
	COL(claim_locked, id, I64, false),           COL(claim_locked, claim_id, I64, false),
	COL(claim_locked, person_id, I64, false),    COL(claim_locked, version, I64, false),
	COL_N(claim_locked, state, TEXT, 64, false),
};
struct claim_act_row {
	struct str act_id;
};
static const struct column claim_act_row_columns[] = { COL_N(claim_act_row, act_id, BYTES, 16,
							     true) };
struct claim_n {
	int64_t n;
};
static const struct column claim_n_columns[] = { COL(claim_n, n, I64, true) };

/* clang-format off */
#define JSON_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q"
#define PERSON_NAME(p) "TRIM(CONCAT(" p ".given_name, ' ', " p ".family_name))"
#define NAME_OF_ACCOUNT(id)                                                                        \
	"(SELECT COALESCE(NULLIF(TRIM(CONCAT(np.given_name, ' ', np.family_name)), ''),"           \
	" na.username) FROM account na LEFT JOIN person np ON np.id = na.person_id"                \
	" WHERE na.id = " id ")"
#define POLICY_OF(column)                                                                          \
	"(SELECT y." column " FROM attendance_policy y WHERE y.branch_id = s.branch_id"            \
	" AND y.scope_course IN (COALESCE(s.course_id, 0), 0) ORDER BY y.scope_course DESC LIMIT 1)"
#define TEACHER_ACCOUNT                                                                            \
	"(SELECT MIN(l.id) FROM account l WHERE l.person_id = s.teacher_id"                        \
	" AND l.role <> 'student') AS teacher_account_id"
/* (kind, kind) */
#define ASKED(column, id)                                                                          \
	"EXISTS (SELECT 1 FROM claim_item w WHERE w." column " = " id " AND w.person_id = p.id"    \
	" AND w.state = 'waiting' AND w.kind = ?) AS is_waiting,"                                  \
	" (SELECT COUNT(*) FROM claim_item w WHERE w." column " = " id                             \
	" AND w.person_id = p.id AND w.kind = ?) AS n_asked"

#define SELECT_CLAIM                                                                               \
	"SELECT i.id, i.claim_id, i.version, i.kind, i.wants, i.state, i.decided_at,"              \
	" i.decided_why, " NAME_OF_ACCOUNT("i.decided_by") " AS decided_by_name,"                  \
	" i.act_id IS NOT NULL AS has_act, i.excuse_id, c.reason,"                                 \
	" LOWER(HEX(c.file_id)) AS file_id, c.file_name, f.class AS file_class,"                   \
	" f.mime AS file_mime, c.created_at, i.person_id, c.created_by AS account_id,"             \
	" p.given_name, p.family_name, p.student_code, i.occurrence_id,"                           \
	" COALESCE(s.id, u.id) AS attendance_id, i.branch_id,"                                     \
	" COALESCE(o.course_id, u.course_id) AS course_id,"                                        \
	" COALESCE(o.class_id, u.class_id) AS class_id,"                                           \
	" COALESCE(o.teacher_id, u.teacher_id) AS teacher_id,"                                     \
	" EXISTS (SELECT 1 FROM class_staff v WHERE v.class_id = COALESCE(o.class_id, u.class_id)" \
	" AND v.person_id = ?) AS is_staff,"                                                       \
	" COALESCE(o.title, u.title) AS title, COALESCE(o.room, u.room) AS room,"                  \
	" k.code AS course_code, " PERSON_NAME("t") " AS teacher_name,"                            \
	" COALESCE(o.zone, u.zone) AS zone, COALESCE(o.session_date, u.session_date)"              \
	" AS session_date, o.start_time, o.end_time, COALESCE(o.starts_at, u.opens_at)"            \
	" AS starts_at, COALESCE(s.state, u.state) AS attendance_state,"                           \
	" COALESCE(s.lock_days, u.lock_days) AS lock_days, r.id AS record_id, r.status, r.method," \
	" " NAME_OF_ACCOUNT("r.set_by") " AS set_by_name, r.happened_at, r.late_s, r.updated_at,"  \
	" a.decision AS attempt_decision, a.reason AS attempt_reason, a.learned_at AS attempt_at"  \
	" FROM claim_item i JOIN claim c ON c.id = i.claim_id JOIN person p ON p.id = i.person_id" \
	" LEFT JOIN file f ON f.id = c.file_id"                                                    \
	" LEFT JOIN occurrence o ON o.id = i.occurrence_id"                                        \
	" LEFT JOIN attendance_session s ON s.occurrence_id = i.occurrence_id"                     \
	" AND s.deleted_at IS NULL"                                                                \
	" LEFT JOIN attendance_session u ON u.id = i.attendance_id"                                \
	" LEFT JOIN course k ON k.id = COALESCE(o.course_id, u.course_id)"                         \
	" LEFT JOIN person t ON t.id = COALESCE(o.teacher_id, u.teacher_id)"                       \
	" LEFT JOIN attendance_record r ON r.attendance_id = COALESCE(s.id, u.id)"                 \
	" AND r.person_id = i.person_id"                                                           \
	" LEFT JOIN attendance_attempt a ON a.id = (SELECT MAX(b.id) FROM attendance_attempt b"    \
	" WHERE b.attendance_id = COALESCE(s.id, u.id) AND b.person_id = i.person_id)"

/* (branch, person, person, person, attendance, attendance, attendance): 0 is any. */
#define SEEN                                                                                       \
	" AND ? IN (0, i.branch_id) AND (? = 0 OR COALESCE(o.teacher_id, u.teacher_id) = ?"        \
	" OR EXISTS (SELECT 1 FROM class_staff z WHERE z.class_id"                                 \
	" = COALESCE(o.class_id, u.class_id) AND z.person_id = ?))"                                \
	" AND (? = 0 OR s.id = ? OR u.id = ?)"
#define IS_WAITING " WHERE i.state = 'waiting'"
#define IS_DECIDED " WHERE i.state IN ('approved', 'rejected')"
#define COUNT_FROM                                                                                 \
	"SELECT COUNT(*) AS n FROM claim_item i"                                                   \
	" LEFT JOIN occurrence o ON o.id = i.occurrence_id"                                        \
	" LEFT JOIN attendance_session s ON s.occurrence_id = i.occurrence_id"                     \
	" AND s.deleted_at IS NULL"                                                                \
	" LEFT JOIN attendance_session u ON u.id = i.attendance_id"

#define CLAIM_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(CLAIM_TARGETS, "sssi", claim_target,                                                  \
	     "SELECT s.id AS occurrence_id, x.id AS attendance_id, s.branch_id, s.course_id,"      \
	     " s.teacher_id, " TEACHER_ACCOUNT ", s.title, s.room, k.code AS course_code, " PERSON_NAME("t")            \
	     " AS teacher_name, s.zone, s.session_date, s.start_time, s.end_time, s.starts_at,"    \
	     " s.ends_at, s.state, r.status, " EXPECTED_OCCURRENCE("p.id") " AS is_expected,"      \
	     " " ASKED("occurrence_id", "s.id") ", " POLICY_OF("claim_days") " AS claim_days,"     \
	     " " POLICY_OF("evidence_days") " AS evidence_days FROM " JSON_IDS                     \
	     " JOIN occurrence s ON s.id = q.id JOIN person p ON p.id = ?"                         \
	     " LEFT JOIN course k ON k.id = s.course_id LEFT JOIN person t ON t.id = s.teacher_id" \
	     " LEFT JOIN attendance_session x ON x.occurrence_id = s.id AND x.deleted_at IS NULL"  \
	     " LEFT JOIN attendance_record r ON r.attendance_id = x.id AND r.person_id = p.id"     \
	     " ORDER BY s.starts_at, s.id")                                                        \
	ROWS(CLAIM_TARGET_OF, "ssssii", claim_target,                                              \
	     "SELECT s.occurrence_id, s.id AS attendance_id, s.branch_id, s.course_id,"            \
	     " s.teacher_id, " TEACHER_ACCOUNT ", s.title, s.room, k.code AS course_code, " PERSON_NAME("t")            \
	     " AS teacher_name, s.zone, s.session_date, o.start_time, o.end_time,"                 \
	     " COALESCE(o.starts_at, s.opens_at) AS starts_at,"                                    \
	     " COALESCE(o.ends_at, s.closes_at) AS ends_at,"                                       \
	     " COALESCE(o.state, 'scheduled') AS state, r.status,"                                 \
	     " (" EXPECTED("p.id") " AND (s.roster <> 'open' OR s.branch_id = p.branch_id))"       \
	     " OR r.id IS NOT NULL OR EXISTS (SELECT 1 FROM attendance_attempt b"                  \
	     " WHERE b.attendance_id = s.id AND b.person_id = p.id"                                \
	     " AND s.branch_id = p.branch_id) AS is_expected,"                                     \
	     " IF(s.occurrence_id IS NULL,"                                                        \
	     " EXISTS (SELECT 1 FROM claim_item w WHERE w.attendance_id = s.id"                    \
	     " AND w.person_id = p.id AND w.state = 'waiting' AND w.kind = ?),"                    \
	     " EXISTS (SELECT 1 FROM claim_item w WHERE w.occurrence_id = s.occurrence_id"         \
	     " AND w.person_id = p.id AND w.state = 'waiting' AND w.kind = ?)) AS is_waiting,"     \
	     " IF(s.occurrence_id IS NULL,"                                                        \
	     " (SELECT COUNT(*) FROM claim_item w WHERE w.attendance_id = s.id"                    \
	     " AND w.person_id = p.id AND w.kind = ?),"                                            \
	     " (SELECT COUNT(*) FROM claim_item w WHERE w.occurrence_id = s.occurrence_id"         \
	     " AND w.person_id = p.id AND w.kind = ?)) AS n_asked,"                                \
	     " " POLICY_OF("claim_days") " AS claim_days,"                                         \
	     " " POLICY_OF("evidence_days") " AS evidence_days FROM attendance_session s"          \
	     " JOIN person p ON p.id = ? LEFT JOIN course k ON k.id = s.course_id"                 \
	     " LEFT JOIN person t ON t.id = s.teacher_id"                                          \
	     " LEFT JOIN occurrence o ON o.id = s.occurrence_id"                                   \
	     " LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = p.id"     \
	     " WHERE s.id = ? AND s.deleted_at IS NULL")                                           \
	CHANGE(CLAIM_FILE_INSERT, "sbissst",                                                       \
	       "INSERT INTO file (id, sha256, size, class, mime, extension, created_at)"           \
	       " VALUES (UNHEX(?), ?, ?, ?, ?, ?, ?)")                                             \
	CHANGE(CLAIM_INSERT, "iissbstit",                                                          \
	       "INSERT INTO claim (branch_id, person_id, kind, reason, file_id, file_name,"        \
	       " file_expires_at, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")     \
	CHANGE(CLAIM_ITEMS, "sis",                                                                 \
	       "INSERT INTO claim_item (claim_id, branch_id, person_id, kind, occurrence_id, wants)" \
	       " SELECT c.id, o.branch_id, c.person_id, c.kind, o.id, ? FROM claim c"              \
	       " JOIN occurrence o WHERE c.id = ? AND o.id IN (SELECT q.id FROM " JSON_IDS ")"     \
	       " ORDER BY o.id")                                                                   \
	CHANGE(CLAIM_ITEMS_OWN, "sis",                                                             \
	       "INSERT INTO claim_item (claim_id, branch_id, person_id, kind, attendance_id, wants)" \
	       " SELECT c.id, s.branch_id, c.person_id, c.kind, s.id, ? FROM claim c"              \
	       " JOIN attendance_session s WHERE c.id = ? AND s.id IN"                             \
	       " (SELECT q.id FROM " JSON_IDS ") ORDER BY s.id")                                   \
	ROWS(CLAIM_WAITING, "iiiiiiiiii", claim_stored,                                            \
	     SELECT_CLAIM IS_WAITING SEEN " ORDER BY i.id LIMIT ? OFFSET ?")                       \
	ROWS(CLAIM_DECIDED, "iiiiiiiiii", claim_stored,                                            \
	     SELECT_CLAIM IS_DECIDED SEEN " ORDER BY i.decided_at DESC, i.id DESC"                 \
	     " LIMIT ? OFFSET ?")                                                                  \
	ROWS(CLAIM_COUNT_WAITING, "iiiiiii", claim_n, COUNT_FROM IS_WAITING SEEN)                  \
	ROWS(CLAIM_COUNT_DECIDED, "iiiiiii", claim_n, COUNT_FROM IS_DECIDED SEEN)                  \
	ROWS(CLAIM_OF_PERSON, "iii", claim_stored,                                                 \
	     SELECT_CLAIM " WHERE i.person_id = ? ORDER BY i.claim_id DESC, i.id LIMIT ?")         \
	ROWS(CLAIM_TOGETHER, "ii", claim_stored,                                                   \
	     SELECT_CLAIM " WHERE i.claim_id = ? ORDER BY i.id")                                   \
	ROWS(CLAIM_ONE, "ii", claim_stored, SELECT_CLAIM " WHERE i.id = ?")                        \
	ROWS(CLAIM_LATEST, "isisii", claim_n,                                                       \
	     "SELECT MAX(w.id) AS n FROM (SELECT MAX(i.id) AS id FROM claim_item i"                \
	     " JOIN attendance_session s ON s.occurrence_id = i.occurrence_id"                     \
	     " WHERE i.person_id = ? AND i.kind = ? AND i.state <> 'withdrawn' AND s.id = ?"       \
	     " UNION ALL SELECT MAX(i.id) FROM claim_item i WHERE i.kind = ?"                      \
	     " AND i.state <> 'withdrawn' AND i.attendance_id = ? AND i.person_id = ?) w")         \
	ROWS(CLAIM_LOCK, "i", claim_locked,                                                        \
	     "SELECT id, claim_id, person_id, version, state FROM claim_item WHERE id = ?"         \
	     " FOR UPDATE")                                                                        \
	ROWS(CLAIM_ACT, "i", claim_act_row,                                                        \
	     "SELECT act_id FROM claim_item WHERE id = ? AND act_id IS NOT NULL")                  \
	CHANGE(CLAIM_DECIDE, "ssitbii",                                                            \
	       "UPDATE claim_item SET state = ?, decided_why = ?, decided_by = ?, decided_at = ?," \
	       " act_id = ?, undone_act = NULL, excuse_id = ?, version = version + 1"              \
	       " WHERE id = ?")                                                                    \
	CHANGE(CLAIM_UNDONE, "bb",                                                                 \
	       "UPDATE IGNORE claim_item SET state = 'waiting', undone_act = ?, act_id = NULL,"    \
	       " version = version + 1 WHERE act_id = ? AND state = 'approved'")                   \
	CHANGE(CLAIM_REDONE, "bb",                                                                 \
	       "UPDATE claim_item SET state = 'approved', act_id = ?, undone_act = NULL,"          \
	       " version = version + 1 WHERE undone_act = ? AND state = 'waiting'")                \
	CHANGE(CLAIM_FILE_UNUSED, "i",                                                             \
	       "UPDATE claim c JOIN file f ON f.id = c.file_id SET f.state = 'deleted',"           \
	       " c.file_id = NULL, c.file_expires_at = NULL WHERE c.id = ? AND NOT EXISTS"         \
	       " (SELECT 1 FROM claim_item i WHERE i.claim_id = c.id AND i.state <> 'withdrawn')") \
	ROWS(CLAIM_EXPIRED, "ti", claim_n,                                                         \
	     "SELECT id AS n FROM claim WHERE file_expires_at <= ? ORDER BY file_expires_at"       \
	     " LIMIT ? FOR UPDATE")                                                                \
	CHANGE(CLAIM_EXPIRE, "s",                                                                  \
	       "UPDATE " JSON_IDS " STRAIGHT_JOIN claim c ON c.id = q.id LEFT JOIN file f"         \
	       " ON f.id = c.file_id SET f.state = 'deleted', c.file_id = NULL,"                   \
	       " c.file_expires_at = NULL")
STATEMENT_SET(claim, CLAIM_STATEMENTS);
/* clang-format on */

/* ---- targets -------------------------------------------------------------------------------- */

enum rc claim_targets(struct store *s, struct str ids, size_t n, int64_t person_id, struct str kind,
		      struct arena *a, const struct claim_target **ret_rows, size_t *ret_n,
		      struct error *e)
{
	return store_rows(s, &claim_table[CLAIM_TARGETS],
			  PARAMS(P_TEXT(kind), P_TEXT(kind), P_TEXT(ids), P_I64(person_id)), n, a,
			  ret_rows, ret_n, e);
}

enum rc claim_target_of(struct store *s, int64_t attendance_id, int64_t person_id, struct str kind,
			struct arena *a, struct claim_target *ret, struct error *e)
{
	return store_row(s, &claim_table[CLAIM_TARGET_OF],
			 PARAMS(P_TEXT(kind), P_TEXT(kind), P_TEXT(kind), P_TEXT(kind),
				P_I64(person_id), P_I64(attendance_id)),
			 a, ret, e);
}

/* ---- asking --------------------------------------------------------------------------------- */

enum rc claim_file_insert(struct store *s, const struct claim_file_new *n, struct error *e)
{
	return store_change(s, &claim_table[CLAIM_FILE_INSERT],
			    PARAMS(P_TEXT(n->file_id), P_BYTES(n->sha256), P_I64(n->size),
				   P_TEXT(n->class), P_TEXT(n->mime), P_TEXT(n->extension),
				   P_TIME(n->now_at)),
			    NULL, NULL, e);
}

enum rc claim_insert(struct store *s, const struct claim_new *n, int64_t *ret_id, struct error *e)
{
	return store_change(s, &claim_table[CLAIM_INSERT],
			    PARAMS(P_I64(n->branch_id), P_I64(n->person_id), P_TEXT(n->kind),
				   P_TEXT(n->reason), P_BYTES_OR_NULL(n->file_id),
				   P_TEXT_OR_NULL(n->file_name), P_TIME(n->file_expires_at),
				   P_I64(n->account_id), P_TIME(n->now_at)),
			    NULL, ret_id, e);
}

enum rc claim_items_insert(struct store *s, int64_t claim_id, struct str wants, struct str ids,
			   bool is_own, struct error *e)
{
	return store_change(s, &claim_table[is_own ? CLAIM_ITEMS_OWN : CLAIM_ITEMS],
			    PARAMS(P_TEXT(wants), P_I64(claim_id), P_TEXT(ids)), NULL, NULL, e);
}

/* ---- reading -------------------------------------------------------------------------------- */

#define SEEN_PARAMS(f)                                                                             \
	P_I64((f)->seen == OCCURRENCE_SEEN_BRANCH ? (f)->seen_id : 0),                             \
		P_I64((f)->seen == OCCURRENCE_SEEN_PERSON ? 1 : 0), P_I64_OR_NULL((f)->seen_id),   \
		P_I64_OR_NULL((f)->seen_id), P_I64((f)->attendance_id), P_I64((f)->attendance_id), \
		P_I64((f)->attendance_id)

enum rc claim_rows(struct store *s, const struct claim_filter *f, struct arena *a,
		   const struct claim_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(
		s, &claim_table[f->show == CLAIM_SHOW_WAITING ? CLAIM_WAITING : CLAIM_DECIDED],
		PARAMS(P_I64_OR_NULL(f->viewer_person_id), SEEN_PARAMS(f), P_I64(f->limit),
		       P_I64(f->offset)),
		(size_t)f->limit, a, ret_rows, ret_n, e);
}

enum rc claim_count(struct store *s, const struct claim_filter *f, struct arena *a, int64_t *ret,
		    struct error *e)
{
	struct claim_n row;

	TRY(store_row(s,
		      &claim_table[f->show == CLAIM_SHOW_WAITING ? CLAIM_COUNT_WAITING
								 : CLAIM_COUNT_DECIDED],
		      PARAMS(SEEN_PARAMS(f)), a, &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc claim_rows_of(struct store *s, int64_t person_id, int64_t limit, struct arena *a,
		      const struct claim_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &claim_table[CLAIM_OF_PERSON],
			  PARAMS(P_I64_OR_NULL(COLUMN_NULL), P_I64(person_id), P_I64(limit)),
			  (size_t)limit, a, ret_rows, ret_n, e);
}

enum rc claim_rows_together(struct store *s, int64_t claim_id, int64_t viewer_person_id,
			    struct arena *a, const struct claim_stored **ret_rows, size_t *ret_n,
			    struct error *e)
{
	return store_rows(s, &claim_table[CLAIM_TOGETHER],
			  PARAMS(P_I64_OR_NULL(viewer_person_id), P_I64(claim_id)), 200, a,
			  ret_rows, ret_n, e);
}

enum rc claim_read(struct store *s, int64_t item_id, int64_t viewer_person_id, struct arena *a,
		   struct claim_stored *ret, struct error *e)
{
	return store_row(s, &claim_table[CLAIM_ONE],
			 PARAMS(P_I64_OR_NULL(viewer_person_id), P_I64(item_id)), a, ret, e);
}

enum rc claim_latest(struct store *s, int64_t attendance_id, int64_t person_id, struct str kind,
		     struct arena *a, int64_t *ret_item_id, struct error *e)
{
	struct claim_n row;

	TRY(store_row(s, &claim_table[CLAIM_LATEST],
		      PARAMS(P_I64(person_id), P_TEXT(kind), P_I64(attendance_id), P_TEXT(kind),
			     P_I64(attendance_id), P_I64(person_id)),
		      a, &row, e));
	*ret_item_id = row.n == COLUMN_NULL ? 0 : row.n;
	return RC_OK;
}

/* ---- deciding ------------------------------------------------------------------------------- */

enum rc claim_lock(struct store *s, int64_t item_id, struct arena *a, struct claim_locked *ret,
		   struct error *e)
{
	return store_row(s, &claim_table[CLAIM_LOCK], PARAMS(P_I64(item_id)), a, ret, e);
}

enum rc claim_act(struct store *s, int64_t item_id, struct arena *a, struct str *ret,
		  struct error *e)
{
	struct claim_act_row row;

	TRY(store_row(s, &claim_table[CLAIM_ACT], PARAMS(P_I64(item_id)), a, &row, e));
	*ret = row.act_id;
	return RC_OK;
}

enum rc claim_decide_write(struct store *s, const struct claim_decision *d, struct error *e)
{
	return store_change(s, &claim_table[CLAIM_DECIDE],
			    PARAMS(P_TEXT(d->state), P_TEXT_OR_NULL(d->why),
				   P_I64_OR_NULL(d->account_id), P_TIME(d->now_at),
				   P_BYTES_OR_NULL(d->act), P_I64_OR_NULL(d->excuse_id),
				   P_I64(d->item_id)),
			    NULL, NULL, e);
}

enum rc claim_follow_undo(struct store *s, struct str undone, struct str by_act, struct error *e)
{
	TRY(store_change(s, &claim_table[CLAIM_UNDONE], PARAMS(P_BYTES(by_act), P_BYTES(undone)),
			 NULL, NULL, e));
	return store_change(s, &claim_table[CLAIM_REDONE], PARAMS(P_BYTES(by_act), P_BYTES(undone)),
			    NULL, NULL, e);
}

/* ---- files ---------------------------------------------------------------------------------- */

enum rc claim_drop_file(struct store *s, int64_t claim_id, struct error *e)
{
	return store_change(s, &claim_table[CLAIM_FILE_UNUSED], PARAMS(P_I64(claim_id)), NULL, NULL,
			    e);
}

enum rc claim_expire_files(struct store *s, int64_t now_at, struct arena *a, int64_t *ret_n,
			   struct error *e)
{
	const struct claim_n *ids;
	struct buf b;
	size_t n;

	TRY(store_rows(s, &claim_table[CLAIM_EXPIRED],
		       PARAMS(P_TIME(now_at), P_I64(CLAIM_FILES_MAX)), CLAIM_FILES_MAX, a, &ids, &n,
		       e));
	*ret_n = (int64_t)n;
	if (!n)
		return RC_OK;
	buf_init(&b, a, n * 12 + 16, n * 22 + 16);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i ? "," : "", (long long)ids[i].n);
	buf_char(&b, ']');
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return store_change(s, &claim_table[CLAIM_EXPIRE], PARAMS(P_TEXT(buf_str(&b))), NULL, NULL,
			    e);
}
