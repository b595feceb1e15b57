/*
 * SQL of departments, batches and sections.
 */
#include "store/group.h"

#include "store/sets.h"

static const struct column group_row_columns[] = {
	COL(group_row, id, I64, false),
	COL(group_row, parent_id, I64, false),
	COL(group_row, branch_id, I64, false),
	COL(group_row, revision, I64, false),
	COL_N(group_row, name, TEXT, 480, false),
	COL_N(group_row, parent_name, TEXT, 1000, false),
	COL_N(group_row, branch_name, TEXT, 480, false),
	COL_N(group_row, zone, TEXT, 256, false),
	COL(group_row, ended_at, TIME, true),
	COL(group_row, parent_ended_at, TIME, true),
	COL(group_row, updated_at, TIME, true),
	COL_N(group_row, updated_by, TEXT, 1000, true),
	COL(group_row, n_parts, I64, true),
	COL(group_row, n_uses, I64, true),
};

struct group_locked {
	int64_t id;
};
static const struct column group_locked_columns[] = { COL(group_locked, id, I64, false) };

static const struct column group_tree_row_columns[] = {
	COL(group_tree_row, branch_id, I64, false),
	COL_N(group_tree_row, branch_name, TEXT, 480, false),
	COL(group_tree_row, department_id, I64, false),
	COL(group_tree_row, department_ended, I64, false),
	COL_N(group_tree_row, department_name, TEXT, 480, false),
	COL(group_tree_row, batch_id, I64, true),
	COL(group_tree_row, batch_ended, I64, false),
	COL_N(group_tree_row, batch_name, TEXT, 480, true),
	COL(group_tree_row, section_id, I64, true),
	COL(group_tree_row, section_ended, I64, false),
	COL_N(group_tree_row, section_name, TEXT, 160, true),
	COL(group_tree_row, n_members, I64, true),
};

/* x: the thing. */
#define READ(parent, parent_name, from, parent_ended, parts, uses)                                 \
	"SELECT x.id, x." parent " AS parent_id, b.id AS branch_id, x.revision, x.name,"           \
	" " parent_name " AS parent_name, b.name AS branch_name, b.zone, x.ended_at,"              \
	" " parent_ended " AS parent_ended_at, x.updated_at,"                                      \
	" COALESCE(NULLIF(TRIM(CONCAT(p.given_name, ' ', p.family_name)), ''), a.username)"        \
	" AS updated_by, " parts " AS n_parts, " uses " AS n_uses FROM " from                      \
	" LEFT JOIN account a ON a.id = x.updated_by LEFT JOIN person p ON p.id = a.person_id"     \
	" WHERE x.id = ?"
#define LIVE_PARTS(table, column)                                                                  \
	"(SELECT COUNT(*) FROM " table " v WHERE v." column " = x.id AND v.ended_at IS NULL)"
#define MEMBERS                                                                                    \
	"(SELECT COUNT(DISTINCT v.person_id) FROM section_member v WHERE v.section_id = x.id"      \
	" AND (v.to_date IS NULL OR v.to_date >= ?))"
#define USES                                                                                       \
	"(SELECT COUNT(*) FROM class_section v JOIN class g ON g.id = v.class_id"                  \
	" WHERE v.section_id = x.id AND g.ended_at IS NULL)"                                       \
	" + (SELECT COUNT(*) FROM course_section v JOIN course k ON k.id = v.course_id"            \
	" WHERE v.section_id = x.id AND k.ended_at IS NULL)"
#define TREE_COUNT                                                                                 \
	"(SELECT COUNT(*) FROM section_member m WHERE m.section_id = s.id"                         \
	" AND m.from_date <= ? AND (m.to_date IS NULL OR m.to_date >= ?))"

#define ADD(table, parent)                                                                         \
	"INSERT INTO " table " (" parent ", name, updated_by, updated_at) VALUES (?, ?, ?, ?)"
#define WRITE(table, parent)                                                                       \
	"UPDATE " table " SET " parent " = ?, name = ?, updated_by = ?, updated_at = ?,"           \
	" revision = revision + 1 WHERE id = ?"
#define SET_END(table)                                                                             \
	"UPDATE " table " SET ended_at = ?, updated_by = ?, updated_at = ?,"                       \
	" revision = revision + 1 WHERE id = ?"
#define LOCK(table) "SELECT id FROM " table " WHERE id = ? FOR UPDATE"

#define GROUP_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(READ_DEPARTMENT, "i", group_row,                                                      \
	     READ("branch_id", "b.name", "department x JOIN branch b ON b.id = x.branch_id",       \
		  "b.ended_at", LIVE_PARTS("batch", "department_id"), "0"))                        \
	ROWS(READ_BATCH, "i", group_row,                                                           \
	     READ("department_id", "d.name",                                                       \
		  "batch x JOIN department d ON d.id = x.department_id"                            \
		  " JOIN branch b ON b.id = d.branch_id",                                          \
		  "COALESCE(d.ended_at, b.ended_at)", LIVE_PARTS("section", "batch_id"), "0"))     \
	ROWS(READ_SECTION, "di", group_row,                                                        \
	     READ("batch_id", "CONCAT(d.name, ' · ', t.name)",                                     \
		  "section x JOIN batch t ON t.id = x.batch_id"                                    \
		  " JOIN department d ON d.id = t.department_id"                                   \
		  " JOIN branch b ON b.id = d.branch_id",                                          \
		  "COALESCE(t.ended_at, d.ended_at, b.ended_at)", MEMBERS, USES))                  \
	ROWS(LOCK_DEPARTMENT, "i", group_locked, LOCK("department"))                               \
	ROWS(LOCK_BATCH, "i", group_locked, LOCK("batch"))                                         \
	ROWS(LOCK_SECTION, "i", group_locked, LOCK("section"))                                     \
	CHANGE(ADD_DEPARTMENT, "isit", ADD("department", "branch_id"))                             \
	CHANGE(ADD_BATCH, "isit", ADD("batch", "department_id"))                                   \
	CHANGE(ADD_SECTION, "isit", ADD("section", "batch_id"))                                    \
	CHANGE(WRITE_DEPARTMENT, "isiti", WRITE("department", "branch_id"))                        \
	CHANGE(WRITE_BATCH, "isiti", WRITE("batch", "department_id"))                              \
	CHANGE(WRITE_SECTION, "isiti", WRITE("section", "batch_id"))                               \
	CHANGE(END_DEPARTMENT, "titi", SET_END("department"))                                      \
	CHANGE(END_BATCH, "titi", SET_END("batch"))                                                \
	CHANGE(END_SECTION, "titi", SET_END("section"))                                            \
	CHANGE(DELETE_DEPARTMENT, "i", "DELETE FROM department WHERE id = ?")                      \
	CHANGE(DELETE_BATCH, "i", "DELETE FROM batch WHERE id = ?")                                \
	CHANGE(DELETE_SECTION, "i", "DELETE FROM section WHERE id = ?")                            \
	ROWS(GROUP_TREE, "ddiiiiisssi", group_tree_row,                                            \
	     "SELECT b.id AS branch_id, b.name AS branch_name, d.id AS department_id,"             \
	     " d.ended_at IS NOT NULL AS department_ended, d.name AS department_name,"             \
	     " t.id AS batch_id, t.ended_at IS NOT NULL AS batch_ended, t.name AS batch_name,"     \
	     " s.id AS section_id, s.ended_at IS NOT NULL AS section_ended,"                       \
	     " s.name AS section_name, " TREE_COUNT " AS n_members"                                \
	     " FROM branch b JOIN department d ON d.branch_id = b.id"                              \
	     " LEFT JOIN batch t ON t.department_id = d.id AND (t.ended_at IS NULL OR ? = 1)"      \
	     " LEFT JOIN section s ON s.batch_id = t.id AND (s.ended_at IS NULL OR ? = 1)"         \
	     " WHERE (d.ended_at IS NULL AND b.ended_at IS NULL OR ? = 1)"                         \
	     " AND (? = 0 OR b.id = ?)"                                                            \
	     " AND (? = '' OR CONCAT_WS(' ', d.name, t.name, s.name) LIKE ? ESCAPE '!'"            \
	     " OR CONCAT_WS(' · ', d.name, t.name, s.name) LIKE ? ESCAPE '!')"                    \
	     " ORDER BY b.name, b.id, d.name, d.id, t.name, t.id, s.name, s.id LIMIT ?")
STATEMENT_SET(group, GROUP_STATEMENTS);

enum rc group_read(struct store *s, enum group_kind kind, int64_t id, int32_t day, struct arena *a,
		   struct group_row *ret, struct error *e)
{
	static const int statements[GROUP__MAX] = { READ_DEPARTMENT, READ_BATCH, READ_SECTION };
	const struct statement *st = &group_table[statements[kind]];

	if (kind == GROUP_SECTION)
		return store_row(s, st, PARAMS(P_DAY(day), P_I64(id)), a, ret, e);
	return store_row(s, st, PARAMS(P_I64(id)), a, ret, e);
}

enum rc group_lock(struct store *s, enum group_kind kind, int64_t id, struct arena *a,
		   struct error *e)
{
	static const int statements[GROUP__MAX] = { LOCK_DEPARTMENT, LOCK_BATCH, LOCK_SECTION };
	struct group_locked locked;

	return store_row(s, &group_table[statements[kind]], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc group_add(struct store *s, enum group_kind kind, int64_t parent_id, struct str name,
		  int64_t account_id, int64_t now_at, int64_t *ret_id, struct error *e)
{
	static const int statements[GROUP__MAX] = { ADD_DEPARTMENT, ADD_BATCH, ADD_SECTION };

	return store_change(s, &group_table[statements[kind]],
			    PARAMS(P_I64(parent_id), P_TEXT(name), P_I64_OR_NULL(account_id),
				   P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc group_write(struct store *s, enum group_kind kind, int64_t id, int64_t parent_id,
		    struct str name, int64_t account_id, int64_t now_at, struct error *e)
{
	static const int statements[GROUP__MAX] = { WRITE_DEPARTMENT, WRITE_BATCH, WRITE_SECTION };

	return store_change(s, &group_table[statements[kind]],
			    PARAMS(P_I64(parent_id), P_TEXT(name), P_I64_OR_NULL(account_id),
				   P_TIME(now_at), P_I64(id)),
			    NULL, NULL, e);
}

enum rc group_set_end(struct store *s, enum group_kind kind, int64_t id, int64_t ended_at,
		      int64_t account_id, int64_t now_at, struct error *e)
{
	static const int statements[GROUP__MAX] = { END_DEPARTMENT, END_BATCH, END_SECTION };

	return store_change(s, &group_table[statements[kind]],
			    PARAMS(P_TIME(ended_at), P_I64_OR_NULL(account_id), P_TIME(now_at),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc group_delete(struct store *s, enum group_kind kind, int64_t id, struct error *e)
{
	static const int statements[GROUP__MAX] = { DELETE_DEPARTMENT, DELETE_BATCH,
						    DELETE_SECTION };

	return store_change(s, &group_table[statements[kind]], PARAMS(P_I64(id)), NULL, NULL, e);
}

const char *group_name_key(enum group_kind kind)
{
	static const char *const keys[GROUP__MAX] = { "department_name", "batch_name",
						      "section_name" };

	return keys[kind];
}

enum rc group_tree_rows(struct store *s, const struct group_tree_params *p, struct arena *a,
			const struct group_tree_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param ended = P_I64(p->with_ended), day = P_DAY(p->day), like = P_TEXT(p->like);
	struct param branch = P_I64(p->branch_id);

	return store_rows(s, &group_table[GROUP_TREE],
			  PARAMS(day, day, ended, ended, ended, branch, branch, like, like, like,
				 P_I64(p->limit)),
			  (size_t)p->limit, a, ret_rows, ret_n, e);
}
