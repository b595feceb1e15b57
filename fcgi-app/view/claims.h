/*
 * Views of what students ask of their attendance: their own pages, and what waits for teachers.
 */
#ifndef VIEW_CLAIMS_H
#define VIEW_CLAIMS_H

#include "core/attendance/claim.h"
#include "view/page.h"

enum claim_flash {
	CLAIM_FLASH_NONE,
	CLAIM_FLASH_ASKED,
	CLAIM_FLASH_WITHDRAWN,
	CLAIM_FLASH_APPROVED,
	CLAIM_FLASH_REJECTED,
	CLAIM_FLASH_REOPENED,
	CLAIM_FLASH_EXCUSED,
	CLAIM_FLASH_TAKEN_BACK,
	CLAIM_FLASH__MAX
};

/* One session of a claim. */
struct view_claim {
	const struct claim_row *c;
	struct str name;                       /* of the student */
	struct str pick;                       /* "12-3": item and version */
	struct str wants_label, mark_label;    /* mark_label empty: not marked */
	struct str by;                         /* who or what set the mark; empty: nothing to say */
	struct str attempt;                    /* of the last check-in; empty: none */
	struct str student_href, session_href; /* empty: none */
	struct str next;                       /* where deciding leads to */
	int32_t asked_day, asked_tod, decided_day, decided_tod;
	bool is_image;
	struct str why; /* as typed */
	struct view_field_error why_error;
};

/* A claim with its sessions, for its student. */
struct view_claim_group {
	const struct view_claim *first; /* facts of the claim */
	const struct view_claim *items;
	size_t n_items;
};
struct view_claims_own {
	const struct view_page *page;
	enum claim_flash flash;
	const struct view_claim_group *groups;
	size_t n_groups;
	struct view_errors errors;
};

/* One that may be chosen, or says why not. */
struct view_claim_session {
	const struct claim_session *s;
	bool is_chosen;
	struct str why; /* why it may not be asked about; empty: it may */
	struct str mark_label;
};
struct view_claim_choice {
	const char *word;
	struct str label;
	bool is_chosen;
};
struct view_claim_new {
	const struct view_page *page;
	struct str from, to; /* ISO days of the list */
	struct view_claim_session *sessions;
	size_t n_sessions;
	/* A correction: */
	struct view_claim_session one;
	int64_t attendance_id;
	struct view_claim_choice choices[4];
	size_t n_choices;
	struct str reason; /* as typed */
	struct view_errors errors;
	struct view_field_error sessions_error, wants_error, reason_error, file_error;
};

/* What waits for a teacher, or was decided. */
struct view_claims {
	const struct view_page *page;
	enum claim_flash flash;
	int64_t flash_n, flash_left;
	struct str undo; /* pick of the one that was just decided; empty: none */
	bool is_decided;
	int64_t attendance_id; /* 0: of all sessions */
	struct str title;      /* of that session */
	struct view_claim *rows;
	size_t n_rows;
	int64_t total, first, last, previous, next; /* previous, next: pages; 0: none */
	struct view_errors errors;
	struct str why; /* of the form for several */
	struct view_field_error why_error;
};

/* Excusing beforehand. */
struct view_excused_row {
	const struct excuse_row *x;
	struct str name;
};
struct view_excused_choice {
	int64_t id;
	struct str name;
	bool is_chosen;
};
struct view_session_excuses {
	const struct view_page *page;
	int64_t id;
	struct str title;
	int32_t day, start_tod;
	bool has_begun;
	enum claim_flash flash;
	const struct view_excused_row *rows;
	size_t n_rows;
	const struct view_excused_choice *people;
	size_t n_people;
	struct str remark;
	struct view_errors errors;
	struct view_field_error person_error, remark_error;
	int64_t n_waiting;
};

#endif
