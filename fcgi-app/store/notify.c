/*
 * SQL of notifications.  See notify.h.
 *
 * Rows of one statement have ids from its insert id on; their events are made from them by
 * kind and time, so that no list of recipients travels.
 */
#include "store/notify.h"

#include "store/expected.h"
#include "store/sets.h"

/* Who is told, from accounts `a` that a source gives: kind and actor follow. */
#define TO_ACCOUNTS(entity, params, source)                                                        \
	"INSERT INTO notification (account_id, kind, entity_id, params, created_at)"               \
	" SELECT a.id, ?, " entity ", " params ", ? FROM " source                                  \
	" LEFT JOIN notification_preference f ON f.account_id = a.id AND f.kind = ?"               \
	" WHERE a.disabled_at IS NULL AND a.role <> 'device' AND a.id <> ?"                        \
	" AND COALESCE(f.is_on, 1) = 1"
#define TO_PEOPLE(people) "(" people ") q JOIN account a ON a.person_id = q.person_id"

#define SESSION_STAFF                                                                              \
	"SELECT o.teacher_id AS person_id FROM occurrence o WHERE o.id = ?"                        \
	" UNION SELECT cs.person_id FROM occurrence o"                                             \
	" JOIN class_staff cs ON cs.class_id = o.class_id WHERE o.id = ?"
/* As a roster would be chosen: of the course (and the class), else of the class. */
#define SESSION_STUDENTS                                                                           \
	"SELECT e.person_id FROM occurrence s JOIN enrolment e ON e.course_id = s.course_id"       \
	" AND e.state = 'approved' AND " EXPECTED_ON_DAY(                                          \
		"e") " WHERE s.id = ?"                                                             \
		     " AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS(                             \
			     "e.person_id") ")"                                                    \
					    " UNION SELECT m.person_id FROM occurrence s JOIN "    \
					    "class_section x"                                      \
					    " ON x.class_id = s.class_id JOIN section_member m "   \
					    "ON m.section_id = x.section_id"                       \
					    " AND " EXPECTED_ON_DAY(                               \
						    "m") " WHERE s.id = ? AND s.course_id IS NULL"

/* clang-format off */
/* Of many sessions: one row for each person, of what is theirs and not over. */
#define SUM_SESSIONS                                                                               \
	"s AS (SELECT o.id, o.title, o.session_date, o.start_time, o.end_time, o.course_id,"       \
	" o.class_id, o.teacher_id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"      \
	" JOIN occurrence o ON o.id = j.id WHERE o.ends_at > ?)"
#define SUM_PEOPLE                                                                                 \
	"u AS (SELECT s.id, s.teacher_id AS person_id FROM s WHERE s.teacher_id IS NOT NULL"       \
	" UNION SELECT s.id, k.person_id FROM s JOIN class_staff k ON k.class_id = s.class_id"     \
	" UNION SELECT s.id, n.person_id FROM s JOIN enrolment n ON n.course_id = s.course_id"     \
	" AND n.state = 'approved' AND " EXPECTED_ON_DAY("n")                                      \
	" WHERE s.class_id IS NULL OR " EXPECTED_IN_CLASS("n.person_id")                           \
	" UNION SELECT s.id, m.person_id FROM s JOIN class_section x ON x.class_id = s.class_id"   \
	" JOIN section_member m ON m.section_id = x.section_id AND " EXPECTED_ON_DAY("m")          \
	" WHERE s.course_id IS NULL)"
#define SUM_OF_EACH                                                                                \
	"(WITH " SUM_SESSIONS ", " SUM_PEOPLE                                                      \
	" SELECT u.person_id, COUNT(*) AS n, MIN(s.id) AS first_id, MIN(s.title) AS title,"        \
	" MIN(s.title) = MAX(s.title) AS is_one_title, MIN(s.session_date) AS from_date,"          \
	" MAX(s.session_date) AS to_date, MIN(s.start_time) AS start_time,"                        \
	" MIN(s.end_time) AS end_time FROM u JOIN s ON s.id = u.id GROUP BY u.person_id) q"        \
	" JOIN account a ON a.person_id = q.person_id"
/* Members that are NULL are left out. */
#define SUM_PARAMS                                                                                 \
	"JSON_MERGE_PATCH('{}', JSON_OBJECT('title', IF(q.is_one_title, LEFT(q.title, 120), NULL)," \
	" 'code', NULLIF(?, ''), 'text', NULLIF(?, ''), 'day', DATEDIFF(q.from_date, '1970-01-01'),"  \
	" 'start', IF(q.n = 1, TIME_TO_SEC(q.start_time), NULL),"                                  \
	" 'end', IF(q.n = 1, TIME_TO_SEC(q.end_time), NULL),"                                      \
	" 'last', IF(q.n > 1, DATEDIFF(q.to_date, '1970-01-01'), NULL),"                           \
	" 'n', IF(q.n > 1, q.n, NULL)))"
/* clang-format on */

#define NOTIFY_STATEMENTS(ROWS, CHANGE)                                                            \
	CHANGE(NOTIFY_ACCOUNT, "sistsii", TO_ACCOUNTS("?", "?", "account a") " AND a.id = ?")      \
	CHANGE(NOTIFY_PERSON, "sistsii",                                                           \
	       TO_ACCOUNTS("?", "?", "account a") " AND a.person_id = ?")                          \
	CHANGE(NOTIFY_ADMINS, "sistsii",                                                           \
	       TO_ACCOUNTS(                                                                        \
		       "?", "?",                                                                   \
		       "account a LEFT JOIN person p ON p.id = a.person_id") " AND a.role IN "     \
									     "('super_admin', "    \
									     "'branch_admin') "    \
									     "AND (a.role = "      \
									     "'super_admin'"       \
									     " OR "                \
									     "COALESCE(a.branch_"  \
									     "id, p.branch_id) = " \
									     "?)")                 \
	CHANGE(NOTIFY_SESSION_STAFF, "sistiisi", TO_ACCOUNTS("?", "?", TO_PEOPLE(SESSION_STAFF)))  \
	CHANGE(NOTIFY_SESSION_STUDENTS, "sistiisi",                                                \
	       TO_ACCOUNTS("?", "?", TO_PEOPLE(SESSION_STUDENTS)))                                 \
	CHANGE(NOTIFY_EVENTS, "tiist",                                                             \
	       "INSERT INTO outbox (at, type, branch_id, account_id, audience, payload)"           \
	       " SELECT ?, 'notification.created', ?, n.account_id, 'account',"                    \
	       " JSON_OBJECT('notification', n.id, 'kind', n.kind) FROM notification n"            \
	       " WHERE n.id >= ? AND n.kind = ? AND n.created_at = ?")                             \
	CHANGE(NOTIFY_MANY, "stssi",                                                               \
	       TO_ACCOUNTS("q.e", "q.x",                                                           \
			   "JSON_TABLE(?, '$[*]' COLUMNS (e BIGINT PATH '$.e', a BIGINT PATH"      \
			   " '$.a', p BIGINT PATH '$.p', x VARCHAR(4000) PATH '$.x')) q"           \
			   " JOIN account a ON a.id IN (SELECT y.id FROM account y"                \
			   " WHERE y.id = q.a UNION SELECT z.id FROM account z"                    \
			   " WHERE z.person_id = q.p)"))                                           \
	CHANGE(NOTIFY_SESSIONS, "sisststsii",                                                      \
	       TO_ACCOUNTS("IF(?, q.first_id, 0)", SUM_PARAMS, SUM_OF_EACH) " AND a.id <> ?")
STATEMENT_SET(notify, NOTIFY_STATEMENTS);

/* The rows, and their events when there are any. */
static enum rc run(struct store *s, int st, const struct notify_row_new *n,
		   const struct param *params, size_t n_params, struct error *e)
{
	int64_t n_rows, first_id;

	TRY(store_change(s, &notify_table[st], params, n_params, &n_rows, &first_id, e));
	if (n_rows == 0)
		return RC_OK;
	store_tell(s);
	return store_change(s, &notify_table[NOTIFY_EVENTS],
			    PARAMS(P_TIME(n->now_at),
				   P_I64(n->branch_id == COLUMN_NULL ? 0 : n->branch_id),
				   P_I64(first_id), P_TEXT(n->kind), P_TIME(n->now_at)),
			    NULL, NULL, e);
}

enum rc notify_to_account(struct store *s, const struct notify_row_new *n, int64_t account_id,
			  struct error *e)
{
	return run(s, NOTIFY_ACCOUNT, n,
		   PARAMS(P_TEXT(n->kind), P_I64(n->entity_id), P_TEXT(n->params),
			  P_TIME(n->now_at), P_TEXT(n->kind), P_I64(n->actor_id),
			  P_I64(account_id)),
		   e);
}

enum rc notify_to_person(struct store *s, const struct notify_row_new *n, int64_t person_id,
			 struct error *e)
{
	return run(s, NOTIFY_PERSON, n,
		   PARAMS(P_TEXT(n->kind), P_I64(n->entity_id), P_TEXT(n->params),
			  P_TIME(n->now_at), P_TEXT(n->kind), P_I64(n->actor_id), P_I64(person_id)),
		   e);
}

enum rc notify_to_admins(struct store *s, const struct notify_row_new *n, struct error *e)
{
	return run(s, NOTIFY_ADMINS, n,
		   PARAMS(P_TEXT(n->kind), P_I64(n->entity_id), P_TEXT(n->params),
			  P_TIME(n->now_at), P_TEXT(n->kind), P_I64(n->actor_id),
			  P_I64(n->branch_id)),
		   e);
}

static enum rc to_session(struct store *s, int st, const struct notify_row_new *n,
			  int64_t occurrence_id, struct error *e)
{
	return run(s, st, n,
		   PARAMS(P_TEXT(n->kind), P_I64(n->entity_id), P_TEXT(n->params),
			  P_TIME(n->now_at), P_I64(occurrence_id), P_I64(occurrence_id),
			  P_TEXT(n->kind), P_I64(n->actor_id)),
		   e);
}

enum rc notify_to_session_staff(struct store *s, const struct notify_row_new *n,
				int64_t occurrence_id, struct error *e)
{
	return to_session(s, NOTIFY_SESSION_STAFF, n, occurrence_id, e);
}

enum rc notify_to_session_students(struct store *s, const struct notify_row_new *n,
				   int64_t occurrence_id, struct error *e)
{
	return to_session(s, NOTIFY_SESSION_STUDENTS, n, occurrence_id, e);
}

enum rc notify_to_many(struct store *s, const struct notify_row_new *n, struct str items,
		       struct error *e)
{
	return run(s, NOTIFY_MANY, n,
		   PARAMS(P_TEXT(n->kind), P_TIME(n->now_at), P_TEXT(items), P_TEXT(n->kind),
			  P_I64(n->actor_id)),
		   e);
}

enum rc notify_to_sessions(struct store *s, const struct notify_sum_new *n, struct error *e)
{
	const struct notify_row_new row = { .kind = n->kind,
					    .branch_id = n->branch_id,
					    .now_at = n->now_at };

	return run(s, NOTIFY_SESSIONS, &row,
		   PARAMS(P_TEXT(n->kind), P_I64(n->has_entity), P_TEXT(n->code), P_TEXT(n->text),
			  P_TIME(n->now_at), P_TEXT(n->ids), P_TIME(n->now_at), P_TEXT(n->kind),
			  P_I64(n->actor_id), P_I64(n->except_id)),
		   e);
}
