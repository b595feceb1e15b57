/*
 * Views of signing in and of one's own account.
 */
#ifndef VIEW_ACCOUNT_H
#define VIEW_ACCOUNT_H

#include "core/core.h"
#include "view/page.h"

struct view_kept {
	struct str name, value;
};

struct view_sign_in {
	const struct view_page *page;
	struct view_errors errors;
	struct str user, next;
	struct str kept_to, kept_form; /* what was typed before the session ended */
	bool has_files;
	const struct view_kept *kept;
	size_t n_kept;
	struct view_field_error user_error, pass_error;
	bool keep, offers_keep, has_demo, is_signed_out;
};

struct view_account {
	const struct view_page *page;
	struct view_errors errors;
	struct str username, email, role, zone;
	enum theme theme;
	int64_t password_min;
	bool is_student, is_saved, is_password_changed, is_browser_language;
	struct view_field_error old_error, new_error, again_error;
};

#endif
