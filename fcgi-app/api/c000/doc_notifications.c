/*
 * The 000 door for /openapi.json: the rows of notifications.c.
 */
#include "api/c000/door.h"

static const char *const user_types[] = { "admin", "trainer", "student", NULL };
static const char *const priorities[] = { "low", "medium", "high", NULL };

#define SAYS(STATUS, ABOUT, OF) DOC_ANSWERS(DOC_SAYS(STATUS, ABOUT, .schema = OF))
#define MAYBE(TYPE, NAME)       DOC(TYPE, NAME, .nullable = true)

#define NOTICE                                                                                     \
	DOC(INT, "id"), DOC(INT, "user_id"), DOC(TEXT, "user_type", .words = user_types),          \
		DOC(TEXT, "title"), DOC(TEXT, "message"),                                          \
		DOC(TEXT, "notification_type", .example = "\"session_request\""),                  \
		DOC(TEXT, "priority", .words = priorities), DOC(BOOL, "read"),                     \
		MAYBE(LOCAL, "read_at"), DOC(TEXT, "delivery_method", .value = "\"in_app\""),      \
		DOC(LOCAL, "created_at")

static DOC_SCHEMA(notice, "Notification000", "Texts are in the language of who reads them.",
		  NOTICE);
static DOC_SCHEMA(notices, NULL, NULL, DOC_LIST("notifications", &notice),
		  DOC(INT, "unread_count"));
static DOC_SCHEMA(notice_read, NULL, NULL, NOTICE, DOC(INT, "unread_count"));
static DOC_SCHEMA(all_read, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "unread_count", .value = "0"));
static DOC_SCHEMA(unread, NULL, NULL, DOC(INT, "unread_count"));
static DOC_SCHEMA(own, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"), DOC(TEXT, "message"),
		  DOC(TEXT, "type", .example = "\"session_moved\""), DOC(BOOL, "read"),
		  DOC(LOCAL, "created_at"));
static DOC_SCHEMA_LIST(owns, &own);
static DOC_SCHEMA(success, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""));

#define WISHES                                                                                     \
	DOC(BOOL, "system", .about = "check-ins"),                                                 \
		DOC(BOOL, "justification", .about = "excuses and corrections"),                    \
		DOC(BOOL, "schedule", .about = "sessions"),                                        \
		DOC(BOOL, "message", .value = "false"), DOC(BOOL, "email", .value = "false"),      \
		DOC(BOOL, "push", .value = "false")
static DOC_SCHEMA(wishes, "NotificationPreferences000", NULL, WISHES);
static DOC_SCHEMA(wishes_set, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""), WISHES);

const struct route_doc c000_notices_doc = {
	.summary = "One's notifications",
	SAYS(200, "The newest first.", &notices),
};
const struct route_doc c000_notice_read_doc = {
	.summary = "A notification is read",
	.about = "Again: nothing changes.",
	SAYS(200, "It, and how many are unread.", &notice_read),
};
const struct route_doc c000_notices_read_doc = {
	.summary = "All notifications are read",
	SAYS(200, "Done.", &all_read),
};
const struct route_doc c000_unread_doc = {
	.summary = "How many notifications are unread",
	SAYS(200, "Their number.", &unread),
};
const struct route_doc c000_own_notices_doc = {
	.summary = "One's notifications, the short form",
	SAYS(200, "The newest 50.", &owns),
};
const struct route_doc c000_own_notice_read_doc = {
	.summary = "A notification is read",
	SAYS(200, "Done.", &success),
};
const struct route_doc c000_own_notice_delete_doc = {
	.summary = "Remove a notification",
	SAYS(200, "Done.", &success),
};
const struct route_doc c000_wishes_doc = {
	.summary = "What a student wants to be told",
	.about = "Within Muster; `message`, `email` and `push` are not offered.",
	SAYS(200, "By topic.", &wishes),
};
const struct route_doc c000_wishes_change_doc = {
	.summary = "Choose what one is told",
	.about = "What is not sent stays; `message`, `email` and `push` are read and not kept.",
	SAYS(200, "How it is now.", &wishes_set),
};
