/*
 * Internal to pages: what the steps of checking in share.  Only check_in*.c include it.
 */
#ifndef PAGES_CHECK_IN_STEP_H
#define PAGES_CHECK_IN_STEP_H

#include "pages/check_in.h"
#include "pages/check_in_flow.h"

/* Why the form comes again. */
struct check_in_again {
	const struct error *failed; /* NULL: it is shown for the first time */
	struct str code;            /* as typed */
	int64_t tries_left;
	bool is_guess; /* of the session */
};

/* What a step adds to the flow at the end. */
struct check_in_last {
	struct str code;  /* typed; empty: the flow has a receipt, or no code is asked */
	struct str photo; /* 16 bytes; empty: none */
};

/* What is wrong, as one reason: that of its only field says more. */
enum reason check_in_reason(const struct error *e);
/* The form of the code; o may be NULL. */
enum rc check_in_show_code(struct req *q, struct resp *r, const struct checkin_open *o,
			   const struct check_in_again *a, struct error *e) MUST_CHECK;
/* What a step is, or why there is no way in now; o NULL: a scan of a session not theirs. */
enum rc check_in_show_ready(struct req *q, struct resp *r, const struct checkin_open *o,
			    int64_t session_id, bool is_scan, struct error *e) MUST_CHECK;
/* A refusal that is shown in the form of the code; o may be NULL. */
enum rc check_in_refuse(struct req *q, struct resp *r, const struct checkin_open *o,
			struct str typed, int64_t tries_left, struct error *e) MUST_CHECK;
/* Asks core with all of the flow, and leads to the receipt. */
enum rc check_in_finish(struct req *q, struct resp *r, const struct checkin_open *o,
			const struct flow *f, const struct check_in_last *l,
			struct error *e) MUST_CHECK;
/* To the next step; what cannot succeed is asked at once, so that it is kept and told. */
enum rc check_in_go_on(struct req *q, struct resp *r, const struct checkin_open *o,
		       const struct flow *f, struct error *e) MUST_CHECK;
/* The flow and its session; *ret false: there is none, and the answer leads to the beginning. */
enum rc check_in_flow_open(struct req *q, struct resp *r, struct flow *ret_f,
			   struct checkin_open *ret_o, bool *ret, struct error *e) MUST_CHECK;

#endif
