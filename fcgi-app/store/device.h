/*
 * SQL of devices: scanners and terminals that mark attendance.
 */
#ifndef STORE_DEVICE_H
#define STORE_DEVICE_H

#include "store/store.h"

#define DEVICES_MAX 1000

struct device_row {
	int64_t id, branch_id, account_id, version;
	struct str code, name, location, ip_address, mac_address, branch_name;
	int64_t blocked_at, last_seen_at, registered_at; /* NO_TIME: not */
	int64_t session_id; /* its open attendance session; COLUMN_NULL: none */
	struct str session_title;
	int32_t session_date;
};
/* By code; branch_id 0: all. */
enum rc device_rows(struct store *s, int64_t branch_id, struct arena *a,
		    const struct device_row **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
/* RC_NOT_FOUND also for one that has ended (all that follow). */
enum rc device_read(struct store *s, int64_t id, struct arena *a, struct device_row *ret,
		    struct error *e) MUST_CHECK;
enum rc device_find(struct store *s, struct str code, struct arena *a, struct device_row *ret,
		    struct error *e) MUST_CHECK;
/* In a transaction: the row lock. */
enum rc device_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;

struct device_fields {
	struct str code, name, location, ip_address, mac_address;
};
/* RC_CONFLICT: key device_code.  key_hash: 32 bytes. */
enum rc device_insert(struct store *s, int64_t branch_id, int64_t account_id,
		      const struct device_fields *f, struct str key_hash, int64_t now_us,
		      int64_t *ret_id, struct error *e) MUST_CHECK;
/* Each raises the version. */
enum rc device_write(struct store *s, int64_t id, const struct device_fields *f,
		     struct error *e) MUST_CHECK;
enum rc device_set_key(struct store *s, int64_t id, struct str key_hash,
		       struct error *e) MUST_CHECK;
/* at NO_TIME: not blocked. */
enum rc device_set_blocked(struct store *s, int64_t id, int64_t at, struct error *e) MUST_CHECK;
enum rc device_set_ended(struct store *s, int64_t id, int64_t at, struct error *e) MUST_CHECK;

/* What signs in by key. */
struct device_who {
	int64_t id, branch_id, account_id;
	struct str key_hash, code, name, username, zone;
	int64_t blocked_at, last_seen_at, disabled_at, is_demo;
};
enum rc device_get_who(struct store *s, struct str code, struct arena *a, struct device_who *ret,
		       struct error *e) MUST_CHECK;
enum rc device_seen(struct store *s, int64_t id, int64_t now_us, struct error *e) MUST_CHECK;

#endif
