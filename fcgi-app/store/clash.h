/*
 * Sessions that may share a room, a teacher or students with given ones.
 */
#ifndef STORE_CLASH_H
#define STORE_CLASH_H

#include "store/store.h"

#define CLASH_ROOMS_MAX 8

struct clash_near_in {
	int64_t teacher_id, class_id; /* COLUMN_NULL: none */
	int64_t rooms[CLASH_ROOMS_MAX];
	size_t n_rooms;
	int64_t from_at, to_at;        /* instants: begin after, and before */
	int32_t after_tod, before_tod; /* wall clock: end after, begin before */
	struct str zone;               /* that the wall clock holds for; others always count */
	int64_t schedule_id;           /* its own unmoved sessions do not count; COLUMN_NULL */
	int64_t occurrence_id;         /* neither does this one; COLUMN_NULL */
};
struct clash_near_row {
	int64_t kind; /* 1 room, 2 teacher, 4 group */
	int64_t id, room_id, starts_at, ends_at;
};
/* Not cancelled; one row per kind, by start.  One statement of three index ranges. */
enum rc clash_near(struct store *s, const struct clash_near_in *in, struct arena *a,
		   const struct clash_near_row **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;

struct clash_name_row {
	int64_t id, schedule_id;
	struct str title, class_name, course_code, teacher_name, room;
	int32_t session_date, start_time, end_time;
};
/* Of a JSON list of ids, by id. */
enum rc clash_names(struct store *s, struct str ids, size_t max, struct arena *a,
		    const struct clash_name_row **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;

#endif
