/*
 * Clashes: the one rule for what cannot be at the same time.
 *
 * Two sessions that are not cancelled clash when their times overlap and they share a
 * room (of the list of rooms; a room that is only a text shares nothing), a teacher, or
 * students: the same class, or classes with a section in common.  All schedules have their
 * sessions written out, so that series are compared with series by them.  Callers inside a
 * transaction that has raised the branch's version see everything that can clash.
 */
#ifndef CORE_CLASH_H
#define CORE_CLASH_H

#include "core/core.h"
#include "store/clash.h"

#define CLASH_SHOWN_MAX 100

enum clash_kind { CLASH_ROOM = 1, CLASH_TEACHER = 2, CLASH_GROUP = 4 };

/* One wanted session. */
struct clash_span {
	int64_t starts_at, ends_at;
	int32_t start_tod, end_tod;
	int64_t room_id; /* COLUMN_NULL: none */
};

struct clash_query {
	int64_t class_id, teacher_id;       /* COLUMN_NULL: none */
	int64_t schedule_id, occurrence_id; /* what is not compared with itself; COLUMN_NULL */
	struct str zone;                    /* of the spans' wall clock */
	const struct clash_span *spans;     /* by start */
	size_t n_spans;
};

struct clash {
	size_t span;                        /* which of the wanted ones */
	unsigned kinds;                     /* bits of enum clash_kind */
	int64_t occurrence_id, schedule_id; /* what is there; schedule COLUMN_NULL: single */
	struct str title, class_name, course_code, teacher_name, room;
	int32_t day, start_tod, end_tod;
};

struct clash_list {
	struct clash *rows; /* by time, at most CLASH_SHOWN_MAX */
	size_t n_rows;
	int64_t n; /* all: pairs of a wanted session and one that is there */
	unsigned kinds;
};

/* One statement, and a second for names when something clashes.  s: the store to ask, that of
 * a transaction or c->db.  Rights are the caller's: what clashes is of the same branch. */
enum rc clash_find(struct core *c, struct store *s, const struct clash_query *q,
		   struct clash_list *ret, struct error *e) MUST_CHECK;

#endif
