/*
 * Internal to core: telling of several sessions at once.
 *
 * Each person concerned is told once, with the number of their own sessions among them, the first
 * and the last day; open screens get one event for each course and teacher.  One statement each,
 * whatever the number of sessions.  Of what is over already nobody is told.
 */
#ifndef CORE_NOTIFY_SUM_H
#define CORE_NOTIFY_SUM_H

#include "core/event/notify.h"

struct notify_sum {
	enum notify_kind kind; /* SESSION_CREATED, _CANCELLED, _RESTORED or _MOVED */
	int64_t branch_id;     /* COLUMN_NULL: several */
	const int64_t *ids;    /* occurrences, as they are in the database now */
	size_t n_ids;          /* 0: nobody is told */
	struct str closure;    /* its name; empty: no closure did it */
	struct str text;       /* what a person wrote; may be empty */
	int64_t except_id;     /* account that hears of it otherwise; 0: none */
	bool is_removed;       /* the rows go: nothing to lead to */
};
/* Who holds them, staff of their classes, and their students of each day. */
enum rc notify_sum(struct core *c, struct store *s, const struct notify_sum *n,
		   struct error *e) MUST_CHECK;
/* The events of the same, as docs/events.md has them. */
enum rc notify_sum_events(struct core *c, struct store *s, const struct notify_sum *n,
			  struct error *e) MUST_CHECK;

#endif
