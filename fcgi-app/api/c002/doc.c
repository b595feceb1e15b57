/*
 * The 002 door for /openapi.json: the rows of render.c, and what is said besides.
 */
#include "api/c002/student.h"
#include "api/c002/teacher.h"
#include "api/c002/webhook.h"

static const char *const roles[] = { "Student", "Teacher", NULL };

static DOC_SCHEMA(student, "Student002", NULL,
		  DOC(TEXT, "user_school_number", .example = "\"demo_student_1\""),
		  DOC(TEXT, "user_full_name", .example = "\"Demo Student 1\""),
		  DOC(TEXT, "role", .words = roles));
static DOC_SCHEMA(record, "Record002", "How it went for one student.", DOC(UUID, "attendance_id"),
		  DOC(BOOL, "is_attended"), DOC(INSTANT, "attendance_time"),
		  DOC(TEXT, "fail_reason", .nullable = true,
		      .example = "\"FACE_RECOGNITION_PENDING\"",
		      .about = "WIFI_FAILED, FACE_RECOGNITION_PENDING, "
			       "FACE_VERIFICATION_REQUIRED_BUT_IMAGE_MISSING, "
			       "FACE_VERIFICATION_FAILED with its reason, "
			       "FACE_VERIFICATION_TIMEOUT, or what the teacher gave."),
		  DOC_ONE("student", &student));
static DOC_SCHEMA(lesson, "Attendance002", "Attendance that a teacher opened.",
		  DOC(UUID, "attendance_id"),
		  DOC(TEXT, "teacher_school_number", .example = "\"demo_teacher_1\""),
		  DOC(TEXT, "teacher_full_name", .example = "\"Demo Teacher 1\""),
		  DOC(TEXT, "lesson_name", .example = "\"Software Engineering\""),
		  DOC(INSTANT, "start_time"), DOC(INSTANT, "end_time"),
		  DOC(INT, "security_option", .example = "1",
		      .about = "1 nothing, 2 the teacher's network, 3 network and photo"),
		  DOC(TEXT, "ip_address", .nullable = true, .example = "\"192.0.2.7\"",
		      .about = "The teacher's, when it was opened."));
static DOC_SCHEMA_LIST(lessons, &lesson);
static DOC_SCHEMA_LIST(records, &record);
static const struct doc_schema nothing = { .is_null = true };
static DOC_SCHEMA_ANY(lesson_or_null, &lesson, &nothing);
static DOC_SCHEMA(done, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "detail"));
static DOC_SCHEMA(said, NULL, NULL, DOC(TEXT, "status", .example = "\"success\""));

#define SAYS(STATUS, ABOUT, OF) DOC_ANSWERS(DOC_SAYS(STATUS, ABOUT, .schema = OF))
#define EMPTY(ABOUT)            DOC_ANSWERS(DOC_SAYS(204, ABOUT))

/* ---- teachers ----------------------------------------------------------------------------------
 */

const struct route_doc c002_create_doc = {
	.summary = "Open attendance",
	.about = "Times are YYYY-MM-DDTHH:MM:SS.sssZ and nothing else. A lesson name that is the "
		 "code or title of a course of the teacher brings that course's students; any "
		 "other takes whoever comes. 400 while another one of the teacher runs.",
	SAYS(201, "It runs.", &lesson),
};
const struct route_doc c002_finish_doc = {
	.summary = "End it now",
	EMPTY("It has ended."),
};
const struct route_doc c002_live_doc = {
	.summary = "The one that runs, or null",
	SAYS(200, "It, or null.", &lesson_or_null),
};
const struct route_doc c002_historical_doc = {
	.summary = "Those that are over, newest first",
	SAYS(200, "At most 500.", &lessons),
};
const struct route_doc c002_delete_doc = {
	.summary = "Hide one that is over",
	EMPTY("It is in no list any more; what happened is kept."),
};
const struct route_doc c002_records_doc = {
	.summary = "Who tried, and how it went",
	SAYS(200, "By family name.", &records),
};
const struct route_doc c002_live_accept_doc = {
	.summary = "Present after all, while it runs",
	SAYS(200, "The record.", &record),
};
const struct route_doc c002_live_fail_doc = {
	.summary = "Not present, while it runs",
	SAYS(200, "The record.", &record),
};
const struct route_doc c002_historical_add_doc = {
	.summary = "Add a student",
	.about = "Of the institution: a number that is nobody's is 400.",
	SAYS(201, "Done.", &done),
};
const struct route_doc c002_historical_accept_doc = {
	.summary = "Present after all",
	SAYS(200, "Done, also where the student has no record.", &done),
};
const struct route_doc c002_historical_fail_doc = {
	.summary = "Not present",
	SAYS(200, "Done, also where the student has no record.", &done),
};
const struct route_doc c002_record_delete_doc = {
	.summary = "Take a student's record away",
	EMPTY("It is gone from the list; its history is kept."),
};

/* ---- students ----------------------------------------------------------------------------------
 */

const struct route_doc c002_find_doc = {
	.summary = "Find attendance by the names of lesson and teacher",
	SAYS(200, "Those of exactly these names that are not over.", &lessons),
};
const struct route_doc c002_attend_doc = {
	.summary = "Check in",
	.about = "A check that failed is no error: is_attended is false, and fail_reason says why. "
		 "400 for what is no try: over, joined already, pending.",
	.file = "normal_image",
	.file_may_lack = true,
	SAYS(200, "The record.", &record),
};
const struct route_doc c002_status_doc = {
	.summary = "How one's own check-in went",
	.about = "400 once it is over.",
	SAYS(200, "The record.", &record),
};

/* ---- the verifier -------------------------------------------------------------------------------
 */

static DOC_SCHEMA(result, NULL, NULL, DOC(BOOL, "verification_passed"),
		  DOC(TEXT, "reason", .nullable = true, .optional = true,
		      .example = "\"Faces do not match\""));
static DOC_SCHEMA(verified, "Verification002", NULL, DOC_ONE("overall_result", &result));

const struct route_doc c002_webhook_doc = {
	.summary = "The result of a face verifier",
	.about = "Signed: lower-case hex HMAC-SHA256 of the body under the shared secret.",
	.body = &verified,
	.headers = (const char *const[]){ "X-Webhook-Signature: HMAC-SHA256 of the body", NULL },
	SAYS(200, "Taken; or unknown, answered or too late, which status says.", &said),
};
