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

/* A signed-in browser. */
struct view_web_session {
	int64_t id;
	struct str browser, device; /* "Firefox", "Linux": names, the same in each language;
				       empty: not recognised */
	int32_t created_day, created_tod, seen_day, seen_tod; /* in the reader's zone */
	bool is_current;
};

struct view_account {
	const struct view_page *page;
	struct view_errors errors;
	struct str username, email, role, zone;
	enum theme theme;
	int64_t password_min;
	bool is_student, is_saved, is_password_changed, is_browser_language;
	const struct view_web_session *sessions; /* last used first */
	size_t n_sessions;
	bool is_session_ended;
	struct view_field_error old_error, new_error, again_error;
};

/*
 * The names of browser and device in a User-Agent header, as far as the well-known ones go.
 * For people who look at their own sessions, never for a decision.
 */
void agent_names(struct str user_agent, struct str *ret_browser, struct str *ret_device);

#endif
