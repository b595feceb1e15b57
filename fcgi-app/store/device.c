/*
 * SQL of devices; see device.h.
 */
#include "store/device.h"

#include "store/sets.h"

static const struct column device_row_columns[] = {
	COL(device_row, id, I64, false),
	COL(device_row, branch_id, I64, false),
	COL(device_row, account_id, I64, true),
	COL(device_row, version, I64, false),
	COL_N(device_row, code, TEXT, 160, false),
	COL_N(device_row, name, TEXT, 480, false),
	COL_N(device_row, location, TEXT, 480, false),
	COL_N(device_row, ip_address, TEXT, 180, false),
	COL_N(device_row, mac_address, TEXT, 160, false),
	COL_N(device_row, branch_name, TEXT, 480, false),
	COL(device_row, blocked_at, TIME, true),
	COL(device_row, last_seen_at, TIME, true),
	COL(device_row, registered_at, TIME, false),
	COL(device_row, session_id, I64, true),
	COL_N(device_row, session_title, TEXT, 800, true),
	COL(device_row, session_date, DAY, true),
};
static const struct column device_who_columns[] = {
	COL(device_who, id, I64, false),
	COL(device_who, branch_id, I64, false),
	COL(device_who, account_id, I64, false),
	COL_N(device_who, key_hash, BYTES, 32, false),
	COL_N(device_who, code, TEXT, 160, false),
	COL_N(device_who, name, TEXT, 480, false),
	COL_N(device_who, username, TEXT, 320, false),
	COL_N(device_who, zone, TEXT, 256, false),
	COL(device_who, blocked_at, TIME, true),
	COL(device_who, last_seen_at, TIME, true),
	COL(device_who, disabled_at, TIME, true),
	COL(device_who, is_demo, I64, false),
};
struct device_locked {
	int64_t id;
};
static const struct column device_locked_columns[] = { COL(device_locked, id, I64, false) };

#define DEVICES(WHICH)                                                                             \
	"SELECT d.id, d.branch_id, d.account_id, d.version, d.code, d.name, d.location,"           \
	" d.ip_address, d.mac_address, b.name AS branch_name, d.blocked_at, d.last_seen_at,"       \
	" d.registered_at, s.id AS session_id, s.title AS session_title, s.session_date"           \
	" FROM device d JOIN branch b ON b.id = d.branch_id"                                       \
	" LEFT JOIN attendance_session s ON s.live_device_id = d.id"                               \
	" WHERE d.ended_at IS NULL" WHICH

#define DEVICE_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(DEVICE_LIST, "iii", device_row,                                                       \
	     DEVICES(" AND (? = 0 OR d.branch_id = ?) ORDER BY d.code, d.id LIMIT ?"))             \
	ROWS(DEVICE_GET, "i", device_row, DEVICES(" AND d.id = ?"))                                \
	ROWS(DEVICE_FIND, "s", device_row, DEVICES(" AND d.code_live = ?"))                        \
	ROWS(DEVICE_LOCK, "i", device_locked,                                                      \
	     "SELECT id FROM device WHERE id = ? AND ended_at IS NULL FOR UPDATE")                 \
	CHANGE(DEVICE_INSERT, "iisssssbt",                                                         \
	       "INSERT INTO device (branch_id, account_id, code, name, location, ip_address,"      \
	       " mac_address, key_hash, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")        \
	CHANGE(DEVICE_WRITE, "sssssi",                                                             \
	       "UPDATE device SET code = ?, name = ?, location = ?, ip_address = ?,"               \
	       " mac_address = ?, version = version + 1 WHERE id = ?")                             \
	CHANGE(DEVICE_SET_KEY, "bi",                                                               \
	       "UPDATE device SET key_hash = ?, version = version + 1 WHERE id = ?")               \
	CHANGE(DEVICE_SET_BLOCKED, "ti",                                                           \
	       "UPDATE device SET blocked_at = ?, version = version + 1 WHERE id = ?")             \
	CHANGE(DEVICE_SET_ENDED, "ti",                                                             \
	       "UPDATE device SET ended_at = ?, version = version + 1 WHERE id = ?")               \
	ROWS(DEVICE_WHO, "s", device_who,                                                          \
	     "SELECT d.id, d.branch_id, a.id AS account_id, d.key_hash, d.code, d.name,"           \
	     " a.username, b.zone, d.blocked_at, d.last_seen_at, a.disabled_at, a.is_demo"         \
	     " FROM device d JOIN account a ON a.id = d.account_id"                                \
	     " JOIN branch b ON b.id = d.branch_id WHERE d.code_live = ?")                         \
	CHANGE(DEVICE_SEEN, "ti", "UPDATE device SET last_seen_at = ? WHERE id = ?")
STATEMENT_SET(device, DEVICE_STATEMENTS);

enum rc device_rows(struct store *s, int64_t branch_id, struct arena *a,
		    const struct device_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &device_table[DEVICE_LIST],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_I64(DEVICES_MAX)),
			  DEVICES_MAX, a, ret_rows, ret_n, e);
}

enum rc device_read(struct store *s, int64_t id, struct arena *a, struct device_row *ret,
		    struct error *e)
{
	return store_row(s, &device_table[DEVICE_GET], PARAMS(P_I64(id)), a, ret, e);
}

enum rc device_find(struct store *s, struct str code, struct arena *a, struct device_row *ret,
		    struct error *e)
{
	return store_row(s, &device_table[DEVICE_FIND], PARAMS(P_TEXT(code)), a, ret, e);
}

enum rc device_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct device_locked locked;

	return store_row(s, &device_table[DEVICE_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc device_insert(struct store *s, int64_t branch_id, int64_t account_id,
		      const struct device_fields *f, struct str key_hash, int64_t now_us,
		      int64_t *ret_id, struct error *e)
{
	return store_change(s, &device_table[DEVICE_INSERT],
			    PARAMS(P_I64(branch_id), P_I64_OR_NULL(account_id), P_TEXT(f->code),
				   P_TEXT(f->name), P_TEXT(f->location), P_TEXT(f->ip_address),
				   P_TEXT(f->mac_address), P_BYTES(key_hash), P_TIME(now_us)),
			    NULL, ret_id, e);
}

enum rc device_write(struct store *s, int64_t id, const struct device_fields *f, struct error *e)
{
	return store_change(s, &device_table[DEVICE_WRITE],
			    PARAMS(P_TEXT(f->code), P_TEXT(f->name), P_TEXT(f->location),
				   P_TEXT(f->ip_address), P_TEXT(f->mac_address), P_I64(id)),
			    NULL, NULL, e);
}

enum rc device_set_key(struct store *s, int64_t id, struct str key_hash, struct error *e)
{
	return store_change(s, &device_table[DEVICE_SET_KEY], PARAMS(P_BYTES(key_hash), P_I64(id)),
			    NULL, NULL, e);
}

enum rc device_set_blocked(struct store *s, int64_t id, int64_t at, struct error *e)
{
	return store_change(s, &device_table[DEVICE_SET_BLOCKED], PARAMS(P_TIME(at), P_I64(id)),
			    NULL, NULL, e);
}

enum rc device_set_ended(struct store *s, int64_t id, int64_t at, struct error *e)
{
	return store_change(s, &device_table[DEVICE_SET_ENDED], PARAMS(P_TIME(at), P_I64(id)), NULL,
			    NULL, e);
}

enum rc device_get_who(struct store *s, struct str code, struct arena *a, struct device_who *ret,
		       struct error *e)
{
	return store_row(s, &device_table[DEVICE_WHO], PARAMS(P_TEXT(code)), a, ret, e);
}

enum rc device_seen(struct store *s, int64_t id, int64_t now_us, struct error *e)
{
	return store_change(s, &device_table[DEVICE_SEEN], PARAMS(P_TIME(now_us), P_I64(id)), NULL,
			    NULL, e);
}
