/*
 * From the rows of a session list to what its page shows.  Formatting and
 * addresses only; rights and numbers come from core.
 */
#ifndef PAGES_SESSIONS_VIEW_H
#define PAGES_SESSIONS_VIEW_H

#include "pages/page.h"
#include "view/sessions.h"

/* "upcoming", "completed", "history". */
struct str sessions_tab_name(enum session_tab tab);
bool sessions_tab_from(struct str name, enum session_tab *ret) MUST_CHECK;
struct str sessions_sort_name(enum session_sort sort);
bool sessions_sort_from(struct str name, enum session_sort *ret) MUST_CHECK;

/* Everything but page, flash and strip.  RC_NO_MEMORY. */
enum rc sessions_view_fill(struct page *p, const struct session_list *list,
			   struct view_sessions *ret, struct error *e) MUST_CHECK;
/* list and the choices of the period alone. */
enum rc sessions_view_periods(struct page *p, const struct session_list *list,
			      struct view_sessions *ret, struct error *e) MUST_CHECK;
/* The day strip of the viewer's sessions of today; two small queries. */
enum rc sessions_view_strip(struct page *p, struct session_cache *cache, int32_t today,
			    struct view_sessions *ret, struct error *e) MUST_CHECK;

#endif
