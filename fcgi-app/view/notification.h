/*
 * Notifications as people read them: title, sentence, and the page they lead to.
 *
 * Pages and the JSON doors show the same texts.  Knows no request: the reader's language and
 * role are given.
 */
#ifndef VIEW_NOTIFICATION_H
#define VIEW_NOTIFICATION_H

#include "core/event/inbox.h"
#include "view/catalogue.h"
#include "view/page.h"

/* How it looks. */
enum notification_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD };

struct notification_text {
	struct str title;   /* what happened: "Session cancelled" */
	struct str message; /* to what: "Databases, Thu 19 Nov, 09:00–10:30" */
	struct str quote;   /* what a person wrote; may be empty */
	struct str href;    /* where one goes from here */
	enum notification_tone tone;
};
/* Without memory a text may be empty. */
struct notification_text notification_text(struct arena *a, enum lang lang, enum role role,
					   const struct inbox_item *item);
/* What a kind is called where one chooses: English, for the catalogue. */
const char *notification_kind_label(enum notify_kind kind);

/* ---- pages ---------------------------------------------------------------------------------- */

struct view_notification {
	int64_t id;
	struct notification_text text;
	int32_t day, tod; /* in the reader's zone */
	bool is_unread, is_high;
};
struct view_notification_kind {
	struct str code, label;
	bool is_chosen; /* in the filter; in the preferences: on */
};
struct view_notifications {
	const struct view_page *page;
	const struct view_notification *rows;
	size_t n_rows;
	const struct view_notification_kind *kinds; /* of the reader's role */
	size_t n_kinds;
	bool is_unread_only, has_kind, is_filtered;
	struct str kind; /* code of the filter; empty: all */
	int64_t total, n_unread, newest_id, first, last;
	struct str prev, next, back; /* back: this list, where actions lead back to */
	/* What was done before; counts. */
	bool is_all_read, is_deleted;
	int64_t n_read;
};
struct view_notification_settings {
	const struct view_page *page;
	const struct view_notification_kind *kinds;
	size_t n_kinds;
	bool is_saved;
};

#endif
