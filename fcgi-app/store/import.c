/*
 * SQL of imports; see the header.
 */
#include "store/import.h"

#include "store/sets.h"

static const struct column import_stored_columns[] = {
	COL(import_stored, id, I64, false),
	COL(import_stored, branch_id, I64, false),
	COL_N(import_stored, branch, TEXT, 480, false),
	COL_N(import_stored, zone, TEXT, 256, false),
	COL_N(import_stored, kind, TEXT, 80, false),
	COL_N(import_stored, state, TEXT, 80, false),
	COL_N(import_stored, phase, TEXT, 80, false),
	COL_N(import_stored, file_name, TEXT, 1020, false),
	COL_N(import_stored, file_id, TEXT, 256, true),
	COL(import_stored, file_bytes, I64, false),
	COL_N(import_stored, delimiter, TEXT, 80, false),
	COL(import_stored, first_byte, I64, false),
	COL(import_stored, header_row, I64, false),
	COL(import_stored, header, TEXT, false),
	COL(import_stored, mapping, TEXT, false),
	COL_N(import_stored, why, TEXT, 2000, true),
	COL(import_stored, n_rows, I64, false),
	COL(import_stored, last_row, I64, false),
	COL(import_stored, today, DAY, false),
	COL(import_stored, position, I64, false),
	COL(import_stored, read_row, I64, false),
	COL(import_stored, n_created, I64, false),
	COL(import_stored, n_updated, I64, false),
	COL(import_stored, n_same, I64, false),
	COL(import_stored, n_wrong, I64, false),
	COL(import_stored, n_locked, I64, false),
	COL(import_stored, n_back, I64, false),
	COL(import_stored, n_kept, I64, false),
	COL_N(import_stored, failure, TEXT, 160, true),
	COL(import_stored, failure_row, I64, true),
	COL(import_stored, version, I64, false),
	COL(import_stored, created_by, I64, true),
	COL(import_stored, confirmed_by, I64, true),
	COL(import_stored, undone_by, I64, true),
	COL_N(import_stored, creator, TEXT, 1280, true),
	COL(import_stored, created_at, TIME, false),
	COL(import_stored, changed_at, TIME, false),
	COL(import_stored, finished_at, TIME, true),
};
static const struct column import_error_row_columns[] = {
	COL(import_error_row, row_no, I64, false),
	COL_N(import_error_row, field, TEXT, 80, false),
	COL_N(import_error_row, reason, TEXT, 160, false),
	COL_N(import_error_row, value, TEXT, 800, false),
	COL(import_error_row, arg, I64, false),
};
static const struct column import_kept_row_columns[] = {
	COL(import_kept_row, row_no, I64, false),
	COL(import_kept_row, person_id, I64, true),
	COL_N(import_kept_row, given_name, TEXT, 480, true),
	COL_N(import_kept_row, family_name, TEXT, 480, true),
	COL_N(import_kept_row, code, TEXT, 1016, true),
	COL_N(import_kept_row, did, TEXT, 80, false),
};
static const struct column import_id_row_columns[] = {
	COL(import_id_row, id, I64, false),
	COL_N(import_id_row, file_id, TEXT, 256, true),
};
struct import_count {
	int64_t n;
};
static const struct column import_count_columns[] = { COL(import_count, n, I64, false) };
static const struct column import_place_row_columns[] = {
	COL(import_place_row, id, I64, false),
	COL_N(import_place_row, name, TEXT, 480, false),
	COL_N(import_place_row, zone, TEXT, 256, false),
};

#define SELECT_IMPORT                                                                              \
	"SELECT i.id, i.branch_id, b.name AS branch, b.zone, i.kind, i.state, i.phase,"            \
	" i.file_name, LOWER(HEX(i.file_id)) AS file_id, i.file_bytes, i.delimiter, i.first_byte," \
	" i.header_row, i.header, i.mapping, i.why, i.n_rows, i.last_row, i.today, i.position, "   \
	"i.read_row,"                                                                              \
	" i.n_created, i.n_updated, i.n_same, i.n_wrong, i.n_locked, i.n_back, i.n_kept, "         \
	"i.failure,"                                                                               \
	" i.failure_row, i.version, i.created_by, i.confirmed_by, i.undone_by,"                    \
	" COALESCE(NULLIF(TRIM(CONCAT(p.given_name, ' ', p.family_name)), ''), a.username)"        \
	" AS creator, i.created_at, i.changed_at, i.finished_at"                                   \
	" FROM import i JOIN branch b ON b.id = i.branch_id"                                       \
	" LEFT JOIN account a ON a.id = i.created_by LEFT JOIN person p ON p.id = a.person_id"

#define ROW_COLUMNS                                                                                \
	"row_no, given_name, family_name, student_code, teacher_code, email, username, role,"      \
	" department, batch, section, course, state, from_date, to_date, session, class, on_date," \
	" start_time, mark, late_min, remark, arrival, status, action"

#define IMPORT_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(IMPORT_READ, "i", import_stored, SELECT_IMPORT " WHERE i.id = ?")                     \
	ROWS(IMPORT_LOCK, "i", import_count, "SELECT id AS n FROM import WHERE id = ? FOR UPDATE") \
	ROWS(IMPORT_LIST, "iiii", import_stored,                                                   \
	     SELECT_IMPORT " WHERE (? = 0 OR i.branch_id = ?) ORDER BY i.id DESC"                  \
			   " LIMIT ? OFFSET ?")                                                    \
	CHANGE(IMPORT_INSERT, "issisisiissiidiitt",                                                \
	       "INSERT INTO import (branch_id, kind, file_name, file_bytes, file_id, position,"    \
	       " delimiter, first_byte, header_row, header, mapping, n_rows, last_row, today, "    \
	       "created_by,"                                                                       \
	       " read_row, created_at, changed_at)"                                                \
	       " VALUES (?, ?, ?, ?, UNHEX(?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")            \
	CHANGE(IMPORT_MAPPING, "sdti",                                                             \
	       "UPDATE import SET state = 'mapped', phase = 'read', mapping = ?, today = ?,"       \
	       " position = first_byte, read_row = header_row, n_created = 0, n_updated = 0, "     \
	       "n_same = 0,"                                                                       \
	       " n_wrong = 0, n_locked = 0, why = NULL, version = version + 1, changed_at = ? "    \
	       "WHERE id = ?")                                                                     \
	CHANGE(IMPORT_STATE, "sitti",                                                              \
	       "UPDATE import SET state = ?, position = ?, version = version + 1, changed_at = ?," \
	       " finished_at = IF(state IN ('done', 'undone', 'dropped'), ?, NULL)"                \
	       " WHERE id = ?")                                                                    \
	CHANGE(IMPORT_RUN, "isti",                                                                 \
	       "UPDATE import SET state = 'running', position = header_row, n_created = 0, "       \
	       "n_updated = 0,"                                                                    \
	       " n_same = 0, n_wrong = 0, confirmed_by = ?, why = ?, version = version + 1,"       \
	       " changed_at = ? WHERE id = ?")                                                     \
	CHANGE(IMPORT_UNDO, "iisti",                                                               \
	       "UPDATE import SET state = 'undoing', position = ?, undone_by = ?, why = "          \
	       "COALESCE(?, why), finished_at ="                                                   \
	       " NULL, version = version + 1, changed_at = ? WHERE id = ?")                        \
	CHANGE(IMPORT_LOCKED, "ii", "UPDATE import SET n_locked = n_locked + ? WHERE id = ?")      \
	CHANGE(IMPORT_FAILED, "sitti",                                                             \
	       "UPDATE import SET state = 'failed', failure = ?, failure_row = ?,"                 \
	       " version = version + 1, changed_at = ?, finished_at = ? WHERE id = ?")             \
	CHANGE(IMPORT_READ_ON, "siiti",                                                            \
	       "UPDATE import SET phase = ?, position = ?, read_row = ?, changed_at = ?"           \
	       " WHERE id = ?")                                                                    \
	CHANGE(IMPORT_COUNTED, "iiiiti",                                                           \
	       "UPDATE import i JOIN (SELECT SUM(action = 'create') AS c, SUM(action = 'update') " \
	       "AS u,"                                                                             \
	       " SUM(action = 'same') AS s, SUM(action = 'wrong') AS w FROM import_row"            \
	       " WHERE import_id = ? AND row_no BETWEEN ? AND ?) t"                                \
	       " SET i.n_created = i.n_created + COALESCE(t.c, 0),"                                \
	       " i.n_updated = i.n_updated + COALESCE(t.u, 0), i.n_same = i.n_same + "             \
	       "COALESCE(t.s, 0),"                                                                 \
	       " i.n_wrong = i.n_wrong + COALESCE(t.w, 0), i.position = ?, i.changed_at = ?"       \
	       " WHERE i.id = ?")                                                                  \
	CHANGE(IMPORT_UNDONE, "iiiiti",                                                            \
	       "UPDATE import i JOIN (SELECT SUM(undone = 'back') AS b, SUM(undone = 'kept') AS k" \
	       " FROM import_row WHERE import_id = ? AND row_no BETWEEN ? AND ?) t"                \
	       " SET i.n_back = i.n_back + COALESCE(t.b, 0), i.n_kept = i.n_kept + COALESCE(t.k, " \
	       "0),"                                                                               \
	       " i.position = ?, i.changed_at = ? WHERE i.id = ?")                                 \
	CHANGE(IMPORT_FORGET_FILE, "i", "UPDATE import SET file_id = NULL WHERE id = ?")           \
	CHANGE(IMPORT_ROWS_INSERT, "is",                                                           \
	       "INSERT INTO import_row (import_id, " ROW_COLUMNS ") SELECT ?, " ROW_COLUMNS        \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (row_no INT PATH '$[0]',"                       \
	       " given_name VARCHAR(120) PATH '$[1]', family_name VARCHAR(120) PATH '$[2]',"       \
	       " student_code VARCHAR(40) PATH '$[3]', teacher_code VARCHAR(40) PATH '$[4]',"      \
	       " email VARCHAR(254) PATH '$[5]', username VARCHAR(80) PATH '$[6]',"                \
	       " role VARCHAR(20) PATH '$[7]', department VARCHAR(120) PATH '$[8]',"               \
	       " batch VARCHAR(120) PATH '$[9]', section VARCHAR(120) PATH '$[10]',"               \
	       " course VARCHAR(40) PATH '$[11]', state VARCHAR(10) PATH '$[12]',"                 \
	       " from_date DATE PATH '$[13]', to_date DATE PATH '$[14]',"                          \
	       " session VARCHAR(100) PATH '$[15]', class VARCHAR(120) PATH '$[16]',"              \
	       " on_date DATE PATH '$[17]', start_time TIME PATH '$[18]',"                         \
	       " mark VARCHAR(40) PATH '$[19]', late_min INT PATH '$[20]',"                        \
	       " remark VARCHAR(300) PATH '$[21]', arrival TIME PATH '$[22]',"                     \
	       " status VARCHAR(10) PATH '$[23]', action VARCHAR(10) PATH '$[24]')) j")            \
	CHANGE(IMPORT_ERRORS_INSERT, "is",                                                         \
	       "INSERT INTO import_error (import_id, row_no, field, reason, value, arg)"           \
	       " SELECT ?, row_no, field, reason, value, arg"                                      \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (row_no INT PATH '$[0]',"                       \
	       " field VARCHAR(20) PATH '$[1]', reason VARCHAR(40) PATH '$[2]',"                   \
	       " value VARCHAR(200) PATH '$[3]', arg BIGINT PATH '$[4]')) j")                      \
	CHANGE(IMPORT_ROWS_DELETE, "ii", "DELETE FROM import_row WHERE import_id = ? LIMIT ?")     \
	CHANGE(IMPORT_ERRORS_DELETE, "ii", "DELETE FROM import_error WHERE import_id = ? LIMIT ?") \
	ROWS(IMPORT_ERRORS, "iii", import_error_row,                                               \
	     "SELECT row_no, field, reason, value, arg FROM import_error WHERE import_id = ?"      \
	     " ORDER BY row_no, field LIMIT ? OFFSET ?")                                           \
	ROWS(IMPORT_ERRORS_COUNT, "i", import_count,                                               \
	     "SELECT COUNT(*) AS n FROM import_error WHERE import_id = ?")                         \
	ROWS(IMPORT_KEPT, "iii", import_kept_row,                                                  \
	     "SELECT r.row_no, p.id AS person_id, p.given_name, p.family_name,"                    \
	     " COALESCE(r.student_code, r.teacher_code, r.username, r.email) AS code,"             \
	     " IF('created' IN (r.person_did, r.account_did, r.member_did), 'created',"            \
	     " 'updated') AS did FROM import_row r LEFT JOIN person p ON p.id = r.person_id"       \
	     " WHERE r.import_id = ? AND r.undone = 'kept' ORDER BY r.row_no LIMIT ? OFFSET ?")    \
	ROWS(IMPORT_DUE, "i", import_id_row,                                                       \
	     "SELECT id, LOWER(HEX(file_id)) AS file_id FROM import"                               \
	     " WHERE state IN ('mapped', 'running', 'undoing') ORDER BY changed_at, id LIMIT ?")   \
	ROWS(IMPORT_FILES, "i", import_id_row,                                                     \
	     "SELECT id, LOWER(HEX(file_id)) AS file_id FROM import"                               \
	     " WHERE state IN ('done', 'failed', 'undone', 'dropped') AND file_id IS NOT NULL"     \
	     " LIMIT ?")                                                                           \
	CHANGE(IMPORT_DROP_IDLE, "ttt",                                                            \
	       "UPDATE import SET state = 'dropped', version = version + 1, changed_at = ?,"       \
	       " finished_at = ? WHERE state IN ('uploaded', 'checked') AND changed_at < ?")       \
	ROWS(IMPORT_OLD, "ti", import_id_row,                                                      \
	     "SELECT i.id, LOWER(HEX(i.file_id)) AS file_id FROM import i WHERE (i.state = "       \
	     "'dropped'"                                                                           \
	     " OR (i.state IN ('done', 'failed', 'undone') AND i.finished_at < ?))"                \
	     " AND EXISTS (SELECT 1 FROM import_row r WHERE r.import_id = i.id) LIMIT ?")          \
	ROWS(IMPORT_BRANCH, "iis", import_place_row,                                               \
	     "SELECT id, name, zone FROM branch WHERE ended_at IS NULL"                            \
	     " AND (id = ? OR (? = 0 AND name = ?)) LIMIT 1")
STATEMENT_SET(import, IMPORT_STATEMENTS);

#define CHANGE_ONE(NAME, ...)                                                                      \
	store_change(s, &import_table[NAME], PARAMS(__VA_ARGS__), NULL, NULL, e)

enum rc import_read(struct store *s, int64_t id, struct arena *a, struct import_stored *ret,
		    struct error *e)
{
	return store_row(s, &import_table[IMPORT_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc import_lock(struct store *s, int64_t id, struct arena *a, struct import_stored *ret,
		    struct error *e)
{
	struct import_count row;

	TRY(store_row(s, &import_table[IMPORT_LOCK], PARAMS(P_I64(id)), a, &row, e));
	return import_read(s, id, a, ret, e);
}

enum rc import_select(struct store *s, int64_t branch_id, int64_t offset, size_t max,
		      struct arena *a, const struct import_stored **ret_rows, size_t *ret_n,
		      struct error *e)
{
	return store_rows(s, &import_table[IMPORT_LIST],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_I64((int64_t)max),
				 P_I64(offset)),
			  max, a, ret_rows, ret_n, e);
}

enum rc import_insert(struct store *s, const struct import_stored *r, int64_t *ret_id,
		      struct error *e)
{
	return store_change(s, &import_table[IMPORT_INSERT],
			    PARAMS(P_I64(r->branch_id), P_TEXT(r->kind), P_TEXT(r->file_name),
				   P_I64(r->file_bytes), P_TEXT(r->file_id), P_I64(r->first_byte),
				   P_TEXT(r->delimiter), P_I64(r->first_byte), P_I64(r->header_row),
				   P_TEXT(r->header), P_TEXT(r->mapping), P_I64(r->n_rows),
				   P_I64(r->last_row), P_DAY(r->today),
				   P_I64_OR_NULL(r->created_by), P_I64(r->header_row),
				   P_TIME(r->created_at), P_TIME(r->created_at)),
			    NULL, ret_id, e);
}

enum rc import_update_mapping(struct store *s, int64_t id, struct str mapping, int32_t today,
			      int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_MAPPING, P_TEXT(mapping), P_DAY(today), P_TIME(now_us), P_I64(id));
}

enum rc import_update_state(struct store *s, int64_t id, struct str state, int64_t position,
			    int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_STATE, P_TEXT(state), P_I64(position), P_TIME(now_us),
			  P_TIME(now_us), P_I64(id));
}

enum rc import_update_run(struct store *s, int64_t id, int64_t account_id, struct str why,
			  int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_RUN, P_I64_OR_NULL(account_id), P_TEXT_OR_NULL(why),
			  P_TIME(now_us), P_I64(id));
}

enum rc import_update_undo(struct store *s, int64_t id, int64_t account_id, int64_t position,
			   struct str why, int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_UNDO, P_I64(position), P_I64_OR_NULL(account_id),
			  P_TEXT_OR_NULL(why), P_TIME(now_us), P_I64(id));
}

enum rc import_update_locked(struct store *s, int64_t id, int64_t n, struct error *e)
{
	return CHANGE_ONE(IMPORT_LOCKED, P_I64(n), P_I64(id));
}

enum rc import_update_failed(struct store *s, int64_t id, struct str reason, int64_t arg,
			     int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_FAILED, P_TEXT(reason), P_I64(arg), P_TIME(now_us), P_TIME(now_us),
			  P_I64(id));
}

enum rc import_update_read(struct store *s, int64_t id, struct str phase, int64_t position,
			   int64_t read_row, int64_t now_us, struct error *e)
{
	return CHANGE_ONE(IMPORT_READ_ON, P_TEXT(phase), P_I64(position), P_I64(read_row),
			  P_TIME(now_us), P_I64(id));
}

enum rc import_update_counted(struct store *s, int64_t id, int64_t from, int64_t to, int64_t now_us,
			      struct error *e)
{
	return CHANGE_ONE(IMPORT_COUNTED, P_I64(id), P_I64(from), P_I64(to), P_I64(to),
			  P_TIME(now_us), P_I64(id));
}

enum rc import_update_undone(struct store *s, int64_t id, int64_t from, int64_t to, int64_t now_us,
			     struct error *e)
{
	return CHANGE_ONE(IMPORT_UNDONE, P_I64(id), P_I64(from), P_I64(to), P_I64(from),
			  P_TIME(now_us), P_I64(id));
}

enum rc import_forget_file(struct store *s, int64_t id, struct error *e)
{
	return CHANGE_ONE(IMPORT_FORGET_FILE, P_I64(id));
}

enum rc import_rows_insert(struct store *s, int64_t id, struct str rows, struct error *e)
{
	return CHANGE_ONE(IMPORT_ROWS_INSERT, P_I64(id), P_TEXT(rows));
}

enum rc import_errors_insert(struct store *s, int64_t id, struct str errors, struct error *e)
{
	return CHANGE_ONE(IMPORT_ERRORS_INSERT, P_I64(id), P_TEXT(errors));
}

enum rc import_rows_delete(struct store *s, int64_t id, size_t max, int64_t *ret_n, struct error *e)
{
	const struct param limit = P_I64((int64_t)max);
	int64_t n_rows, n_errors;

	TRY(store_change(s, &import_table[IMPORT_ERRORS_DELETE], PARAMS(P_I64(id), limit),
			 &n_errors, NULL, e));
	TRY(store_change(s, &import_table[IMPORT_ROWS_DELETE], PARAMS(P_I64(id), limit), &n_rows,
			 NULL, e));
	*ret_n = n_rows > n_errors ? n_rows : n_errors;
	return RC_OK;
}

enum rc import_errors_select(struct store *s, int64_t id, int64_t offset, size_t max,
			     struct arena *a, const struct import_error_row **ret_rows,
			     size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_table[IMPORT_ERRORS],
			  PARAMS(P_I64(id), P_I64((int64_t)max), P_I64(offset)), max, a, ret_rows,
			  ret_n, e);
}

enum rc import_errors_count(struct store *s, int64_t id, struct arena *a, int64_t *ret_n,
			    struct error *e)
{
	struct import_count row;

	TRY(store_row(s, &import_table[IMPORT_ERRORS_COUNT], PARAMS(P_I64(id)), a, &row, e));
	*ret_n = row.n;
	return RC_OK;
}

enum rc import_kept_select(struct store *s, int64_t id, int64_t offset, size_t max, struct arena *a,
			   const struct import_kept_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_table[IMPORT_KEPT],
			  PARAMS(P_I64(id), P_I64((int64_t)max), P_I64(offset)), max, a, ret_rows,
			  ret_n, e);
}

enum rc import_select_due(struct store *s, size_t max, struct arena *a,
			  const struct import_id_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_table[IMPORT_DUE], PARAMS(P_I64((int64_t)max)), max, a,
			  ret_rows, ret_n, e);
}

enum rc import_select_files(struct store *s, size_t max, struct arena *a,
			    const struct import_id_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_table[IMPORT_FILES], PARAMS(P_I64((int64_t)max)), max, a,
			  ret_rows, ret_n, e);
}

enum rc import_drop_idle(struct store *s, int64_t before_at, int64_t now_us, int64_t *ret_n,
			 struct error *e)
{
	return store_change(s, &import_table[IMPORT_DROP_IDLE],
			    PARAMS(P_TIME(now_us), P_TIME(now_us), P_TIME(before_at)), ret_n, NULL,
			    e);
}

enum rc import_select_old(struct store *s, int64_t before_at, size_t max, struct arena *a,
			  const struct import_id_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_table[IMPORT_OLD],
			  PARAMS(P_TIME(before_at), P_I64((int64_t)max)), max, a, ret_rows, ret_n,
			  e);
}

enum rc import_branch(struct store *s, int64_t id, struct str name, struct arena *a,
		      struct import_place_row *ret, struct error *e)
{
	return store_row(s, &import_table[IMPORT_BRANCH],
			 PARAMS(P_I64(id), P_I64(id), P_TEXT(name)), a, ret, e);
}
