/*
 * SQL of classes and courses as an admin sees them.
 */
#include "store/unit.h"

#include "store/sets.h"

static const struct column unit_row_columns[] = {
	COL(unit_row, id, I64, false),           COL(unit_row, branch_id, I64, false),
	COL(unit_row, revision, I64, false),     COL_N(unit_row, code, TEXT, 160, false),
	COL_N(unit_row, name, TEXT, 800, false), COL_N(unit_row, branch_name, TEXT, 480, false),
	COL_N(unit_row, zone, TEXT, 256, false), COL(unit_row, ended_at, TIME, true),
	COL(unit_row, updated_at, TIME, true),   COL_N(unit_row, updated_by, TEXT, 1000, true),
	COL(unit_row, n_live, I64, true),        COL(unit_row, n_members, I64, false),
};

struct unit_locked {
	int64_t id;
};
static const struct column unit_locked_columns[] = { COL(unit_locked, id, I64, false) };
struct unit_count {
	int64_t n;
};
static const struct column unit_count_columns[] = { COL(unit_count, n, I64, false) };

static const struct column unit_link_row_columns[] = {
	COL(unit_link_row, id, I64, false),
	COL_N(unit_link_row, name, TEXT, 2000, false),
};

static const struct column unit_list_row_columns[] = {
	COL(unit_list_row, id, I64, false),
	COL_N(unit_list_row, code, TEXT, 160, false),
	COL_N(unit_list_row, name, TEXT, 800, false),
	COL_N(unit_list_row, branch_name, TEXT, 480, false),
	COL(unit_list_row, is_ended, I64, false),
	COL_N(unit_list_row, people, TEXT, 0, true),
	COL(unit_list_row, n_sections, I64, true),
	COL(unit_list_row, n_members, I64, true),
	COL(unit_list_row, n_pending, I64, true),
	COL(unit_list_row, total, I64, false),
};

#define PERSON "TRIM(CONCAT(p.given_name, ' ', p.family_name))"
#define READ(table, key, code, name, members)                                                      \
	"SELECT x.id, x.branch_id, x.revision, " code " AS code, x." name " AS name,"              \
	" b.name AS branch_name, b.zone, x.ended_at, x.updated_at,"                                \
	" COALESCE(NULLIF(" PERSON ", ''), a.username) AS updated_by,"                             \
	" (SELECT COUNT(*) FROM schedule v WHERE v." key " = x.id AND v.ended_at IS NULL"          \
	" AND v.status = 'active')"                                                                \
	" + (SELECT COUNT(*) FROM occurrence o WHERE o." key " = x.id AND o.state = 'scheduled'"   \
	" AND o.starts_at > ?) AS n_live, " members " AS n_members"                                \
	" FROM " table " x JOIN branch b ON b.id = x.branch_id"                                    \
	" LEFT JOIN account a ON a.id = x.updated_by LEFT JOIN person p ON p.id = a.person_id"     \
	" WHERE x.id = ?"
#define SET_END(table)                                                                             \
	"UPDATE " table " SET ended_at = ?, updated_by = ?, updated_at = ?,"                       \
	" revision = revision + 1 WHERE id = ?"
#define SECTION_NAME "CONCAT(d.name, ' · ', t.name, ' · ', g.name)"
#define SECTIONS(table, key)                                                                       \
	"SELECT g.id, " SECTION_NAME " AS name FROM " table " v JOIN section g"                    \
	" ON g.id = v.section_id JOIN batch t ON t.id = g.batch_id"                                \
	" JOIN department d ON d.id = t.department_id WHERE v." key " = ? ORDER BY name, g.id"
#define PEOPLE(table, key)                                                                         \
	"SELECT p.id, " PERSON " AS name FROM " table " v JOIN person p ON p.id = v.person_id"     \
	" WHERE v." key " = ? ORDER BY name, p.id"
#define IDS " JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"
#define OF_SECTIONS                                                                                \
	IDS " JOIN section g ON g.id = j.id JOIN batch t ON t.id = g.batch_id"                     \
	    " JOIN department d ON d.id = t.department_id WHERE d.branch_id = ?"
#define OF_PEOPLE IDS " JOIN person g ON g.id = j.id WHERE g.branch_id = ?"
#define DROP(table, key, what)                                                                     \
	"DELETE v FROM " table " v LEFT JOIN" IDS " ON j.id = v." what " WHERE v." key             \
	" = ? AND j.id IS NULL"
#define PUT(table, key, what, of)                                                                  \
	"INSERT IGNORE INTO " table " (" key ", " what ") SELECT DISTINCT ?, g.id FROM" of

#define LIST(table, key, code, name, sections, people, members, pending)                           \
	"SELECT x.id, " code " AS code, x." name " AS name, b.name AS branch_name,"                \
	" x.ended_at IS NOT NULL AS is_ended,"                                                     \
	" (SELECT GROUP_CONCAT(" PERSON " ORDER BY p.family_name, p.id SEPARATOR ', ' LIMIT 5)"    \
	" FROM " people " v JOIN person p ON p.id = v.person_id WHERE v." key                      \
	" = x.id) AS people,"                                                                      \
	" (SELECT COUNT(*) FROM " sections " v WHERE v." key " = x.id) AS n_sections,"             \
	" " members " AS n_members, " pending " AS n_pending, y.total FROM"                        \
	" (SELECT x.id, COUNT(*) OVER () AS total FROM " table " x"                                \
	" WHERE (? = 0 OR x.branch_id = ?) AND (? = 2 OR (x.ended_at IS NOT NULL) = ?)"            \
	" AND (? = '' OR x." name " LIKE ? ESCAPE '!'"                                             \
	" OR " code " COLLATE utf8mb4_unicode_520_nopad_ci LIKE ? ESCAPE '!')"                     \
	" AND (? = 0 OR EXISTS (SELECT 1 FROM " sections " v WHERE v." key " = x.id"               \
	" AND v.section_id = ?))"                                                                  \
	" AND (? = 0 OR EXISTS (SELECT 1 FROM " people " v WHERE v." key " = x.id"                 \
	" AND v.person_id = ?))"                                                                   \
	" ORDER BY " code ", x." name ", x.id LIMIT ? OFFSET ?) y"                                 \
	" JOIN " table " x ON x.id = y.id JOIN branch b ON b.id = x.branch_id"                     \
	" ORDER BY code, x." name ", x.id"
#define LETTERS_LIST "iiiisssiiiiii"

#define UNIT_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(READ_CLASS, "ti", unit_row, READ("class", "class_id", "''", "name", "x.n_members"))   \
	ROWS(READ_COURSE, "ti", unit_row, READ("course", "course_id", "x.code", "title", "0"))     \
	ROWS(LOCK_CLASS, "i", unit_locked, "SELECT id FROM class WHERE id = ? FOR UPDATE")         \
	ROWS(LOCK_COURSE, "i", unit_locked, "SELECT id FROM course WHERE id = ? FOR UPDATE")       \
	CHANGE(ADD_CLASS, "isit",                                                                  \
	       "INSERT INTO class (branch_id, name, updated_by, updated_at) VALUES (?, ?, ?, ?)")  \
	CHANGE(ADD_COURSE, "issit",                                                                \
	       "INSERT INTO course (branch_id, code, title, updated_by, updated_at)"               \
	       " VALUES (?, ?, ?, ?, ?)")                                                          \
	CHANGE(WRITE_CLASS, "siti",                                                                \
	       "UPDATE class SET name = ?, updated_by = ?, updated_at = ?,"                        \
	       " revision = revision + 1 WHERE id = ?")                                            \
	CHANGE(WRITE_COURSE, "ssiti",                                                              \
	       "UPDATE course SET code = ?, title = ?, updated_by = ?, updated_at = ?,"            \
	       " revision = revision + 1 WHERE id = ?")                                            \
	CHANGE(END_CLASS, "titi", SET_END("class"))                                                \
	CHANGE(END_COURSE, "titi", SET_END("course"))                                              \
	CHANGE(DELETE_CLASS_SECTIONS, "i", "DELETE FROM class_section WHERE class_id = ?")         \
	CHANGE(DELETE_CLASS_STAFF, "i", "DELETE FROM class_staff WHERE class_id = ?")              \
	CHANGE(DELETE_CLASS, "i", "DELETE FROM class WHERE id = ?")                                \
	CHANGE(DELETE_COURSE_SECTIONS, "i", "DELETE FROM course_section WHERE course_id = ?")      \
	CHANGE(DELETE_COURSE_TEACHERS, "i", "DELETE FROM course_teacher WHERE course_id = ?")      \
	CHANGE(DELETE_COURSE, "i", "DELETE FROM course WHERE id = ?")                              \
	CHANGE(TOUCH_BRANCH, "i", "UPDATE branch SET version = version + 1 WHERE id = ?")          \
	CHANGE(TOUCH_CLASS, "ii",                                                                  \
	       "UPDATE (SELECT person_id AS id FROM class_staff WHERE class_id = ?"                \
	       " UNION SELECT teacher_id FROM occurrence WHERE class_id = ?) t"                    \
	       " STRAIGHT_JOIN person p ON p.id = t.id SET p.version = p.version + 1")             \
	CHANGE(TOUCH_COURSE, "iii",                                                                \
	       "UPDATE (SELECT person_id AS id FROM course_teacher WHERE course_id = ?"            \
	       " UNION SELECT teacher_id FROM occurrence WHERE course_id = ?"                      \
	       " UNION SELECT f.person_id FROM occurrence o JOIN class_staff f"                    \
	       " ON f.class_id = o.class_id WHERE o.course_id = ?) t"                              \
	       " STRAIGHT_JOIN person p ON p.id = t.id SET p.version = p.version + 1")             \
	ROWS(SECTIONS_CLASS, "i", unit_link_row, SECTIONS("class_section", "class_id"))            \
	ROWS(SECTIONS_COURSE, "i", unit_link_row, SECTIONS("course_section", "course_id"))         \
	ROWS(PEOPLE_CLASS, "i", unit_link_row, PEOPLE("class_staff", "class_id"))                  \
	ROWS(PEOPLE_COURSE, "i", unit_link_row, PEOPLE("course_teacher", "course_id"))             \
	ROWS(COUNT_SECTIONS, "si", unit_count,                                                     \
	     "SELECT COUNT(DISTINCT g.id) AS n FROM" OF_SECTIONS)                                  \
	ROWS(COUNT_PEOPLE, "si", unit_count, "SELECT COUNT(DISTINCT g.id) AS n FROM" OF_PEOPLE)    \
	CHANGE(DROP_SECTIONS_CLASS, "si", DROP("class_section", "class_id", "section_id"))         \
	CHANGE(DROP_SECTIONS_COURSE, "si", DROP("course_section", "course_id", "section_id"))      \
	CHANGE(DROP_PEOPLE_CLASS, "si", DROP("class_staff", "class_id", "person_id"))              \
	CHANGE(DROP_PEOPLE_COURSE, "si", DROP("course_teacher", "course_id", "person_id"))         \
	CHANGE(PUT_SECTIONS_CLASS, "isi",                                                          \
	       PUT("class_section", "class_id", "section_id", OF_SECTIONS))                        \
	CHANGE(PUT_SECTIONS_COURSE, "isi",                                                         \
	       PUT("course_section", "course_id", "section_id", OF_SECTIONS))                      \
	CHANGE(PUT_PEOPLE_CLASS, "isi", PUT("class_staff", "class_id", "person_id", OF_PEOPLE))    \
	CHANGE(PUT_PEOPLE_COURSE, "isi",                                                           \
	       PUT("course_teacher", "course_id", "person_id", OF_PEOPLE))                         \
	ROWS(LIST_CLASS, LETTERS_LIST, unit_list_row,                                              \
	     LIST("class", "class_id", "''", "name", "class_section", "class_staff",               \
		  "x.n_members", "0"))                                                             \
	ROWS(LIST_COURSE, "dd" LETTERS_LIST, unit_list_row,                                        \
	     LIST("course", "course_id", "x.code", "title", "course_section", "course_teacher",    \
		  "(SELECT COUNT(*) FROM enrolment v WHERE v.course_id = x.id"                     \
		  " AND v.state = 'approved' AND v.from_date <= ?"                                 \
		  " AND (v.to_date IS NULL OR v.to_date >= ?))",                                   \
		  "(SELECT COUNT(*) FROM enrolment v WHERE v.course_id = x.id"                     \
		  " AND v.state = 'pending')"))
STATEMENT_SET(unit, UNIT_STATEMENTS);

#define LINKS_MAX 1000

enum rc unit_read(struct store *s, enum unit_kind kind, int64_t id, int64_t now_at, struct arena *a,
		  struct unit_row *ret, struct error *e)
{
	return store_row(s, &unit_table[kind == UNIT_CLASS ? READ_CLASS : READ_COURSE],
			 PARAMS(P_TIME(now_at), P_I64(id)), a, ret, e);
}

enum rc unit_lock(struct store *s, enum unit_kind kind, int64_t id, struct arena *a,
		  struct error *e)
{
	struct unit_locked locked;

	return store_row(s, &unit_table[kind == UNIT_CLASS ? LOCK_CLASS : LOCK_COURSE],
			 PARAMS(P_I64(id)), a, &locked, e);
}

enum rc unit_add(struct store *s, enum unit_kind kind, int64_t branch_id, struct str code,
		 struct str name, int64_t account_id, int64_t now_at, int64_t *ret_id,
		 struct error *e)
{
	struct param branch = P_I64(branch_id), by = P_I64_OR_NULL(account_id);

	if (kind == UNIT_CLASS)
		return store_change(s, &unit_table[ADD_CLASS],
				    PARAMS(branch, P_TEXT(name), by, P_TIME(now_at)), NULL, ret_id,
				    e);
	return store_change(s, &unit_table[ADD_COURSE],
			    PARAMS(branch, P_TEXT(code), P_TEXT(name), by, P_TIME(now_at)), NULL,
			    ret_id, e);
}

enum rc unit_write(struct store *s, enum unit_kind kind, int64_t id, struct str code,
		   struct str name, int64_t account_id, int64_t now_at, struct error *e)
{
	struct param by = P_I64_OR_NULL(account_id);

	if (kind == UNIT_CLASS)
		return store_change(s, &unit_table[WRITE_CLASS],
				    PARAMS(P_TEXT(name), by, P_TIME(now_at), P_I64(id)), NULL, NULL,
				    e);
	return store_change(s, &unit_table[WRITE_COURSE],
			    PARAMS(P_TEXT(code), P_TEXT(name), by, P_TIME(now_at), P_I64(id)), NULL,
			    NULL, e);
}

enum rc unit_set_end(struct store *s, enum unit_kind kind, int64_t id, int64_t ended_at,
		     int64_t account_id, int64_t now_at, struct error *e)
{
	return store_change(s, &unit_table[kind == UNIT_CLASS ? END_CLASS : END_COURSE],
			    PARAMS(P_TIME(ended_at), P_I64_OR_NULL(account_id), P_TIME(now_at),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc unit_delete(struct store *s, enum unit_kind kind, int64_t id, struct error *e)
{
	static const int statements[UNIT__MAX][3] = {
		[UNIT_CLASS] = { DELETE_CLASS_SECTIONS, DELETE_CLASS_STAFF, DELETE_CLASS },
		[UNIT_COURSE] = { DELETE_COURSE_SECTIONS, DELETE_COURSE_TEACHERS, DELETE_COURSE },
	};

	for (size_t i = 0; i < 3; i++)
		TRY(store_change(s, &unit_table[statements[kind][i]], PARAMS(P_I64(id)), NULL, NULL,
				 e));
	return RC_OK;
}

enum rc unit_touch(struct store *s, enum unit_kind kind, int64_t id, int64_t branch_id,
		   struct error *e)
{
	struct param unit = P_I64(id);

	TRY(store_change(s, &unit_table[TOUCH_BRANCH], PARAMS(P_I64(branch_id)), NULL, NULL, e));
	if (kind == UNIT_CLASS)
		return store_change(s, &unit_table[TOUCH_CLASS], PARAMS(unit, unit), NULL, NULL, e);
	return store_change(s, &unit_table[TOUCH_COURSE], PARAMS(unit, unit, unit), NULL, NULL, e);
}

enum rc unit_links(struct store *s, enum unit_kind kind, enum unit_link link, int64_t id,
		   struct arena *a, const struct unit_link_row **ret_rows, size_t *ret_n,
		   struct error *e)
{
	static const int statements[UNIT__MAX][UNIT_LINK__MAX] = {
		[UNIT_CLASS] = { SECTIONS_CLASS, PEOPLE_CLASS },
		[UNIT_COURSE] = { SECTIONS_COURSE, PEOPLE_COURSE },
	};

	return store_rows(s, &unit_table[statements[kind][link]], PARAMS(P_I64(id)), LINKS_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc unit_put_links(struct store *s, enum unit_kind kind, enum unit_link link, int64_t id,
		       int64_t branch_id, struct str ids, struct arena *a, int64_t *ret_n,
		       struct error *e)
{
	static const int drops[UNIT__MAX][UNIT_LINK__MAX] = {
		[UNIT_CLASS] = { DROP_SECTIONS_CLASS, DROP_PEOPLE_CLASS },
		[UNIT_COURSE] = { DROP_SECTIONS_COURSE, DROP_PEOPLE_COURSE },
	};
	static const int puts[UNIT__MAX][UNIT_LINK__MAX] = {
		[UNIT_CLASS] = { PUT_SECTIONS_CLASS, PUT_PEOPLE_CLASS },
		[UNIT_COURSE] = { PUT_SECTIONS_COURSE, PUT_PEOPLE_COURSE },
	};
	struct param list = P_TEXT(ids), branch = P_I64(branch_id), unit = P_I64(id);
	struct unit_count count;

	TRY(store_row(s, &unit_table[link == UNIT_SECTIONS ? COUNT_SECTIONS : COUNT_PEOPLE],
		      PARAMS(list, branch), a, &count, e));
	TRY(store_change(s, &unit_table[drops[kind][link]], PARAMS(list, unit), NULL, NULL, e));
	TRY(store_change(s, &unit_table[puts[kind][link]], PARAMS(unit, list, branch), NULL, NULL,
			 e));
	*ret_n = count.n;
	return RC_OK;
}

enum rc unit_list_rows(struct store *s, const struct unit_list_params *p, struct arena *a,
		       const struct unit_list_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param branch = P_I64(p->branch_id), ended = P_I64(p->ended), like = P_TEXT(p->like);
	struct param section = P_I64(p->section_id), person = P_I64(p->person_id);
	struct param day = P_DAY(p->day), limit = P_I64(p->limit), offset = P_I64(p->offset);

	if (p->kind == UNIT_CLASS)
		return store_rows(s, &unit_table[LIST_CLASS],
				  PARAMS(branch, branch, ended, ended, like, like, like, section,
					 section, person, person, limit, offset),
				  (size_t)p->limit, a, ret_rows, ret_n, e);
	return store_rows(s, &unit_table[LIST_COURSE],
			  PARAMS(day, day, branch, branch, ended, ended, like, like, like, section,
				 section, person, person, limit, offset),
			  (size_t)p->limit, a, ret_rows, ret_n, e);
}
