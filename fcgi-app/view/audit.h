/*
 * Views of the audit trail.  Texts belong to the request's arena, or are constants.
 */
#ifndef VIEW_AUDIT_H
#define VIEW_AUDIT_H

#include "view/page.h"
#include "view/sessions.h"

struct view_audit_line {
	int64_t id;
	int32_t day, tod;
	struct str text;                /* the sentence, or the code of an unknown action */
	struct str object, object_href; /* "Session 1846"; href empty: it has no page */
	struct str trail_href;          /* everything about that object */
	struct str actor, actor_href;   /* href empty: the system */
	struct str branch;              /* empty: not shown */
	struct str action, request_id, request_href;
	struct str detail;
};

struct view_audit_day {
	int32_t day;
	const struct view_audit_line *lines;
	size_t n_lines;
};

struct view_audit {
	const struct view_page *page;
	struct view_today today;
	struct view_errors errors;
	struct view_field_error actor_error, id_error, from_error, to_error, request_error,
		object_error;
	struct str actor, object_id, from, to, request; /* as typed */
	const struct view_choice *families, *kinds, *branches;
	size_t n_families, n_kinds, n_branches; /* no branches: there is no choice */
	bool is_filtered;
	const struct view_audit_day *days;
	size_t n_days;
	struct str clear, older, newest; /* empty: none */
	struct str csv, jsonl;
};

#endif
