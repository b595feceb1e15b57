/*
 * SQL of imports of enrolments; see the header, and import_people.c for the style.
 */
#include "store/import_enrolment.h"

#include "store/import_sql.h"
#include "store/sets.h"

struct import_enrolment_n {
	int64_t n;
};
static const struct column import_enrolment_n_columns[] = { COL(import_enrolment_n, n, I64,
								false) };

#define FAR "'9999-12-31'"

#define ERRORS(field, reason, value, arg) IMPORT_ERRORS("'" field "'", reason, value, arg)
#define MEMBER_OTHER                                                                               \
	"((r.to_date IS NOT NULL AND NOT (r.to_date <=> m.to_date))"                               \
	" OR (r.state IS NOT NULL AND r.state <> m.state))"

#define IMPORT_ENROLMENT_CHECK(CHANGE)                                                             \
	CHANGE(ENROLMENT_FIND, "iii", IMPORT_FIND_PERSON)                                          \
	CHANGE(ENROLMENT_FIND_COURSE, "iii",                                                       \
	       "UPDATE import_row r" IMPORT " LEFT JOIN course k ON k.branch_id = i.branch_id"     \
	       " AND k.code_live = r.course SET r.group_id = k.id, r.member_id = NULL" THESE)      \
	CHANGE(ENROLMENT_FIND_MEMBER, "iii",                                                       \
	       "UPDATE import_row r" IMPORT                                                        \
	       " JOIN enrolment m ON m.course_id = r.group_id AND m.person_id = r.person_id"       \
	       " AND (m.state <> 'rejected' OR r.state = 'rejected')"                              \
	       " AND (m.from_date = r.from_date OR (r.from_date IS NULL"                           \
	       " AND m.from_date <= i.today AND COALESCE(m.to_date, " FAR ") >= i.today))"         \
	       " SET r.member_id = m.id" THESE)                                                    \
	CHANGE(ENROLMENT_NO_PERSON, "iii", IMPORT_NO_PERSON)                                       \
	CHANGE(ENROLMENT_OTHER_USERNAME, "iii", IMPORT_OTHER_PERSON("username"))                   \
	CHANGE(ENROLMENT_OTHER_EMAIL, "iii", IMPORT_OTHER_PERSON("email"))                         \
	CHANGE(ENROLMENT_NO_COURSE, "iii",                                                         \
	       ERRORS("course", "import_course", "r.course", "0") THESE                            \
	       " AND r.course IS NOT NULL AND r.group_id IS NULL")                                 \
	CHANGE(ENROLMENT_DAYS, "iii",                                                              \
	       ERRORS("to", "end_before_start", "r.to_date", "0") IMPORT                           \
	       " LEFT JOIN enrolment m ON m.id = r.member_id" THESE                                \
	       " AND r.to_date < COALESCE(r.from_date, m.from_date, i.today)")                     \
	CHANGE(ENROLMENT_OVERLAP, "iii",                                                           \
	       ERRORS("from", "import_overlap", "r.from_date", "0") IMPORT                         \
	       " LEFT JOIN enrolment mine ON mine.id = r.member_id"                                \
	       " JOIN enrolment m ON m.person_id = r.person_id AND m.course_id = r.group_id"       \
	       " AND m.state <> 'rejected' AND m.id <> COALESCE(r.member_id, 0) AND m.from_date"   \
	       " <= COALESCE(r.to_date, mine.to_date, " FAR ") AND COALESCE(m.to_date, " FAR ")"   \
	       " >= COALESCE(r.from_date, mine.from_date, i.today)" THESE                          \
	       " AND COALESCE(r.state, mine.state, 'approved') <> 'rejected'")                     \
	CHANGE(ENROLMENT_OVERLAP_ROW, "iii",                                                       \
	       "INSERT IGNORE INTO import_error (import_id, row_no, field, reason, value, arg)"    \
	       " SELECT import_id, row_no, 'from', 'import_overlap_row', COALESCE(from_date, '')," \
	       " other FROM (SELECT r.import_id, r.row_no, r.from_date, (SELECT o.row_no"          \
	       " FROM import_row o FORCE INDEX (import_row_person) WHERE o.import_id = "           \
	       "r.import_id AND o.person_id = r.person_id"                                         \
	       " AND o.group_id = r.group_id AND o.row_no < r.row_no"                              \
	       " AND COALESCE(o.state, '') <> 'rejected'"                                          \
	       " AND COALESCE(o.from_date, i.today) <= COALESCE(r.to_date, " FAR ")"               \
	       " AND COALESCE(o.to_date, " FAR ") >= COALESCE(r.from_date, i.today)"               \
	       " ORDER BY o.row_no LIMIT 1) AS other FROM import_row r" IMPORT THESE               \
	       " AND r.person_id IS NOT NULL AND r.group_id IS NOT NULL AND r.member_did = ''"     \
	       " AND COALESCE(r.state, '') <> 'rejected') t WHERE other IS NOT NULL")              \
	CHANGE(ENROLMENT_ACTION, "iii",                                                            \
	       "UPDATE import_row r LEFT JOIN enrolment m ON m.id = r.member_id"                   \
	       " SET r.action = CASE"                                                              \
	       " WHEN EXISTS (SELECT 1 FROM import_error x WHERE x.import_id = r.import_id"        \
	       " AND x.row_no = r.row_no) THEN 'wrong' WHEN m.id IS NULL THEN 'create'"            \
	       " WHEN " MEMBER_OTHER " THEN 'update' ELSE 'same' END" THESE)

#define IMPORT_ENROLMENT_RUN(CHANGE)                                                               \
	CHANGE(ENROLMENT_INSERT, "iii",                                                            \
	       "INSERT INTO enrolment (course_id, person_id, state, from_date, to_date)"           \
	       " SELECT r.group_id, r.person_id, COALESCE(r.state, 'approved'),"                   \
	       " COALESCE(r.from_date, i.today), r.to_date"                                        \
	       " FROM import_row r" IMPORT THESE " AND r.action = 'create'")                       \
	CHANGE(ENROLMENT_INSERTED, "iii",                                                          \
	       "UPDATE import_row r SET r.member_did = 'created', r.member_revision = 1,"          \
	       " r.member_id = (SELECT MAX(m.id) FROM enrolment m JOIN import i"                   \
	       " WHERE i.id = r.import_id AND m.course_id = r.group_id"                            \
	       " AND m.person_id = r.person_id AND m.from_date = COALESCE(r.from_date, i.today)"   \
	       " AND m.state = COALESCE(r.state, 'approved'))" THESE " AND r.action = 'create'")   \
	CHANGE(ENROLMENT_KEEP, "iii",                                                              \
	       "UPDATE import_row r JOIN enrolment m ON m.id = r.member_id"                        \
	       " SET r.member_did = 'updated', r.member_revision = m.revision + 1,"                \
	       " r.member_old = JSON_OBJECT('to_date', m.to_date, 'state', m.state)" THESE         \
	       " AND r.action = 'update'")                                                         \
	CHANGE(ENROLMENT_UPDATE, "iii",                                                            \
	       "UPDATE import_row r JOIN enrolment m ON m.id = r.member_id"                        \
	       " SET m.to_date = COALESCE(r.to_date, m.to_date), m.state = COALESCE(r.state,"      \
	       " m.state), m.revision = m.revision + 1" THESE " AND r.action = 'update'")

#define DONE     THESE " AND r.undone = '' AND r.member_did <> ''"
#define OLD(key) "JSON_VALUE(r.member_old, '$." key "')"

#define IMPORT_ENROLMENT_UNDO(CHANGE)                                                              \
	CHANGE(ENROLMENT_UNDO_CHANGED, "iii",                                                      \
	       "UPDATE import_row r LEFT JOIN enrolment m ON m.id = r.member_id"                   \
	       " SET r.undone = 'kept'" DONE " AND NOT (m.revision <=> r.member_revision)")        \
	CHANGE(ENROLMENT_UNDO_UPDATED, "iii",                                                      \
	       "UPDATE import_row r JOIN enrolment m ON m.id = r.member_id"                        \
	       " SET m.to_date = " OLD("to_date") ", m.state = " OLD(                              \
		       "state") ", m.revision = m.revision + 1" DONE                               \
				" AND r.member_did = 'updated'")                                   \
	CHANGE(ENROLMENT_UNDO_MADE, "iii",                                                         \
	       "DELETE IGNORE m FROM enrolment m JOIN import_row r ON r.member_id = m.id" DONE     \
	       " AND r.member_did = 'created'")                                                    \
	CHANGE(ENROLMENT_UNDO_MARK, "iii",                                                         \
	       "UPDATE import_row r LEFT JOIN enrolment m ON m.id = r.member_id"                   \
	       " AND r.member_did = 'created'"                                                     \
	       " SET r.undone = IF(m.id IS NULL, 'back', 'kept')" DONE)

#define IMPORT_ENROLMENT_STATEMENTS(ROWS, CHANGE)                                                  \
	ROWS(ENROLMENT_LOCK, "iii", import_enrolment_n,                                            \
	     "SELECT p.id AS n FROM import_row r JOIN person p ON p.id = r.person_id" THESE        \
	     " ORDER BY p.id FOR UPDATE")                                                          \
	IMPORT_ENROLMENT_CHECK(CHANGE) IMPORT_ENROLMENT_RUN(CHANGE) IMPORT_ENROLMENT_UNDO(CHANGE)
STATEMENT_SET(import_enrolment, IMPORT_ENROLMENT_STATEMENTS);

static enum rc run(struct store *s, int first, int last, int64_t id, int64_t from, int64_t to,
		   struct error *e)
{
	for (int at = first; at <= last; at++)
		TRY(store_change(s, &import_enrolment_table[at],
				 PARAMS(P_I64(id), P_I64(from), P_I64(to)), NULL, NULL, e));
	return RC_OK;
}

enum rc import_enrolment_check(struct store *s, int64_t id, int64_t from, int64_t to, bool lock,
			       struct arena *a, struct error *e)
{
	const struct import_enrolment_n *rows;
	size_t n;

	TRY(run(s, ENROLMENT_FIND, ENROLMENT_FIND, id, from, to, e));
	if (lock)
		TRY(store_rows(s, &import_enrolment_table[ENROLMENT_LOCK],
			       PARAMS(P_I64(id), P_I64(from), P_I64(to)), (size_t)(to - from + 1),
			       a, &rows, &n, e));
	return run(s, ENROLMENT_FIND_COURSE, ENROLMENT_ACTION, id, from, to, e);
}

enum rc import_enrolment_run(struct store *s, int64_t id, int64_t from, int64_t to, struct error *e)
{
	return run(s, ENROLMENT_INSERT, ENROLMENT_UPDATE, id, from, to, e);
}

enum rc import_enrolment_undo(struct store *s, int64_t id, int64_t from, int64_t to,
			      struct error *e)
{
	return run(s, ENROLMENT_UNDO_CHANGED, ENROLMENT_UNDO_MARK, id, from, to, e);
}
