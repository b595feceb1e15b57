/*
 * Checking in, for students: code, scan, location, photo, result.
 *
 * Steps that the session does not ask for are left out; each works without scripts.
 */
#ifndef PAGES_CHECK_IN_H
#define PAGES_CHECK_IN_H

#include "web/route.h"

extern const struct fields check_in_fields, check_in_send_fields, check_in_scan_fields,
	check_in_qr_fields, check_in_place_fields, check_in_photo_fields, check_in_result_fields;

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

#endif
