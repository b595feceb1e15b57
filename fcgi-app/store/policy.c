/*
 * SQL of policies, networks, shared machines and marks.
 */
#include "store/policy.h"

#include "store/sets.h"

struct policy_id {
	int64_t id;
};
static const struct column policy_id_columns[] = { COL(policy_id, id, I64, false) };

static const struct column policy_stored_columns[] = {
	COL(policy_stored, id, I64, false),
	COL(policy_stored, branch_id, I64, false),
	COL(policy_stored, course_id, I64, true),
	COL(policy_stored, early_min, I64, false),
	COL(policy_stored, late_after_s, I64, false),
	COL(policy_stored, close_after_min, I64, false),
	COL_N(policy_stored, code_level, TEXT, 64, false),
	COL_N(policy_stored, place_level, TEXT, 64, false),
	COL_N(policy_stored, network_level, TEXT, 64, false),
	COL_N(policy_stored, photo_level, TEXT, 64, false),
	COL_N(policy_stored, device_level, TEXT, 64, false),
	COL(policy_stored, radius_m, I64, false),
	COL(policy_stored, code_period_s, I64, false),
	COL(policy_stored, max_tries, I64, false),
	COL(policy_stored, lock_days, I64, false),
	COL(policy_stored, claim_days, I64, false),
	COL(policy_stored, aim_percent, I64, false),
	COL(policy_stored, auto_open, I64, false),
	COL(policy_stored, names_on_screen, I64, false),
	COL(policy_stored, evidence_days, I64, false),
	COL(policy_stored, version, I64, false),
};
static const struct column policy_course_stored_columns[] = {
	COL(policy_course_stored, course_id, I64, false),
	COL_N(policy_course_stored, code, TEXT, 160, false),
	COL_N(policy_course_stored, title, TEXT, 1000, false),
};
static const struct column network_stored_columns[] = {
	COL(network_stored, id, I64, false),
	COL(network_stored, branch_id, I64, false),
	COL_N(network_stored, cidr, TEXT, 200, false),
	COL_N(network_stored, label, TEXT, 480, false),
};
static const struct column browser_stored_columns[] = {
	COL_N(browser_stored, hash, BYTES, 32, false),
	COL(browser_stored, branch_id, I64, false),
	COL_N(browser_stored, label, TEXT, 480, false),
	COL(browser_stored, created_at, TIME, false),
};
static const struct column status_stored_columns[] = {
	COL_N(status_stored, status, TEXT, 64, false), COL_N(status_stored, label, TEXT, 160, true),
	COL_N(status_stored, letter, TEXT, 16, true),  COL(status_stored, points, I64, false),
	COL(status_stored, is_counted, I64, false),    COL(status_stored, version, I64, false),
};

#define POLICY_COLUMNS                                                                             \
	"early_min, late_after_s, close_after_min, code_level, place_level, network_level,"        \
	" photo_level, device_level, radius_m, code_period_s, max_tries, lock_days, claim_days,"   \
	" aim_percent, auto_open, names_on_screen, evidence_days"
#define NETWORK_SELECT "SELECT id, branch_id, cidr, label FROM branch_network WHERE "
#define BROWSER_SELECT                                                                             \
	"SELECT browser_hash AS hash, branch_id, label, created_at FROM shared_browser WHERE "
#define STATUS_SELECT                                                                              \
	"SELECT status, label, letter, points, is_counted, version FROM status_set ORDER BY "      \
	"status"

#define POLICY_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(POLICY_ROWS, "ii", policy_stored,                                                     \
	     "SELECT id, branch_id, course_id, " POLICY_COLUMNS ", version FROM attendance_policy" \
	     " WHERE branch_id = ? AND scope_course IN (?, 0) ORDER BY scope_course DESC")         \
	ROWS(POLICY_SCOPE, "iii", policy_id,                                                       \
	     "SELECT b.id FROM branch b WHERE b.id = ? AND (0 = ? OR EXISTS"                       \
	     " (SELECT 1 FROM course k WHERE k.id = ? AND k.branch_id = b.id))")                   \
	CHANGE(POLICY_INSERT, "iiiiisssssiiiiiiiiit",                                              \
	       "INSERT INTO attendance_policy (branch_id, course_id, " POLICY_COLUMNS              \
	       ", updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "   \
	       "?)")                                                                               \
	CHANGE(POLICY_WRITE, "iiisssssiiiiiiiiiti",                                                \
	       "UPDATE attendance_policy SET early_min = ?, late_after_s = ?,"                     \
	       " close_after_min = ?, code_level = ?, place_level = ?, network_level = ?,"         \
	       " photo_level = ?, device_level = ?, radius_m = ?, code_period_s = ?,"              \
	       " max_tries = ?, lock_days = ?, claim_days = ?, aim_percent = ?, auto_open = ?,"    \
	       " names_on_screen = ?, evidence_days = ?, updated_at = ?, version = version + 1"    \
	       " WHERE id = ?")                                                                    \
	CHANGE(POLICY_DELETE, "i", "DELETE FROM attendance_policy WHERE id = ?")                   \
	ROWS(POLICY_COURSES, "ii", policy_course_stored,                                           \
	     "SELECT k.id AS course_id, k.code, k.title FROM attendance_policy p"                  \
	     " JOIN course k ON k.id = p.course_id WHERE p.branch_id = ?"                          \
	     " ORDER BY k.code, k.id LIMIT ?")                                                     \
	ROWS(NETWORK_ROWS, "ii", network_stored,                                                   \
	     NETWORK_SELECT "branch_id = ? ORDER BY id LIMIT ?")                                   \
	ROWS(NETWORK_READ, "i", network_stored, NETWORK_SELECT "id = ?")                           \
	CHANGE(NETWORK_INSERT, "issit",                                                            \
	       "INSERT INTO branch_network (branch_id, cidr, label, created_by, created_at)"       \
	       " VALUES (?, ?, ?, ?, ?)")                                                          \
	CHANGE(NETWORK_DELETE, "i", "DELETE FROM branch_network WHERE id = ?")                     \
	ROWS(BROWSER_ROWS, "ii", browser_stored,                                                   \
	     BROWSER_SELECT "branch_id = ? ORDER BY label, browser_hash LIMIT ?")                  \
	ROWS(BROWSER_LOCK, "b", browser_stored, BROWSER_SELECT "browser_hash = ? FOR UPDATE")      \
	CHANGE(BROWSER_PUT, "bisit",                                                               \
	       "INSERT INTO shared_browser (browser_hash, branch_id, label, created_by,"           \
	       " created_at) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"                       \
	       " branch_id = VALUES(branch_id), label = VALUES(label)")                            \
	CHANGE(BROWSER_DELETE, "b", "DELETE FROM shared_browser WHERE browser_hash = ?")           \
	ROWS(STATUS_ROWS, "", status_stored, STATUS_SELECT)                                        \
	ROWS(STATUS_LOCK, "", status_stored, STATUS_SELECT " FOR UPDATE")                          \
	CHANGE(STATUS_WRITE, "ssiis",                                                              \
	       "UPDATE status_set SET label = NULLIF(?, ''), letter = NULLIF(?, ''), points = ?,"  \
	       " is_counted = ?, version = version + 1 WHERE status = ?")
STATEMENT_SET(policy, POLICY_STATEMENTS);

static int64_t course_scope(int64_t course_id)
{
	return course_id == COLUMN_NULL ? 0 : course_id;
}

enum rc policy_rows(struct store *s, int64_t branch_id, int64_t course_id, struct arena *a,
		    const struct policy_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[POLICY_ROWS],
			  PARAMS(P_I64(branch_id), P_I64(course_scope(course_id))), 2, a, ret_rows,
			  ret_n, e);
}

enum rc policy_scope_check(struct store *s, int64_t branch_id, int64_t course_id, struct arena *a,
			   struct error *e)
{
	struct policy_id row;

	return store_row(s, &policy_table[POLICY_SCOPE],
			 PARAMS(P_I64(branch_id), P_I64(course_scope(course_id)),
				P_I64(course_scope(course_id))),
			 a, &row, e);
}

#define POLICY_PARAMS(p)                                                                           \
	P_I64((p)->early_min), P_I64((p)->late_after_s), P_I64((p)->close_after_min),              \
		P_TEXT((p)->code_level), P_TEXT((p)->place_level), P_TEXT((p)->network_level),     \
		P_TEXT((p)->photo_level), P_TEXT((p)->device_level), P_I64((p)->radius_m),         \
		P_I64((p)->code_period_s), P_I64((p)->max_tries), P_I64((p)->lock_days),           \
		P_I64((p)->claim_days), P_I64((p)->aim_percent), P_I64((p)->auto_open),            \
		P_I64((p)->names_on_screen), P_I64((p)->evidence_days)

enum rc policy_insert(struct store *s, const struct policy_stored *p, int64_t now_at,
		      int64_t *ret_id, struct error *e)
{
	return store_change(s, &policy_table[POLICY_INSERT],
			    PARAMS(P_I64(p->branch_id), P_I64_OR_NULL(p->course_id),
				   POLICY_PARAMS(p), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc policy_write(struct store *s, const struct policy_stored *p, int64_t now_at,
		     struct error *e)
{
	return store_change(s, &policy_table[POLICY_WRITE],
			    PARAMS(POLICY_PARAMS(p), P_TIME(now_at), P_I64(p->id)), NULL, NULL, e);
}

enum rc policy_delete(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &policy_table[POLICY_DELETE], PARAMS(P_I64(id)), NULL, NULL, e);
}

enum rc policy_course_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
			   const struct policy_course_stored **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &policy_table[POLICY_COURSES],
			  PARAMS(P_I64(branch_id), P_I64((int64_t)limit)), limit, a, ret_rows,
			  ret_n, e);
}

/* ---- networks -------------------------------------------------------------------------------- */

enum rc network_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
		     const struct network_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[NETWORK_ROWS],
			  PARAMS(P_I64(branch_id), P_I64((int64_t)limit)), limit, a, ret_rows,
			  ret_n, e);
}

enum rc network_read(struct store *s, int64_t id, struct arena *a, struct network_stored *ret,
		     struct error *e)
{
	return store_row(s, &policy_table[NETWORK_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc network_insert(struct store *s, int64_t branch_id, struct str cidr, struct str label,
		       int64_t account_id, int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &policy_table[NETWORK_INSERT],
			    PARAMS(P_I64(branch_id), P_TEXT(cidr), P_TEXT(label),
				   P_I64_OR_NULL(account_id), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc network_delete(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &policy_table[NETWORK_DELETE], PARAMS(P_I64(id)), NULL, NULL, e);
}

/* ---- shared machines ------------------------------------------------------------------------- */

enum rc browser_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
		     const struct browser_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[BROWSER_ROWS],
			  PARAMS(P_I64(branch_id), P_I64((int64_t)limit)), limit, a, ret_rows,
			  ret_n, e);
}

enum rc browser_lock(struct store *s, struct str hash, struct arena *a,
		     const struct browser_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[BROWSER_LOCK], PARAMS(P_BYTES(hash)), 1, a, ret_rows,
			  ret_n, e);
}

enum rc browser_put(struct store *s, struct str hash, int64_t branch_id, struct str label,
		    int64_t account_id, int64_t now_at, struct error *e)
{
	return store_change(s, &policy_table[BROWSER_PUT],
			    PARAMS(P_BYTES(hash), P_I64(branch_id), P_TEXT(label),
				   P_I64_OR_NULL(account_id), P_TIME(now_at)),
			    NULL, NULL, e);
}

enum rc browser_delete(struct store *s, struct str hash, struct error *e)
{
	return store_change(s, &policy_table[BROWSER_DELETE], PARAMS(P_BYTES(hash)), NULL, NULL, e);
}

/* ---- marks ----------------------------------------------------------------------------------- */

enum rc status_rows(struct store *s, struct arena *a, const struct status_stored **ret_rows,
		    size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[STATUS_ROWS], NULL, 0, 8, a, ret_rows, ret_n, e);
}

enum rc status_lock(struct store *s, struct arena *a, const struct status_stored **ret_rows,
		    size_t *ret_n, struct error *e)
{
	return store_rows(s, &policy_table[STATUS_LOCK], NULL, 0, 8, a, ret_rows, ret_n, e);
}

enum rc status_write(struct store *s, const struct status_stored *row, struct error *e)
{
	return store_change(s, &policy_table[STATUS_WRITE],
			    PARAMS(P_TEXT(row->label), P_TEXT(row->letter), P_I64(row->points),
				   P_I64(row->is_counted), P_TEXT(row->status)),
			    NULL, NULL, e);
}
