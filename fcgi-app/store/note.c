/*
 * SQL of notes.
 */
#include "store/note.h"

#include "store/sets.h"

static const struct column note_stored_columns[] = {
	COL(note_stored, id, I64, false),
	COL(note_stored, completion_id, I64, false),
	COL(note_stored, occurrence_id, I64, false),
	COL(note_stored, author_id, I64, false),
	COL_N(note_stored, type, TEXT, 64, false),
	COL_N(note_stored, text, TEXT, 65535, false),
	COL_N(note_stored, author_name, TEXT, 1000, true),
	COL_N(note_stored, author_email, TEXT, 1016, true),
	COL(note_stored, created_at, TIME, false),
	COL(note_stored, updated_at, TIME, true),
	COL(note_stored, due_on, DAY, true),
	COL(note_stored, n_edits, I64, false),
	COL(note_stored, version, I64, false),
	COL(note_stored, resolved_at, TIME, true),
	COL_N(note_stored, resolver_name, TEXT, 1000, true),
	COL(note_stored, deleted_at, TIME, true),
	COL_N(note_stored, deleter_name, TEXT, 1000, true),
};
static const struct column note_revision_row_columns[] = {
	COL(note_revision_row, note_id, I64, false),
	COL_N(note_revision_row, type, TEXT, 64, false),
	COL_N(note_revision_row, text, TEXT, 65535, false),
	COL_N(note_revision_row, editor_name, TEXT, 1000, true),
	COL(note_revision_row, due_on, DAY, true),
	COL(note_revision_row, edited_at, TIME, false),
};
static const struct column note_open_row_columns[] = {
	COL(note_open_row, id, I64, false),
	COL(note_open_row, occurrence_id, I64, false),
	COL(note_open_row, version, I64, false),
	COL_N(note_open_row, text, TEXT, 65535, false),
	COL_N(note_open_row, author_name, TEXT, 1000, true),
	COL(note_open_row, created_at, TIME, false),
	COL(note_open_row, due_on, DAY, true),
	COL_N(note_open_row, title, TEXT, 800, false),
	COL_N(note_open_row, course_code, TEXT, 160, true),
	COL_N(note_open_row, teacher_name, TEXT, 1000, true),
	COL_N(note_open_row, zone, TEXT, 256, false),
	COL(note_open_row, session_date, DAY, false),
};

/* Name of an account that may be NULL, as a column. */
#define NAME_OF(account)                                                                           \
	"(SELECT COALESCE(TRIM(CONCAT(np.given_name, ' ', np.family_name)), na.username)"          \
	" FROM account na LEFT JOIN person np ON np.id = na.person_id WHERE na.id = " account ")"

#define SELECT_NOTE                                                                                \
	"SELECT n.id, n.completion_id, c.occurrence_id, n.author_id, n.type, n.text,"              \
	" COALESCE(TRIM(CONCAT(p.given_name, ' ', p.family_name)), a.username) AS author_name,"    \
	" a.email AS author_email, n.created_at, n.updated_at, n.due_on, n.n_edits, n.version,"    \
	" n.resolved_at, IF(n.resolved_by IS NULL, NULL, " NAME_OF(                                \
		"n.resolved_by") ") AS resolver_name, n.deleted_at, IF(n.deleted_by IS NULL, "     \
				 "NULL, " NAME_OF("n.deleted_by") ") AS deleter_name"              \
								  " FROM note n JOIN completion "  \
								  "c ON c.id = n.completion_id"    \
								  " JOIN account a ON a.id = "     \
								  "n.author_id LEFT JOIN person "  \
								  "p ON p.id = a.person_id"

/* Open follow-ups by their ids, in the order of due dates; p has the page. */
#define NOTE_OPEN(ids)                                                                             \
	"SELECT n.id, o.id AS occurrence_id, n.version, n.text, " NAME_OF(                         \
		"n.author_id") " AS author_name, n.created_at, n.due_on, o.title,"                 \
			       " k.code AS course_code, TRIM(CONCAT(t.given_name, ' ',"            \
			       " t.family_name)) AS teacher_name, o.zone, o.session_date"          \
			       " FROM (" ids " ORDER BY open_until, id LIMIT ? OFFSET ?) p"        \
			       " STRAIGHT_JOIN note n ON n.id = p.id"                              \
			       " JOIN completion c ON c.id = n.completion_id"                      \
			       " JOIN occurrence o ON o.id = c.occurrence_id"                      \
			       " LEFT JOIN course k ON k.id = o.course_id"                         \
			       " LEFT JOIN person t ON t.id = o.teacher_id"                        \
			       " ORDER BY p.open_until, p.id"
#define OF_OCCURRENCES(source)                                                                     \
	"SELECT n.id, n.open_until FROM " source                                                   \
	" JOIN note n ON n.completion_id = oc.completion_id AND n.open_until IS NOT NULL"

#define NOTE_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(NOTE_ROWS, "i", note_stored,                                                          \
	     SELECT_NOTE " WHERE c.occurrence_id = ? AND n.deleted_at IS NULL ORDER BY n.id")      \
	ROWS(NOTE_ROWS_DELETED, "i", note_stored,                                                  \
	     SELECT_NOTE " WHERE c.occurrence_id = ? AND n.deleted_at IS NOT NULL ORDER BY n.id")  \
	ROWS(NOTE_READ, "i", note_stored, SELECT_NOTE " WHERE n.id = ? AND n.deleted_at IS NULL")  \
	ROWS(NOTE_REVISIONS, "i", note_revision_row,                                               \
	     "SELECT r.note_id, r.type, r.text, " NAME_OF(                                         \
		     "r.edited_by") " AS editor_name,"                                             \
				    " r.due_on, r.edited_at"                                       \
				    " FROM completion c"                                           \
				    " JOIN note n"                                                 \
				    " ON n.completion_id = c.id"                                   \
				    " JOIN note_revision r"                                        \
				    " ON r.note_id = n.id"                                         \
				    " WHERE c.occurrence_id = ?"                                   \
				    " ORDER BY r.id")                                              \
	ROWS(NOTE_OPEN_PERSON, "iiii", note_open_row,                                              \
	     NOTE_OPEN(OF_OCCURRENCES("occurrence oc") " WHERE oc.teacher_id = ? "                 \
						       "UNION " OF_OCCURRENCES(                    \
							       "class_staff cs JOIN "              \
							       "occurrence oc ON oc.class_id "     \
							       "= cs.class_id") " WHERE"           \
										" cs.person_"      \
										"id = ?"))         \
	ROWS(NOTE_OPEN_BRANCH, "iii", note_open_row,                                               \
	     NOTE_OPEN("SELECT id, open_until FROM note FORCE INDEX (note_open_branch)"            \
		       " WHERE branch_id = ? AND open_until IS NOT NULL"))                         \
	ROWS(NOTE_OPEN_ALL, "ii", note_open_row,                                                   \
	     NOTE_OPEN("SELECT id, open_until FROM note FORCE INDEX (note_open)"                   \
		       " WHERE open_until IS NOT NULL"))                                           \
	CHANGE(NOTE_INSERT, "iiissdt",                                                             \
	       "INSERT INTO note (completion_id, branch_id, author_id, type, text, due_on,"        \
	       " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")                                        \
	CHANGE(NOTE_KEEP, "iti",                                                                   \
	       "INSERT INTO note_revision (note_id, type, text, due_on, edited_by, edited_at)"     \
	       " SELECT id, type, text, due_on, ?, ? FROM note WHERE id = ?")                      \
	CHANGE(NOTE_WRITE, "ssdtssi",                                                              \
	       "UPDATE note SET type = ?, text = ?, due_on = ?, updated_at = ?,"                   \
	       " n_edits = n_edits + 1, version = version + 1,"                                    \
	       " resolved_at = IF(? = 'followup', resolved_at, NULL),"                             \
	       " resolved_by = IF(? = 'followup', resolved_by, NULL) WHERE id = ?")                \
	CHANGE(NOTE_SETTLE, "tii",                                                                 \
	       "UPDATE note SET resolved_at = ?, resolved_by = ?, version = version + 1"           \
	       " WHERE id = ?")                                                                    \
	CHANGE(NOTE_END, "tii",                                                                    \
	       "UPDATE note SET deleted_at = ?, deleted_by = ?, version = version + 1"             \
	       " WHERE id = ? AND deleted_at IS NULL")
STATEMENT_SET(note, NOTE_STATEMENTS);

enum rc note_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		  const struct note_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &note_table[NOTE_ROWS], PARAMS(P_I64(occurrence_id)), 10000, a,
			  ret_rows, ret_n, e);
}

enum rc note_read(struct store *s, int64_t id, struct arena *a, struct note_stored *ret,
		  struct error *e)
{
	return store_row(s, &note_table[NOTE_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc note_rows_deleted(struct store *s, int64_t occurrence_id, struct arena *a,
			  const struct note_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &note_table[NOTE_ROWS_DELETED], PARAMS(P_I64(occurrence_id)), 10000, a,
			  ret_rows, ret_n, e);
}

enum rc note_revisions(struct store *s, int64_t occurrence_id, struct arena *a,
		       const struct note_revision_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &note_table[NOTE_REVISIONS], PARAMS(P_I64(occurrence_id)), 10000, a,
			  ret_rows, ret_n, e);
}

enum rc note_open(struct store *s, enum note_seen seen, int64_t seen_id, size_t limit,
		  size_t offset, struct arena *a, const struct note_open_row **ret_rows,
		  size_t *ret_n, struct error *e)
{
	const struct param id = P_I64(seen_id);
	const struct param max = P_I64((int64_t)limit), skip = P_I64((int64_t)offset);

	if (seen == NOTE_SEEN_PERSON)
		return store_rows(s, &note_table[NOTE_OPEN_PERSON], PARAMS(id, id, max, skip),
				  limit, a, ret_rows, ret_n, e);
	if (seen == NOTE_SEEN_BRANCH)
		return store_rows(s, &note_table[NOTE_OPEN_BRANCH], PARAMS(id, max, skip), limit, a,
				  ret_rows, ret_n, e);
	return store_rows(s, &note_table[NOTE_OPEN_ALL], PARAMS(max, skip), limit, a, ret_rows,
			  ret_n, e);
}

enum rc note_insert(struct store *s, const struct note_new *n, int64_t *ret_id, struct error *e)
{
	return store_change(s, &note_table[NOTE_INSERT],
			    PARAMS(P_I64(n->completion_id), P_I64(n->branch_id),
				   P_I64(n->author_id), P_TEXT(n->type), P_TEXT(n->text),
				   P_DAY(n->due_on), P_TIME(n->now_at)),
			    NULL, ret_id, e);
}

enum rc note_rewrite(struct store *s, const struct note_stored *n, struct str type, struct str text,
		     int32_t due_on, int64_t account_id, int64_t now_at, struct error *e)
{
	TRY(store_change(s, &note_table[NOTE_KEEP],
			 PARAMS(P_I64(account_id), P_TIME(now_at), P_I64(n->id)), NULL, NULL, e));
	return store_change(s, &note_table[NOTE_WRITE],
			    PARAMS(P_TEXT(type), P_TEXT(text), P_DAY(due_on), P_TIME(now_at),
				   P_TEXT(type), P_TEXT(type), P_I64(n->id)),
			    NULL, NULL, e);
}

enum rc note_settle(struct store *s, int64_t id, int64_t account_id, int64_t at, struct error *e)
{
	return store_change(s, &note_table[NOTE_SETTLE],
			    PARAMS(P_TIME(at),
				   P_I64_OR_NULL(at == NO_TIME ? COLUMN_NULL : account_id),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc note_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at, int64_t *ret_n,
		 struct error *e)
{
	return store_change(s, &note_table[NOTE_END],
			    PARAMS(P_TIME(now_at), P_I64(account_id), P_I64(id)), ret_n, NULL, e);
}
