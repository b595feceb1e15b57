/*
 * POST /api/v1/check-in: a student checks in, by a bearer token (or a cookie with its CSRF token).
 *
 * JSON: session_id (an attendance session's) or code (as typed, also without a session) or
 * token (of the QR code); nonce (the same again gets the same answer); latitude, longitude,
 * accuracy.  201 when it was approved or flagged, 200 for the answer to the same nonce again;
 * everything else is problem+json with the reason.  Runs in the check-in pool: of the
 * token only the signature is checked here, the batch's statement sees to the rest.
 */
#ifndef API_CHECK_IN_H
#define API_CHECK_IN_H

#include "web/route.h"

route_handler api_check_in;
extern const struct fields api_check_in_fields;
extern const struct route_doc api_check_in_doc;

#endif
