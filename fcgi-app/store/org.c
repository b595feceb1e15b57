/*
 * SQL of what can be chosen.
 */
#include "store/org.h"

#include "store/sets.h"

static const struct column org_option_row_columns[] = {
	COL(org_option_row, id, I64, false),
	COL(org_option_row, branch_id, I64, false),
	COL_N(org_option_row, name, TEXT, 2000, false),
	COL_N(org_option_row, detail, TEXT, 160, true),
	COL_N(org_option_row, branch_name, TEXT, 480, false),
	COL(org_option_row, is_ended, I64, false),
};

#define NAME_PERSON "TRIM(CONCAT(x.given_name, ' ', x.family_name))"
#define CI          " COLLATE utf8mb4_unicode_520_nopad_ci"

/* x: the thing, b: its branch.  Chosen id, branch twice, text three times, chosen id, limit. */
#define LETTERS "iiisssii"
#define OPTIONS(name, detail, from, ended)                                                         \
	"SELECT x.id, b.id AS branch_id, " name " AS name, " detail " AS detail,"                  \
	" b.name AS branch_name, " ended " AS is_ended FROM " from                                 \
	" WHERE x.id = ? OR (NOT (" ended ") AND (? = 0 OR b.id = ?)"                              \
	" AND (? = '' OR " name " LIKE ? ESCAPE '!' OR " detail CI " LIKE ? ESCAPE '!'))"          \
	" ORDER BY x.id = ? DESC, branch_name, name, detail, x.id LIMIT ?"
#define PEOPLE(detail, roles)                                                                      \
	OPTIONS(NAME_PERSON, "COALESCE(x." detail ", '')",                                         \
		"person x JOIN branch b ON b.id = x.branch_id"                                     \
		" JOIN account a ON a.person_id = x.id AND a.role IN (" roles ")",                 \
		"x.ended_at IS NOT NULL")

#define BATCH_JOINS                                                                                \
	" JOIN department d ON d.id = t.department_id JOIN branch b ON b.id = d.branch_id"
#define BATCH_ENDED "t.ended_at IS NOT NULL OR d.ended_at IS NOT NULL"
#define IN_BRANCH   " x JOIN branch b ON b.id = x.branch_id"
#define ORG_STATEMENTS(ROWS, CHANGE)                                                               \
	ROWS(OPTION_BRANCH, LETTERS, org_option_row,                                               \
	     OPTIONS("x.name", "''", "branch x JOIN branch b ON b.id = x.id",                      \
		     "x.ended_at IS NOT NULL"))                                                    \
	ROWS(OPTION_DEPARTMENT, LETTERS, org_option_row,                                           \
	     OPTIONS("x.name", "''", "department" IN_BRANCH, "x.ended_at IS NOT NULL"))            \
	ROWS(OPTION_BATCH, LETTERS, org_option_row,                                                \
	     OPTIONS("CONCAT(d.name, ' · ', x.name)", "''",                                        \
		     "batch x JOIN department d ON d.id = x.department_id"                         \
		     " JOIN branch b ON b.id = d.branch_id",                                       \
		     "x.ended_at IS NOT NULL OR d.ended_at IS NOT NULL"))                          \
	ROWS(OPTION_SECTION, LETTERS, org_option_row,                                              \
	     OPTIONS("CONCAT(d.name, ' · ', t.name, ' · ', x.name)", "''",                         \
		     "section x JOIN batch t ON t.id = x.batch_id" BATCH_JOINS,                    \
		     "x.ended_at IS NOT NULL OR " BATCH_ENDED))                                    \
	ROWS(OPTION_CLASS, LETTERS, org_option_row,                                                \
	     OPTIONS("x.name", "''", "class" IN_BRANCH, "x.ended_at IS NOT NULL"))                 \
	ROWS(OPTION_COURSE, LETTERS, org_option_row,                                               \
	     OPTIONS("x.title", "x.code", "course" IN_BRANCH, "x.ended_at IS NOT NULL"))           \
	ROWS(OPTION_TEACHER, LETTERS, org_option_row, PEOPLE("teacher_code", "'faculty'"))         \
	ROWS(OPTION_STAFF, LETTERS, org_option_row,                                                \
	     PEOPLE("teacher_code", "'faculty', 'employee', 'branch_admin', 'super_admin'"))       \
	ROWS(OPTION_STUDENT, LETTERS, org_option_row,                                              \
	     OPTIONS(NAME_PERSON, "COALESCE(x.student_code, '')", "person" IN_BRANCH,              \
		     "x.ended_at IS NOT NULL OR x.student_code IS NULL"))
STATEMENT_SET(org, ORG_STATEMENTS);

enum rc org_option_rows(struct store *s, const struct org_options_params *p, struct arena *a,
			const struct org_option_row **ret_rows, size_t *ret_n, struct error *e)
{
	static const int statements[ORG__MAX] = {
		[ORG_BRANCH] = OPTION_BRANCH,   [ORG_DEPARTMENT] = OPTION_DEPARTMENT,
		[ORG_BATCH] = OPTION_BATCH,     [ORG_SECTION] = OPTION_SECTION,
		[ORG_CLASS] = OPTION_CLASS,     [ORG_COURSE] = OPTION_COURSE,
		[ORG_TEACHER] = OPTION_TEACHER, [ORG_STAFF] = OPTION_STAFF,
		[ORG_STUDENT] = OPTION_STUDENT,
	};
	struct param branch = P_I64(p->branch_id), like = P_TEXT(p->like), with = P_I64(p->with_id);

	BUG((unsigned)p->kind >= ORG__MAX);
	return store_rows(s, &org_table[statements[p->kind]],
			  PARAMS(with, branch, branch, like, like, like, with, P_I64(p->limit)),
			  (size_t)p->limit, a, ret_rows, ret_n, e);
}
