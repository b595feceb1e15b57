/*
 * Schedules: wall-clock rules that make occurrences (contracts 5.4).
 *
 * Admins of the branch create, change and delete; faculty and employees see those they
 * hold or whose class they are staff of.  Each change regenerates in the same
 * transaction: new days are inserted, untouched ones follow the rule, what no longer fits
 * goes when nothing hangs on it and is cancelled (cause 'schedule') otherwise, and comes
 * back when it fits again.  Completed and moved ones, and those a person cancelled, keep
 * everything.
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "core/core.h"
#include "core/recurrence.h"

#define SCHEDULE_TITLE_MAX 200
#define SCHEDULE_ROOM_MAX  80
#define SCHEDULE_NOTES_MAX 20000

/*
 * Fields: "batch_id" (REQUIRED, NOT_A_CHOICE), "course_id", "faculty_id", "branch_id"
 * (NOT_A_CHOICE), "title", "room", "notes" (TOO_LONG, NOT_TEXT), "start_date", "end_date"
 * (REQUIRED, END_BEFORE_START, RANGE_TOO_LONG), "start_time", "end_time" (REQUIRED,
 * END_BEFORE_START), "weekdays" (NO_WEEKDAY), "day_of_month" (NOT_A_DATE), "subject_ids",
 * "student_ids" (TOO_LONG).
 */
struct schedule_in {
	int64_t branch_id;  /* 0: that of the class; else it must be the same */
	int64_t class_id;   /* 004 batch_id */
	int64_t course_id;  /* 0: none */
	int64_t teacher_id; /* person; 0: none */
	struct str title;   /* empty: the course's, else the class's name */
	struct str room;
	struct recurrence_rule rule;
	int32_t start_tod, end_tod;
	struct str subject_ids, student_ids; /* JSON arrays, kept as they are; empty: none */
	struct str notes;
	bool is_inactive; /* makes no occurrence */
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
	struct str subject_ids, student_ids, notes;
	bool is_inactive;
	int64_t version, created_at, n_occurrences;
};

/* What a change did to the occurrences. */
struct schedule_effect {
	int64_t n_inserted, n_updated, n_removed, n_cancelled, n_revived;
};

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
/* Newest first, at most `limit` (1..5000); class_id 0: all. */
enum rc schedule_list(struct core *c, int64_t class_id, size_t limit,
		      const struct schedule_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

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
