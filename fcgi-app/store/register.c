/*
 * SQL of the register.
 */
#include "store/register.h"

#include "store/expected.h"
#include "store/sets.h"

#define NAME_BYTES 1000
#define ROW_BYTES  8800 /* of a change's JSON */

static const struct column register_stored_columns[] = {
	COL(register_stored, person_id, I64, true),
	COL_N(register_stored, given_name, TEXT, 480, false),
	COL_N(register_stored, family_name, TEXT, 480, false),
	COL_N(register_stored, student_code, TEXT, 160, true),
	COL_N(register_stored, section_name, TEXT, 480, true),
	COL(register_stored, is_expected, I64, true),
	COL(register_stored, record_id, I64, true),
	COL(register_stored, version, I64, true),
	COL_N(register_stored, status, TEXT, 64, true),
	COL_N(register_stored, method, TEXT, 64, true),
	COL(register_stored, happened_at, TIME, true),
	COL(register_stored, updated_at, TIME, true),
	COL(register_stored, late_s, I64, true),
	COL_N(register_stored, remark, TEXT, 1200, true),
	COL_N(register_stored, set_by_name, TEXT, NAME_BYTES, true),
	COL(register_stored, open_attempt_id, I64, true),
};
static const struct column register_guest_stored_columns[] = {
	COL(register_guest_stored, id, I64, false),
	COL(register_guest_stored, attendance_id, I64, false),
	COL_N(register_guest_stored, name, TEXT, 640, false),
	COL_N(register_guest_stored, remark, TEXT, 1200, true),
	COL_N(register_guest_stored, merged_name, TEXT, NAME_BYTES, true),
	COL(register_guest_stored, person_id, I64, true),
	COL(register_guest_stored, added_at, TIME, false),
	COL(register_guest_stored, removed_at, TIME, true),
};
static const struct column register_fact_columns[] = {
	COL(register_fact, person_id, I64, true),
	COL(register_fact, branch_id, I64, true),
	COL(register_fact, is_student, I64, true),
	COL(register_fact, is_expected, I64, true),
	COL(register_fact, record_id, I64, true),
	COL(register_fact, version, I64, true),
	COL_N(register_fact, status, TEXT, 64, true),
	COL_N(register_fact, method, TEXT, 64, true),
	COL(register_fact, happened_at, TIME, true),
	COL(register_fact, late_s, I64, true),
	COL_N(register_fact, remark, TEXT, 1200, true),
	COL(register_fact, attempt_id, I64, true),
	COL(register_fact, set_by, I64, true),
	COL(register_fact, open_attempt_id, I64, true),
	COL(register_fact, excuse_id, I64, true),
	COL_N(register_fact, last_by_name, TEXT, NAME_BYTES, true),
};
static const struct column register_changed_columns[] = {
	COL(register_changed, id, I64, false),
	COL(register_changed, person_id, I64, false),
	COL_N(register_changed, old_row, TEXT, ROW_BYTES, true),
	COL_N(register_changed, new_row, TEXT, ROW_BYTES, true),
	COL(register_changed, at, TIME, false),
	COL(register_changed, is_undone, I64, true),
	COL(register_changed, is_undoable, I64, true),
};
static const struct column register_history_stored_columns[] = {
	COL(register_history_stored, at, TIME, false),
	COL_N(register_history_stored, by_name, TEXT, NAME_BYTES, true),
	COL_N(register_history_stored, old_row, TEXT, ROW_BYTES, true),
	COL_N(register_history_stored, new_row, TEXT, ROW_BYTES, true),
	COL_N(register_history_stored, why, TEXT, 2000, true),
	COL(register_history_stored, is_undone, I64, true),
};
static const struct column register_record_columns[] = {
	COL(register_record, attendance_id, I64, false),
	COL(register_record, person_id, I64, false),
};
struct register_act {
	struct str act;
};
static const struct column register_act_columns[] = { COL_N(register_act, act, TEXT, 256, true) };

/* clang-format off */
#define JSON_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q"
/* Along the primary key, from the ids: never a scan of a table that only grows. */
#define OF_IDS(table) " STRAIGHT_JOIN " table " t FORCE INDEX (PRIMARY) ON t.id = q.id"
#define NAME_OF_ACCOUNT(id)                                                                        \
	"(SELECT COALESCE(NULLIF(TRIM(CONCAT(np.given_name, ' ', np.family_name)), ''),"           \
	" na.username) FROM account na LEFT JOIN person np ON np.id = na.person_id"                \
	" WHERE na.id = " id ")"
#define OPEN_ATTEMPT(person)                                                                       \
	"(SELECT MIN(f.id) FROM attendance_attempt f WHERE f.attendance_id = s.id"                 \
	" AND f.person_id = " person " AND f.decided_state = 'open')"

/* Whoever is expected, has a record, or waits for a decision. */
#define REGISTER_PEOPLE(expected)                                                                  \
	"(SELECT u.person_id, MAX(u.is_expected) AS is_expected FROM"                              \
	" (" expected                                                                              \
	" UNION ALL SELECT person_id, 0 FROM attendance_record WHERE attendance_id = ?"            \
	" UNION ALL SELECT person_id, 0 FROM attendance_attempt WHERE attendance_id = ?"           \
	" AND decided_state = 'open' AND person_id IS NOT NULL) u GROUP BY u.person_id)"
/* By any roster, which takes the session four times; and by the enrolments of its course alone, which
 * is what most are, and takes a quarter less than all four. */
#define PEOPLE_OF_ANY "SELECT y.person_id, 1 AS is_expected FROM " EXPECTED_PEOPLE " y"
#define PEOPLE_ENROLLED                                                                            \
	"SELECT e.person_id, 1 AS is_expected FROM attendance_session s JOIN enrolment e"          \
	" FORCE INDEX (enrolment_course) ON e.course_id = s.course_id AND e.state = 'approved'"    \
	" AND " EXPECTED_ON_DAY("e") " WHERE s.id = ?"
/* The index is named: for the order and the limit the optimizer would walk the primary key. */
#define SECTION_ON_DAY                                                                             \
	"(SELECT z.name FROM section_member m FORCE INDEX (section_member_person) JOIN section z ON z.id = m.section_id"               \
	" WHERE m.person_id = p.id AND " EXPECTED_ON_DAY("m") " ORDER BY m.id LIMIT 1)"

#define REGISTER_LIST(expected)                                                                    \
	"SELECT p.id AS person_id, p.given_name, p.family_name, p.student_code,"                   \
	" " SECTION_ON_DAY " AS section_name,"                                                     \
	" l.is_expected OR s.roster = 'open' AS is_expected, r.id AS record_id, r.version,"        \
	" r.status, r.method, r.happened_at, r.updated_at, r.late_s, r.remark,"                    \
	" " NAME_OF_ACCOUNT("r.set_by") " AS set_by_name,"                                         \
	" " OPEN_ATTEMPT("p.id") " AS open_attempt_id FROM " REGISTER_PEOPLE(expected) " l"        \
	" JOIN person p ON p.id = l.person_id JOIN attendance_session s ON s.id = ?"               \
	" LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = p.id"          \
	" ORDER BY p.family_name, p.given_name, p.id LIMIT ?"

/* A change that set the record last says who; else the record does. */
#define FACT_COLUMNS                                                                               \
	" n.branch_id, n.ended_at IS NULL AND (n.student_code IS NOT NULL OR EXISTS"               \
	" (SELECT 1 FROM account ac WHERE ac.person_id = n.id AND ac.role = 'student'))"           \
	" AS is_student, IF(n.id IS NULL, 0, " EXPECTED("n.id") ") AS is_expected,"                \
	" r.id AS record_id, r.version, r.status, r.method, r.happened_at, r.late_s, r.remark,"    \
	" r.attempt_id, r.set_by, " OPEN_ATTEMPT("n.id") " AS open_attempt_id,"                    \
	" y.id AS excuse_id,"                                                                      \
	" " NAME_OF_ACCOUNT("IF(r.id IS NULL OR g.at = r.updated_at, g.by_account, r.set_by)")     \
	" AS last_by_name"
#define FACT_JOINS(session, person)                                                                \
	" JOIN attendance_session s ON s.id = " session " LEFT JOIN person n ON n.id = " person              \
	" LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = " person       \
	" LEFT JOIN excuse y ON y.occurrence_id = s.occurrence_id AND y.live_person = " person     \
	" LEFT JOIN attendance_change g ON g.id = (SELECT MAX(x.id) FROM attendance_change x"      \
	" WHERE x.attendance_id = s.id AND x.person_id = " person ")"

#define ITEM_COLUMNS                                                                               \
	" COLUMNS (a BIGINT PATH '$.a', p BIGINT PATH '$.p', status VARCHAR(10) PATH '$.status',"                       \
	" method VARCHAR(10) PATH '$.method', at DATETIME(6) PATH '$.at',"                         \
	" late_s INT PATH '$.late_s', remark VARCHAR(300) PATH '$.remark',"                        \
	" attempt BIGINT PATH '$.attempt', b BIGINT PATH '$.by', old VARCHAR(2200) PATH '$.old',"  \
	" new VARCHAR(2200) PATH '$.new')) q"
#define ITEMS "JSON_TABLE(?, '$[*]'" ITEM_COLUMNS

/* Changes of closing and of check-ins name the status alone, and are no acts to take back. */
#define IS_UNDOABLE(c)                                                                             \
	"(COALESCE(JSON_VALUE(" c ".new_row, '$.happened_at'), JSON_VALUE(" c ".new_row, '$.open')," \
	" JSON_VALUE(" c ".old_row, '$.happened_at'), JSON_VALUE(" c ".old_row, '$.open'))"        \
	" IS NOT NULL)"

#define GUEST_SELECT                                                                               \
	"SELECT g.id, g.attendance_id, g.name, g.remark, TRIM(CONCAT(p.given_name, ' ',"           \
	" p.family_name)) AS merged_name, g.person_id, g.added_at, g.removed_at"                   \
	" FROM attendance_guest g LEFT JOIN person p ON p.id = g.person_id WHERE "

#define REGISTER_STATEMENTS(ROWS, CHANGE)                                                          \
	ROWS(REGISTER_ROWS, "iiiiiiii", register_stored, REGISTER_LIST(PEOPLE_OF_ANY))             \
	ROWS(REGISTER_ROWS_ENROLLED, "iiiii", register_stored, REGISTER_LIST(PEOPLE_ENROLLED))     \
	ROWS(REGISTER_FACTS, "si", register_fact,                                                  \
	     "SELECT q.id AS person_id," FACT_COLUMNS " FROM " JSON_IDS FACT_JOINS("?", "q.id")    \
	     " ORDER BY q.id")                                                                     \
	ROWS(REGISTER_PAIR_FACTS, "s", register_fact,                                              \
	     "SELECT STRAIGHT_JOIN q.p AS person_id," FACT_COLUMNS " FROM JSON_TABLE(?, '$[*]'"    \
	     " COLUMNS (n FOR ORDINALITY, a BIGINT PATH '$[0]', p BIGINT PATH '$[1]')) q"          \
	     FACT_JOINS("q.a", "q.p") " ORDER BY q.n")                                             \
	ROWS(REGISTER_REST, "iiiii", register_fact,                                                \
	     "SELECT q.person_id," FACT_COLUMNS " FROM " EXPECTED_PEOPLE " q"                      \
	     FACT_JOINS("?", "q.person_id") " WHERE r.id IS NULL AND NOT EXISTS"                        \
	     " (SELECT 1 FROM attendance_attempt o WHERE o.attendance_id = s.id"                   \
	     " AND o.person_id = q.person_id AND o.decided_state = 'open')"                        \
	     " ORDER BY q.person_id")                                                              \
	CHANGE(REGISTER_REMOVE, "s",                                                              \
	       "DELETE r FROM " ITEMS " STRAIGHT_JOIN attendance_record r"                         \
	       " FORCE INDEX (attendance_record_person) ON r.attendance_id = q.a"                  \
	       " AND r.person_id = q.p WHERE q.status IS NULL")                                    \
	CHANGE(REGISTER_SET, "ts",                                                                \
	       "INSERT INTO attendance_record (attendance_id, person_id, status, method,"          \
	       " happened_at, late_s, remark, attempt_id, set_by, updated_at)"                     \
	       " SELECT q.a, q.p, q.status, q.method, q.at, q.late_s, q.remark, q.attempt, q.b, ?"   \
	       " FROM " ITEMS " WHERE q.status IS NOT NULL ORDER BY q.a, q.p ON DUPLICATE KEY UPDATE"   \
	       " status = VALUES(status), method = VALUES(method),"                                \
	       " happened_at = VALUES(happened_at), late_s = VALUES(late_s),"                      \
	       " remark = VALUES(remark), attempt_id = VALUES(attempt_id),"                        \
	       " set_by = VALUES(set_by), updated_at = VALUES(updated_at),"                        \
	       " version = attendance_record.version + 1")                                         \
	CHANGE(REGISTER_CHANGES, "bsits",                                                         \
	       "INSERT INTO attendance_change (attendance_id, person_id, act_id, old_row, new_row,"\
	       " why, by_account, at) SELECT q.a, q.p, ?, q.old, q.new, ?, ?, ?"                     \
	       " FROM " ITEMS " ORDER BY q.a, q.p")                                                \
	CHANGE(REGISTER_EVENTS, "tsis",                                                        \
	       "INSERT INTO outbox (at, type, branch_id, attendance_id, person_id, audience,"      \
	       " payload, public) SELECT ?, ?, s.branch_id, s.id, q.p, ?, JSON_OBJECT('attendance', s.id,"   \
	       " 'occurrence', COALESCE(s.occurrence_id, 0), 'record', r.id, 'student', q.p,"      \
	       " 'status', r.status), CONCAT('{\"attendance\":', s.id, '}') FROM " ITEMS             \
	       " JOIN attendance_session s ON s.id = q.a"                                            \
	       " LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = q.p"    \
	       " ORDER BY q.a, q.p")                                                               \
	CHANGE(REGISTER_LAPSE, "sit",                                                              \
	       "UPDATE " JSON_IDS OF_IDS("attendance_attempt") " SET t.decided_state = 'lapsed',"  \
	       " t.decided_by = ?, t.decided_at = ? WHERE t.decided_state = 'open'")               \
	CHANGE(REGISTER_REOPEN, "s",                                                               \
	       "UPDATE " JSON_IDS OF_IDS("attendance_attempt") " SET t.decided_state = 'open',"    \
	       " t.decided_by = NULL, t.decided_at = NULL, t.decided_why = NULL"                   \
	       " WHERE t.decided_state IS NOT NULL")                                               \
	CHANGE(REGISTER_DECIDE, "sssiti",                                                           \
	       "UPDATE attendance_attempt SET decided_state = ?, reason = COALESCE(?, reason),"    \
	       " decided_why = ?, decided_by = ?, decided_at = ? WHERE id = ?")                    \
	CHANGE(REGISTER_NOTE, "siti",                                                              \
	       "UPDATE attendance_attempt SET decided_why = NULLIF(?, ''), decided_by = ?,"        \
	       " decided_at = ? WHERE id = ?")                                                     \
	ROWS(REGISTER_ACT_ROWS, "ib", register_changed,                                            \
	     "SELECT c.id, c.person_id, c.old_row, c.new_row, c.at,"                               \
	     " c.undone_by IS NOT NULL AS is_undone, " IS_UNDOABLE("c") " AS is_undoable"          \
	     " FROM attendance_change c WHERE c.attendance_id = ? AND c.act_id = ?"                \
	     " ORDER BY c.person_id")                                                              \
	CHANGE(REGISTER_UNDONE, "sb",                                                              \
	       "UPDATE " JSON_IDS OF_IDS("attendance_change") " SET t.undone_by = ?")              \
	ROWS(REGISTER_LAST, "iiii", register_act,                                                  \
	     "SELECT LOWER(HEX(c.act_id)) AS act FROM attendance_change c"                         \
	     " WHERE c.attendance_id = ? AND c.by_account = ? AND c.undone_by IS NULL"             \
	     " AND " IS_UNDOABLE("c") " AND NOT EXISTS (SELECT 1 FROM attendance_change v"         \
	     " WHERE v.attendance_id = ? AND v.person_id = c.person_id AND v.id > c.id)"           \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_change u WHERE u.attendance_id = ?"        \
	     " AND (u.undone_by = c.act_id OR (u.act_id = c.act_id AND u.undone_by IS NOT NULL)))" \
	     " ORDER BY c.id DESC LIMIT 1")                                                        \
	ROWS(REGISTER_HISTORY, "iii", register_history_stored,                                     \
	     "SELECT c.at, " NAME_OF_ACCOUNT("c.by_account") " AS by_name, c.old_row, c.new_row,"  \
	     " c.why, c.undone_by IS NOT NULL AS is_undone FROM attendance_change c"               \
	     " WHERE c.attendance_id = ? AND c.person_id = ? ORDER BY c.id DESC LIMIT ?")          \
	ROWS(REGISTER_RECORD, "i", register_record,                                                \
	     "SELECT attendance_id, person_id FROM attendance_record WHERE id = ?")                \
	ROWS(GUEST_ROWS, "ii", register_guest_stored,                                              \
	     GUEST_SELECT "g.attendance_id = ? AND g.removed_at IS NULL ORDER BY g.id LIMIT ?")    \
	ROWS(GUEST_READ, "i", register_guest_stored, GUEST_SELECT "g.id = ?")                      \
	CHANGE(GUEST_INSERT, "issit",                                                              \
	       "INSERT INTO attendance_guest (attendance_id, name, remark, added_by, added_at)"    \
	       " VALUES (?, ?, NULLIF(?, ''), ?, ?)")                                              \
	CHANGE(GUEST_END, "ti", "UPDATE attendance_guest SET removed_at = ? WHERE id = ?")         \
	CHANGE(GUEST_MERGE, "iti",                                                                 \
	       "UPDATE attendance_guest SET person_id = ?, merged_at = ? WHERE id = ?")
STATEMENT_SET(register, REGISTER_STATEMENTS);
/* clang-format on */

/* ---- reading -------------------------------------------------------------------------------- */

enum rc register_rows(struct store *s, int64_t id, bool is_enrolled, struct arena *a,
		      const struct register_stored **ret_rows, size_t *ret_n, struct error *e)
{
	if (is_enrolled)
		return store_rows(s, &register_table[REGISTER_ROWS_ENROLLED],
				  PARAMS(P_I64(id), P_I64(id), P_I64(id), P_I64(id),
					 P_I64(REGISTER_ROWS_MAX)),
				  REGISTER_ROWS_MAX, a, ret_rows, ret_n, e);
	return store_rows(s, &register_table[REGISTER_ROWS],
			  PARAMS(P_I64(id), P_I64(id), P_I64(id), P_I64(id), P_I64(id), P_I64(id),
				 P_I64(id), P_I64(REGISTER_ROWS_MAX)),
			  REGISTER_ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc register_facts(struct store *s, int64_t attendance_id, struct str ids, size_t n,
		       struct arena *a, const struct register_fact **ret_rows, size_t *ret_n,
		       struct error *e)
{
	return store_rows(s, &register_table[REGISTER_FACTS],
			  PARAMS(P_TEXT(ids), P_I64(attendance_id)), n, a, ret_rows, ret_n, e);
}

enum rc register_pair_facts(struct store *s, struct str pairs, size_t n, struct arena *a,
			    const struct register_fact **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &register_table[REGISTER_PAIR_FACTS], PARAMS(P_TEXT(pairs)), n, a,
			  ret_rows, ret_n, e);
}

enum rc register_rest_facts(struct store *s, int64_t id, struct arena *a,
			    const struct register_fact **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &register_table[REGISTER_REST],
			  PARAMS(P_I64(id), P_I64(id), P_I64(id), P_I64(id), P_I64(id)),
			  REGISTER_ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc register_act_rows(struct store *s, int64_t attendance_id, struct str act, struct arena *a,
			  const struct register_changed **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &register_table[REGISTER_ACT_ROWS],
			  PARAMS(P_I64(attendance_id), P_BYTES(act)), REGISTER_ROWS_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc register_last(struct store *s, int64_t attendance_id, int64_t account_id, struct arena *a,
		      struct str *ret_act, struct error *e)
{
	const struct register_act *rows;
	size_t n;

	TRY(store_rows(s, &register_table[REGISTER_LAST],
		       PARAMS(P_I64(attendance_id), P_I64(account_id), P_I64(attendance_id),
			      P_I64(attendance_id)),
		       1, a, &rows, &n, e));
	*ret_act = n ? rows[0].act : STR("");
	return RC_OK;
}

enum rc register_history_rows(struct store *s, int64_t attendance_id, int64_t person_id,
			      size_t limit, struct arena *a,
			      const struct register_history_stored **ret_rows, size_t *ret_n,
			      struct error *e)
{
	return store_rows(s, &register_table[REGISTER_HISTORY],
			  PARAMS(P_I64(attendance_id), P_I64(person_id), P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc register_record_read(struct store *s, int64_t record_id, struct arena *a,
			     struct register_record *ret, struct error *e)
{
	return store_row(s, &register_table[REGISTER_RECORD], PARAMS(P_I64(record_id)), a, ret, e);
}

/* ---- writing -------------------------------------------------------------------------------- */

enum rc register_write(struct store *s, const struct register_act_stored *act, struct str items,
		       bool has_removed, bool has_set, struct error *e)
{
	if (has_removed)
		TRY(store_change(s, &register_table[REGISTER_REMOVE], PARAMS(P_TEXT(items)), NULL,
				 NULL, e));
	if (has_set)
		TRY(store_change(s, &register_table[REGISTER_SET],
				 PARAMS(P_TIME(act->at), P_TEXT(items)), NULL, NULL, e));
	return store_change(s, &register_table[REGISTER_CHANGES],
			    PARAMS(P_BYTES(act->act), P_TEXT_OR_NULL(act->why),
				   P_I64_OR_NULL(act->by_account), P_TIME(act->at), P_TEXT(items)),
			    NULL, NULL, e);
}

enum rc register_events(struct store *s, const struct register_act_stored *act, const char *type,
			unsigned audience, struct str items, struct error *e)
{
	store_tell(s);
	return store_change(s, &register_table[REGISTER_EVENTS],
			    PARAMS(P_TIME(act->at), P_TEXT(str_from(type)), P_I64(audience),
				   P_TEXT(items)),
			    NULL, NULL, e);
}

enum rc register_attempts_lapse(struct store *s, struct str ids, int64_t by_account, int64_t now_us,
				struct error *e)
{
	return store_change(s, &register_table[REGISTER_LAPSE],
			    PARAMS(P_TEXT(ids), P_I64_OR_NULL(by_account), P_TIME(now_us)), NULL,
			    NULL, e);
}

enum rc register_attempts_reopen(struct store *s, struct str ids, struct error *e)
{
	return store_change(s, &register_table[REGISTER_REOPEN], PARAMS(P_TEXT(ids)), NULL, NULL,
			    e);
}

enum rc register_attempt_decide(struct store *s, int64_t attempt_id, struct str decision,
				struct str reason, struct str why, int64_t by_account,
				int64_t now_us, struct error *e)
{
	return store_change(s, &register_table[REGISTER_DECIDE],
			    PARAMS(P_TEXT(decision), P_TEXT_OR_NULL(reason), P_TEXT_OR_NULL(why),
				   P_I64_OR_NULL(by_account), P_TIME(now_us), P_I64(attempt_id)),
			    NULL, NULL, e);
}

enum rc register_attempt_note(struct store *s, int64_t attempt_id, struct str note,
			      int64_t by_account, int64_t now_us, struct error *e)
{
	return store_change(s, &register_table[REGISTER_NOTE],
			    PARAMS(P_TEXT(note), P_I64(by_account), P_TIME(now_us),
				   P_I64(attempt_id)),
			    NULL, NULL, e);
}

enum rc register_mark_undone(struct store *s, struct str ids, struct str by_act, struct error *e)
{
	return store_change(s, &register_table[REGISTER_UNDONE],
			    PARAMS(P_TEXT(ids), P_BYTES(by_act)), NULL, NULL, e);
}

/* ---- guests --------------------------------------------------------------------------------- */

enum rc register_guest_rows(struct store *s, int64_t attendance_id, struct arena *a,
			    const struct register_guest_stored **ret_rows, size_t *ret_n,
			    struct error *e)
{
	return store_rows(s, &register_table[GUEST_ROWS],
			  PARAMS(P_I64(attendance_id), P_I64(REGISTER_ROWS_MAX)), REGISTER_ROWS_MAX,
			  a, ret_rows, ret_n, e);
}

enum rc register_guest_read(struct store *s, int64_t id, struct arena *a,
			    struct register_guest_stored *ret, struct error *e)
{
	return store_row(s, &register_table[GUEST_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc register_guest_insert(struct store *s, int64_t attendance_id, struct str name,
			      struct str remark, int64_t account_id, int64_t now_us,
			      int64_t *ret_id, struct error *e)
{
	return store_change(s, &register_table[GUEST_INSERT],
			    PARAMS(P_I64(attendance_id), P_TEXT(name), P_TEXT(remark),
				   P_I64_OR_NULL(account_id), P_TIME(now_us)),
			    NULL, ret_id, e);
}

enum rc register_guest_end(struct store *s, int64_t id, int64_t now_us, struct error *e)
{
	return store_change(s, &register_table[GUEST_END], PARAMS(P_TIME(now_us), P_I64(id)), NULL,
			    NULL, e);
}

enum rc register_guest_set_person(struct store *s, int64_t id, int64_t person_id, int64_t now_us,
				  struct error *e)
{
	return store_change(s, &register_table[GUEST_MERGE],
			    PARAMS(P_I64(person_id), P_TIME(now_us), P_I64(id)), NULL, NULL, e);
}
