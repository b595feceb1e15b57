/*
 * /admin, /admin/completions and what is done there and on one session: sign off, take that
 * back, return, reopen.
 */
#ifndef PAGES_OVERSIGHT_H
#define PAGES_OVERSIGHT_H

#include "web/route.h"

extern const struct fields completions_fields, completions_act_fields, completion_verify_fields,
	check_fields, reason_fields;

route_handler page_overview;
route_handler page_completions;
route_handler page_completions_act;
/* One code against one session; of a page, or alone for htmx. */
route_handler page_completion_verify;

/* POST /sessions/{id}/check and …/uncheck. */
route_handler page_check;
route_handler page_uncheck;
/* /sessions/{id}/return, and GET /sessions/{id}/reopen for who must give a reason. */
route_handler page_return;
route_handler page_return_send;
route_handler page_reopen_ask;
route_handler page_reopen_send;

#endif
