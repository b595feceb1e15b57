/*
 * Requests for sessions: asking, following one's own, deciding; the teacher's home page.
 */
#ifndef PAGES_REQUESTS_H
#define PAGES_REQUESTS_H

#include "web/route.h"

extern const struct fields requests_fields, request_new_fields, request_send_fields,
	request_id_fields, request_withdraw_fields, request_answer_fields, requests_admin_fields,
	requests_bulk_fields, request_decide_fields;

/* GET /requests: one's own; admins are led to theirs */
route_handler page_requests;
/* GET /requests/new; from=17 begins with an earlier one.  POST /requests: check=1 says what stands
 * against it, else it is sent. */
route_handler page_request_new;
route_handler page_request_send;
/* GET /requests/{id}, and /admin/requests/{id} */
route_handler page_request;
/* POST /requests/{id}/withdraw, …/answer */
route_handler page_request_withdraw;
route_handler page_request_answer;

/* GET and POST /admin/requests: the list, and deciding several, or one of its rows */
route_handler page_requests_admin;
route_handler page_requests_bulk;
/* POST /admin/requests/{id} */
route_handler page_request_decide;

/* GET /trainer */
route_handler page_trainer;

#endif
