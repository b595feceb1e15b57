/*
 * Rooms of branches, and who is told when one is renamed.
 */
#ifndef STORE_ROOM_H
#define STORE_ROOM_H

#include "store/store.h"

struct room_stored {
	int64_t id, branch_id, capacity, version; /* capacity COLUMN_NULL: not known */
	struct str branch_name, name;
	int64_t ended_at; /* NO_TIME: in use */
	int64_t n_schedules;
	/* Where it is, degrees times 10,000,000, and the metres that count as inside; COLUMN_NULL:
	 * not known, and that of the policy. */
	int64_t latitude_e7, longitude_e7, radius_m;
};
struct room_ahead {
	int64_t n;
};

/* Ended ones too; RC_NOT_FOUND. */
enum rc room_read(struct store *s, int64_t id, struct arena *a, struct room_stored *ret,
		  struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc room_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;
/* By branch and name.  branch_id 0: all; search in the name, empty: all. */
enum rc room_rows(struct store *s, int64_t branch_id, struct str search, bool with_ended,
		  size_t limit, int64_t offset, struct arena *a,
		  const struct room_stored **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
enum rc room_count(struct store *s, int64_t branch_id, struct str search, bool with_ended,
		   struct arena *a, int64_t *ret, struct error *e) MUST_CHECK;
/* Scheduled sessions in it that begin after an instant. */
enum rc room_n_ahead(struct store *s, int64_t id, int64_t now_at, struct arena *a, int64_t *ret,
		     struct error *e) MUST_CHECK;
/*
 * Those of a JSON list of ids, and the one in use of that branch and name (name empty:
 * none).  n_schedules is 0.
 */
enum rc room_pick(struct store *s, struct str ids, int64_t branch_id, struct str name,
		  struct arena *a, const struct room_stored **ret_rows, size_t *ret_n,
		  struct error *e) MUST_CHECK;

/* RC_CONFLICT on room_name: the branch has one of that name. */
enum rc room_insert(struct store *s, int64_t branch_id, struct str name, int64_t capacity,
		    int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc room_write(struct store *s, int64_t id, struct str name, int64_t capacity, int64_t ended_at,
		   struct error *e) MUST_CHECK;
/* All three may be COLUMN_NULL; raises the version. */
enum rc room_write_place(struct store *s, int64_t id, int64_t latitude_e7, int64_t longitude_e7,
			 int64_t radius_m, struct error *e) MUST_CHECK;
/* Puts the name into schedules and scheduled sessions that begin after now_at; raises the versions
 * of those who see them.  The branch's row must be touched before. */
enum rc room_rename(struct store *s, int64_t id, struct str name, int64_t now_at,
		    struct error *e) MUST_CHECK;

#endif
