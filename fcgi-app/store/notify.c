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
			   " WHERE z.person_id = q.p)"))
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
