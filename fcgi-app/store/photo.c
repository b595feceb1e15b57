/*
 * SQL of photos.
 */
#include "store/photo.h"

#include "store/sets.h"

static const struct column photo_row_columns[] = { COL_N(photo_row, mime, TEXT, 1000, false) };

#define PHOTO_STATEMENTS(ROWS, CHANGE)                                                             \
	CHANGE(PHOTO_INSERT, "sbisst",                                                             \
	       "INSERT INTO file (id, sha256, size, class, mime, extension, state, created_at)"    \
	       " VALUES (UNHEX(?), ?, ?, 'image', ?, ?, 'deleted', ?)")                            \
	ROWS(PHOTO_GET, "b", photo_row, "SELECT mime FROM file WHERE id = ? AND removed_at IS NULL")
STATEMENT_SET(photo, PHOTO_STATEMENTS);

enum rc photo_insert(struct store *s, const struct photo_new *n, struct error *e)
{
	return store_change(s, &photo_table[PHOTO_INSERT],
			    PARAMS(P_TEXT(n->file_id), P_BYTES(n->sha256), P_I64(n->size),
				   P_TEXT(n->mime), P_TEXT(n->extension), P_TIME(n->now_at)),
			    NULL, NULL, e);
}

enum rc photo_get(struct store *s, struct str file_id, struct arena *a, struct photo_row *ret,
		  struct error *e)
{
	return store_row(s, &photo_table[PHOTO_GET], PARAMS(P_BYTES(file_id)), a, ret, e);
}
