/*
 * SQL of what the stream of events makes notifications of.  See notify_stream.h.
 */
#include "store/notify_stream.h"

#include "store/expected.h"
#include "store/sets.h"

struct cursor_n {
	int64_t n;
};
static const struct column cursor_n_columns[] = { COL(cursor_n, n, I64, false) };
struct cursor_range {
	int64_t last, n;
};
static const struct column cursor_range_columns[] = {
	COL(cursor_range, last, I64, false),
	COL(cursor_range, n, I64, false),
};
static const struct column notify_opening_columns[] = {
	COL(notify_opening, seq, I64, false),
	COL(notify_opening, attendance_id, I64, false),
};

#define OPENINGS_MAX 1000

/* Behind "account a": who may be told of a kind at all. */
#define WANTS(kind)                                                                                \
	" LEFT JOIN notification_preference f ON f.account_id = a.id AND f.kind = '" kind "'"
#define IS_TOLD "a.disabled_at IS NULL AND a.role <> 'device' AND COALESCE(f.is_on, 1) = 1"
/* The one parameter that texts of attendance name. */
#define PARAMS_OF_S "JSON_OBJECT('title', LEFT(s.title, 120))"
#define IN_RANGE    "v.seq > ? AND v.seq <= ?"

#define NOTIFY_STREAM_STATEMENTS(ROWS, CHANGE)                                                     \
	ROWS(CURSOR_WAITS, "s", cursor_n,                                                          \
	     "SELECT EXISTS (SELECT 1 FROM event v WHERE v.seq > c.seq) AS n"                      \
	     " FROM event_cursor c WHERE c.name = ?")                                              \
	ROWS(CURSOR_LOCK, "s", cursor_n,                                                           \
	     "SELECT seq AS n FROM event_cursor WHERE name = ? FOR UPDATE")                        \
	ROWS(CURSOR_RANGE, "iii", cursor_range,                                                    \
	     "SELECT COALESCE(MAX(p.seq), ?) AS last, COUNT(*) AS n FROM"                          \
	     " (SELECT seq FROM event WHERE seq > ? ORDER BY seq LIMIT ?) p")                      \
	CHANGE(CURSOR_MOVE, "its", "UPDATE event_cursor SET seq = ?, moved_at = ? WHERE name = ?") \
	ROWS(NOTIFY_OPENINGS, "iit", notify_opening,                                               \
	     "SELECT v.seq, s.id AS attendance_id FROM event v JOIN attendance_session s"          \
	     " ON s.id = v.attendance_id AND s.state <> 'closed' AND s.deleted_at IS NULL"         \
	     " WHERE " IN_RANGE " AND v.type IN ('attendance.opened', 'attendance.reopened')"      \
	     " AND s.closes_at > ?"                                                                \
	     " ORDER BY v.seq")                                                                    \
	CHANGE(NOTIFY_OPENED, "itiiiii",                                                           \
	       "INSERT IGNORE INTO notification (account_id, kind, entity_id, params, event_seq,"  \
	       " created_at) SELECT a.id, 'checkin.opened', s.id, " PARAMS_OF_S                    \
	       ", ?, ? FROM attendance_session s JOIN account a JOIN " EXPECTED_PEOPLE             \
	       " q ON q.person_id = a.person_id" WANTS(                                            \
		       "checkin.opened") " WHERE s.id = ? AND " IS_TOLD " AND NOT EXISTS"          \
					 " (SELECT 1 FROM attendance_record r WHERE"               \
					 " r.attendance_id = s.id AND r.person_id = a.person_id)") \
	CHANGE(NOTIFY_FLAGGED, "tii",                                                              \
	       "INSERT IGNORE INTO notification (account_id, kind, entity_id, params, event_seq,"  \
	       " created_at) SELECT a.id, 'checkin.flagged', s.id, " PARAMS_OF_S                   \
	       ", MAX(v.seq), ? FROM event v JOIN attendance_session s ON s.id = v.attendance_id"  \
	       " LEFT JOIN class_staff cs ON s.teacher_id IS NULL AND cs.class_id = s.class_id"    \
	       " JOIN account a ON a.person_id = COALESCE(s.teacher_id, cs.person_id)" WANTS(      \
		       "checkin.flagged") " WHERE " IN_RANGE " AND v.type = 'attendance.flagged'"  \
					  " AND " IS_TOLD " AND NOT EXISTS (SELECT 1 FROM"         \
					  " notification x WHERE x.account_id = a.id"              \
					  " AND x.kind = 'checkin.flagged'"                        \
					  " AND x.entity_id = s.id AND x.read_at IS NULL)"         \
					  " GROUP BY s.id, s.title, a.id")                         \
	CHANGE(NOTIFY_SETTLE_OPENED, "ii",                                                         \
	       "UPDATE event v JOIN notification n ON n.kind = 'checkin.opened'"                   \
	       " AND n.entity_id = v.attendance_id AND n.read_at IS NULL"                          \
	       " AND (n.event_seq IS NULL OR n.event_seq < v.seq) SET n.read_at = v.at"            \
	       " WHERE " IN_RANGE " AND v.type IN ('attendance.closed', 'attendance.deleted')")    \
	CHANGE(NOTIFY_SETTLE_FLAGGED, "ii",                                                        \
	       "UPDATE event v JOIN notification n ON n.kind = 'checkin.flagged'"                  \
	       " AND n.entity_id = v.attendance_id AND n.read_at IS NULL SET n.read_at = v.at"     \
	       " WHERE " IN_RANGE                                                                  \
	       " AND v.type IN ('attendance.marked', 'attendance.decided', 'attendance.deleted')"  \
	       " AND NOT EXISTS (SELECT 1 FROM attendance_attempt t"                               \
	       " WHERE t.attendance_id = n.entity_id AND t.decided_state = 'open')")               \
	CHANGE(NOTIFY_RANGE_EVENTS, "tii",                                                         \
	       "INSERT INTO outbox (at, type, branch_id, account_id, audience, payload)"           \
	       " SELECT ?, 'notification.created', v.branch_id, n.account_id, 'account',"          \
	       " JSON_OBJECT('notification', n.id, 'kind', n.kind) FROM event v"                   \
	       " JOIN notification n ON n.event_seq = v.seq WHERE " IN_RANGE)
STATEMENT_SET(notify_stream, NOTIFY_STREAM_STATEMENTS);

enum rc event_cursor_waits(struct store *s, struct str name, struct arena *a, bool *ret,
			   struct error *e)
{
	struct cursor_n row;

	TRY(store_row(s, &notify_stream_table[CURSOR_WAITS], PARAMS(P_TEXT(name)), a, &row, e));
	*ret = row.n == 1;
	return RC_OK;
}

enum rc event_cursor_lock(struct store *s, struct str name, struct arena *a, int64_t *ret_seq,
			  struct error *e)
{
	struct cursor_n row;

	TRY(store_row(s, &notify_stream_table[CURSOR_LOCK], PARAMS(P_TEXT(name)), a, &row, e));
	*ret_seq = row.n;
	return RC_OK;
}

enum rc event_range_end(struct store *s, int64_t seq, size_t limit, struct arena *a,
			int64_t *ret_to, int64_t *ret_n, struct error *e)
{
	struct cursor_range row;

	TRY(store_row(s, &notify_stream_table[CURSOR_RANGE],
		      PARAMS(P_I64(seq), P_I64(seq), P_I64((int64_t)limit)), a, &row, e));
	*ret_to = row.last;
	*ret_n = row.n;
	return RC_OK;
}

enum rc event_cursor_move(struct store *s, struct str name, int64_t to, int64_t now_at,
			  struct error *e)
{
	return store_change(s, &notify_stream_table[CURSOR_MOVE],
			    PARAMS(P_I64(to), P_TIME(now_at), P_TEXT(name)), NULL, NULL, e);
}

enum rc notify_openings(struct store *s, int64_t from, int64_t to, int64_t now_at, struct arena *a,
			const struct notify_opening **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &notify_stream_table[NOTIFY_OPENINGS],
			  PARAMS(P_I64(from), P_I64(to), P_TIME(now_at)), OPENINGS_MAX, a, ret_rows,
			  ret_n, e);
}

enum rc notify_opened(struct store *s, const struct notify_opening *o, int64_t now_at,
		      struct error *e)
{
	const struct param id = P_I64(o->attendance_id);

	return store_change(s, &notify_stream_table[NOTIFY_OPENED],
			    PARAMS(P_I64(o->seq), P_TIME(now_at), id, id, id, id, id), NULL, NULL,
			    e);
}

enum rc notify_flagged(struct store *s, int64_t from, int64_t to, int64_t now_at, struct error *e)
{
	return store_change(s, &notify_stream_table[NOTIFY_FLAGGED],
			    PARAMS(P_TIME(now_at), P_I64(from), P_I64(to)), NULL, NULL, e);
}

enum rc notify_settle(struct store *s, int64_t from, int64_t to, struct error *e)
{
	TRY(store_change(s, &notify_stream_table[NOTIFY_SETTLE_OPENED],
			 PARAMS(P_I64(from), P_I64(to)), NULL, NULL, e));
	return store_change(s, &notify_stream_table[NOTIFY_SETTLE_FLAGGED],
			    PARAMS(P_I64(from), P_I64(to)), NULL, NULL, e);
}

enum rc notify_range_events(struct store *s, int64_t from, int64_t to, int64_t now_at,
			    int64_t *ret_n, struct error *e)
{
	store_tell(s);
	return store_change(s, &notify_stream_table[NOTIFY_RANGE_EVENTS],
			    PARAMS(P_TIME(now_at), P_I64(from), P_I64(to)), ret_n, NULL, e);
}
