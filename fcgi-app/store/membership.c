/*
 * SQL of memberships and enrolments; see the header.
 */
#include "store/membership.h"

#include "store/sets.h"

static const struct column member_group_row_columns[] = {
	COL(member_group_row, id, I64, false),
	COL(member_group_row, branch_id, I64, false),
	COL(member_group_row, ended_at, TIME, true),
	COL_N(member_group_row, name, TEXT, 1000, true),
	COL_N(member_group_row, zone, TEXT, 256, false),
};
static const struct column member_person_row_columns[] = {
	COL(member_person_row, id, I64, false),
	COL(member_person_row, branch_id, I64, false),
	COL(member_person_row, ended_at, TIME, true),
};
static const struct column member_row_columns[] = {
	COL(member_row, id, I64, false),
	COL(member_row, person_id, I64, false),
	COL(member_row, group_id, I64, false),
	COL(member_row, branch_id, I64, false),
	COL(member_row, from_date, DAY, false),
	COL(member_row, to_date, DAY, true),
	COL(member_row, revision, I64, false),
	COL_N(member_row, state, TEXT, 64, true),
	COL_N(member_row, group_name, TEXT, 1300, true),
	COL_N(member_row, given_name, TEXT, 480, false),
	COL_N(member_row, family_name, TEXT, 480, false),
	COL_N(member_row, student_code, TEXT, 160, true),
	COL_N(member_row, zone, TEXT, 256, false),
	COL(member_row, group_ended_at, TIME, true),
	COL(member_row, person_ended_at, TIME, true),
	COL(member_row, updated_at, TIME, true),
	COL_N(member_row, updated_by, TEXT, 1000, true),
};
static const struct column member_clash_row_columns[] = {
	COL(member_clash_row, id, I64, false),
	COL(member_clash_row, from_date, DAY, false),
	COL(member_clash_row, to_date, DAY, true),
};
struct member_count_row {
	int64_t n;
};
static const struct column member_count_row_columns[] = { COL(member_count_row, n, I64, false) };
static const struct column member_branch_row_columns[] = {
	COL(member_branch_row, id, I64, false),
	COL_N(member_branch_row, zone, TEXT, 256, false),
};

#define COLUMNS(group, state, name)                                                                \
	"SELECT m.id, m.person_id, m." group " AS group_id, b.id AS branch_id, m.from_date,"       \
	" m.to_date, m.revision, " state " AS state, " name " AS group_name, p.given_name,"        \
	" p.family_name, p.student_code, b.zone, g.ended_at AS group_ended_at,"                    \
	" p.ended_at AS person_ended_at, m.updated_at, (SELECT COALESCE("                          \
	"NULLIF(TRIM(CONCAT(q.given_name, ' ', q.family_name)), ''), w.username) FROM account w"   \
	" LEFT JOIN person q ON q.id = w.person_id WHERE w.id = m.updated_by) AS updated_by"
#define SECTION_NAME "CONCAT(t.name, ' ', g.name)"
#define SELECT_SECTION                                                                             \
	COLUMNS("section_id", "CAST(NULL AS CHAR(8))", SECTION_NAME)                               \
	" FROM section_member m JOIN section g ON g.id = m.section_id"                             \
	" JOIN batch t ON t.id = g.batch_id JOIN department d ON d.id = t.department_id"           \
	" JOIN branch b ON b.id = d.branch_id JOIN person p ON p.id = m.person_id"
#define SELECT_COURSE                                                                              \
	COLUMNS("course_id", "m.state", "CONCAT(g.code, ' ', g.title)")                            \
	" FROM enrolment m JOIN course g ON g.id = m.course_id"                                    \
	" JOIN branch b ON b.id = g.branch_id JOIN person p ON p.id = m.person_id"
#define OF_PERSON " WHERE m.person_id = ? ORDER BY m.from_date DESC, m.id DESC LIMIT ?"
#define OF_GROUP(column)                                                                           \
	" WHERE m." column " = ? AND (? = 0 OR (m.from_date <= ? AND"                              \
	" (m.to_date IS NULL OR m.to_date >= ?)))"                                                 \
	" ORDER BY p.family_name, p.given_name, p.id, m.from_date DESC, m.id LIMIT ?, ?"

/* span_overlaps: each begins no later than the other ends. */
#define CLASH(table, column, more)                                                                 \
	"SELECT id, from_date, to_date FROM " table " WHERE person_id = ? AND " column " = ?"      \
	" AND id <> ? AND (to_date IS NULL OR to_date >= ?) AND from_date <= COALESCE(?,"          \
	" DATE '9999-12-31')" more " ORDER BY from_date, id LIMIT 1"

/* Students of each class of a branch on a day. */
#define COUNTED                                                                                    \
	"(SELECT k.id, COUNT(DISTINCT p.id) AS n FROM class k"                                     \
	" LEFT JOIN class_section ks ON ks.class_id = k.id"                                        \
	" LEFT JOIN section_member m ON m.section_id = ks.section_id AND m.from_date <= ?"         \
	" AND (m.to_date IS NULL OR m.to_date >= ?)"                                               \
	" LEFT JOIN person p ON p.id = m.person_id AND p.ended_at IS NULL"                         \
	" WHERE k.branch_id = ? AND (? = 0 OR k.id IN (SELECT c.class_id FROM class_section c"     \
	" WHERE c.section_id = ?)) GROUP BY k.id) x"

#define MEMBERSHIP_STATEMENTS(ROWS, CHANGE)                                                        \
	ROWS(MEMBER_GROUP_SECTION, "i", member_group_row,                                          \
	     "SELECT g.id, b.id AS branch_id, COALESCE(g.ended_at, t.ended_at, d.ended_at)"        \
	     " AS ended_at, " SECTION_NAME " AS name, b.zone FROM section g"                       \
	     " JOIN batch t ON t.id = g.batch_id JOIN department d ON d.id = t.department_id"      \
	     " JOIN branch b ON b.id = d.branch_id WHERE g.id = ?")                                \
	ROWS(MEMBER_GROUP_COURSE, "i", member_group_row,                                           \
	     "SELECT g.id, g.branch_id, g.ended_at, g.code AS name, b.zone FROM course g"          \
	     " JOIN branch b ON b.id = g.branch_id WHERE g.id = ?")                                \
	ROWS(MEMBER_PERSON_LOCK, "i", member_person_row,                                           \
	     "SELECT id, branch_id, ended_at FROM person WHERE id = ? FOR UPDATE")                 \
	ROWS(MEMBER_SECTION_READ, "i", member_row, SELECT_SECTION " WHERE m.id = ?")               \
	ROWS(MEMBER_COURSE_READ, "i", member_row, SELECT_COURSE " WHERE m.id = ?")                 \
	ROWS(MEMBER_SECTION_OF_PERSON, "ii", member_row, SELECT_SECTION OF_PERSON)                 \
	ROWS(MEMBER_COURSE_OF_PERSON, "ii", member_row, SELECT_COURSE OF_PERSON)                   \
	ROWS(MEMBER_SECTION_OF_GROUP, "iiddii", member_row, SELECT_SECTION OF_GROUP("section_id")) \
	ROWS(MEMBER_COURSE_OF_GROUP, "iiddii", member_row, SELECT_COURSE OF_GROUP("course_id"))    \
	ROWS(MEMBER_SECTION_CLASH, "iiidd", member_clash_row,                                      \
	     CLASH("section_member", "section_id", ""))                                            \
	ROWS(MEMBER_COURSE_CLASH, "iiidd", member_clash_row,                                       \
	     CLASH("enrolment", "course_id", " AND state <> 'rejected'"))                          \
	CHANGE(MEMBER_SECTION_INSERT, "iidd",                                                      \
	       "INSERT INTO section_member (person_id, section_id, from_date, to_date)"            \
	       " VALUES (?, ?, ?, ?)")                                                             \
	CHANGE(MEMBER_COURSE_INSERT, "iiddst",                                                     \
	       "INSERT INTO enrolment (person_id, course_id, from_date, to_date, state,"           \
	       " created_at) VALUES (?, ?, ?, ?, ?, ?)")                                           \
	CHANGE(MEMBER_SECTION_UPDATE, "ddtii",                                                     \
	       "UPDATE section_member SET from_date = ?, to_date = ?, revision = revision + 1,"    \
	       " updated_at = ?, updated_by = ? WHERE id = ?")                                     \
	CHANGE(MEMBER_COURSE_UPDATE, "ddstii",                                                     \
	       "UPDATE enrolment SET from_date = ?, to_date = ?, state = ?, updated_at = ?,"       \
	       " updated_by = ?, revision = revision + 1 WHERE id = ?")                            \
	CHANGE(MEMBER_SECTION_DELETE, "i", "DELETE FROM section_member WHERE id = ?")              \
	CHANGE(MEMBER_COURSE_DELETE, "i", "DELETE FROM enrolment WHERE id = ?")                    \
	CHANGE(MEMBER_TOUCH_BRANCH, "i", "UPDATE branch SET version = version + 1 WHERE id = ?")   \
	CHANGE(MEMBER_TOUCH_PEOPLE, "iiiiii",                                                      \
	       "UPDATE (SELECT f.person_id AS id FROM class k JOIN class_staff f"                  \
	       " ON f.class_id = k.id WHERE k.branch_id = ? AND (? = 0 OR k.id IN"                 \
	       " (SELECT ks.class_id FROM class_section ks WHERE ks.section_id = ?))"              \
	       " UNION SELECT r.teacher_id FROM class k JOIN schedule r ON r.class_id = k.id"      \
	       " WHERE k.branch_id = ? AND r.teacher_id IS NOT NULL AND (? = 0 OR k.id IN"         \
	       " (SELECT ks.class_id FROM class_section ks WHERE ks.section_id = ?))) t"           \
	       " STRAIGHT_JOIN person p ON p.id = t.id SET p.version = p.version + 1")             \
	CHANGE(MEMBER_RECOUNT, "ddiii",                                                            \
	       "UPDATE " COUNTED " STRAIGHT_JOIN class g ON g.id = x.id SET g.n_members = x.n"     \
	       " WHERE g.n_members <> x.n")                                                        \
	ROWS(MEMBER_COUNT_OFF, "ddiii", member_count_row,                                          \
	     "SELECT COUNT(*) AS n FROM " COUNTED " JOIN class g ON g.id = x.id"                   \
	     " WHERE g.n_members <> x.n")                                                          \
	ROWS(MEMBER_BRANCH, "i", member_branch_row, "SELECT id, zone FROM branch WHERE id = ?")    \
	ROWS(MEMBER_BRANCHES, "", member_branch_row, "SELECT id, zone FROM branch ORDER BY id")
STATEMENT_SET(membership, MEMBERSHIP_STATEMENTS);

#define BRANCHES_MAX 10000

/* The statement of a kind: they stand in pairs. */
static const struct statement *of(int statement, enum member_kind kind)
{
	BUG((unsigned)kind >= MEMBER__MAX);
	return &membership_table[statement + (int)kind];
}

enum rc member_group_get(struct store *s, enum member_kind kind, int64_t id, struct arena *a,
			 struct member_group_row *ret, struct error *e)
{
	return store_row(s, of(MEMBER_GROUP_SECTION, kind), PARAMS(P_I64(id)), a, ret, e);
}

enum rc member_person_lock(struct store *s, int64_t person_id, struct arena *a,
			   struct member_person_row *ret, struct error *e)
{
	return store_row(s, &membership_table[MEMBER_PERSON_LOCK], PARAMS(P_I64(person_id)), a, ret,
			 e);
}

enum rc member_read(struct store *s, enum member_kind kind, int64_t id, struct arena *a,
		    struct member_row *ret, struct error *e)
{
	return store_row(s, of(MEMBER_SECTION_READ, kind), PARAMS(P_I64(id)), a, ret, e);
}

enum rc member_select_person(struct store *s, enum member_kind kind, int64_t person_id, size_t max,
			     struct arena *a, const struct member_row **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, of(MEMBER_SECTION_OF_PERSON, kind),
			  PARAMS(P_I64(person_id), P_I64((int64_t)max)), max, a, ret_rows, ret_n,
			  e);
}

enum rc member_select_group(struct store *s, enum member_kind kind, int64_t group_id, int32_t day,
			    int64_t offset, size_t max, struct arena *a,
			    const struct member_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, of(MEMBER_SECTION_OF_GROUP, kind),
			  PARAMS(P_I64(group_id), P_I64(day != NO_DAY), P_DAY(day), P_DAY(day),
				 P_I64(offset), P_I64((int64_t)max)),
			  max, a, ret_rows, ret_n, e);
}

enum rc member_clash_find(struct store *s, enum member_kind kind, int64_t person_id,
			  int64_t group_id, int32_t from_day, int32_t to_day, int64_t except_id,
			  struct arena *a, const struct member_clash_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, of(MEMBER_SECTION_CLASH, kind),
			  PARAMS(P_I64(person_id), P_I64(group_id), P_I64(except_id),
				 P_DAY(from_day), P_DAY(to_day)),
			  1, a, ret_rows, ret_n, e);
}

enum rc member_insert(struct store *s, enum member_kind kind, int64_t person_id, int64_t group_id,
		      int32_t from_day, int32_t to_day, struct str state, int64_t now_us,
		      int64_t *ret_id, struct error *e)
{
	const struct param params[] = { P_I64(person_id), P_I64(group_id), P_DAY(from_day),
					P_DAY(to_day),    P_TEXT(state),   P_TIME(now_us) };

	return store_change(s, of(MEMBER_SECTION_INSERT, kind), params,
			    kind == MEMBER_SECTION ? 4 : 6, NULL, ret_id, e);
}

enum rc member_update(struct store *s, enum member_kind kind, int64_t id, int32_t from_day,
		      int32_t to_day, struct str state, int64_t now_us, int64_t by, struct error *e)
{
	if (kind == MEMBER_SECTION)
		return store_change(s, &membership_table[MEMBER_SECTION_UPDATE],
				    PARAMS(P_DAY(from_day), P_DAY(to_day), P_TIME(now_us),
					   P_I64(by), P_I64(id)),
				    NULL, NULL, e);
	return store_change(s, &membership_table[MEMBER_COURSE_UPDATE],
			    PARAMS(P_DAY(from_day), P_DAY(to_day), P_TEXT(state), P_TIME(now_us),
				   P_I64(by), P_I64(id)),
			    NULL, NULL, e);
}

enum rc member_delete(struct store *s, enum member_kind kind, int64_t id, struct error *e)
{
	return store_change(s, of(MEMBER_SECTION_DELETE, kind), PARAMS(P_I64(id)), NULL, NULL, e);
}

enum rc member_touch(struct store *s, int64_t branch_id, int64_t section_id, struct error *e)
{
	TRY(store_change(s, &membership_table[MEMBER_TOUCH_BRANCH], PARAMS(P_I64(branch_id)), NULL,
			 NULL, e));
	return store_change(s, &membership_table[MEMBER_TOUCH_PEOPLE],
			    PARAMS(P_I64(branch_id), P_I64(section_id), P_I64(section_id),
				   P_I64(branch_id), P_I64(section_id), P_I64(section_id)),
			    NULL, NULL, e);
}

enum rc member_recount(struct store *s, int64_t branch_id, int64_t section_id, int32_t day,
		       int64_t *ret_n, struct error *e)
{
	return store_change(s, &membership_table[MEMBER_RECOUNT],
			    PARAMS(P_DAY(day), P_DAY(day), P_I64(branch_id), P_I64(section_id),
				   P_I64(section_id)),
			    ret_n, NULL, e);
}

enum rc member_count_off(struct store *s, int64_t branch_id, int32_t day, struct arena *a,
			 int64_t *ret_n, struct error *e)
{
	struct member_count_row row;

	TRY(store_row(s, &membership_table[MEMBER_COUNT_OFF],
		      PARAMS(P_DAY(day), P_DAY(day), P_I64(branch_id), P_I64(0), P_I64(0)), a, &row,
		      e));
	*ret_n = row.n;
	return RC_OK;
}

enum rc member_branch_get(struct store *s, int64_t id, struct arena *a,
			  struct member_branch_row *ret, struct error *e)
{
	return store_row(s, &membership_table[MEMBER_BRANCH], PARAMS(P_I64(id)), a, ret, e);
}

enum rc member_branches(struct store *s, struct arena *a, const struct member_branch_row **ret_rows,
			size_t *ret_n, struct error *e)
{
	return store_rows(s, &membership_table[MEMBER_BRANCHES], NULL, 0, BRANCHES_MAX, a, ret_rows,
			  ret_n, e);
}
