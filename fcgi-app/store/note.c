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
};

#define SELECT_NOTE                                                                                \
	"SELECT n.id, n.completion_id, c.occurrence_id, n.author_id, n.type, n.text,"              \
	" COALESCE(TRIM(CONCAT(p.given_name, ' ', p.family_name)), a.username) AS author_name,"    \
	" a.email AS author_email, n.created_at, n.updated_at"                                     \
	" FROM note n JOIN completion c ON c.id = n.completion_id"                                 \
	" JOIN account a ON a.id = n.author_id LEFT JOIN person p ON p.id = a.person_id"

#define NOTE_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(NOTE_ROWS, "i", note_stored,                                                          \
	     SELECT_NOTE " WHERE c.occurrence_id = ? AND n.deleted_at IS NULL ORDER BY n.id")      \
	ROWS(NOTE_READ, "i", note_stored, SELECT_NOTE " WHERE n.id = ? AND n.deleted_at IS NULL")  \
	CHANGE(NOTE_INSERT, "iisst",                                                               \
	       "INSERT INTO note (completion_id, author_id, type, text, created_at)"               \
	       " VALUES (?, ?, ?, ?, ?)")                                                          \
	CHANGE(NOTE_WRITE, "ssti",                                                                 \
	       "UPDATE note SET type = ?, text = ?, updated_at = ? WHERE id = ?")                  \
	CHANGE(NOTE_END, "tii",                                                                    \
	       "UPDATE note SET deleted_at = ?, deleted_by = ? WHERE id = ? AND deleted_at IS "    \
	       "NULL")
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

enum rc note_insert(struct store *s, int64_t completion_id, int64_t author_id, struct str type,
		    struct str text, int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &note_table[NOTE_INSERT],
			    PARAMS(P_I64(completion_id), P_I64(author_id), P_TEXT(type),
				   P_TEXT(text), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc note_write(struct store *s, int64_t id, struct str type, struct str text, int64_t now_at,
		   struct error *e)
{
	return store_change(s, &note_table[NOTE_WRITE],
			    PARAMS(P_TEXT(type), P_TEXT(text), P_TIME(now_at), P_I64(id)), NULL,
			    NULL, e);
}

enum rc note_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at, int64_t *ret_n,
		 struct error *e)
{
	return store_change(s, &note_table[NOTE_END],
			    PARAMS(P_TIME(now_at), P_I64(account_id), P_I64(id)), ret_n, NULL, e);
}
