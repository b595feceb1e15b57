/*
 * One's own notifications: list, reading, preferences.  Of somebody else's nothing is ever seen.
 *
 * Everything here is about c->who; RC_NOT_SIGNED_IN for nobody, RC_NOT_FOUND for an id that is not
 * theirs.  Texts and addresses are made by view/notification.h.
 */
#ifndef CORE_INBOX_H
#define CORE_INBOX_H

#include "core/event/notify.h"

#define INBOX_PER_PAGE 50
#define INBOX_PAGE_MAX 1000
/* After these many days unread ones go as well; read ones by the setting notification_days. */
#define INBOX_UNREAD_DAYS 365

struct inbox_item {
	int64_t id;
	enum notify_kind kind;
	int64_t entity_id;
	struct notify_params params;
	int64_t created_at, read_at; /* read_at NO_TIME: unread */
};

struct inbox_query {
	bool is_unread; /* those only */
	bool has_kind;
	enum notify_kind kind;
	bool by_time;    /* the newest first; else unread ones, then the newest */
	int64_t page;    /* from 1 */
	size_t per_page; /* 1 to 200 */
};
struct inbox {
	const struct inbox_item *items;
	size_t n;
	int64_t total;     /* that fit the query */
	int64_t n_unread;  /* of the kind asked for */
	int64_t newest_id; /* of all kinds, 0: none; for inbox_read_all */
	bool is_more;
};
enum rc inbox_list(struct core *c, const struct inbox_query *q, struct inbox *ret,
		   struct error *e) MUST_CHECK;
/* Unread ones, of all kinds. */
enum rc inbox_unread(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;
enum rc inbox_get(struct core *c, int64_t id, struct inbox_item *ret, struct error *e) MUST_CHECK;
/* Reads it; *ret (may be NULL) is how it is then.  What was read before stays as it is. */
enum rc inbox_read(struct core *c, int64_t id, struct inbox_item *ret, struct error *e) MUST_CHECK;
/* All up to an id, so that what has come since stays unread; INT64_MAX: really all. */
enum rc inbox_read_all(struct core *c, int64_t up_to_id, int64_t *ret_n,
		       struct error *e) MUST_CHECK;
enum rc inbox_delete(struct core *c, int64_t id, struct error *e) MUST_CHECK;

/* What one wants to be told; kinds of other roles are on and stay so. */
struct inbox_wishes {
	bool is_on[NOTIFY__MAX];
};
enum rc inbox_wishes(struct core *c, struct inbox_wishes *ret, struct error *e) MUST_CHECK;
/* Writes what differs, with an audit row; kinds that are not for the role are left alone. */
enum rc inbox_set_wishes(struct core *c, const struct inbox_wishes *wishes,
			 struct error *e) MUST_CHECK;

/* The end of old ones, in batches; *ret_n: how many. */
enum rc inbox_expire(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
