/*
 * Checking in, for students: code, scan, location, photo, result.
 *
 * Steps that the session does not ask for are left out; each works without scripts.
 */
#ifndef PAGES_CHECK_IN_H
#define PAGES_CHECK_IN_H

#include "web/route.h"

extern const struct fields check_in_fields, check_in_send_fields, check_in_scan_fields,
	check_in_qr_fields, check_in_place_fields, check_in_photo_fields, check_in_result_fields,
	check_in_open_fields, check_in_open_send_fields;

/* Body of the photo's form: what is somewhat too big still gets its own sentence. */
#define CHECK_IN_PHOTO_BODY_MAX (12LL * 1024 * 1024)

/* GET and POST /check-in */
route_handler page_check_in;
route_handler page_check_in_send;
/* GET /c/{token}: shows what was scanned, and notes the time of the scan in the browser */
route_handler page_check_in_scan;
/* GET /student/qr-checkin?token=: the links of seed 000 */
route_handler page_check_in_qr;
/* GET and POST /check-in/location */
route_handler page_check_in_place;
route_handler page_check_in_place_send;
/* GET and POST /check-in/selfie */
route_handler page_check_in_photo;
route_handler page_check_in_photo_send;
/* GET /check-in/{receipt} */
route_handler page_check_in_result;

/* GET /check-in/open?occurrence= and POST: a student in the room opens it, where that is allowed */
route_handler page_check_in_open;
route_handler page_check_in_open_send;
/* The three fields of a position, as browsers state it.  *ret_accuracy_dm -1: not stated;
 * RC_INVALID PLACE_MISSING, NOT_A_PLACE. */
struct place;
enum rc check_in_position(struct str lat, struct str lon, struct str acc, struct place *ret,
			  int64_t *ret_accuracy_dm, struct error *e) MUST_CHECK;

#endif
