/*
 * Internal to core: notifications about one occurrence, from the row that a change has at hand.
 */
#ifndef CORE_NOTIFY_SESSION_H
#define CORE_NOTIFY_SESSION_H

#include "core/event/notify.h"
#include "store/occurrence.h"

/* Title, day and times of o. */
struct notify_new notify_new_of_session(enum notify_kind kind, const struct occurrence_row *o);
/*
 * SESSION_CANCELLED, _RESTORED, _CREATED: who holds it, staff of its class, its students.
 * Of what is over already nobody is told.  text: the reason; may be empty.
 */
enum rc notify_session_told(struct core *c, struct store *s, enum notify_kind kind,
			    const struct occurrence_row *o, struct str text,
			    struct error *e) MUST_CHECK;
/* SESSION_MOVED, from where it was. */
enum rc notify_session_moved(struct core *c, struct store *s, const struct occurrence_row *o,
			     int32_t old_day, int32_t old_start, struct str text,
			     struct error *e) MUST_CHECK;
/* COMPLETION_RETURNED: who completed it and who holds it. */
enum rc notify_completion_returned(struct core *c, struct store *s, const struct occurrence_row *o,
				   struct error *e) MUST_CHECK;

#endif
