/*
 * Views of the forms that say what happened in a session.
 */
#ifndef VIEW_COMPLETE_H
#define VIEW_COMPLETE_H

#include "core/session/completion.h"
#include "view/sessions.h"

struct view_complete_texts {
	struct str late, early, hm, h, m; /* with {n}, {h}, {m} */
};

struct view_complete {
	const struct view_page *page;
	const struct session_detail *d;
	struct view_session_row row;
	struct view_today date;
	struct view_errors errors;
	bool is_edit;
	bool has_changed; /* somebody else changed it: what is stored is shown beside */
	int64_t version;
	struct str start, end, code, notes; /* as typed */
	struct str start_text, end_text, length_text;
	struct view_field_error start_error, end_error, code_error, notes_error;
	struct view_complete_texts texts;
	int32_t from_day, from_tod; /* with d->not_yet */
	int64_t enrolled;
	struct session_last last;
};

struct view_cancel {
	const struct view_page *page;
	const struct session_detail *d;
	struct view_today date;
	struct view_errors errors;
	int64_t version;
	struct str reason;
	struct view_field_error reason_error;
};

struct view_code_state {
	enum code_state state;
};

#endif
