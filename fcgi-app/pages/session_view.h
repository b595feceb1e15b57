/*
 * From core's rows to what the page of one session shows.  The page is drawn
 * by its own address and by the failures of the forms that stand on it.
 */
#ifndef PAGES_SESSION_VIEW_H
#define PAGES_SESSION_VIEW_H

#include "pages/page.h"
#include "view/session.h"

#define SESSION_TRAIL_SHORT 5
#define SESSION_TRAIL_ALL   500

/* Which part of the page was asked for. */
struct session_look {
	int64_t id;
	int note_filter; /* enum note_type + 1; 0: all */
	bool whole_trail;
};

struct session_page {
	struct page page;
	struct session_detail d;
	struct view_session v;
};

/* Reads session, notes, files and trail, and fills everything but flash and errors. */
enum rc session_page_read(struct req *q, const struct session_look *look, struct session_page *ret,
			  struct error *e) MUST_CHECK;
void session_page_draw(struct req *q, struct resp *r, struct session_page *s);

/* RC_NO_MEMORY. */
enum rc note_view(const struct core *c, struct str zone, const struct note_row *n,
		  struct view_note *ret, struct error *e) MUST_CHECK;
struct view_badge file_badge(struct arena *a, enum file_class class, struct str mime,
			     struct str name);
/* RC_NO_MEMORY. */
enum rc file_view(struct page *p, struct str zone, const struct attachment_row *a,
		  struct view_file *ret, struct error *e) MUST_CHECK;
/* The sentence of a line of the audit trail. */
struct str trail_sentence(struct page *p, const struct session_trail_row *row);

#endif
