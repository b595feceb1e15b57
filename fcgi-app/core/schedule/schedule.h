/*
 * Schedules: wall-clock rules that make occurrences (contracts 5.4).
 *
 * Admins of the branch create, change and delete; faculty and employees see those they
 * hold or whose class they are staff of.  Each change regenerates in the same
 * transaction: new days are inserted, untouched ones follow the rule, what no longer fits
 * goes when nothing hangs on it and is cancelled (cause 'schedule') otherwise, and comes
 * back when it fits again.  Completed and moved ones, and those a person cancelled, keep
 * everything.  Days of closures make none.  The pages, which show what will happen first, and
 * the 004 door share all of it (schedule_check, schedule_create, schedule_update).
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "core/core.h"
#include "core/schedule/clash.h"
#include "core/schedule/slots.h"
#include "store/schedule.h"

#define SCHEDULE_TITLE_MAX 200
#define SCHEDULE_ROOM_MAX  80
#define SCHEDULE_NOTES_MAX 20000

/*
 * Fields: "batch_id" (REQUIRED, NOT_A_CHOICE), "course_id", "faculty_id", "branch_id"
 * (NOT_A_CHOICE), "title", "room", "notes" (TOO_LONG, NOT_TEXT), "start_date", "end_date"
 * (REQUIRED, END_BEFORE_START, RANGE_TOO_LONG, TOO_MANY_SESSIONS), "start_date" also
 * NO_OCCURRENCE, ALL_CLOSED; "start_time", "end_time" (REQUIRED, END_BEFORE_START), "weekdays"
 * (NO_WEEKDAY), those of further slots (slot_field_name; also SLOTS_OVERLAP), rooms
 * (NOT_A_CHOICE, ROOM_ENDED), "day_of_month" (NOT_A_DATE, NO_SUCH_DAY), "subject_ids",
 * "student_ids" (TOO_LONG).
 */
struct schedule_in {
	int64_t branch_id;  /* 0: that of the class; else it must be the same */
	int64_t class_id;   /* 004 batch_id */
	int64_t course_id;  /* 0: none */
	int64_t teacher_id; /* person; 0: none */
	struct str title;   /* empty: the course's, else the class's name */
	struct str room;
	int64_t room_id;             /* 0: the one that is called as `room` says, if there is one */
	struct recurrence_rule rule; /* its weekdays are those of the first slot */
	int32_t start_tod, end_tod;  /* likewise */
	const struct slot *more;     /* further slots, at most SLOTS_MAX - 1 */
	size_t n_more;
	struct str subject_ids, student_ids; /* JSON arrays, kept as they are; empty: none */
	struct str notes;
	bool is_inactive;       /* makes no occurrence */
	int64_t version;        /* update: of what was edited; 0: whatever it is now */
	bool stops_at_warnings; /* a clash or a room too small: conflict CLASHES, nothing saved */
};

struct schedule_row {
	int64_t id, branch_id, class_id, course_id, teacher_id; /* the last two COLUMN_NULL: none */
	int64_t teacher_account_id;                             /* COLUMN_NULL: none */
	struct str class_name, course_code, teacher_name, branch_name, zone;
	struct str title, room;
	enum recurrence recurrence;
	int32_t start_date, end_date;
	unsigned weekdays;
	int64_t day_of_month; /* COLUMN_NULL */
	int32_t start_tod, end_tod;
	int64_t room_id;         /* COLUMN_NULL: none of the list */
	const struct slot *more; /* schedule_get only */
	size_t n_more;
	int64_t n_members; /* students of the class */
	struct str subject_ids, student_ids, notes;
	bool is_inactive;
	int64_t version, created_at, n_occurrences;
};

/* What a change did to the occurrences. */
struct schedule_effect {
	int64_t n_inserted, n_updated, n_removed, n_cancelled, n_revived;
};

/* What a change does, or would do, one by one. */
enum schedule_step {
	SCHEDULE_STEP_INSERT,
	SCHEDULE_STEP_UPDATE,
	SCHEDULE_STEP_REVIVE,
	SCHEDULE_STEP_KEEP,
	SCHEDULE_STEP_SETTLED, /* completed, moved, cancelled by a person: left alone */
	SCHEDULE_STEP_REMOVE,
	SCHEDULE_STEP_CANCEL,
	SCHEDULE_STEP__MAX
};
struct schedule_item {
	enum schedule_step step;
	int64_t occurrence_id;           /* 0: new */
	int32_t day, start_tod, end_tod; /* as it will be */
	int64_t starts_at, ends_at;
	int64_t room_id; /* COLUMN_NULL: none */
	struct str room;
	enum zone_fit fit;   /* what a clock change does to it */
	bool is_other_place; /* SCHEDULE_STEP_UPDATE: of time or room, so that people are told */
};
struct schedule_closed {
	struct str name; /* of the closure */
	int32_t day;
	int32_t start_tod;
};
struct schedule_small_room {
	struct str name;
	int64_t capacity;
};
struct schedule_plan {
	struct schedule_effect effect;
	const struct schedule_item *items; /* by day and start, removals among them */
	size_t n_items;
	int64_t n_kept, n_settled, n_shifted; /* shifted: not ZONE_FIT_EXACT */
	const struct schedule_closed *closed; /* what closures leave out */
	size_t n_closed;
	const int32_t *missing_months; /* first days of months that lack the day */
	size_t n_missing_months;
	struct clash_list clashes; /* rows' `span` is an index into items */
	const struct schedule_small_room *small_rooms;
	size_t n_small_rooms;
	int64_t n_members;
	struct str zone; /* of the wall clock */
};
/*
 * What schedule_create (id 0) or schedule_update would do, and everything they would refuse
 * but CLASHES.  Changes nothing.  Of the class's branch: its members may be counted.
 */
enum rc schedule_check(struct core *c, int64_t id, const struct schedule_in *in,
		       struct schedule_plan *ret, struct error *e) MUST_CHECK;
/* What schedule_delete would do. */
enum rc schedule_check_delete(struct core *c, int64_t id, struct schedule_plan *ret,
			      struct error *e) MUST_CHECK;

enum rc schedule_create(struct core *c, const struct schedule_in *in, int64_t *ret_id,
			struct schedule_effect *ret_effect, struct error *e) MUST_CHECK;
enum rc schedule_update(struct core *c, int64_t id, const struct schedule_in *in,
			struct schedule_effect *ret_effect, struct error *e) MUST_CHECK;
/* Future and past occurrences without a completion go, the rest stays (cancelled unless completed).
 */
enum rc schedule_delete(struct core *c, int64_t id, struct schedule_effect *ret_effect,
			struct error *e) MUST_CHECK;
enum rc schedule_get(struct core *c, int64_t id, struct schedule_row *ret,
		     struct error *e) MUST_CHECK;
/* May the viewer change it?  RC_DENIED for who only sees it. */
enum rc schedule_may_edit(const struct core *c, const struct schedule_row *row,
			  struct error *e) MUST_CHECK;
/* Newest first, at most `limit` (1..5000); class_id 0: all. */
enum rc schedule_list(struct core *c, int64_t class_id, size_t limit,
		      const struct schedule_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

/* For the page of schedules: admins of the branch. */
struct schedule_query {
	int64_t branch_id, class_id, teacher_id, room_id; /* 0: all */
	enum schedule_state_filter state;
	struct str search;
	int64_t page; /* from 1 */
};
#define SCHEDULE_PAGE_SIZE 50
struct schedule_line {
	const struct schedule_found *found;
	const struct slot *more; /* slots after the first */
	size_t n_more;
};
struct schedule_lines {
	const struct schedule_line *rows;
	size_t n_rows;
	int64_t total, page;
};
/* Two statements.  RC_DENIED but for admins; another branch's filter finds nothing. */
enum rc schedule_search_lines(struct core *c, const struct schedule_query *q,
			      struct schedule_lines *ret, struct error *e) MUST_CHECK;

/* Internal to core: writes out again what schedules of a branch (COLUMN_NULL: all) lack in
 * from..to, in the transaction `s`, whose branches are touched. */
enum rc schedule_refill(struct core *c, struct store *s, int64_t branch_id, int32_t from,
			int32_t to, int64_t *ret_inserted, struct error *e) MUST_CHECK;

/* 004's batch_meta: what can be chosen for a class. */
struct schedule_person {
	int64_t id, account_id; /* person; account COLUMN_NULL: none */
	struct str name, code;
};
struct schedule_course {
	int64_t id;
	struct str code, title;
};
struct schedule_meta {
	int64_t class_id, branch_id;
	struct str class_name;
	const struct schedule_course *courses; /* courses of its sections */
	const struct schedule_person *students, *faculty, *employees;
	size_t n_courses, n_students, n_faculty, n_employees;
	int64_t primary_teacher_id; /* person of its latest schedule, COLUMN_NULL: none */
};
enum rc schedule_meta(struct core *c, int64_t class_id, struct schedule_meta *ret,
		      struct error *e) MUST_CHECK;

/* 004 speaks of accounts, we of persons: RC_NOT_FOUND for neither. */
enum rc schedule_person_of_account(struct core *c, int64_t account_id, int64_t *ret_person_id,
				   struct error *e) MUST_CHECK;

#endif
