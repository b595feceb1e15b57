/*
 * /docs and /redoc: one frame around two widgets.
 */
#ifndef VIEW_DOCS_H
#define VIEW_DOCS_H

#include "view/page.h"

enum docs_widget { DOCS_TRY, DOCS_READ };

struct view_docs {
	const struct view_page *page;
	enum docs_widget widget;
};

#endif
