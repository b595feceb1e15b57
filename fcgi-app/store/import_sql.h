/*
 * SQL pieces of imports, inside of store: rows of a batch, errors, and finding people.
 *
 * Statements of a batch take the import and its first and last row.
 */
#ifndef STORE_IMPORT_SQL_H
#define STORE_IMPORT_SQL_H

#define THESE  " WHERE r.import_id = ? AND r.row_no BETWEEN ? AND ?"
#define IMPORT " JOIN import i ON i.id = r.import_id"

/* field: a name in quotes, or an expression. */
#define IMPORT_ERRORS(field, reason, value, arg)                                                   \
	"INSERT IGNORE INTO import_error (import_id, row_no, field, reason, value, arg)"           \
	" SELECT r.import_id, r.row_no, " field ", '" reason "', COALESCE(LEFT(" value             \
	", 200), ''), " arg " FROM import_row r"

/* person_id of somebody known: by student code, else by username, else by address. */
#define IMPORT_FIND_PERSON                                                                         \
	"UPDATE import_row r" IMPORT                                                               \
	" LEFT JOIN person ps ON ps.student_code_live = r.student_code"                            \
	" AND ps.branch_id = i.branch_id"                                                          \
	" LEFT JOIN account au ON au.username = r.username"                                        \
	" LEFT JOIN account ae ON ae.email = r.email"                                              \
	" LEFT JOIN person pu ON pu.id = COALESCE(au.person_id, ae.person_id)"                     \
	" AND pu.ended_at IS NULL AND pu.branch_id = i.branch_id"                                  \
	" SET r.person_id = IF(r.student_code IS NULL, pu.id, ps.id)" THESE
/* The field that names the person, and its value. */
#define IMPORT_WHO_FIELD                                                                           \
	"IF(r.student_code IS NOT NULL, 'student_code',"                                           \
	" IF(r.username IS NOT NULL, 'username', 'email'))"
#define IMPORT_WHO "COALESCE(r.student_code, r.username, r.email)"
#define IMPORT_NO_PERSON                                                                           \
	IMPORT_ERRORS(IMPORT_WHO_FIELD, "import_person", IMPORT_WHO, "0")                          \
	THESE " AND r.person_id IS NULL AND " IMPORT_WHO " IS NOT NULL"
/* Somebody else has the username or address; column: its name. */
#define IMPORT_OTHER_PERSON(column)                                                                \
	IMPORT_ERRORS("'" column "'", "import_other", "r." column, "0")                            \
	" LEFT JOIN account a ON a." column " = r." column THESE " AND r." column                  \
	" IS NOT NULL AND r.person_id IS NOT NULL AND NOT (a.person_id <=> r.person_id)"

#endif
