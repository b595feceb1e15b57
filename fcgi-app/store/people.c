/*
 * SQL of people; see the header.
 */
#include "store/people.h"

#include "store/sets.h"

static const struct column people_row_columns[] = {
	COL(people_row, id, I64, true),
	COL(people_row, account_id, I64, true),
	COL_N(people_row, given_name, TEXT, 480, true),
	COL_N(people_row, family_name, TEXT, 480, true),
	COL_N(people_row, student_code, TEXT, 160, true),
	COL_N(people_row, teacher_code, TEXT, 160, true),
	COL_N(people_row, branch, TEXT, 480, true),
	COL_N(people_row, role, TEXT, 80, true),
	COL_N(people_row, username, TEXT, 320, true),
	COL_N(people_row, email, TEXT, 1016, true),
	COL(people_row, disabled_at, TIME, true),
	COL(people_row, ended_at, TIME, true),
	COL(people_row, n_found, I64, false),
};
static const struct column person_row_columns[] = {
	COL(person_row, id, I64, false),
	COL(person_row, branch_id, I64, false),
	COL_N(person_row, branch, TEXT, 480, false),
	COL_N(person_row, zone, TEXT, 256, false),
	COL_N(person_row, given_name, TEXT, 480, false),
	COL_N(person_row, family_name, TEXT, 480, false),
	COL_N(person_row, student_code, TEXT, 160, true),
	COL_N(person_row, teacher_code, TEXT, 160, true),
	COL(person_row, revision, I64, false),
	COL(person_row, created_at, TIME, false),
	COL(person_row, ended_at, TIME, true),
	COL(person_row, updated_at, TIME, true),
	COL_N(person_row, updated_by, TEXT, 1000, true),
	COL(person_row, account_id, I64, true),
	COL_N(person_row, role, TEXT, 80, true),
	COL(person_row, disabled_at, TIME, true),
};
static const struct column person_use_row_columns[] = {
	COL(person_use_row, n_members, I64, true), COL(person_use_row, n_enrolments, I64, true),
	COL(person_use_row, n_staff, I64, true),   COL(person_use_row, n_taught, I64, true),
	COL(person_use_row, n_planned, I64, true), COL(person_use_row, has_history, I64, true),
};
static const struct column person_trail_row_columns[] = {
	COL(person_trail_row, id, I64, false),
	COL(person_trail_row, at, TIME, false),
	COL_N(person_trail_row, actor_name, TEXT, 1000, true),
	COL_N(person_trail_row, action, TEXT, 160, false),
	COL_N(person_trail_row, detail, TEXT, 8000, false),
	COL_N(person_trail_row, object, TEXT, 80, false),
};

/* ---- lists ------------------------------------------------------------------------------- */

#define COLUMNS(n_found)                                                                           \
	"SELECT p.id, a.id AS account_id, p.given_name, p.family_name, p.student_code,"            \
	" p.teacher_code, b.name AS branch, a.role, a.username, a.email, a.disabled_at, "          \
	"p.ended_at, " n_found " AS n_found"
#define BY_NAME " ORDER BY p.family_name, p.given_name, p.id"

#define BRANCH_ENDED " (? = 0 OR p.branch_id = ?) AND (p.ended_at IS NULL) = ?"

/* What the words of a search may stand in. */
#define HAY                                                                                        \
	"CONCAT_WS(' ', '', p.given_find, p.family_find, p.student_code, p.teacher_code,"          \
	" a.username, a.email) COLLATE utf8mb4_unicode_520_nopad_ci"
#define WORD " AND (? = '' OR " HAY " LIKE ? ESCAPE '!')"

/* The bits are those of store/people.h. */
#define FILTERS                                                                                    \
	BRANCH_ENDED                                                                               \
	" AND (? & (IF(p.student_code IS NOT NULL OR a.role = 'student', 1, 0)"                    \
	" | IF(p.teacher_code IS NOT NULL OR a.role = 'faculty', 2, 0)"                            \
	" | IF(a.role = 'employee', 4, 0) | IF(a.role = 'branch_admin', 8, 0)"                     \
	" | IF(a.role = 'super_admin', 16, 0) | 32)) <> 0"                                         \
	" AND (? & IF(a.id IS NULL, 1, IF(a.disabled_at IS NULL, 2, 4))) <> 0" WORD WORD WORD
#define LETTERS_FILTERS "iiiiissssss"

/* The page of ids first, along an index that has all it asks; then their rows. */
#define WALK(index, where)                                                                         \
	COLUMNS("0")                                                                               \
	" FROM (SELECT p.id FROM person p FORCE INDEX (" index ") WHERE " where BY_NAME            \
	" LIMIT ?, ?) x STRAIGHT_JOIN person p ON p.id = x.id"                                     \
	" LEFT JOIN account a ON a.person_id = p.id"                                               \
	" JOIN branch b ON b.id = p.branch_id" BY_NAME
#define STUDENT                                                                                    \
	" AND (p.student_code IS NOT NULL OR EXISTS (SELECT 1 FROM account a"                      \
	" WHERE a.person_id = p.id AND a.role = 'student'))"
#define NO_ACCOUNT " AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id)"
#define WALK_FILTERED(index)                                                                       \
	COLUMNS("0")                                                                               \
	" FROM (SELECT p.id FROM person p FORCE INDEX (" index ")"                                 \
	" LEFT JOIN account a ON a.person_id = p.id WHERE" FILTERS BY_NAME                         \
	" LIMIT ?, ?) x STRAIGHT_JOIN person p ON p.id = x.id"                                     \
	" LEFT JOIN account a ON a.person_id = p.id"                                               \
	" JOIN branch b ON b.id = p.branch_id" BY_NAME
#define OF_SET(set)                                                                                \
	COLUMNS("x.n_found")                                                                       \
	" FROM (SELECT y.id, COUNT(*) OVER () AS n_found FROM (" set                               \
	") y) x STRAIGHT_JOIN person p ON p.id = x.id"                                             \
	" LEFT JOIN account a ON a.person_id = p.id"                                               \
	" JOIN branch b ON b.id = p.branch_id WHERE" FILTERS BY_NAME " LIMIT ?, ?"

#define ARM(column, index)                                                                         \
	"(SELECT p.id FROM person p FORCE INDEX (" index ") WHERE p." column                       \
	" LIKE ? ESCAPE '!' AND" BRANCH_ENDED " ORDER BY p." column " LIMIT ?)"
#define ARM_ACCOUNT(column)                                                                        \
	"(SELECT p.id FROM account a STRAIGHT_JOIN person p ON p.id = a.person_id WHERE a." column \
	" LIKE ? ESCAPE '!' AND" BRANCH_ENDED " ORDER BY a." column " LIMIT ?)"
#define LETTERS_ARM  "siiii"
#define LETTERS_ARMS LETTERS_ARM LETTERS_ARM LETTERS_ARM LETTERS_ARM
#define N_ARMS_NAME  6
#define N_ARMS       8
/* clang-format off */
#define SET_SEARCH                                                                                 \
	ARM("family_find", "person_family_find")                                                   \
	" UNION " ARM("given_find", "person_given_find")                                           \
	" UNION " ARM("family_tail", "person_family_tail")                                         \
	" UNION " ARM("given_tail", "person_given_tail")                                           \
	" UNION " ARM("student_code_find", "person_student_find")                                  \
	" UNION " ARM("teacher_code_find", "person_teacher_find")                                  \
	" UNION " ARM_ACCOUNT("username")                                                          \
	" UNION " ARM_ACCOUNT("email")
/* clang-format on */
#define SET_ROLE                                                                                   \
	"SELECT a.person_id AS id FROM account a WHERE a.role = ? AND a.person_id IS NOT NULL"     \
	" UNION SELECT p.id FROM person p FORCE INDEX (person_teacher_find)"                       \
	" WHERE ? = 'faculty' AND p.teacher_code_find IS NOT NULL"
#define SET_DISABLED                                                                               \
	"SELECT a.person_id AS id FROM account a FORCE INDEX (account_disabled)"                   \
	" WHERE a.disabled_at IS NOT NULL AND a.person_id IS NOT NULL"
#define SET_GROUP                                                                                  \
	"SELECT DISTINCT m.person_id AS id FROM section_member m WHERE m.section_id = ?"           \
	" AND m.from_date <= ? AND (m.to_date IS NULL OR m.to_date >= ?)"

/* ---- one person ----------------------------------------------------------------------------- */

#define SELECT_PERSON                                                                              \
	"SELECT p.id, p.branch_id, b.name AS branch, b.zone, p.given_name, p.family_name,"         \
	" p.student_code, p.teacher_code, p.revision, p.created_at, p.ended_at, p.updated_at,"     \
	" (SELECT COALESCE(NULLIF(TRIM(CONCAT(q.given_name, ' ', q.family_name)), ''), "           \
	"w.username)"                                                                              \
	" FROM account w LEFT JOIN person q ON q.id = w.person_id WHERE w.id = p.updated_by)"      \
	" AS updated_by, a.id AS account_id, a.role, a.disabled_at FROM person p JOIN branch b "   \
	"ON b.id = p.branch_id"                                                                    \
	" LEFT JOIN account a ON a.person_id = p.id WHERE p.id = ?"
#define USES(table, column) "EXISTS (SELECT 1 FROM " table " WHERE " column " = p.id)"
#define OPEN_DAYS           " (m.to_date IS NULL OR m.to_date >= ?)"

#define PEOPLE_STATEMENTS(ROWS, CHANGE)                                                                                                                                                                                   \
	ROWS(PEOPLE_WALK_ALL, "iii", people_row, WALK("person_name", "(p.ended_at IS NULL) = ?"))                                                                                                                         \
	ROWS(PEOPLE_WALK_BRANCH, "iiii", people_row,                                                                                                                                                                      \
	     WALK("person_branch_name", "p.branch_id = ? AND (p.ended_at IS NULL) = ?"))                                                                                                                                  \
	ROWS(PEOPLE_FILTER_ALL, LETTERS_FILTERS "ii", people_row, WALK_FILTERED("person_name"))                                                                                                                           \
	ROWS(PEOPLE_FILTER_BRANCH, LETTERS_FILTERS "ii", people_row,                                                                                                                                                      \
	     WALK_FILTERED("person_branch_name"))                                                                                                                                                                         \
	ROWS(PEOPLE_ROLE, "ss" LETTERS_FILTERS "ii", people_row, OF_SET(SET_ROLE))                                                                                                                                        \
	ROWS(PEOPLE_STUDENTS_ALL, "iii", people_row,                                                                                                                                                                      \
	     WALK("person_name", "(p.ended_at IS NULL) = ?" STUDENT))                                                                                                                                                     \
	ROWS(PEOPLE_STUDENTS_BRANCH, "iiii", people_row,                                                                                                                                                                  \
	     WALK("person_branch_name", "p.branch_id = ? AND (p.ended_at IS NULL) = ?" STUDENT))                                                                                                                          \
	ROWS(PEOPLE_WITHOUT_ALL, "iii", people_row,                                                                                                                                                                       \
	     WALK("person_name", "(p.ended_at IS NULL) = ?" NO_ACCOUNT))                                                                                                                                                  \
	ROWS(PEOPLE_WITHOUT_BRANCH, "iiii", people_row,                                                                                                                                                                   \
	     WALK("person_branch_name",                                                                                                                                                                                   \
		  "p.branch_id = ? AND (p.ended_at IS NULL) = ?" NO_ACCOUNT))                                                                                                                                             \
	ROWS(PEOPLE_DISABLED, LETTERS_FILTERS "ii", people_row, OF_SET(SET_DISABLED))                                                                                                                                     \
	ROWS(PEOPLE_GROUP, "idd" LETTERS_FILTERS "ii", people_row, OF_SET(SET_GROUP))                                                                                                                                     \
	ROWS(PEOPLE_SEARCH, LETTERS_ARMS LETTERS_ARMS LETTERS_FILTERS "ii", people_row,                                                                                                                                   \
	     OF_SET(SET_SEARCH))                                                                                                                                                                                          \
	ROWS(PERSON_READ, "i", person_row, SELECT_PERSON)                                                                                                                                                                 \
	CHANGE(PERSON_TAKE, "i", "UPDATE person SET revision = revision WHERE id = ?")                                                                                                                                    \
	CHANGE(PERSON_INSERT_ALL, "isssst",                                                                                                                                                                               \
	       "INSERT INTO person (branch_id, given_name, family_name, student_code,"                                                                                                                                    \
	       " teacher_code, created_at) VALUES (?, ?, ?, ?, ?, ?)")                                                                                                                                                    \
	CHANGE(PERSON_UPDATE, "isssstii",                                                                                                                                                                                 \
	       "UPDATE person SET branch_id = ?, given_name = ?, family_name = ?,"                                                                                                                                        \
	       " student_code = ?, teacher_code = ?, updated_at = ?, updated_by = ?,"                                                                                                                                     \
	       " revision = revision + 1 WHERE id = ?")                                                                                                                                                                   \
	CHANGE(PERSON_ACCOUNT_BRANCH, "ii",                                                                                                                                                                               \
	       "UPDATE account SET branch_id = ?, epoch = epoch + 1 WHERE person_id = ?"                                                                                                                                  \
	       " AND branch_id IS NOT NULL")                                                                                                                                                                              \
	CHANGE(PERSON_ENDED, "ttii",                                                                                                                                                                                      \
	       "UPDATE person SET ended_at = ?, updated_at = ?, updated_by = ?,"                                                                                                                                          \
	       " revision = revision + 1 WHERE id = ?")                                                                                                                                                                   \
	CHANGE(PERSON_DELETE, "i", "DELETE FROM person WHERE id = ?")                                                                                                                                                     \
	CHANGE(PERSON_DELETE_ACCOUNT, "i", "DELETE FROM account WHERE person_id = ?")                                                                                                                                     \
	ROWS(PERSON_USE,                                                                                                                                                                                                  \
	     "didi"                                                                                                                                                                                                       \
	     "iiid"                                                                                                                                                                                                       \
	     "tti",                                                                                                                                                                                                       \
	     person_use_row,                                                                                                                                                                                              \
	     "SELECT (SELECT COUNT(*) FROM section_member m JOIN section g ON g.id = m.section_id"                                                                                                                        \
	     " JOIN batch t ON t.id = g.batch_id JOIN department d ON d.id = t.department_id"                                                                                                                             \
	     " WHERE m.person_id = p.id AND" OPEN_DAYS " AND d.branch_id = ?) AS n_members,"                                                                                                                              \
	     " (SELECT COUNT(*) FROM enrolment m JOIN course k ON k.id = m.course_id"                                                                                                                                     \
	     " WHERE m.person_id = p.id AND" OPEN_DAYS " AND k.branch_id = ?"                                                                                                                                             \
	     " AND m.state IN ('pending', 'approved')) AS n_enrolments,"                                                                                                                                                  \
	     " (SELECT COUNT(*) FROM class_staff f JOIN class k ON k.id = f.class_id"                                                                                                                                     \
	     " WHERE f.person_id = p.id AND k.branch_id = ? AND k.ended_at IS NULL)"                                                                                                                                      \
	     " + (SELECT COUNT(*) FROM course_teacher f JOIN course k ON k.id = f.course_id"                                                                                                                              \
	     " WHERE f.person_id = p.id AND k.branch_id = ? AND k.ended_at IS NULL)"                                                                                                                                      \
	     " + (SELECT COUNT(*) FROM schedule r WHERE r.teacher_id = p.id AND r.branch_id = ?"                                                                                                                          \
	     " AND r.ended_at IS NULL AND r.status = 'active' AND r.end_date >= ?) AS n_staff,"                                                                                                                           \
	     " (SELECT COUNT(*) FROM occurrence o WHERE o.teacher_id = p.id"                                                                                                                                              \
	     " AND o.starts_at <= ? AND o.state = 'completed') AS n_taught,"                                                                                                                                              \
	     " (SELECT COUNT(*) FROM occurrence o WHERE o.teacher_id = p.id"                                                                                                                                              \
	     " AND o.starts_at > ? AND o.state = 'scheduled') AS n_planned,"                                                                                                                                              \
	     " " USES("section_member", "person_id") " OR " USES(                                                                                                                                                         \
		     "enrolment",                                                                                                                                                                                         \
		     "person_id") " OR " USES("class_staff",                                                                                                                                                              \
					      "person_id") " OR " USES("course_teacher",                                                                                                                                  \
								       "person_id") " OR " USES("schedule",                                                                                                               \
												"teacher_id") " OR " USES("occurrence",                                                                                   \
															  "teacher_id") " OR EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id"                    \
																	" AND (EXISTS (SELECT 1 FROM web_session w WHERE w.account_id = a.id)"            \
																	" OR EXISTS (SELECT 1 FROM audit_log l WHERE l.actor_id = a.id))) AS has_history" \
																	" FROM person p WHERE p.id = ?")                                                  \
	CHANGE(PERSON_TOUCH_BRANCHES, "ii",                                                                                                                                                                               \
	       "UPDATE (SELECT branch_id AS id FROM person WHERE id = ?"                                                                                                                                                  \
	       " UNION SELECT branch_id FROM schedule WHERE teacher_id = ?) t"                                                                                                                                            \
	       " STRAIGHT_JOIN branch b ON b.id = t.id SET b.version = b.version + 1")                                                                                                                                    \
	CHANGE(PERSON_TOUCH_PEOPLE, "ii",                                                                                                                                                                                 \
	       "UPDATE (SELECT CAST(? AS SIGNED) AS id UNION SELECT f.person_id FROM schedule r"                                                                                                                          \
	       " JOIN class_staff f ON f.class_id = r.class_id WHERE r.teacher_id = ?) t"                                                                                                                                 \
	       " STRAIGHT_JOIN person p ON p.id = t.id SET p.version = p.version + 1")                                                                                                                                    \
	ROWS(PERSON_TRAIL, "iiiii", person_trail_row,                                                                                                                                                                     \
	     "SELECT l.id, l.at, (SELECT COALESCE(NULLIF(TRIM(CONCAT(q.given_name, ' ',"                                                                                                                                  \
	     " q.family_name)), ''), w.username) FROM account w LEFT JOIN person q"                                                                                                                                       \
	     " ON q.id = w.person_id WHERE w.id = l.actor_id) AS actor_name, l.action, l.detail,"                                                                                                                         \
	     " l.object FROM ((SELECT id FROM audit_log WHERE object = 'person' AND object_id = ?"                                                                                                                        \
	     " ORDER BY id DESC LIMIT ?) UNION ALL (SELECT id FROM audit_log"                                                                                                                                             \
	     " WHERE object = 'account' AND object_id = ? ORDER BY id DESC LIMIT ?)) x"                                                                                                                                   \
	     " STRAIGHT_JOIN audit_log l ON l.id = x.id ORDER BY l.id DESC LIMIT ?")
STATEMENT_SET(people, PEOPLE_STATEMENTS);

/* ---- lists: parameters ----------------------------------------------------------------------- */

#define PARAMS_MAX 64

struct put {
	struct param v[PARAMS_MAX];
	size_t n;
};

static void put(struct put *q, struct param p)
{
	BUG(q->n == PARAMS_MAX);
	q->v[q->n++] = p;
}

static void put_branch_ended(struct put *q, const struct people_params *p)
{
	put(q, P_I64(p->branch_id));
	put(q, P_I64(p->branch_id));
	put(q, P_I64(!p->is_ended));
}

static void put_filters(struct put *q, const struct people_params *p)
{
	put_branch_ended(q, p);
	put(q, P_I64(p->kinds));
	put(q, P_I64(p->accounts));
	for (size_t i = 0; i < PEOPLE_WORDS_MAX; i++) {
		put(q, P_TEXT(p->inside[i]));
		put(q, P_TEXT(p->inside[i]));
	}
}

static void put_arms(struct put *q, const struct people_params *p)
{
	for (size_t i = 0; i < N_ARMS; i++) {
		put(q, P_TEXT(i < N_ARMS_NAME ? p->start : p->low_start));
		put_branch_ended(q, p);
		put(q, P_I64(p->cap));
	}
}

/* The statement of a walk that one index answers; -1: there are more filters. */
static int plain_walk(const struct people_params *p)
{
	if (p->driver != PEOPLE_BY_NAME || p->inside[0].n > 0)
		return -1;
	if (p->kinds == PEOPLE_STUDENT && p->accounts == ACCOUNT_ANY)
		return p->branch_id != 0 ? PEOPLE_STUDENTS_BRANCH : PEOPLE_STUDENTS_ALL;
	if (p->kinds != PEOPLE_ANY_KIND)
		return -1;
	if (p->accounts == ACCOUNT_ANY)
		return p->branch_id != 0 ? PEOPLE_WALK_BRANCH : PEOPLE_WALK_ALL;
	if (p->accounts == ACCOUNT_NONE)
		return p->branch_id != 0 ? PEOPLE_WITHOUT_BRANCH : PEOPLE_WITHOUT_ALL;
	return -1;
}

static int driver(struct put *q, const struct people_params *p)
{
	switch (p->driver) {
	case PEOPLE_BY_NAME:
		break;
	case PEOPLE_BY_ROLE:
		put(q, P_TEXT(p->role));
		put(q, P_TEXT(p->role));
		return PEOPLE_ROLE;
	case PEOPLE_BY_DISABLED:
		return PEOPLE_DISABLED;
	case PEOPLE_BY_GROUP:
		put(q, P_I64(p->section_id));
		put(q, P_DAY(p->day));
		put(q, P_DAY(p->day));
		return PEOPLE_GROUP;
	case PEOPLE_BY_SEARCH:
		put_arms(q, p);
		return PEOPLE_SEARCH;
	}
	return p->branch_id != 0 ? PEOPLE_FILTER_BRANCH : PEOPLE_FILTER_ALL;
}

enum rc people_select(struct store *s, const struct people_params *p, struct arena *a,
		      const struct people_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct put q = { 0 };
	int statement = plain_walk(p);

	if (statement >= 0) {
		if (p->branch_id != 0)
			put(&q, P_I64(p->branch_id));
		put(&q, P_I64(!p->is_ended));
	} else {
		statement = driver(&q, p);
		put_filters(&q, p);
	}
	put(&q, P_I64(p->offset));
	put(&q, P_I64(p->limit));
	return store_rows(s, &people_table[statement], q.v, q.n, (size_t)p->limit, a, ret_rows,
			  ret_n, e);
}

/* ---- one person: calls ------------------------------------------------------------------------
 */

enum rc person_read(struct store *s, int64_t id, struct arena *a, struct person_row *ret,
		    struct error *e)
{
	return store_row(s, &people_table[PERSON_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc person_lock(struct store *s, int64_t id, struct arena *a, struct person_row *ret,
		    struct error *e)
{
	TRY(store_change(s, &people_table[PERSON_TAKE], PARAMS(P_I64(id)), NULL, NULL, e));
	return person_read(s, id, a, ret, e);
}

enum rc person_insert_all(struct store *s, const struct person_fields *f, int64_t *ret_id,
			  struct error *e)
{
	return store_change(s, &people_table[PERSON_INSERT_ALL],
			    PARAMS(P_I64(f->branch_id), P_TEXT(f->given_name),
				   P_TEXT(f->family_name), P_TEXT_OR_NULL(f->student_code),
				   P_TEXT_OR_NULL(f->teacher_code), P_TIME(f->now_us)),
			    NULL, ret_id, e);
}

enum rc person_update(struct store *s, int64_t id, const struct person_fields *f, struct error *e)
{
	return store_change(s, &people_table[PERSON_UPDATE],
			    PARAMS(P_I64(f->branch_id), P_TEXT(f->given_name),
				   P_TEXT(f->family_name), P_TEXT_OR_NULL(f->student_code),
				   P_TEXT_OR_NULL(f->teacher_code), P_TIME(f->now_us),
				   P_I64_OR_NULL(f->by), P_I64(id)),
			    NULL, NULL, e);
}

enum rc person_update_account_branch(struct store *s, int64_t id, int64_t branch_id,
				     struct error *e)
{
	return store_change(s, &people_table[PERSON_ACCOUNT_BRANCH],
			    PARAMS(P_I64(branch_id), P_I64(id)), NULL, NULL, e);
}

enum rc person_update_ended(struct store *s, int64_t id, int64_t ended_at, int64_t now_us,
			    int64_t by, struct error *e)
{
	return store_change(s, &people_table[PERSON_ENDED],
			    PARAMS(P_TIME(ended_at), P_TIME(now_us), P_I64_OR_NULL(by), P_I64(id)),
			    NULL, NULL, e);
}

enum rc person_delete(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &people_table[PERSON_DELETE], PARAMS(P_I64(id)), NULL, NULL, e);
}

enum rc person_delete_account(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &people_table[PERSON_DELETE_ACCOUNT], PARAMS(P_I64(id)), NULL, NULL,
			    e);
}

enum rc person_use(struct store *s, int64_t id, int64_t branch_id, int32_t today, int64_t now_us,
		   struct arena *a, struct person_use_row *ret, struct error *e)
{
	return store_row(s, &people_table[PERSON_USE],
			 PARAMS(P_DAY(today), P_I64(branch_id), P_DAY(today), P_I64(branch_id),
				P_I64(branch_id), P_I64(branch_id), P_I64(branch_id), P_DAY(today),
				P_TIME(now_us), P_TIME(now_us), P_I64(id)),
			 a, ret, e);
}

enum rc person_touch(struct store *s, int64_t id, struct error *e)
{
	TRY(store_change(s, &people_table[PERSON_TOUCH_BRANCHES], PARAMS(P_I64(id), P_I64(id)),
			 NULL, NULL, e));
	return store_change(s, &people_table[PERSON_TOUCH_PEOPLE], PARAMS(P_I64(id), P_I64(id)),
			    NULL, NULL, e);
}

enum rc person_trail(struct store *s, int64_t person_id, int64_t account_id, size_t max,
		     struct arena *a, const struct person_trail_row **ret_rows, size_t *ret_n,
		     struct error *e)
{
	const int64_t n = (int64_t)max;

	return store_rows(s, &people_table[PERSON_TRAIL],
			  PARAMS(P_I64(person_id), P_I64(n), P_I64_OR_NULL(account_id), P_I64(n),
				 P_I64(n)),
			  max, a, ret_rows, ret_n, e);
}
