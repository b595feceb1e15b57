/*
 * SQL of attachments and their files.
 */
#include "store/attachment.h"

#include "store/sets.h"

static const struct column attachment_stored_columns[] = {
	COL(attachment_stored, id, I64, false),
	COL(attachment_stored, completion_id, I64, false),
	COL(attachment_stored, occurrence_id, I64, false),
	COL(attachment_stored, branch_id, I64, false),
	COL_N(attachment_stored, file_id, TEXT, 256, true),
	COL_N(attachment_stored, name, TEXT, 1020, false),
	COL_N(attachment_stored, description, TEXT, 2000, false),
	COL_N(attachment_stored, class, TEXT, 64, false),
	COL_N(attachment_stored, mime, TEXT, 400, false),
	COL_N(attachment_stored, file_state, TEXT, 64, false),
	COL_N(attachment_stored, review_reason, TEXT, 2000, true),
	COL(attachment_stored, size, I64, false),
	COL(attachment_stored, uploaded_by, I64, false),
	COL_N(attachment_stored, uploader_name, TEXT, 1000, true),
	COL(attachment_stored, download_count, I64, false),
	COL(attachment_stored, created_at, TIME, false),
	COL(attachment_stored, deleted_at, TIME, true),
};

#define SELECT_ATTACHMENT                                                                          \
	"SELECT t.id, t.completion_id, c.occurrence_id, o.branch_id,"                              \
	" LOWER(HEX(t.file_id)) AS file_id, t.name, t.description, f.class, f.mime,"               \
	" f.state AS file_state, f.review_reason, f.size, t.uploaded_by,"                          \
	" COALESCE(TRIM(CONCAT(p.given_name, ' ', p.family_name)), a.username) AS uploader_name,"  \
	" t.download_count, t.created_at, t.deleted_at"                                            \
	" FROM attachment t JOIN file f ON f.id = t.file_id"                                       \
	" JOIN completion c ON c.id = t.completion_id"                                             \
	" JOIN occurrence o ON o.id = c.occurrence_id"                                             \
	" JOIN account a ON a.id = t.uploaded_by LEFT JOIN person p ON p.id = a.person_id"

#define ATTACHMENT_STATEMENTS(ROWS, CHANGE)                                                        \
	CHANGE(ATTACHMENT_INSERT_FILE, "sbisssiiit",                                               \
	       "INSERT INTO file (id, sha256, size, class, mime, extension, branch_id,"            \
	       " teacher_id, course_id, created_at)"                                               \
	       " VALUES (UNHEX(?), ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                    \
	CHANGE(ATTACHMENT_INSERT, "isssit",                                                        \
	       "INSERT INTO attachment (completion_id, file_id, name, description, uploaded_by,"   \
	       " created_at) VALUES (?, UNHEX(?), ?, ?, ?, ?)")                                    \
	ROWS(ATTACHMENT_ROWS, "i", attachment_stored,                                              \
	     SELECT_ATTACHMENT                                                                     \
	     " WHERE c.occurrence_id = ? AND t.deleted_at IS NULL ORDER BY t.id")                  \
	ROWS(ATTACHMENT_READ, "i", attachment_stored, SELECT_ATTACHMENT " WHERE t.id = ?")         \
	ROWS(ATTACHMENT_READ_BY_FILE, "s", attachment_stored,                                      \
	     SELECT_ATTACHMENT " WHERE t.file_id = UNHEX(?) ORDER BY t.id LIMIT 1")                \
	CHANGE(ATTACHMENT_COUNT, "i",                                                              \
	       "UPDATE attachment SET download_count = download_count + 1 WHERE id = ?")           \
	CHANGE(ATTACHMENT_LOG, "iit",                                                              \
	       "INSERT INTO download_log (attachment_id, account_id, at) VALUES (?, ?, ?)")        \
	CHANGE(ATTACHMENT_END, "tii",                                                              \
	       "UPDATE attachment SET deleted_at = ?, deleted_by = ?"                              \
	       " WHERE id = ? AND deleted_at IS NULL")                                             \
	CHANGE(ATTACHMENT_END_FILE, "i",                                                           \
	       "UPDATE file SET state = 'deleted'"                                                 \
	       " WHERE id = (SELECT file_id FROM attachment WHERE id = ?)")
STATEMENT_SET(attachment, ATTACHMENT_STATEMENTS);

enum rc attachment_insert(struct store *s, const struct attachment_new *n, int64_t *ret_id,
			  struct error *e)
{
	TRY(store_change(s, &attachment_table[ATTACHMENT_INSERT_FILE],
			 PARAMS(P_TEXT(n->file_id), P_BYTES(n->sha256), P_I64(n->size),
				P_TEXT(n->class), P_TEXT(n->mime), P_TEXT(n->extension),
				P_I64(n->branch_id), P_I64_OR_NULL(n->teacher_id),
				P_I64_OR_NULL(n->course_id), P_TIME(n->now_at)),
			 NULL, NULL, e));
	return store_change(s, &attachment_table[ATTACHMENT_INSERT],
			    PARAMS(P_I64(n->completion_id), P_TEXT(n->file_id), P_TEXT(n->name),
				   P_TEXT(n->description), P_I64(n->account_id), P_TIME(n->now_at)),
			    NULL, ret_id, e);
}

enum rc attachment_rows(struct store *s, int64_t occurrence_id, struct arena *a,
			const struct attachment_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &attachment_table[ATTACHMENT_ROWS], PARAMS(P_I64(occurrence_id)),
			  10000, a, ret_rows, ret_n, e);
}

enum rc attachment_read(struct store *s, int64_t id, struct arena *a, struct attachment_stored *ret,
			struct error *e)
{
	return store_row(s, &attachment_table[ATTACHMENT_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc attachment_read_by_file(struct store *s, struct str file_id, struct arena *a,
				struct attachment_stored *ret, struct error *e)
{
	return store_row(s, &attachment_table[ATTACHMENT_READ_BY_FILE], PARAMS(P_TEXT(file_id)), a,
			 ret, e);
}

enum rc attachment_log(struct store *s, int64_t id, int64_t account_id, int64_t now_at,
		       struct error *e)
{
	TRY(store_change(s, &attachment_table[ATTACHMENT_COUNT], PARAMS(P_I64(id)), NULL, NULL, e));
	return store_change(s, &attachment_table[ATTACHMENT_LOG],
			    PARAMS(P_I64(id), P_I64(account_id), P_TIME(now_at)), NULL, NULL, e);
}

enum rc attachment_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at,
		       int64_t *ret_n, struct error *e)
{
	int64_t n;

	TRY(store_change(s, &attachment_table[ATTACHMENT_END],
			 PARAMS(P_TIME(now_at), P_I64(account_id), P_I64(id)), &n, NULL, e));
	if (n)
		TRY(store_change(s, &attachment_table[ATTACHMENT_END_FILE], PARAMS(P_I64(id)), NULL,
				 NULL, e));
	*ret_n = n;
	return RC_OK;
}
