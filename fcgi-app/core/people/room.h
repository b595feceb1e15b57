/*
 * Rooms: a name, how many fit in, and the branch they are in.  Admins of the branch manage them.
 *
 * A schedule or session holds a room of the list and its name besides; a renamed room gives
 * its name to what is still to come.  A room that ended stays with what it has and can no
 * longer be chosen.
 */
#ifndef CORE_ROOM_H
#define CORE_ROOM_H

#include "core/core.h"
#include "store/room.h"

#define ROOM_NAME_MAX     80
#define ROOM_CAPACITY_MAX 100000
#define ROOM_PAGE_SIZE    50

struct room_query {
	int64_t branch_id; /* 0: all one may manage */
	struct str search;
	bool with_ended;
	int64_t page; /* from 1 */
};
struct room_list {
	const struct room_stored *rows;
	size_t n_rows;
	int64_t total, page;
};
/* Two statements.  RC_DENIED but for admins. */
enum rc room_list(struct core *c, const struct room_query *q, struct room_list *ret,
		  struct error *e) MUST_CHECK;
/* Those in use of a branch (0: of all one may manage), at most 1,000: for choosing. */
enum rc room_choices(struct core *c, int64_t branch_id, const struct room_stored **ret_rows,
		     size_t *ret_n, struct error *e) MUST_CHECK;
/* RC_NOT_FOUND also for another branch's.  ret_ahead: scheduled sessions to come; may be NULL. */
enum rc room_get(struct core *c, int64_t id, struct room_stored *ret, int64_t *ret_ahead,
		 struct error *e) MUST_CHECK;

/* Fields: "name" (REQUIRED, TOO_LONG, NOT_TEXT, ROOM_TAKEN), "capacity" (TOO_SMALL, TOO_LARGE),
 * "branch" (NOT_A_CHOICE, REQUIRED; create only). */
struct room_in {
	int64_t branch_id;
	struct str name;
	int64_t capacity; /* COLUMN_NULL: not known */
	int64_t version;  /* update: 0 for whatever it is */
};
enum rc room_create(struct core *c, const struct room_in *in, int64_t *ret_id,
		    struct error *e) MUST_CHECK;
/* Conflict CHANGED when it is at another version. */
enum rc room_update(struct core *c, int64_t id, const struct room_in *in,
		    struct error *e) MUST_CHECK;
/* Out of use, or back in it (then "name" ROOM_TAKEN is possible).  Doing it twice is fine. */
enum rc room_set_ended(struct core *c, int64_t id, bool is_ended, struct error *e) MUST_CHECK;

/*
 * Where a room is, for checking in: both degrees, or neither (then its place is forgotten).  Open
 * attendance keeps the place it was opened with.  Fields "latitude", "longitude" (NOT_A_PLACE,
 * REQUIRED when the other one is given), "radius" (TOO_SMALL, TOO_LARGE: 10..1000 m).
 */
struct room_place_in {
	struct str latitude, longitude; /* decimal degrees as typed */
	int64_t radius_m;               /* COLUMN_NULL: that of the policy */
	int64_t version;                /* 0 for whatever it is */
};
enum rc room_set_place(struct core *c, int64_t id, const struct room_place_in *in,
		       struct error *e) MUST_CHECK;

#endif
