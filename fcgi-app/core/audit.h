/*
 * The audit log: who did what to which object, append-only.
 *
 * Rows are written inside the transaction of the change they tell of.  They hold ids,
 * codes, times, counts and salted digests of personal values, never texts of notes,
 * names or addresses, so that erasing a person does not touch them.  The database
 * account of the programs may insert and read here, nothing else.
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "codec/json.h"
#include "core/core.h"

#define AUDIT_DETAIL_MAX 2000 /* bytes of JSON */

struct audit_entry {
	const char *action; /* code, up to 40 characters: "session.completed" */
	const char *object; /* kind, up to 20: "occurrence", "account", "schedule" … */
	int64_t object_id;
	int64_t branch_id; /* COLUMN_NULL: of no branch */
	struct str detail; /* a JSON object (audit_detail_end); empty: {} */
};

/*
 * Adds a row with the actor, request and time of c.  db: the store as handed to the
 * transaction's function.  BUG when an action or kind is too long or the detail is.
 */
enum rc audit_add(struct store *db, const struct core *c, const struct audit_entry *entry,
		  struct error *e) MUST_CHECK;

/* The same of several, in one statement. */
enum rc audit_add_many(struct store *db, const struct core *c, const struct audit_entry *entries,
		       size_t n, struct error *e) MUST_CHECK;

/* A detail: begin, json_out_key_… calls, end. */
struct audit_detail {
	struct buf b;
	struct json_out o;
};
void audit_detail_begin(struct audit_detail *d, struct arena *a);
/* RC_NO_MEMORY also when it grew beyond AUDIT_DETAIL_MAX. */
enum rc audit_detail_end(struct audit_detail *d, struct str *ret_json, struct error *e) MUST_CHECK;
/*
 * key: 16 hex digits of HMAC-SHA-256 of the value under the server's key: tells
 * whether two values are the same, and nothing else.
 */
enum rc audit_detail_digest(struct audit_detail *d, const struct core *c, const char *key,
			    struct str value, struct error *e) MUST_CHECK;

struct audit_row {
	int64_t id, at;
	int64_t actor_id;      /* account; COLUMN_NULL: the system */
	struct str actor_name; /* "Given Family", or the username; empty: the system */
	struct str request_id, action;
	int64_t branch_id;
	struct str object;
	int64_t object_id;
	struct str detail;
};
/*
 * The trail of one object, newest first: at most `limit` (1..500) rows with an id below
 * before_id (0: from the newest).  The caller has checked that the object may be seen.
 */
enum rc audit_trail(struct core *c, const char *object, int64_t object_id, int64_t before_id,
		    size_t limit, const struct audit_row **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;

#endif
