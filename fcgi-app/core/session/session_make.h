/*
 * Sessions made one by one: directly by an admin, or because a request is approved.
 *
 * A single session is of no schedule; regeneration knows nothing of it.  Admins of the class's
 * branch make and change them.  What clashes, a day that is closed and a room too small are shown
 * before, and have to be accepted.  Day and time are changed by moving it (session.h),
 * cancelling is completion_cancel.
 */
#ifndef CORE_SESSION_MAKE_H
#define CORE_SESSION_MAKE_H

#include "core/core.h"
#include "core/schedule/clash.h"
#include "store/request.h"

#define SESSION_TITLE_MAX     200
#define SESSION_ROOM_MAX      80
#define SESSION_KIND_MAX      50
#define SESSION_NOTES_MAX     16000
#define SESSION_MAKE_DAYS_MAX 400
#define SESSION_ROOMS_SHOWN   12

/*
 * Fields: "group" (REQUIRED, NOT_A_CHOICE), "course", "teacher" (NOT_A_CHOICE), "title" (TOO_LONG,
 * NOT_TEXT), "kind", "notes" (likewise), "day", "start" (REQUIRED), "end" (REQUIRED,
 * END_BEFORE_START), "room" (TOO_LONG, NOT_TEXT, NOT_A_CHOICE, ROOM_ENDED).
 */
struct session_make_in {
	int64_t class_id, course_id, teacher_id; /* course, teacher (a person) 0: none */
	struct str title;                        /* empty: the course's, else the class's name */
	struct str kind, notes;                  /* kept when it is made; may be empty */
	struct str room;                         /* the name of one of the list means it */
	int64_t room_id;                         /* 0: as `room` says */
	const int32_t *days;                     /* in order; NO_DAY: not given */
	size_t n_days;                           /* 1..SESSION_MAKE_DAYS_MAX */
	int32_t start_tod, end_tod;              /* NO_DAY: not given */
	int64_t version;                         /* of what was edited; 0: whatever it is now */
	bool stops_at_warnings; /* conflict CLASHES and nothing saved, if there is a warning */
};

/* What is to be said before. */
struct session_make_plan {
	int64_t branch_id;
	struct str zone; /* of the wall clock */
	struct clash_list clashes;
	struct str closure;               /* of the first closed day; empty: none is closed */
	int32_t closed_day;               /* likewise; NO_DAY */
	int64_t room_capacity, n_members; /* capacity COLUMN_NULL: nothing to say */
	enum zone_fit fit;                /* what a clock change does to the first that it meets */
	int64_t starts_at;                /* of that one, else of the first */
	const struct request_room_row *free_rooms; /* of a check: at most SESSION_ROOMS_SHOWN */
	size_t n_free_rooms;
};
bool session_make_warns(const struct session_make_plan *plan);

/* What session_create would do, and all it would refuse but CLASHES.  Changes nothing. */
enum rc session_make_check(struct core *c, const struct session_make_in *in,
			   struct session_make_plan *ret, struct error *e) MUST_CHECK;
/* RC_DENIED/ADMIN_ONLY for who is no admin.  Conflict CLASHES (stops_at_warnings). */
enum rc session_create(struct core *c, const struct session_make_in *in, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
/*
 * Class, course, teacher, title and room of a scheduled one of the same branch; its day and time
 * stay, and those of `in` are not read.  Conflict CHANGED, ALREADY_…, ATTENDANCE_EXISTS, CLASHES.
 */
enum rc session_edit(struct core *c, int64_t id, const struct session_make_in *in,
		     struct error *e) MUST_CHECK;

/* ---- for core/request/ */

/*
 * The same within a transaction, without rights and audit: the caller has seen to both.
 * request_id COLUMN_NULL: of none.  *ret_id: the first.
 */
enum rc session_make_within(struct core *c, struct store *s, const struct session_make_in *in,
			    int64_t request_id, struct session_make_plan *ret_plan, int64_t *ret_id,
			    struct error *e) MUST_CHECK;

struct session_days {
	struct str json;          /* for session_make_put, request_put_days, request_rooms_at */
	struct clash_span *spans; /* one of each day, without a room */
	enum zone_fit fit;        /* as in the plan */
	int64_t starts_at;
};
/* The instants of days of one time in a zone. */
enum rc session_days_of(struct core *c, struct str zone, const int32_t *days, size_t n,
			int32_t start_tod, int32_t end_tod, struct session_days *ret,
			struct error *e) MUST_CHECK;

#endif
