/*
 * View of the page that anyone checks a completion code on.
 */
#ifndef VIEW_VERIFY_H
#define VIEW_VERIFY_H

#include "core/session/verify.h"
#include "view/page.h"

struct view_verify {
	const struct view_page *page;
	const struct verified *found; /* NULL: not asked, or not ours */
	bool is_asked;
};

#endif
