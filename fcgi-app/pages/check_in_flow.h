/*
 * What a student has given so far, between the steps of checking in.
 *
 * It travels in a cookie of 15 minutes, so that the steps work without scripts and survive a
 * reload.  Nothing in it needs trust: a right code is proved by its receipt, which is signed
 * and bound to the browser; the position is the student's own claim at any time; and the last
 * step asks core for everything again.  It is of one account, or of nobody yet when
 * a scan came before signing in.
 */
#ifndef PAGES_CHECK_IN_FLOW_H
#define PAGES_CHECK_IN_FLOW_H

#include "core/attendance/checkin.h"
#include "pages/page.h"
#include "view/check_in.h"

enum flow_place { FLOW_PLACE_UNASKED, FLOW_PLACE_GIVEN, FLOW_PLACE_REFUSED };

struct flow {
	int64_t attendance_id; /* 0: there is no flow */
	int64_t account_id;    /* 0: of who signs in next */
	struct str nonce;      /* 32 hex digits; of the attempt it becomes */
	bool is_scan;
	bool is_again; /* there is an attempt that waits, which a better one may replace */
	enum flow_place place_state;
	struct place place;
	int64_t accuracy_dm; /* tenths of a metre; -1: not stated */
	struct str receipt;  /* text; empty: no code was asked */
};

/* The cookie's, when it is the viewer's (or nobody's, then it becomes theirs); else zeroes. */
struct flow flow_read(const struct req *q);
/* A new one with its own nonce; receipt may be empty. */
enum rc flow_begin(struct req *q, int64_t attendance_id, struct str receipt, bool is_scan,
		   struct flow *ret, struct error *e) MUST_CHECK;
enum rc flow_keep(struct req *q, struct resp *r, const struct flow *f, struct error *e) MUST_CHECK;
void flow_end(struct resp *r);

/* Digest of this browser's long-lived cookie; sets one when there is none. */
enum rc flow_browser(struct req *q, struct resp *r, struct str *ret_hash,
		     struct error *e) MUST_CHECK;
/* A random id for a form. */
enum rc flow_nonce(struct req *q, struct str *ret, struct error *e) MUST_CHECK;

enum flow_step { FLOW_CODE, FLOW_PLACE, FLOW_PHOTO, FLOW_RESULT };
bool flow_asks_code(const struct checkin_open *o);
bool flow_asks_place(const struct checkin_open *o);
bool flow_asks_photo(const struct checkin_open *o);
/* Nothing more is asked of the student: they are in, or wait for the teacher. */
bool flow_is_done(const struct checkin_open *o);
/* What comes after what is in f. */
enum flow_step flow_next(const struct checkin_open *o, const struct flow *f);

/* Page, title, steps and nonce of a step.  o NULL: no session is known; here: "/check-in". */
enum rc flow_view(struct page *p, struct req *q, const struct checkin_open *o, enum flow_step now,
		  const char *here, struct view_check_in *ret, struct error *e) MUST_CHECK;

/* "C-0012-000345" of session and attempt, and back; false for anything else. */
struct str flow_receipt(struct arena *a, int64_t attendance_id, int64_t attempt_id);
bool flow_receipt_read(struct str text, int64_t *ret_attendance_id, int64_t *ret_attempt_id);

#endif
