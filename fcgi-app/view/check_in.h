/*
 * Views of the steps of checking in, and of their result.
 */
#ifndef VIEW_CHECK_IN_H
#define VIEW_CHECK_IN_H

#include "core/attendance/checkin.h"
#include "view/page.h"

enum view_step_state { STEP_DONE, STEP_NOW, STEP_TO_COME };
struct view_step {
	struct str label;
	enum view_step_state state;
};
#define CHECK_IN_STEPS_MAX 4

/* What all steps have. */
struct view_check_in {
	const struct view_page *page;
	struct str title; /* of the session; empty: not known yet */
	struct view_step steps[CHECK_IN_STEPS_MAX];
	size_t n_steps;
	int64_t session_id; /* 0: not known yet */
	bool is_guess;      /* nobody said that it is this one */
	struct str nonce;
	struct view_errors errors;
};

struct view_check_in_code {
	struct view_check_in in;
	struct str code;
	struct view_field_error code_error;
	int64_t tries_left; /* -1: nothing to say */
};

/* Before a step is asked: what it is, or why there is no way in now. */
struct view_check_in_ready {
	struct view_check_in in;
	const struct checkin_open *session; /* NULL: a scan of one the student is not expected in */
	int32_t opens_tod, closes_tod;
	bool is_scan;
	bool may_try; /* there is something to send: it is open, or was when it was scanned */
};

struct view_check_in_place {
	struct view_check_in in;
	struct str room; /* empty: has no name */
	int64_t evidence_days, radius_m;
	bool has_position;
	int64_t distance_m, accuracy_m; /* accuracy -1: not stated */
	enum signal_verdict verdict;
	int64_t x, y; /* of the student on the map, whose middle is the room */
};

struct view_check_in_photo {
	struct view_check_in in;
	int64_t evidence_days;
	struct view_field_error photo_error;
	bool is_must;
};

/* One line of the receipt. */
struct view_fact {
	struct str label, text;
	enum signal_verdict verdict;
};

/* Opening a session oneself, from the room. */
struct view_check_in_open {
	struct view_check_in in;
	int64_t occurrence_id;
	struct str room;
	int32_t start_tod, end_tod;
};

enum view_result { RESULT_IN, RESULT_WAITING, RESULT_REFUSED };
struct view_check_in_result {
	struct view_check_in in;
	enum view_result result;
	struct str heading, text, receipt;
	struct view_fact facts[SIGNALS_MAX];
	size_t n_facts;
	int64_t tries_left;
	int32_t closes_tod;
	bool may_retry;
	struct str retry;                        /* address of the next try */
	bool has_better_photo, has_better_place; /* while it waits: may be given again */
	bool may_tell, has_told;                 /* the teacher, that one is in the room */
};

#endif
