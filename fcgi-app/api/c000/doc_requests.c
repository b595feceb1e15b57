/*
 * Requests for sessions and course sessions of the 000 door, for /openapi.json.
 */
#include "api/c000/door.h"

static const char *const statuses[] = { "pending", "approved", "rejected", NULL };
static const char *const states[] = { "scheduled", "confirmed", NULL };

#define SAYS(STATUS, ABOUT, OF) DOC_ANSWERS(DOC_SAYS(STATUS, ABOUT, .schema = OF))
#define MAYBE(TYPE, NAME)       DOC(TYPE, NAME, .nullable = true)

static DOC_SCHEMA(request, "SessionRequest000", "`trainer_id` is the account that asks.",
		  DOC(INT, "id"), DOC(INT, "trainer_id"), DOC(TEXT, "trainer_name"),
		  DOC(TEXT, "trainer_email"), DOC(TEXT, "title"), DOC(TEXT, "class_name"),
		  DOC(DAY, "session_date"), DOC(HM, "start_time"), DOC(HM, "end_time"),
		  MAYBE(TEXT, "session_type"), MAYBE(TEXT, "notes"),
		  DOC(TEXT, "status", .words = statuses), MAYBE(TEXT, "admin_response"),
		  MAYBE(INT, "reviewed_by"), MAYBE(LOCAL, "reviewed_at"),
		  MAYBE(LOCAL, "created_at"), MAYBE(LOCAL, "updated_at"));
static DOC_SCHEMA(requests, "SessionRequests000",
		  "`unread_count` are those that wait, whatever the filter.",
		  DOC_LIST("requests", &request), DOC(INT, "total"), DOC(INT, "unread_count"));
static DOC_SCHEMA(item, "AdminSession000", "A course session.", DOC(INT, "id"), DOC(TEXT, "title"),
		  DOC(TEXT, "class_name"), MAYBE(INT, "trainer_id"), MAYBE(TEXT, "trainer_name"),
		  DOC(DAY, "date"), DOC(TOD, "start_time"), DOC(TOD, "end_time"),
		  DOC(TEXT, "session_type"), MAYBE(TEXT, "notes"));
static DOC_SCHEMA(items, NULL, NULL, DOC_LIST("items", &item), DOC(INT, "total"),
		  DOC(INT, "total_pages"), DOC(INT, "page"), DOC(INT, "page_size"));
static DOC_SCHEMA(session, "Session000", "A course session.", DOC(INT, "id"),
		  MAYBE(INT, "module_id"), MAYBE(INT, "trainer_id"), MAYBE(INT, "classroom_id"),
		  DOC(DAY, "session_date"), DOC(TOD, "start_time"), DOC(TOD, "end_time"),
		  DOC(INT, "duration_minutes"), DOC(TEXT, "title"), MAYBE(TEXT, "topic"),
		  DOC(TEXT, "class_name"), DOC(TEXT, "status", .words = states),
		  DOC(BOOL, "attendance_marked"), DOC(TEXT, "session_type"), MAYBE(TEXT, "notes"));
static DOC_SCHEMA_LIST(sessions, &session);
static DOC_SCHEMA(deleted, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "id"));
static DOC_SCHEMA(refused, NULL, NULL, DOC(BOOL, "success", .value = "false"),
		  DOC(TEXT, "error", .value = "\"http_error\""), DOC(TEXT, "message"),
		  DOC(INT, "status_code"), DOC(TEXT, "detail"));

const struct route_doc c000_request_add_doc = {
	.summary = "Ask for a session",
	.about = "For trainers. A class that is not known may be asked for; an admin settles it.",
	SAYS(201, "It, pending.", &request),
};
const struct route_doc c000_my_requests_doc = {
	.summary = "A trainer's own requests",
	.about = "An unknown status_filter matches nothing.",
	SAYS(200, "Newest first.", &requests),
};
const struct route_doc c000_all_requests_doc = {
	.summary = "All requests of an admin",
	.about = "An unknown status_filter matches nothing.",
	SAYS(200, "Newest first.", &requests),
};
const struct route_doc c000_request_get_doc = {
	.summary = "One request",
	SAYS(200, "It.", &request),
};
const struct route_doc c000_request_status_doc = {
	.summary = "Approve or reject a request",
	.about = "Approving makes the session, rejecting an approved one cancels it. The same "
		 "decision again changes nothing.",
	DOC_ANSWERS(DOC_SAYS(200, "It.", .schema = &request),
		    DOC_SAYS(400, "Neither approved nor rejected.", .schema = &refused),
		    DOC_SAYS(409, "It clashes, is over, or was held.", .schema = &refused)),
};
const struct route_doc c000_request_delete_doc = {
	.summary = "Take a request away",
	.about = "A trainer the own pending one; an admin any. Sessions that were made stay.",
	DOC_ANSWERS(DOC_SAYS(204, "It is gone.")),
};
const struct route_doc c000_admin_sessions_doc = {
	.summary = "Course sessions of an admin",
	SAYS(200, "Newest first.", &items),
};
const struct route_doc c000_admin_session_add_doc = {
	.summary = "Make a course session",
	.about = "Names are taken in snake and camel case.",
	DOC_ANSWERS(DOC_SAYS(201, "It.", .schema = &item),
		    DOC_SAYS(400, "What is wrong.", .schema = &refused)),
};
const struct route_doc c000_admin_session_delete_doc = {
	.summary = "Cancel a course session",
	DOC_ANSWERS(DOC_SAYS(200, "It is cancelled.", .schema = &deleted),
		    DOC_SAYS(409, "It was held.", .schema = &refused)),
};
const struct route_doc c000_sessions_doc = {
	.summary = "Course sessions",
	SAYS(200, "A trainer's own, an admin's branch; newest first.", &sessions),
};
const struct route_doc c000_session_add_doc = {
	.summary = "Make a course session, the other way",
	.about = "Names are taken in snake and camel case.",
	DOC_ANSWERS(DOC_SAYS(201, "It.", .schema = &session),
		    DOC_SAYS(400, "What is wrong.", .schema = &refused)),
};
