/*
 * What students ask of their attendance, and the teachers' side of it.
 */
#ifndef PAGES_CLAIMS_H
#define PAGES_CLAIMS_H

#include "web/route.h"

/* A file of 10 MB and the rest of its form; a larger file is refused at its field up to here. */
#define CLAIM_BODY_MAX (16 * 1024 * 1024)

extern const struct fields claims_own_fields, claim_new_fields, claim_excuse_fields,
	claim_correct_fields, claim_correction_fields, claim_item_fields, claim_file_fields,
	claims_fields, claims_decide_fields, session_excuses_fields, session_excuse_fields,
	check_in_tell_fields;

/* GET /excuses: a student's own; staff are led to what waits for them. */
route_handler page_claims_own;
/* GET /excuses/new, POST /excuses: to be excused from sessions. */
route_handler page_claim_new;
route_handler page_claim_excuse;
/* GET /corrections/new, POST /corrections: about one record. */
route_handler page_claim_correct;
route_handler page_claim_correction;
/* POST /excuses/{id}/withdraw: one session of it. */
route_handler page_claim_withdraw;
/* GET /excuses/{id}/file */
route_handler page_claim_file;
/* POST /check-in/{receipt}/tell: "I am in the room." */
route_handler page_check_in_tell;

/* GET and POST /excuses/to-decide */
route_handler page_claims;
route_handler page_claims_decide;
/* GET and POST /sessions/{id}/excuses: entered by the teacher. */
route_handler page_session_excuses;
route_handler page_session_excuse;

#endif
