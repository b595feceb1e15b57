/*
 * SQL of photos.
 */
#include "store/photo.h"

#include "store/sets.h"

#define PHOTO_STATEMENTS(ROWS, CHANGE)                                                             \
	CHANGE(PHOTO_INSERT, "sbisst",                                                             \
	       "INSERT INTO file (id, sha256, size, class, mime, extension, created_at)"           \
	       " VALUES (UNHEX(?), ?, ?, 'image', ?, ?, ?)")                                       \
	CHANGE(PHOTO_END_UNUSED, "bb",                                                             \
	       "UPDATE file SET state = 'deleted' WHERE id = ?"                                    \
	       " AND NOT EXISTS (SELECT 1 FROM attempt_photo p WHERE p.file_id = ?)")
STATEMENT_SET(photo, PHOTO_STATEMENTS);

enum rc photo_insert(struct store *s, const struct photo_new *n, struct error *e)
{
	return store_change(s, &photo_table[PHOTO_INSERT],
			    PARAMS(P_TEXT(n->file_id), P_BYTES(n->sha256), P_I64(n->size),
				   P_TEXT(n->mime), P_TEXT(n->extension), P_TIME(n->now_at)),
			    NULL, NULL, e);
}

enum rc photo_end_unused(struct store *s, struct str file_id, struct error *e)
{
	return store_change(s, &photo_table[PHOTO_END_UNUSED],
			    PARAMS(P_BYTES(file_id), P_BYTES(file_id)), NULL, NULL, e);
}
