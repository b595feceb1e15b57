/*
 * SQL of rooms.
 */
#include "store/room.h"

#include "store/sets.h"

static const struct column room_stored_columns[] = {
	COL(room_stored, id, I64, false),
	COL(room_stored, branch_id, I64, false),
	COL(room_stored, capacity, I64, true),
	COL(room_stored, version, I64, false),
	COL_N(room_stored, branch_name, TEXT, 480, false),
	COL_N(room_stored, name, TEXT, 320, false),
	COL(room_stored, ended_at, TIME, true),
	COL(room_stored, n_schedules, I64, true),
	COL(room_stored, latitude_e7, I64, true),
	COL(room_stored, longitude_e7, I64, true),
	COL(room_stored, radius_m, I64, true),
};
static const struct column room_ahead_columns[] = { COL(room_ahead, n, I64, false) };

#define SELECT_ROOM(count)                                                                         \
	"SELECT m.id, m.branch_id, m.capacity, m.version, b.name AS branch_name, m.name,"          \
	" m.ended_at, " count " AS n_schedules, m.latitude_e7, m.longitude_e7, m.radius_m FROM "   \
	"room m JOIN branch b ON b.id = m.branch_id"
#define COUNT_SCHEDULES                                                                            \
	"(SELECT COUNT(*) FROM schedule r WHERE r.room_id = m.id AND r.ended_at IS NULL)"
#define WHERE_ROOMS                                                                                \
	" WHERE (? = 0 OR m.branch_id = ?) AND LOCATE(?, m.name) > 0"                              \
	" AND (? = 1 OR m.ended_at IS NULL)"

#define ROOM_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(ROOM_READ, "i", room_stored, SELECT_ROOM(COUNT_SCHEDULES) " WHERE m.id = ?")          \
	ROWS(ROOM_LOCK, "i", room_ahead, "SELECT id AS n FROM room WHERE id = ? FOR UPDATE")       \
	ROWS(ROOM_ROWS, "iisiii", room_stored,                                                     \
	     SELECT_ROOM(COUNT_SCHEDULES) WHERE_ROOMS                                              \
	     " ORDER BY b.name, m.branch_id, m.name, m.id LIMIT ? OFFSET ?")                       \
	ROWS(ROOM_COUNT, "iisi", room_ahead, "SELECT COUNT(*) AS n FROM room m" WHERE_ROOMS)       \
	ROWS(ROOM_AHEAD, "it", room_ahead,                                                         \
	     "SELECT COUNT(*) AS n FROM occurrence WHERE room_id = ? AND starts_at >= ?"           \
	     " AND state = 'scheduled'")                                                           \
	ROWS(ROOM_PICK, "sis", room_stored,                                                        \
	     SELECT_ROOM("0") " WHERE m.id IN (SELECT j.id FROM"                                   \
			      " JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)"             \
			      " OR (m.branch_id = ? AND m.name_live = ?)")                         \
	CHANGE(ROOM_INSERT, "isit",                                                                \
	       "INSERT INTO room (branch_id, name, capacity, created_at) VALUES (?, ?, ?, ?)")     \
	CHANGE(ROOM_WRITE, "siti",                                                                 \
	       "UPDATE room SET name = ?, capacity = ?, ended_at = ?, version = version + 1"       \
	       " WHERE id = ?")                                                                    \
	CHANGE(ROOM_WRITE_PLACE, "iiii",                                                           \
	       "UPDATE room SET latitude_e7 = ?, longitude_e7 = ?, radius_m = ?,"                  \
	       " version = version + 1 WHERE id = ?")                                              \
	CHANGE(ROOM_TOUCH, "it",                                                                   \
	       "UPDATE person p JOIN (SELECT o.teacher_id AS id FROM occurrence o"                 \
	       " WHERE o.room_id = ? AND o.starts_at >= ? AND o.state = 'scheduled'"               \
	       " GROUP BY o.teacher_id) t ON t.id = p.id SET p.version = p.version + 1")           \
	CHANGE(ROOM_RENAME_SCHEDULES, "si",                                                        \
	       "UPDATE schedule SET room = ?, version = version + 1 WHERE room_id = ?")            \
	CHANGE(ROOM_RENAME_SESSIONS, "sit",                                                        \
	       "UPDATE occurrence SET room = ?, version = version + 1 WHERE room_id = ?"           \
	       " AND starts_at >= ? AND state = 'scheduled'")
STATEMENT_SET(room, ROOM_STATEMENTS);

enum rc room_read(struct store *s, int64_t id, struct arena *a, struct room_stored *ret,
		  struct error *e)
{
	return store_row(s, &room_table[ROOM_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc room_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct room_ahead locked;

	return store_row(s, &room_table[ROOM_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc room_rows(struct store *s, int64_t branch_id, struct str search, bool with_ended,
		  size_t limit, int64_t offset, struct arena *a,
		  const struct room_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &room_table[ROOM_ROWS],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_TEXT(search),
				 P_I64(with_ended), P_I64((int64_t)limit), P_I64(offset)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc room_count(struct store *s, int64_t branch_id, struct str search, bool with_ended,
		   struct arena *a, int64_t *ret, struct error *e)
{
	struct room_ahead row;

	TRY(store_row(s, &room_table[ROOM_COUNT],
		      PARAMS(P_I64(branch_id), P_I64(branch_id), P_TEXT(search), P_I64(with_ended)),
		      a, &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc room_n_ahead(struct store *s, int64_t id, int64_t now_at, struct arena *a, int64_t *ret,
		     struct error *e)
{
	struct room_ahead row;

	TRY(store_row(s, &room_table[ROOM_AHEAD], PARAMS(P_I64(id), P_TIME(now_at)), a, &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc room_pick(struct store *s, struct str ids, int64_t branch_id, struct str name,
		  struct arena *a, const struct room_stored **ret_rows, size_t *ret_n,
		  struct error *e)
{
	return store_rows(s, &room_table[ROOM_PICK],
			  PARAMS(P_TEXT(ids), P_I64(branch_id), P_TEXT(name)), 100, a, ret_rows,
			  ret_n, e);
}

enum rc room_insert(struct store *s, int64_t branch_id, struct str name, int64_t capacity,
		    int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &room_table[ROOM_INSERT],
			    PARAMS(P_I64(branch_id), P_TEXT(name), P_I64_OR_NULL(capacity),
				   P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc room_write(struct store *s, int64_t id, struct str name, int64_t capacity, int64_t ended_at,
		   struct error *e)
{
	return store_change(s, &room_table[ROOM_WRITE],
			    PARAMS(P_TEXT(name), P_I64_OR_NULL(capacity), P_TIME(ended_at),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc room_rename(struct store *s, int64_t id, struct str name, int64_t now_at, struct error *e)
{
	TRY(store_change(s, &room_table[ROOM_TOUCH], PARAMS(P_I64(id), P_TIME(now_at)), NULL, NULL,
			 e));
	TRY(store_change(s, &room_table[ROOM_RENAME_SCHEDULES], PARAMS(P_TEXT(name), P_I64(id)),
			 NULL, NULL, e));
	return store_change(s, &room_table[ROOM_RENAME_SESSIONS],
			    PARAMS(P_TEXT(name), P_I64(id), P_TIME(now_at)), NULL, NULL, e);
}

enum rc room_write_place(struct store *s, int64_t id, int64_t latitude_e7, int64_t longitude_e7,
			 int64_t radius_m, struct error *e)
{
	return store_change(s, &room_table[ROOM_WRITE_PLACE],
			    PARAMS(P_I64_OR_NULL(latitude_e7), P_I64_OR_NULL(longitude_e7),
				   P_I64_OR_NULL(radius_m), P_I64(id)),
			    NULL, NULL, e);
}
