/*
 * Views of failures: an error page, and a form shown to be sent again.
 */
#ifndef VIEW_ERROR_H
#define VIEW_ERROR_H

#include "view/page.h"

struct view_error {
	const struct view_page *page;
	struct str title, text, request_id;
	int64_t retry_s;    /* 0: nothing said */
	int64_t session_id; /* whose state has changed, to look at; 0: none */
	bool is_retry;
};

struct view_resend_field {
	struct str name, label, value;
	bool is_shown;
};

struct view_resend {
	const struct view_page *page;
	struct str title, text, action;
	const struct view_resend_field *fields;
	size_t n_fields;
	bool has_files;
};

#endif
