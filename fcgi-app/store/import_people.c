/*
 * SQL of imports of people; see the header.
 *
 * Every statement takes the import and its first and last row, so that the three lists at the end
 * say all about the order.  A text that is NULL in import_row leaves what is there; texts are
 * compared by their bytes, since the change of a capital letter is a change.
 */
#include "store/import_people.h"

#include "store/import_sql.h"
#include "store/sets.h"

struct import_people_n {
	int64_t n;
};
static const struct column import_people_n_columns[] = { COL(import_people_n, n, I64, false) };

#define GOOD THESE " AND r.action IN ('create', 'update')"
#define FAR  "'9999-12-31'"

#define ERRORS IMPORT_ERRORS
/* The same code, username or address in an earlier row; `column` has an index. */
#define TWICE(column, index)                                                                       \
	"INSERT IGNORE INTO import_error (import_id, row_no, field, reason, value, arg)"           \
	" SELECT import_id, row_no, '" column "', 'import_twice', LEFT(" column ", 200), first"    \
	" FROM (SELECT r.import_id, r.row_no, r." column                                           \
	", (SELECT o.row_no FROM import_row o FORCE INDEX (" index ")"                             \
	" WHERE o.import_id = r.import_id"                                                         \
	" AND o." column " = r." column " AND o.row_no < r.row_no ORDER BY o.row_no LIMIT 1)"      \
	" AS first FROM import_row r" THESE " AND r." column " IS NOT NULL) t"                     \
	" WHERE first IS NOT NULL"
/* Is the value of the row another one than what is stored? */
#define OTHER(row, stored)                                                                         \
	"(r." row " IS NOT NULL AND NOT (BINARY r." row " <=> BINARY " stored "))"
#define PERSON_OTHER                                                                               \
	"(" OTHER("given_name", "p.given_name") " OR " OTHER(                                      \
		"family_name",                                                                     \
		"p.family_name") " OR " OTHER("student_code",                                      \
					      "p.student_code") " OR " OTHER("teacher_code",       \
									     "p.teacher_code") ")"
#define ACCOUNT_OTHER                                                                              \
	"(" OTHER("username", "a.username") " OR " OTHER("email", "a.email") " OR " OTHER(         \
		"role", "a.role") ")"
#define MEMBER_OTHER "(r.to_date IS NOT NULL AND NOT (r.to_date <=> m.to_date))"

#define NEW_UUID                                                                                   \
	"LOWER(CONCAT_WS('-', HEX(RANDOM_BYTES(4)), HEX(RANDOM_BYTES(2)),"                         \
	" CONCAT('4', SUBSTR(HEX(RANDOM_BYTES(2)), 2)),"                                           \
	" CONCAT('8', SUBSTR(HEX(RANDOM_BYTES(2)), 2)), HEX(RANDOM_BYTES(6))))"

#define IMPORT_PEOPLE_CHECK(CHANGE)                                                                \
	CHANGE(PEOPLE_FIND, "iii",                                                                 \
	       "UPDATE import_row r"                                                               \
	       " LEFT JOIN person ps ON ps.student_code_live = r.student_code"                     \
	       " LEFT JOIN person pt ON pt.teacher_code_live = r.teacher_code"                     \
	       " LEFT JOIN account au ON au.username = r.username"                                 \
	       " LEFT JOIN account ae ON ae.email = r.email AND COALESCE(r.username,"              \
	       " r.student_code, r.teacher_code) IS NULL"                                          \
	       " LEFT JOIN person pu ON pu.id = COALESCE(au.person_id, ae.person_id)"              \
	       " AND pu.ended_at IS NULL"                                                          \
	       " SET r.person_id = COALESCE(ps.id, pt.id, pu.id), r.account_id = NULL,"            \
	       " r.group_id = NULL, r.member_id = NULL" THESE)                                     \
	CHANGE(PEOPLE_FIND_ACCOUNT, "iii",                                                         \
	       "UPDATE import_row r JOIN account a ON a.person_id = r.person_id"                   \
	       " SET r.account_id = a.id" THESE)                                                   \
	CHANGE(PEOPLE_FIND_SECTION, "iii",                                                         \
	       "UPDATE import_row r" IMPORT " JOIN department d ON d.branch_id = i.branch_id"      \
	       " AND d.ended_at IS NULL AND (r.department IS NULL OR d.name = r.department)"       \
	       " JOIN batch b ON b.department_id = d.id AND b.ended_at IS NULL"                    \
	       " AND (r.batch IS NULL OR b.name = r.batch)"                                        \
	       " JOIN section s ON s.batch_id = b.id AND s.ended_at IS NULL"                       \
	       " AND s.name = r.section SET r.group_id = s.id" THESE)                              \
	CHANGE(PEOPLE_FIND_MEMBER, "iii",                                                          \
	       "UPDATE import_row r" IMPORT                                                        \
	       " JOIN section_member m ON m.section_id = r.group_id AND m.person_id = r.person_id" \
	       " AND (m.from_date = r.from_date OR (r.from_date IS NULL"                           \
	       " AND m.from_date <= i.today AND COALESCE(m.to_date, " FAR ") >= i.today))"         \
	       " SET r.member_id = m.id" THESE)                                                    \
	CHANGE(PEOPLE_TWICE_STUDENT, "iii", TWICE("student_code", "import_row_student"))           \
	CHANGE(PEOPLE_TWICE_TEACHER, "iii", TWICE("teacher_code", "import_row_teacher"))           \
	CHANGE(PEOPLE_TWICE_USERNAME, "iii", TWICE("username", "import_row_username"))             \
	CHANGE(PEOPLE_TWICE_EMAIL, "iii", TWICE("email", "import_row_email"))                      \
	CHANGE(PEOPLE_TWICE_PERSON, "iii",                                                         \
	       "INSERT IGNORE INTO import_error (import_id, row_no, field, reason, value, arg)"    \
	       " SELECT import_id, row_no, '', 'import_twice', '', first FROM (SELECT "            \
	       "r.import_id,"                                                                      \
	       " r.row_no, (SELECT o.row_no FROM import_row o FORCE INDEX (import_row_person) "    \
	       "WHERE o.import_id = r.import_id"                                                   \
	       " AND o.person_id = r.person_id AND o.row_no < r.row_no ORDER BY o.row_no LIMIT 1)" \
	       " AS first FROM import_row r" THESE                                                 \
	       " AND r.person_id IS NOT NULL AND r.person_did ="                                   \
	       " '' AND NOT EXISTS (SELECT 1 FROM import_error x WHERE x.import_id = r.import_id"  \
	       " AND x.row_no = r.row_no AND x.reason = 'import_twice')) t WHERE first IS NOT "    \
	       "NULL")                                                                             \
	CHANGE(PEOPLE_STUDENT_ELSEWHERE, "iii",                                                    \
	       ERRORS("'student_code'", "import_elsewhere", "r.student_code", "0") IMPORT          \
	       " JOIN person p ON p.student_code_live = r.student_code"                            \
	       " AND p.branch_id <> i.branch_id" THESE)                                            \
	CHANGE(PEOPLE_TEACHER_ELSEWHERE, "iii",                                                    \
	       ERRORS("'teacher_code'", "import_elsewhere", "r.teacher_code", "0") IMPORT          \
	       " JOIN person p ON p.teacher_code_live = r.teacher_code"                            \
	       " AND p.branch_id <> i.branch_id" THESE)                                            \
	CHANGE(PEOPLE_TEACHER_OTHER, "iii",                                                        \
	       ERRORS("'teacher_code'", "import_other", "r.teacher_code",                          \
		      "0") " JOIN person p ON p.teacher_code_live = r.teacher_code"                \
			   " AND NOT (p.id <=> r.person_id)" THESE)                                \
	CHANGE(PEOPLE_USERNAME_OTHER, "iii",                                                       \
	       ERRORS("'username'", "username_taken", "r.username", "0") IMPORT                    \
	       " JOIN account a ON a.username = r.username LEFT JOIN person p ON p.id = "          \
	       "a.person_id" THESE                                                                 \
	       " AND (p.id IS NULL OR p.branch_id <> i.branch_id OR NOT (p.id <=> r.person_id)"    \
	       " OR (r.student_code IS NOT NULL AND p.student_code <> r.student_code"              \
	       " AND NOT (p.teacher_code <=> r.teacher_code)) OR (r.teacher_code IS NOT NULL"      \
	       " AND p.teacher_code <> r.teacher_code AND NOT (p.student_code <=> "                \
	       "r.student_code)))")                                                                \
	CHANGE(PEOPLE_EMAIL_OTHER, "iii",                                                          \
	       ERRORS("'email'", "email_taken", "r.email", "0") IMPORT                             \
	       " JOIN account a ON a.email = r.email LEFT JOIN person p ON p.id = "                \
	       "a.person_id" THESE                                                                 \
	       " AND (p.id IS NULL OR p.branch_id <> i.branch_id OR NOT (p.id <=> r.person_id)"    \
	       " OR (r.student_code IS NOT NULL AND p.student_code <> r.student_code"              \
	       " AND NOT (p.teacher_code <=> r.teacher_code)) OR (r.teacher_code IS NOT NULL"      \
	       " AND p.teacher_code <> r.teacher_code AND NOT (p.student_code <=> "                \
	       "r.student_code)))")                                                                \
	CHANGE(PEOPLE_ADMIN, "iii",                                                                \
	       ERRORS("''", "import_admin", "''", "0") IMPORT                                      \
	       " JOIN account a ON a.id = r.account_id"                                            \
	       " JOIN person p ON p.id = r.person_id AND p.branch_id = i.branch_id" THESE          \
	       " AND a.role IN ('super_admin', 'branch_admin', 'device')")                         \
	CHANGE(PEOPLE_NO_USERNAME, "iii",                                                          \
	       ERRORS("'username'", "required", "''", "0") THESE                                   \
	       " AND r.account_id IS NULL AND r.email IS NOT NULL AND r.username IS NULL")         \
	CHANGE(PEOPLE_NO_NAME, "iii",                                                              \
	       ERRORS("'family_name'", "required", "''", "0") THESE                                \
	       " AND r.person_id IS NULL AND r.given_name IS NULL AND r.family_name IS NULL")      \
	CHANGE(PEOPLE_NO_SECTION, "iii",                                                           \
	       ERRORS("'section'", "import_section", "r.section", "0") THESE                       \
	       " AND r.section IS NOT NULL AND r.group_id IS NULL")                                \
	CHANGE(PEOPLE_MANY_SECTIONS, "iii",                                                        \
	       ERRORS("'section'", "import_many", "r.section", "0") IMPORT                         \
	       " JOIN department d ON d.branch_id = i.branch_id"                                   \
	       " AND d.ended_at IS NULL AND (r.department IS NULL OR d.name = r.department)"       \
	       " JOIN batch b ON b.department_id = d.id AND b.ended_at IS NULL"                    \
	       " AND (r.batch IS NULL OR b.name = r.batch)"                                        \
	       " JOIN section s ON s.batch_id = b.id AND s.ended_at IS NULL"                       \
	       " AND s.name = r.section" THESE " GROUP BY r.import_id, r.row_no, r.section"        \
	       " HAVING COUNT(*) > 1")                                                             \
	CHANGE(PEOPLE_DAYS, "iii",                                                                 \
	       ERRORS("'section_to'", "end_before_start", "r.to_date", "0") IMPORT                 \
	       " LEFT JOIN section_member m ON m.id = r.member_id" THESE                           \
	       " AND r.group_id IS NOT NULL"                                                       \
	       " AND r.to_date < COALESCE(r.from_date, m.from_date, i.today)")                     \
	CHANGE(PEOPLE_OVERLAP, "iii",                                                              \
	       ERRORS("'section_from'", "import_overlap", "r.from_date", "0") IMPORT               \
	       " LEFT JOIN section_member mine ON mine.id = r.member_id"                           \
	       " JOIN section_member m ON m.person_id = r.person_id AND m.section_id = r.group_id" \
	       " AND m.id <> COALESCE(r.member_id, 0) AND m.from_date"                             \
	       " <= COALESCE(r.to_date, mine.to_date, " FAR ") AND COALESCE(m.to_date, " FAR ")"   \
	       " >= COALESCE(r.from_date, mine.from_date, i.today)" THESE)                         \
	CHANGE(PEOPLE_ACTION, "iii",                                                               \
	       "UPDATE import_row r LEFT JOIN person p ON p.id = r.person_id"                      \
	       " LEFT JOIN account a ON a.id = r.account_id"                                       \
	       " LEFT JOIN section_member m ON m.id = r.member_id SET r.action = CASE"             \
	       " WHEN EXISTS (SELECT 1 FROM import_error x WHERE x.import_id = r.import_id"        \
	       " AND x.row_no = r.row_no) THEN 'wrong' WHEN p.id IS NULL THEN 'create'"            \
	       " WHEN " PERSON_OTHER " OR (a.id IS NULL AND r.username IS NOT NULL)"               \
	       " OR (a.id IS NOT NULL AND " ACCOUNT_OTHER ")"                                      \
	       " OR (r.group_id IS NOT NULL AND (m.id IS NULL OR " MEMBER_OTHER "))"               \
	       " THEN 'update' ELSE 'same' END" THESE)

#define IMPORT_PEOPLE_RUN(CHANGE)                                                                  \
	CHANGE(PEOPLE_INSERT, "iii",                                                               \
	       "INSERT INTO person (branch_id, given_name, family_name, student_code,"             \
	       " teacher_code, import_id, import_row)"                                             \
	       " SELECT i.branch_id, COALESCE(r.given_name, ''), COALESCE(r.family_name, ''),"     \
	       " r.student_code, r.teacher_code, r.import_id, r.row_no"                            \
	       " FROM import_row r" IMPORT THESE " AND r.action = 'create'")                       \
	CHANGE(PEOPLE_INSERTED, "iii",                                                             \
	       "UPDATE import_row r JOIN person p ON p.import_id = r.import_id"                    \
	       " AND p.import_row = r.row_no SET r.person_id = p.id, r.person_did = 'created',"    \
	       " r.person_revision = p.revision" THESE " AND r.action = 'create'")                 \
	CHANGE(PEOPLE_KEEP, "iii",                                                                 \
	       "UPDATE import_row r JOIN person p ON p.id = r.person_id"                           \
	       " SET r.person_did = 'updated', r.person_revision = p.revision + 1,"                \
	       " r.person_old = JSON_OBJECT('given_name', p.given_name, 'family_name',"            \
	       " p.family_name, 'student_code', p.student_code, 'teacher_code', "                  \
	       "p.teacher_code)" THESE " AND r.action = 'update' AND " PERSON_OTHER)               \
	CHANGE(PEOPLE_UPDATE, "iii",                                                               \
	       "UPDATE import_row r JOIN person p ON p.id = r.person_id"                           \
	       " SET p.given_name = COALESCE(r.given_name, p.given_name),"                         \
	       " p.family_name = COALESCE(r.family_name, p.family_name),"                          \
	       " p.student_code = COALESCE(r.student_code, p.student_code),"                       \
	       " p.teacher_code = COALESCE(r.teacher_code, p.teacher_code),"                       \
	       " p.revision = p.revision + 1, p.version = p.version + 1" THESE                     \
	       " AND r.person_did = 'updated'")                                                    \
	CHANGE(PEOPLE_ACCOUNT_INSERT, "iii",                                                       \
	       "INSERT INTO account (uuid, person_id, role, username, email, password_hash)"       \
	       " SELECT " NEW_UUID ", r.person_id, COALESCE(r.role,"                               \
	       " IF(r.teacher_code IS NOT NULL, 'faculty', 'student')), r.username, r.email, ''"   \
	       " FROM import_row r" GOOD " AND r.account_id IS NULL AND r.username IS NOT NULL")   \
	CHANGE(PEOPLE_ACCOUNT_INSERTED, "iii",                                                     \
	       "UPDATE import_row r JOIN account a ON a.person_id = r.person_id"                   \
	       " SET r.account_id = a.id, r.account_did = 'created',"                              \
	       " r.account_revision = a.revision" GOOD                                             \
	       " AND r.account_id IS NULL AND r.username IS NOT NULL")                             \
	CHANGE(PEOPLE_ACCOUNT_KEEP, "iii",                                                         \
	       "UPDATE import_row r JOIN account a ON a.id = r.account_id"                         \
	       " SET r.account_did = 'updated', r.account_revision = a.revision + 1,"              \
	       " r.account_old = JSON_OBJECT('username', a.username, 'email', a.email,"            \
	       " 'role', a.role)" GOOD " AND r.account_did = '' AND " ACCOUNT_OTHER)               \
	CHANGE(PEOPLE_ACCOUNT_UPDATE, "iii",                                                       \
	       "UPDATE import_row r JOIN account a ON a.id = r.account_id"                         \
	       " SET a.username = COALESCE(r.username, a.username),"                               \
	       " a.email = COALESCE(r.email, a.email), a.role = COALESCE(r.role, a.role),"         \
	       " a.revision = a.revision + 1" GOOD " AND r.account_did = 'updated'")               \
	CHANGE(PEOPLE_MEMBER_INSERT, "iii",                                                        \
	       "INSERT INTO section_member (section_id, person_id, from_date, to_date)"            \
	       " SELECT r.group_id, r.person_id, COALESCE(r.from_date, i.today), r.to_date"        \
	       " FROM import_row r" IMPORT GOOD                                                    \
	       " AND r.group_id IS NOT NULL AND r.member_id IS NULL")                              \
	CHANGE(PEOPLE_MEMBER_INSERTED, "iii",                                                      \
	       "UPDATE import_row r" IMPORT                                                        \
	       " JOIN section_member m ON m.person_id = r.person_id AND m.section_id = r.group_id" \
	       " AND m.from_date = COALESCE(r.from_date, i.today)"                                 \
	       " SET r.member_id = m.id, r.member_did = 'created',"                                \
	       " r.member_revision = m.revision" GOOD                                              \
	       " AND r.group_id IS NOT NULL AND r.member_id IS NULL")                              \
	CHANGE(PEOPLE_MEMBER_KEEP, "iii",                                                          \
	       "UPDATE import_row r JOIN section_member m ON m.id = r.member_id"                   \
	       " SET r.member_did = 'updated', r.member_revision = m.revision + 1,"                \
	       " r.member_old = JSON_OBJECT('to_date', m.to_date)" GOOD                            \
	       " AND r.member_did = '' AND " MEMBER_OTHER)                                         \
	CHANGE(PEOPLE_MEMBER_UPDATE, "iii",                                                        \
	       "UPDATE import_row r JOIN section_member m ON m.id = r.member_id"                   \
	       " SET m.to_date = r.to_date, m.revision = m.revision + 1" GOOD                      \
	       " AND r.member_did = 'updated'")

#define DONE                                                                                       \
	THESE " AND r.undone = '' AND 'same' <> r.action"                                          \
	      " AND (r.person_did <> '' OR r.account_did <> '' OR r.member_did <> '')"

#define IMPORT_PEOPLE_UNDO(CHANGE)                                                                 \
	CHANGE(PEOPLE_UNDO_CHANGED, "iii",                                                         \
	       "UPDATE import_row r LEFT JOIN person p ON p.id = r.person_id"                      \
	       " LEFT JOIN account a ON a.id = r.account_id"                                       \
	       " LEFT JOIN section_member m ON m.id = r.member_id SET r.undone = 'kept'" DONE      \
	       " AND ((r.person_did <> '' AND (NOT (p.revision <=> r.person_revision)"             \
	       " OR p.ended_at IS NOT NULL))"                                                      \
	       " OR (r.account_did <> '' AND (NOT (a.revision <=> r.account_revision)"             \
	       " OR a.disabled_at IS NOT NULL))"                                                   \
	       " OR (r.account_did = 'created' AND a.password_hash <> '')"                         \
	       " OR (r.member_did <> '' AND NOT (m.revision <=> r.member_revision)))")             \
	CHANGE(PEOPLE_UNDO_USED, "iii",                                                            \
	       "UPDATE import_row r SET r.undone = 'kept'" DONE " AND ((r.person_did = 'created'"  \
	       " AND (EXISTS (SELECT 1 FROM enrolment x WHERE x.person_id = r.person_id)"          \
	       " OR EXISTS (SELECT 1 FROM section_member x WHERE x.person_id = r.person_id"        \
	       " AND x.id <> COALESCE(r.member_id, 0))"                                            \
	       " OR EXISTS (SELECT 1 FROM class_staff x WHERE x.person_id = r.person_id)"          \
	       " OR EXISTS (SELECT 1 FROM course_teacher x WHERE x.person_id = r.person_id)"       \
	       " OR EXISTS (SELECT 1 FROM schedule x WHERE x.teacher_id = r.person_id)"            \
	       " OR EXISTS (SELECT 1 FROM occurrence x WHERE x.teacher_id = r.person_id)"          \
	       " OR EXISTS (SELECT 1 FROM account x WHERE x.person_id = r.person_id"               \
	       " AND r.account_did <> 'created')))"                                                \
	       " OR (r.account_did = 'created' AND (EXISTS (SELECT 1 FROM web_session x"           \
	       " WHERE x.account_id = r.account_id)"                                               \
	       " OR EXISTS (SELECT 1 FROM audit_log x WHERE x.actor_id = r.account_id))))")        \
	CHANGE(PEOPLE_UNDO_TAKEN, "iii",                                                           \
	       "UPDATE import_row r SET r.undone = 'kept'" DONE                                    \
	       " AND (EXISTS (SELECT 1 FROM person x WHERE x.id <> r.person_id"                    \
	       " AND x.student_code_live = JSON_VALUE(r.person_old, '$.student_code'))"            \
	       " OR EXISTS (SELECT 1 FROM person x WHERE x.id <> r.person_id"                      \
	       " AND x.teacher_code_live = JSON_VALUE(r.person_old, '$.teacher_code'))"            \
	       " OR EXISTS (SELECT 1 FROM account x WHERE x.id <> r.account_id"                    \
	       " AND x.username = JSON_VALUE(r.account_old, '$.username'))"                        \
	       " OR EXISTS (SELECT 1 FROM account x WHERE x.id <> r.account_id"                    \
	       " AND x.email = JSON_VALUE(r.account_old, '$.email')))")                            \
	CHANGE(PEOPLE_UNDO_MEMBER, "iii",                                                          \
	       "UPDATE import_row r JOIN section_member m ON m.id = r.member_id"                   \
	       " SET m.to_date = JSON_VALUE(r.member_old, '$.to_date'),"                           \
	       " m.revision = m.revision + 1" DONE " AND r.member_did = 'updated'")                \
	CHANGE(PEOPLE_UNDO_MEMBER_MADE, "iii",                                                     \
	       "DELETE m FROM section_member m JOIN import_row r ON r.member_id = m.id" DONE       \
	       " AND r.member_did = 'created'")                                                    \
	CHANGE(PEOPLE_UNDO_ACCOUNT, "iii",                                                         \
	       "UPDATE import_row r JOIN account a ON a.id = r.account_id"                         \
	       " SET a.username = JSON_VALUE(r.account_old, '$.username'),"                        \
	       " a.email = JSON_VALUE(r.account_old, '$.email'),"                                  \
	       " a.role = JSON_VALUE(r.account_old, '$.role'),"                                    \
	       " a.revision = a.revision + 1" DONE " AND r.account_did = 'updated'")               \
	CHANGE(PEOPLE_UNDO_ACCOUNT_MADE, "iii",                                                    \
	       "DELETE IGNORE a FROM account a JOIN import_row r ON r.account_id = a.id" DONE      \
	       " AND r.account_did = 'created'")                                                   \
	CHANGE(PEOPLE_UNDO_PERSON, "iii",                                                          \
	       "UPDATE import_row r JOIN person p ON p.id = r.person_id"                           \
	       " SET p.given_name = JSON_VALUE(r.person_old, '$.given_name'),"                     \
	       " p.family_name = JSON_VALUE(r.person_old, '$.family_name'),"                       \
	       " p.student_code = JSON_VALUE(r.person_old, '$.student_code'),"                     \
	       " p.teacher_code = JSON_VALUE(r.person_old, '$.teacher_code'),"                     \
	       " p.revision = p.revision + 1, p.version = p.version + 1" DONE                      \
	       " AND r.person_did = 'updated'")                                                    \
	CHANGE(PEOPLE_UNDO_PERSON_MADE, "iii",                                                     \
	       "DELETE IGNORE p FROM person p JOIN import_row r ON r.person_id = p.id" DONE        \
	       " AND r.person_did = 'created'")                                                    \
	CHANGE(PEOPLE_UNDO_MARK, "iii",                                                            \
	       "UPDATE import_row r LEFT JOIN person p ON p.id = r.person_id"                      \
	       " AND r.person_did = 'created' LEFT JOIN account a ON a.id = r.account_id"          \
	       " AND r.account_did = 'created'"                                                    \
	       " SET r.undone = IF(p.id IS NULL AND a.id IS NULL, 'back', 'kept')" DONE)

#define IMPORT_PEOPLE_STATEMENTS(ROWS, CHANGE)                                                     \
	ROWS(PEOPLE_LOCK, "iii", import_people_n,                                                  \
	     "SELECT p.id AS n FROM import_row r JOIN person p ON p.id = r.person_id" THESE        \
	     " ORDER BY p.id FOR UPDATE")                                                          \
	IMPORT_PEOPLE_CHECK(CHANGE) IMPORT_PEOPLE_RUN(CHANGE) IMPORT_PEOPLE_UNDO(CHANGE)
STATEMENT_SET(import_people, IMPORT_PEOPLE_STATEMENTS);

static enum rc run(struct store *s, int first, int last, int64_t id, int64_t from, int64_t to,
		   struct error *e)
{
	for (int at = first; at <= last; at++)
		TRY(store_change(s, &import_people_table[at],
				 PARAMS(P_I64(id), P_I64(from), P_I64(to)), NULL, NULL, e));
	return RC_OK;
}

enum rc import_people_check(struct store *s, int64_t id, int64_t from, int64_t to, bool lock,
			    struct arena *a, struct error *e)
{
	const struct import_people_n *rows;
	size_t n;

	TRY(run(s, PEOPLE_FIND, PEOPLE_FIND, id, from, to, e));
	if (lock)
		TRY(store_rows(s, &import_people_table[PEOPLE_LOCK],
			       PARAMS(P_I64(id), P_I64(from), P_I64(to)), (size_t)(to - from + 1),
			       a, &rows, &n, e));
	return run(s, PEOPLE_FIND_ACCOUNT, PEOPLE_ACTION, id, from, to, e);
}

enum rc import_people_run(struct store *s, int64_t id, int64_t from, int64_t to, struct error *e)
{
	return run(s, PEOPLE_INSERT, PEOPLE_MEMBER_UPDATE, id, from, to, e);
}

enum rc import_people_undo(struct store *s, int64_t id, int64_t from, int64_t to, struct error *e)
{
	return run(s, PEOPLE_UNDO_CHANGED, PEOPLE_UNDO_MARK, id, from, to, e);
}
