/*
 * What all page handlers share: the layout's data, texts in the reader's
 * language, and the way back after a change.
 *
 * Handlers stand in one file per family (sessions, session, complete, note,
 * file, account, sign_in) and have four steps: parse, allow, act, render.
 * Rights are core's.
 */
#ifndef PAGES_PAGE_H
#define PAGES_PAGE_H

#include "view/page.h"
#include "view/sessions.h"
#include "web/req.h"
#include "web/resp.h"

struct page {
	struct view_page view;
	struct core *core;
	struct arena *arena;
	enum lang lang;
	bool is_rtl;
};

/* title: in the page's language, or from the database.  RC_NO_MEMORY. */
enum rc page_init(struct page *p, struct req *q, struct str title, struct error *e) MUST_CHECK;

/* The catalogue's text for an English one marked with N_. */
struct str page_text(const struct page *p, const char *english);
struct str req_text(const struct req *q, const char *english);

/* 303 to "/sessions/7?done=completed#fragment"; fragment NULL: none. */
enum rc page_redirect_session(struct req *q, struct resp *r, int64_t id, enum flash_kind done,
			      const char *fragment, struct error *e) MUST_CHECK;

/* An error that a form shows again; anything else goes to the error page. */
bool page_is_form_error(enum rc rc);

/* Word of a role, for people: English, for page_text. */
const char *page_role_label(enum role role);

#endif
