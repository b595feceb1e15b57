/*
 * Notifications of events "notification.created": for the gateway, which tells each to its account.
 */
#ifndef CORE_INBOX_TOLD_H
#define CORE_INBOX_TOLD_H

#include "core/event/event.h"
#include "core/event/inbox.h"

struct inbox_told {
	size_t row; /* of the events given */
	struct inbox_item item;
	int64_t account_id; /* the event's: who alone may be told */
	enum role role;
	struct str language; /* chosen tag; empty: none */
};
/* Those of these events that are such and whose notification is still there; one statement.  c->who
 * is not asked. */
enum rc inbox_told(struct core *c, const struct event *const *rows, size_t n,
		   const struct inbox_told **ret, size_t *ret_n, struct error *e) MUST_CHECK;

#endif
